"""Formulas, footnotes, addresses and images that stand alone: what goes beyond CommonMark and tables."""

import pytest

from desktop.domain.markdown import MarkdownStream, parse
from desktop.domain.markdown_blocks import (
    MAX_PIECE_CHARS,
    CodeFence,
    Formula,
    Image,
    Item,
    Paragraph,
    Span,
    Table,
    block_text,
)
from desktop.domain.markdown_fence import MAX_PART_CHARS
from desktop.domain.markdown_pieces import piece_end, pieces


def spans(source: str) -> list[Span]:
    (block,) = parse(source)
    assert isinstance(block, Paragraph)
    return list(block.spans)


def math(source: str) -> list[str]:
    return [span.text for span in spans(source) if span.math]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a \\(x^2\\) b", ["x^2"]),
        ("a \\[x\\] b", ["x"]),
        ("a $$x$$ b", ["x"]),
        ("a $x$ b", ["x"]),
        ("$x$", ["x"]),
        ("$x$$y$", ["x", "y"]),
        ("a \\( x \\) and $$ y $$", ["x", "y"]),
        ("$a_1$ and $b_1$, *c*", ["a_1", "b_1"]),
        ("$\\$5$", ["\\$5"]),
        ("$x\ny$", ["x y"]),
        ("($x$), [$y$](https://x.org)", ["x", "y"]),
        ("$5 and $8", []),
        ("$5 and $8 are $x$", ["x"]),
        ("$ x$", []),
        ("$x $", []),
        ("$x$5", []),
        ("\\$x$", []),
        ("\\\\(x\\\\)", []),
        ("$$ $$", []),
        ("$", []),
        ("a \\(x", []),
        ("`$x$` and `\\(y\\)`", []),
        ("$a `b$` c", []),
        ("\\(a `\\)` b\\)", ["a `\\)` b"]),
        ("\\``$x$`", []),
    ],
)
def test_formulas_in_running_text(source: str, expected: list[str]) -> None:
    """Delimiters make formulas, money stays money, and code is code."""
    assert math(source) == expected


def test_dollars_that_are_no_formula_stay() -> None:
    """Text with dollars is shown to the letter."""
    assert spans("$5 and $8, $ x$, $$") == [Span("$5 and $8, $ x$, $$")]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$$\na\n+ b\n$$", [Formula("a\n+ b")]),
        ("\\[\na\n\\]", [Formula("a")]),
        ("\\[a\\]", [Formula("a")]),
        ("$$a$$  ", [Formula("a")]),
        ("\\[\na\n- b\n# c\n\\]", [Formula("a\n- b\n# c")]),
        ("so:\n\\[a\\]\nend", [Paragraph((Span("so:"),)), Formula("a"), Paragraph((Span("end"),))]),
        ("- $$\n  a\n  b\n  $$", [Formula("a\nb", True, (Item("•", True),))]),
        ("\\[a\n\nb\\]", [Paragraph((Span("[a"),)), Paragraph((Span("b]"),))]),
        ("    $$\n    a\n    $$", [CodeFence("", "$$\na\n$$")]),
        ("```\n$$\na\n$$\n```", [CodeFence("", "$$\na\n$$")]),
        ("$$\n\n$$", [Paragraph((Span("$$"),)), Paragraph((Span("$$"),))]),
        ("\\[a\\] b", [Paragraph((Span("a", math=True), Span(" b")))]),
        ("- \\[\na\n\\]", [Paragraph((Span("a", math=True),), (Item("•", True),))]),
    ],
)
def test_formulas_that_stand_alone(source: str, expected: list[object]) -> None:
    """A formula on lines of its own is a block, if it is closed before a blank line."""
    assert list(parse(source)) == expected


def test_a_formula_is_shown_as_open_while_it_is_written() -> None:
    """Before its end is there, a formula is marked as not closed; without an end it is text."""
    stream = MarkdownStream()
    assert stream.feed("$$\na +").tail == (Formula("a +", closed=False),)
    assert stream.feed(" b\n$$\n").closed == (Formula("a + b"),)
    assert block_text(MarkdownStream().feed("text\n\\[").tail[0]) == "text"
    assert parse("$$\na +")[0] == Paragraph((Span("$$ a +"),))


def test_an_endless_formula_is_text() -> None:
    """What is too long to be drawn is not waited for."""
    blocks = parse("\\[\n" + "a + b\n" * 2_000 + "\\]\n")
    assert not any(isinstance(block, Formula) for block in blocks)
    assert sum(block_text(block).count("a + b") for block in blocks) == 2_000


def test_a_footnote_is_referred_to_and_shown_where_it_stands() -> None:
    """A reference names its label; the text of the note is in a container that names it too."""
    text, note = parse("text[^1]\n\n[^1]: the *note*")
    assert isinstance(text, Paragraph)
    assert text.spans == (Span("text"), Span("[1]", note="1"))
    assert note.nest == (Item("1.", True, None, "1"),)
    assert block_text(note) == "the note"


def test_a_footnote_without_text_stays_as_it_was_written() -> None:
    """A reference to nothing is text."""
    assert spans("text[^1]") == [Span("text[^1]")]


