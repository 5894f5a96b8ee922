"""Hostile documents: nothing is lost, nothing is deeper, wider or longer than can be laid out."""

import pytest

from desktop.domain import markdown_blocks
from desktop.domain.markdown import MarkdownStream, parse
from desktop.domain.markdown_blocks import (
    Block,
    CodeFence,
    Heading,
    Paragraph,
    PlainReason,
    PlainText,
    Span,
    Table,
    block_text,
)
from desktop.domain.markdown_grammar import MAX_COLUMNS, MAX_NESTING
from desktop.domain.markdown_inline import TailReader, is_disguised, spans

LIMIT = markdown_blocks.MAX_PIECE_CHARS


def longest(blocks: tuple[Block, ...]) -> int:
    return max((len(block_text(block)) for block in blocks if not isinstance(block, CodeFence)), default=0)


def test_one_endless_line_is_broken_softly() -> None:
    """A line of a million characters becomes pieces that are together the line."""
    blocks = parse("a" * 1_000_000)
    assert longest(blocks) <= LIMIT
    assert "".join(map(block_text, blocks)) == "a" * 1_000_000


def test_a_long_line_breaks_after_a_blank() -> None:
    """Words stay whole where there are words."""
    blocks = parse("word " * 2_000)
    assert all(block_text(block).rstrip().endswith("word") for block in blocks)
    assert [block.gap for block in blocks] == [True, False, False]


def test_the_pieces_of_an_item_stay_in_it() -> None:
    """A giant list item keeps its indent and shows its marker once."""
    blocks = parse("- " + "word " * 2_000 + "\n- next")
    assert [[(c.marker, c.first) for c in block.nest] for block in blocks] == [  # type: ignore[union-attr]
        [("•", True)],
        [("•", False)],
        [("•", False)],
        [("•", True)],
    ]


def test_a_giant_line_streams_piece_by_piece() -> None:
    """Closed pieces of an endless line are not given out again."""
    stream = MarkdownStream()
    closed = 0
    for _ in range(100):
        update = stream.feed("x" * 1_000)
        closed += len(update.closed)
        assert longest(update.tail) <= LIMIT
    assert closed == 100_000 // LIMIT - 1


def test_blanks_at_the_end_of_a_giant_line_are_nothing() -> None:
    """A million blanks show nothing at all."""
    assert parse(" " * 1_000_000) == ()
    stream = MarkdownStream()
    stream.feed("x" * 5_000 + " " * 100)
    stream.feed("\n")
    assert stream.feed(" " * 5_000).tail == ()


def test_a_giant_first_line_of_a_fence_is_code() -> None:
    """What follows a fence's overlong first line is its code."""
    blocks = parse("```" + "x" * 5_000 + "\ncode\n```\n")
    assert isinstance(blocks[0], CodeFence)


def test_a_paragraph_of_many_lines_is_cut() -> None:
    """Twenty thousand lines without a blank one are many paragraphs."""
    blocks = parse("a\n" * 20_000)
    assert longest(blocks) <= LIMIT
    assert sum(block_text(block).count("a") for block in blocks) == 20_000


def test_an_overlong_heading_is_text() -> None:
    """A heading that has to be broken is no heading any more."""
    blocks = parse("\n".join(["word " * 700] * 2) + "\n===\n")
    assert not any(isinstance(block, Heading) for block in blocks)
    assert longest(blocks) <= LIMIT


@pytest.mark.parametrize("mark", [">", "> ", "+ ", "1. ", "* > "])
def test_a_line_that_nests_without_end_is_plain_text(mark: str) -> None:
    """Twenty thousand levels are shown as they were written, and not a character is lost."""
    line = mark * 20_000 + "x"
    blocks = parse(line + "\n\nafter")
    assert isinstance(blocks[0], PlainText)
    assert blocks[0].reason is PlainReason.TOO_DEEP
    assert "".join(map(block_text, blocks)).replace(" ", "") == (line + "after").replace(" ", "")


def test_lists_that_nest_line_by_line_are_capped() -> None:
    """Three hundred levels over three hundred lines are never deeper than the cap."""
    blocks = parse("".join("  " * level + "- a\n" for level in range(300)))
    assert max(len(block.nest) for block in blocks) <= MAX_NESTING
    assert sum(block_text(block).count("a") for block in blocks) == 300


def test_a_line_of_dashes_is_a_rule() -> None:
    """Fifty dashes with blanks between are not fifty lists."""
    assert [type(block).__name__ for block in parse("- " * 50)] == ["Rule"]


def test_a_table_too_wide_is_plain_text() -> None:
    """More columns than anyone can read are shown as they were written."""
    rows = "|a" * 200 + "|\n" + "|-" * 200 + "|\n" + "|b" * 200 + "|\n\nafter"
    *table, after = parse(rows)
    assert all(isinstance(block, PlainText) and block.reason is PlainReason.TOO_WIDE for block in table)
    assert block_text(table[-1]) == "|b" * 200 + "|"
    assert block_text(after) == "after"


