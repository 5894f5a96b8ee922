"""What a reader sees of a block, as text."""

import pytest

from desktop.domain.markdown_blocks import (
    Alignment,
    Block,
    CodeFence,
    Formula,
    Heading,
    Image,
    Paragraph,
    PlainReason,
    PlainText,
    Rule,
    Span,
    Table,
)
from desktop.domain.markdown_plain import shown_text

NONE = (Alignment.NONE, Alignment.NONE)
HEADER = ((Span("a"),), (Span("b", bold=True),))
ROWS = (((Span("1"), Span("2")), (Span("x\ny"),)), ((), (Span("4"),)))


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (Paragraph((Span("one "), Span("two", bold=True), Span("\nthree"))), "one two\nthree"),
        (Heading(1, (Span("title"),)), "title"),
        (CodeFence("py", "a = 1\n\tb"), "a = 1\n\tb"),
        (PlainText("> > >", PlainReason.TOO_DEEP), "> > >"),
        (Rule(), ""),
        (Formula("x^2"), "x^2"),
        (Image("c.png", "cat"), "[image: cat] c.png"),
        (Paragraph((Span("cat", image="https://x.org/c"),)), "[image: cat] https://x.org/c"),
        (Paragraph((Span("", image="c.png"),)), "[image: …] c.png"),
        (Table(HEADER, ROWS, NONE), "a\tb\n12\tx y\n\t4"),
        (Table(HEADER, ROWS, NONE, part=1), "12\tx y\n\t4"),
    ],
)
def test_a_block_reads_as_it_is_seen(block: Block, text: str) -> None:
    """Styles are gone, cells stand between tabs, rows between line feeds; later parts of a table have no header."""
    assert shown_text(block) == text
