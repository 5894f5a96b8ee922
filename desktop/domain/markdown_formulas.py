r"""Formulas: two rules for markdown-it, one for a formula that stands alone and one for a formula in running text.

`\(…\)`, `\[…\]` and `$$…$$` are always formulas; `$…$` only without a blank just inside either dollar and without a
digit just after the closing one, so that "$5 and $8" stays money. Code binds tighter: what stands in backticks neither
opens nor closes a formula. As in TeX, a formula that stands alone holds no blank line: so no text has to wait for
long until it is known whether it is one. Behind an opener without an end, where the text looks like TeX, a backslash is
no escape: nobody could mend what an answer that was cut off no longer shows.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

MAX_FORMULA_CHARS = 4_000
"""A longer formula is text: drawing it would cost more than anyone can read."""
_CLOSERS = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}
_MARKS = re.compile(r"\\.|`+|\$", re.DOTALL)
_TEX = re.compile(r"\\[A-Za-z]|(?<![A-Za-z0-9])[A-Za-z][_^][{\w\\]")
"""What hardly stands in any text but a formula: a command, or a letter with an index."""
_DISPLAY_MARKS = re.compile(r"\\.|\$\$", re.DOTALL)


def formulas_plugin(md: MarkdownIt) -> None:
    """Teach a grammar formulas: tokens `formula_block` and `formula_inline`, whose content is the LaTeX source.

    Where the environment holds `final`, a formula that is not closed is none; otherwise it may still be closed by text
    to come, and is given as a `formula_block` whose `meta["closed"]` is False.
    """
    md.block.ruler.before(
        "fence", "formula_block", _block_rule, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )
    md.inline.ruler.before("escape", "formula_inline", _inline_rule)


# A formula that stands alone


def _block_rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    if state.is_code_block(start_line):
        return False
    start = state.bMarks[start_line] + state.tShift[start_line]
    opener = state.src[start : start + 2]
    if opener not in ("$$", "\\["):
        return False
    hopeless: dict[str, tuple[int, int]] = state.env.setdefault("hopeless_formulas", {})
    first, last = hopeless.get(opener, (0, 0))
    if first <= start_line < last:
        return False
    line, end = _find_closer(state, start_line, start + 2, end_line, _CLOSERS[opener])
    closed = end >= 0
    if closed:
        source = state.src[start + 2 : end - 2] if line == start_line else _source(state, start_line, line, start, end)
        if not source.strip() or state.src[end : state.eMarks[line]].strip():
            return False
    elif line < len(state.bMarks) - 1 or state.env.get("final"):
        hopeless[opener] = (start_line, line)
        return False
    else:
        source = _source(state, start_line, line - 1, start, state.eMarks[line - 1] + 2)
    if silent:
        return True
    state.line = line + closed
    token = state.push("formula_block", "math", 0)
    token.content = source.strip()
    token.map = [start_line, state.line]
    token.meta = {"closed": closed}
    return True


def _find_closer(state: StateBlock, line: int, pos: int, end_line: int, closer: str) -> tuple[int, int]:
    """Return the line of the closer and where it ends, or the line where the search ended, and -1."""
    limit = pos + MAX_FORMULA_CHARS
    while True:
        for mark in _DISPLAY_MARKS.finditer(state.src, pos, state.eMarks[line]):
            if mark.group() == closer:
                return line, mark.end()
        line += 1
        if line >= end_line or state.isEmpty(line) or state.sCount[line] < state.blkIndent or pos > limit:
            return line, -1
        pos = state.bMarks[line] + state.tShift[line]


def _source(state: StateBlock, first: int, last: int, start: int, end: int) -> str:
    """Return what stands between the delimiters on several lines, without the indent of their containers."""
    head = state.src[start + 2 : state.eMarks[first]]
    lines = state.getLines(first + 1, last + 1, state.blkIndent, False)
    return f"{head}\n{lines[: len(lines) - (state.eMarks[last] - end) - 2]}"


# A formula in running text


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where each closer stands in a text, outside code, and where a formula begins that has none."""

    text: str
    closers: Mapping[str, list[int]]
    endless: int


