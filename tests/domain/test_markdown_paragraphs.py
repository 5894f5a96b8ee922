"""Running text is read as markdown-it's own rules read it, and seldom twice."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.rules_block import lheading

from desktop.domain.markdown import MarkdownStream
from desktop.domain.markdown_grammar import Grammar, Leaf

PARTS = (
    "a", "b c", " ", "    ", "\t", "\n", "\n\n", "- ", "* ", "+", "1. ", "2) ", "> ", "# ", "---", "===", "=", "-",
    "***", "___", "```", "~~~", "|", "a|b", "\n|-|-|\n", "\n-|-\n", ":-", "[r]: https://a.b\n", "[^n]: ", "$$",
    "\n$$\n", "\\[", "\\", "\n- x\n  - y\n", "\n> q\n", "\xa0", "é",
)  # fmt: skip
OURS, THEIRS = Grammar(nesting=100), Grammar(nesting=100)
THEIRS.block.ruler.at("lheading", lheading)


@given(st.lists(st.sampled_from(PARTS), max_size=40).map("".join))
@example("a\n-\nb\n=== \n> c\nd\n---\n- e\n===\n")
@settings(max_examples=300, deadline=None)
def test_every_line_ends_a_paragraph_as_before(text: str) -> None:
    """One look at a line's first sign finds all that eight rules would find."""
    ours, theirs = OURS.parse(text), THEIRS.parse(text)
    assert [(each.type, each.tag, each.map, each.content) for each in ours] == [
        (each.type, each.tag, each.map, each.content) for each in theirs
    ]


class Counting(MarkdownStream):
    """Counts the lines that it reads."""

    read_lines = 0

    def _read_tail(self, lines: list[str], *, final: bool = False) -> tuple[Leaf, ...]:
        self.read_lines += len(lines)
        return super()._read_tail(lines, final=final)


def test_short_lines_are_read_a_few_times_alone() -> None:
    """A log without a blank line costs what its length does, not what its lines would one by one."""
    stream = Counting()
    stream.feed("a\n" * 3_000)
    stream.finish()
    assert stream.read_lines < 5 * 3_000
