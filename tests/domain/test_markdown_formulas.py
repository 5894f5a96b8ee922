r"""Formulas that never end: what was written stays readable, `\(` and all."""

import pytest

from desktop.domain.markdown import MarkdownStream, parse
from desktop.domain.markdown_blocks import Paragraph, block_text


def shown(text: str) -> str:
    """Return what a reader sees of a text."""
    return "\n".join(block_text(block) for block in parse(text))


@pytest.mark.parametrize(
    "text",
    [
        r"So \(\frac{a\_b}{c\,d} \% and",
        r"So \(x_1 \+ y",
        r"\[ \{a\,b\} \cup",
        r"It is $$\sum\_{i} \\ x",
    ],
)
def test_a_formula_without_an_end_keeps_its_backslashes(text: str) -> None:
    """It can be copied and mended: nothing of what the model wrote is gone."""
    assert shown(text) == text


def test_what_stands_before_it_is_read_as_ever() -> None:
    """A formula that is closed is one, and an escape before the opener is an escape."""
    assert shown(r"100\% of \(a\_b\) and \(\beta\_2") == r"100% of a\_b and \(\beta\_2"


def test_the_rest_of_the_text_is_markdown() -> None:
    """Only backslashes are spared: bold is bold, and code binds tighter."""
    (block,) = parse(r"\(\alpha\_1 **bold** `a\_b`")
    assert isinstance(block, Paragraph)
    assert [(span.text, span.bold, span.code) for span in block.spans] == [
        (r"\(\alpha\_1 ", False, False),
        ("bold", True, False),
        (" ", False, False),
        (r"a\_b", False, True),
    ]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (r"\[not a link](/foo)", "[not a link](/foo)"),
        (r"\(in brackets, 100\%", "(in brackets, 100%"),
        (r"\[snake_case\_name", "[snake_case_name"),
        (r"costs $5\.00 and more_of", "costs $5.00 and more_of"),
    ],
)
def test_an_escape_is_one_where_nothing_looks_like_a_formula(text: str, seen: str) -> None:
    """Markdown says that a backslash before a sign hides itself."""
    assert shown(text) == seen


def test_pieces_that_arrive_end_as_the_whole() -> None:
    """However the text is cut."""
    text = "So \\(\\frac{a\\_b}{c\\,d} \\% and\n\nnext \\_x"
    for size in (1, 3, 7):
        stream = MarkdownStream()
        blocks = [block for at in range(0, len(text), size) for block in stream.feed(text[at : at + size]).closed]
        blocks += stream.finish().closed
        assert tuple(blocks) == parse(text)