def test_a_footnote_that_comes_later_gives_the_block_out_again() -> None:
    """The closed block with the reference is revised when the note begins."""
    stream = MarkdownStream()
    assert stream.feed("a[^x]\n\n").closed == (Paragraph((Span("a[^x]"),)),)
    stream.feed("[^x]: note\n\n")
    assert stream.finish().revised == ((0, Paragraph((Span("a"), Span("[x]", note="x")))),)


def test_a_footnote_holds_blocks_and_ends() -> None:
    """Paragraphs, lists and code that are indented belong to the note; the next paragraph does not."""
    blocks = parse("[^a-long-label]: one\n\n    two\n\n    - three\n\n    ```\n    four\n    ```\n\nfive")
    assert [block_text(block) for block in blocks] == ["one", "two", "three", "four", "five"]
    assert [bool(block.nest) for block in blocks] == [True, True, True, True, False]
    assert blocks[0].nest == (Item("a-lon….", True, None, "a-long-label"),)


def test_a_table_waits_for_definitions_too() -> None:
    """Cells that use a label before its definition are read again, as is an image."""
    table, image, _note = parse("| [a] | b[^n] |\n|---|---|\n| [a] | c |\n\n![a]\n\n[a]: https://x.org\n\n[^n]: note")
    assert isinstance(table, Table)
    assert table.rows[0][0] == (Span("a", link="https://x.org"),)
    assert table.header[1][1].note == "n"
    assert image == Image("https://x.org", "a")


@pytest.mark.parametrize(
    ("source", "link"),
    [
        ("www.x.org", "http://www.x.org"),
        ("me@x.org", "mailto:me@x.org"),
        ("https://x.org/y", "https://x.org/y"),
        ("https://x.org/y。然后", "https://x.org/y"),
    ],
)
def test_bare_addresses_are_links(source: str, link: str) -> None:
    """Addresses need no marks, and end where a sentence of another script ends."""
    assert spans(f"see {source} there")[1].link == link


def test_an_image_alone_is_a_block() -> None:
    """An image with nothing beside it stands alone, with the link around it."""
    assert parse("![a](https://x.org/i.png)") == (Image("https://x.org/i.png", "a"),)
    assert parse("[![a](https://x.org/i.png)](https://y.org)") == (Image("https://x.org/i.png", "a", "https://y.org"),)
    assert block_text(parse("![a](https://x.org/i.png)")[0]) == "a (https://x.org/i.png)"


def test_code_without_end_comes_in_parts() -> None:
    """No block of code is longer than one that is coloured; together the parts are the code."""
    line = "x" * 99
    for before, indent in (("", ""), ("- a\n\n", "  ")):
        code = [block for block in parse(f"{before}{indent}```py\n" + f"{indent}{line}\n" * 2_500)
                if isinstance(block, CodeFence)]  # fmt: skip
        assert [block.part for block in code] == [0, 1, 2]
        assert [block.gap for block in code] == [True, False, False]
        assert all(len(block.text) < MAX_PART_CHARS + 200 for block in code)
        assert "\n".join(block.text for block in code) == "\n".join([line] * 2_500)


def test_code_in_an_item_ends_with_the_item() -> None:
    """A line that is not indented leaves the fence and the item; the code is marked as never closed."""
    code, after = parse("- ```py\n  a\n\nafter")
    assert code == CodeFence("py", "a\n", False, (Item("•", True),))
    assert block_text(after) == "after"


def test_a_long_item_stays_an_item() -> None:
    """Blocks of one item stay in it, however many there are, and the next item is numbered on."""
    blocks = parse("3. first\n" + "\n   more of it, at some length\n" * 2_000 + "4. next\n")
    assert {block.nest for block in blocks[1:-1]} == {(Item("3.", first=False),)}
    assert blocks[-1].nest == (Item("4.", first=True),)


def test_a_long_paragraph_goes_on_as_itself() -> None:
    """A paragraph of many lines is cut at ends of sentences, without a distance, and its lines stay text."""
    blocks = parse("A sentence of some words.\n" * 400 + "2. not a list\n")
    assert all(isinstance(block, Paragraph) for block in blocks)
    assert [block.gap for block in blocks] == [True, *[False] * (len(blocks) - 1)]
    assert all(block_text(block).rstrip().endswith(".") for block in blocks[:-1])


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("word " * 500 + "End. " + "word " * 1_000, 2_505),
        ("word " * 2_000, 4_000),
        ("word " * 700 + "x" * 3_000, 3_500),
        ("字" * 3_000 + "。" + "字" * 3_000, 3_001),
        ("🇪🇸" * 3_000, 4_000),
        ("a" + "🇪🇸" * 3_000, 3_999),
        ("x" * 3_999 + "e\u0301" * 10, 3_999),
        ("x" * 3_999 + "\u1112\u1161\u11ab", 3_999),
        ("First. " * 300 + "`open. " + "word " * 600 + "` ", 2_100),
    ],
)
def test_where_text_is_broken(text: str, end: int) -> None:
    """Sentences first, then words, and never what a reader takes for one character."""
    assert piece_end(text) == end
    assert "".join(pieces(text)) == text
    assert all(len(piece) <= MAX_PIECE_CHARS for piece in pieces(text))
