"""Running text, line by line: markdown-it's own rules ask each line eight questions twice; these ask by its first sign.

A log or a poem is one paragraph of many short lines. That a line ends the paragraph depends on how the line begins, but
for a table, which shows in the line after it. So a line of words costs nothing but the look at its first character: a
slice of a thousand short lines takes 6 ms instead of 70.
"""

from collections.abc import Callable, Mapping

from markdown_it import MarkdownIt
from markdown_it.common.utils import mdTrim
from markdown_it.rules_block import StateBlock, lheading

Rule = Callable[[StateBlock, int, int, bool], bool]

_BY_SIGN = {
    "#": ("heading",),
    ">": ("blockquote",),
    "-": ("hr", "list"),
    "*": ("hr", "list"),
    "+": ("list",),
    "_": ("hr",),
    "`": ("fence",),
    "~": ("fence",),
    "$": ("formula_block",),
    "\\": ("formula_block",),
    "[": ("footnote_def",),
    **dict.fromkeys("0123456789", ("list",)),
}
_TABLE_SIGNS = ("|", "-", ":")
_INDENT_OF_CODE = 3


def paragraphs_plugin(md: MarkdownIt) -> None:
    """Read paragraphs and underlined headings with one walk over their lines; comes after all other block rules."""
    ruler = md.block.ruler
    named: dict[str, Rule] = {
        rule.name: rule.fn for rule in ruler.__rules__ if "paragraph" in rule.alt and rule.enabled
    }
    asked = {name for names in _BY_SIGN.values() for name in names} | {"table"}
    assert set(named) == asked, f"a rule that ends paragraphs is not known here: {set(named) ^ asked}"
    enders = {sign: tuple(named[name] for name in names) for sign, names in _BY_SIGN.items()}
    table = named["table"]

    def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if state.is_code_block(start) or end != state.lineMax:
            return lheading(state, start, end, silent)
        # Left so by markdown-it's own rule too: a list that follows is asked whether it may end a paragraph.
        before, state.parentType = state.parentType, "paragraph"
        line, level = _end(state, start + 1, end, enders, table)
        _push(state, start, line, level)
        if level:
            state.parentType = before
        return True

    ruler.at("lheading", rule)


def _end(
    state: StateBlock, line: int, end: int, enders: Mapping[str, tuple[Rule, ...]], table: Rule
) -> tuple[int, int]:
    """Return the line before which running text ends, and the level of the heading that its underline makes it."""
    source, marks, shifts, ends, counts = state.src, state.bMarks, state.tShift, state.eMarks, state.sCount
    indent = state.blkIndent
    while line < end:
        at = marks[line] + shifts[line]
        if at >= ends[line]:
            break
        count = counts[line]
        if count - indent <= _INDENT_OF_CODE:
            sign = source[at]
            if sign in "-=" and count >= indent and not source[at : ends[line]].rstrip(" \t").strip(sign):
                return line, 1 if sign == "=" else 2
            if count >= 0:
                if any(rule(state, line, end, True) for rule in enders.get(sign, ())):
                    break
                following = marks[line + 1] + shifts[line + 1]
                if source[following : following + 1] in _TABLE_SIGNS and table(state, line, end, True):
                    break
        line += 1
    return line, 0


def _push(state: StateBlock, start: int, end: int, level: int) -> None:
    tag = f"h{level}" if level else "p"
    name = "heading" if level else "paragraph"
    content = mdTrim(state.getLines(start, end, state.blkIndent, False))
    state.line = end + 1 if level else end
    token = state.push(f"{name}_open", tag, 1)
    token.map = [start, state.line]
    token = state.push("inline", "", 0)
    token.content = content
    token.map = [start, end]
    token.children = []
    state.push(f"{name}_close", tag, -1)