def _inline_rule(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "$\\":
        return False
    plan = _plan(state)
    end, width = _match(state.src, state.pos, plan.closers)
    if end <= 0 or end > state.posMax:
        return _keep_backslash(state, plan, silent=silent)
    if not silent:
        token = state.push("formula_inline", "math", 0)
        token.content = state.src[state.pos + width : end - width].strip().replace("\n", " ")
    state.pos = end
    return True


def _keep_backslash(state: StateInline, plan: _Plan, *, silent: bool) -> bool:
    """Read a backslash and what follows as they are, within a formula that has no end."""
    pair = state.src[state.pos : state.pos + 2]
    if state.pos < plan.endless or pair[0] != "\\" or pair[1:].isspace() or state.pos + len(pair) > state.posMax:
        return False
    if not silent:
        state.pending += pair
    state.pos += len(pair)
    return True


def _match(source: str, start: int, closers: Mapping[str, list[int]]) -> tuple[int, int]:
    """Return where the formula that begins at a mark ends, and how wide its delimiters are.

    The end is 0 where no formula begins, and -1 where one begins if its closer is still to come.
    """
    opener = source[start : start + 2]
    if opener in _CLOSERS:
        end = _next(closers[_CLOSERS[opener]], start + 2)
        if end < 0:
            return -1, 2
        return (end + 2, 2) if source[start + 2 : end].strip() else (0, 2)
    if opener[0] != "$" or not opener[1:].strip():
        return 0, 1
    end = _next(closers["$"], start + 1)
    if end < 0:
        return -1, 1
    return (0, 1) if source[end - 1].isspace() or source[end + 1 : end + 2].isdigit() else (end + 1, 1)


def _next(positions: list[int], start: int) -> int:
    at = bisect_left(positions, start)
    return positions[at] if at < len(positions) else -1


def _plan(state: StateInline) -> _Plan:
    """Return where closers are; found once for a text, or many openers would each search all of it."""
    plan: _Plan | None = state.env.get("formula_plan")
    if plan is None or plan.text is not state.src:
        closers = _closers(state.src)
        plan = state.env["formula_plan"] = _Plan(state.src, closers, _endless(state.src, closers))
    return plan


def _endless(source: str, closers: Mapping[str, list[int]]) -> int:
    """Return where a formula begins that is not closed, else the length of the text; a single dollar is money."""
    if any(opener in source for opener in _CLOSERS):
        for start in _unclosed(source, closers):
            if source[start : start + 2] in _CLOSERS:
                return start if _TEX.search(source, start + 2) else len(source)
    return len(source)


def _closers(source: str) -> Mapping[str, list[int]]:
    closers: dict[str, list[int]] = {"$": [], "$$": [], "\\)": [], "\\]": []}
    ticks = _ticks(source)
    position = 0
    while mark := _MARKS.search(source, position):
        position = mark.end()
        found = mark.group()
        if found[0] == "`":
            position = _code_end(ticks.get(len(found), []), mark.start(), position)
        elif found == "$":
            closers["$"].append(mark.start())
            if source.startswith("$$", mark.start()):
                closers["$$"].append(mark.start())
        elif found in closers:
            closers[found].append(mark.start())
    return closers


def _ticks(source: str) -> dict[int, list[int]]:
    runs: dict[int, list[int]] = {}
    for run in re.finditer("`+", source):
        runs.setdefault(len(run.group()), []).append(run.start())
    return runs


def _code_end(runs: list[int], start: int, end: int) -> int:
    """Return where the code ends that begins with a run of backticks, or the end of the run itself."""
    closer = _next(runs, end)
    return closer + end - start if closer >= 0 else end


def has_open_formula(source: str) -> bool:
    """Return whether running text holds the beginning of a formula that later text may close."""
    if "$" not in source and "\\" not in source:
        return False
    return next(_unclosed(source, _closers(source)), None) is not None


def _unclosed(source: str, closers: Mapping[str, list[int]]) -> Iterator[int]:
    """Yield where formulas begin whose closers are still to come."""
    ticks = _ticks(source)
    position = 0
    while mark := _MARKS.search(source, position):
        position = mark.end()
        if mark.group()[0] == "`":
            position = _code_end(ticks.get(position - mark.start(), []), mark.start(), position)
            continue
        end, _width = _match(source, mark.start(), closers)
        if end < 0:
            yield mark.start()
        position = max(end, position)