def test_a_wide_table_streams_as_plain_text() -> None:
    """The row being written waits for its end."""
    stream = MarkdownStream()
    update = stream.feed("|a" * 200 + "|\n" + "|-" * 200 + "|\n|b")
    assert update.tail == ()
    assert stream.feed("|\n").closed == (PlainText("|b|", PlainReason.TOO_WIDE, gap=False),)


def test_five_thousand_columns() -> None:
    """A header longer than a piece is no table."""
    blocks = parse("|a" * 5_000 + "|\n" + "|-" * 5_000 + "|\n" + "|b" * 5_000 + "|\n")
    assert not any(isinstance(block, Table) for block in blocks)
    assert longest(blocks) <= LIMIT


def test_a_wide_table_inside_an_item_is_plain_text() -> None:
    """The cap holds in containers too."""
    blocks = parse("- " + "|a" * (MAX_COLUMNS + 1) + "|\n  " + "|-" * (MAX_COLUMNS + 1) + "|\n")
    assert isinstance(blocks[0], PlainText)


def test_a_table_inside_an_item_has_its_rows() -> None:
    """A table in a container is read as a whole."""
    (table,) = parse("- | a |\n  |---|\n  | 1 |\n  | 2 |\n")
    assert isinstance(table, Table)
    assert len(table.rows) == 2


def test_a_giant_row_ends_its_table() -> None:
    """A row that is longer than a piece is cut; what is left of it is text."""
    blocks = parse("| a |\n|---|\n| " + "word " * 2_000 + "|\n")
    assert isinstance(blocks[0], Table)
    assert longest(blocks) <= LIMIT + len("a\n")


def test_a_quote_without_end_is_cut() -> None:
    """Six thousand quoted lines stay quoted, in pieces."""
    blocks = parse("> some quoted text\n" * 6_000)
    assert longest(blocks) <= LIMIT
    assert all(block.nest for block in blocks)


def test_a_heavy_item_is_not_read_for_every_token() -> None:
    """Beyond a size, the tail is shown as far as complete lines were read."""
    stream = MarkdownStream()
    tail = stream.feed("> - item\n>\n" + ">   more text of it\n>\n" * 180 + ">   partial").tail
    assert tail
    assert block_text(tail[-1]) != "partial"


def test_definitions_without_end_are_kept() -> None:
    """Five thousand definitions in one go all hold."""
    source = "".join(f"[a{n}]: https://x.org/{n}\n" for n in range(5_000)) + "\n[a4999]"
    (block,) = parse(source)
    assert isinstance(block, Paragraph)
    assert block.spans[0].link == "https://x.org/4999"


@pytest.mark.parametrize("piece", ["[", "![[", "*a **b_", "<", "[](", "~~a", "\\", "&amp;", "http:", "[a](<b"])
def test_endless_delimiters_keep_their_text(piece: str) -> None:
    """Delimiters without partners are text, and all of them are there."""
    source = piece * 3_000
    shown = "".join(block_text(block) for block in parse(source))
    assert shown
    if piece not in ("\\", "&amp;"):
        assert shown.replace("&", "").count("a") == source.count("a")


def test_what_cannot_be_shown_is_replaced() -> None:
    """NULs and lone surrogates become the replacement character."""
    assert [block_text(block) for block in parse("a\x00b\ud800c")] == ["a\ufffdb\ufffdc"]


def test_emoji_are_not_torn_apart() -> None:
    """A break never falls inside a family of emoji."""
    family = "👨\u200d👩\u200d👧\u200d👦"
    blocks = parse(family * 3_000)
    assert all(block_text(block).startswith("👨") for block in blocks)


def test_too_many_delimiters_are_text_at_once() -> None:
    """A piece of nothing but delimiters is not even read."""
    assert spans("*" * 2_000, {}) == (Span("*" * 2_000),)


def test_nothing_reads_as_nothing() -> None:
    """Empty content has no spans."""
    assert spans("", {}) == ()


@pytest.mark.parametrize(
    ("text", "target", "expected"),
    [
        ("paypal.com", "https://evil.example", True),
        ("https://x.org/a", "https://www.x.org/b", False),
        ("click here", "https://evil.example", False),
        ("x.org", "mailto:me@x.org", True),
        ("x.org", "https://[broken", True),
        ("X.ORG:80/path", "http://x.org", False),
    ],
)
def test_disguise(text: str, target: str, expected: bool) -> None:
    """A text that names a host must name the host of the target."""
    assert is_disguised(text, target) is expected


def test_the_tail_reader_forgets_on_demand() -> None:
    """After a definition has arrived, remembered spans are read again."""
    reader = TailReader()
    reader.begin()
    assert reader.spans("[a]", {"references": {}}) == (Span("[a]"),)
    reader.forget()
    known = {"references": {"A": {"href": "https://x.org", "title": ""}}}
    assert reader.spans("[a]", known) == (Span("a", link="https://x.org"),)
