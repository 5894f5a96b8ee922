"""Blocks from whole documents: what each construct of the grammar becomes."""

import pytest

from desktop.domain.markdown import parse
from desktop.domain.markdown_blocks import (
    Alignment,
    CodeFence,
    Heading,
    Item,
    Paragraph,
    Quote,
    Rule,
    Span,
    Table,
    block_text,
)

PLAIN = (Span("text"),)


def texts(source: str) -> list[str]:
    return [block_text(block) for block in parse(source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", []),
        ("text", [Paragraph(PLAIN)]),
        ("\n\n  text  \n\n", [Paragraph(PLAIN)]),
        ("one\ntwo", [Paragraph((Span("one two"),))]),
        ("one  \ntwo", [Paragraph((Span("one\ntwo"),))]),
        ("one\\\ntwo", [Paragraph((Span("one\ntwo"),))]),
        ("# text", [Heading(1, PLAIN)]),
        ("###### text ##", [Heading(6, PLAIN)]),
        ("####### text", [Paragraph((Span("####### text"),))]),
        ("text\n====", [Heading(1, PLAIN)]),
        ("text\n---", [Heading(2, PLAIN)]),
        ("text\n\n---", [Paragraph(PLAIN), Rule()]),
        ("***\ntext", [Rule(), Paragraph(PLAIN)]),
        ("    x = 1\n\n    y", [CodeFence("", "x = 1\n\ny")]),
        ("```\na\n\n b\n```", [CodeFence("", "a\n\n b")]),
        ("~~~~ python3 title\na\n~~~\n~~~~", [CodeFence("python3", "a\n~~~")]),
        ("```py\nopen", [CodeFence("py", "open", closed=False)]),
        ("```\n```", [CodeFence("", "")]),
        ("  ```\n  a\n b\n   c\n  ```", [CodeFence("", "a\nb\n c")]),
        ("text\n```\na\n```\ntext", [Paragraph(PLAIN), CodeFence("", "a"), Paragraph(PLAIN)]),
        ("<b>text</b>", [Paragraph((Span("<b>text</b>"),))]),
        ("<div>\n\ntext\n</div>", [Paragraph((Span("<div>"),)), Paragraph((Span("text </div>"),))]),
    ],
)
def test_blocks(source: str, expected: list[object]) -> None:
    """Each construct becomes its block."""
    assert list(parse(source)) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a*", [Span("a", italic=True)]),
        ("**a**", [Span("a", bold=True)]),
        ("***a***", [Span("a", bold=True, italic=True)]),
        ("~~a~~", [Span("a", strike=True)]),
        ("`a*b*`", [Span("a*b*", code=True)]),
        ("a **b *c* d** e", [
            Span("a "), Span("b ", bold=True), Span("c", bold=True, italic=True), Span(" d", bold=True), Span(" e")]),
        ("5 * 3 * 2", [Span("5 * 3 * 2")]),
        ("snake_case_name", [Span("snake_case_name")]),
        ("\\*a\\*", [Span("*a*")]),
        ("&amp; &copy;", [Span("& ©")]),
        ("[a](https://x.org)", [Span("a", link="https://x.org")]),
        ("[**a** b](https://x.org 'title')", [Span("a", bold=True, link="https://x.org"), Span(" b", link="https://x.org")]),
        ("<https://x.org>", [Span("https://x.org", link="https://x.org")]),
        ("<me@x.org>", [Span("me@x.org", link="mailto:me@x.org")]),
        ("see https://x.org/a.", [Span("see "), Span("https://x.org/a", link="https://x.org/a"), Span(".")]),
        ("a ![a **big** `cat`](https://x.org/c.png)", [Span("a "), Span("a big cat", image="https://x.org/c.png")]),
        ("a ![a cat](https://x.org/c.png)", [Span("a "), Span("a cat", image="https://x.org/c.png")]),
        ("$5 and $8", [Span("$5 and $8")]),
    ],
)  # fmt: skip
def test_spans(source: str, expected: list[Span]) -> None:
    """Each inline construct becomes a span in its style."""
    (block,) = parse(source)
    assert isinstance(block, Paragraph)
    assert list(block.spans) == expected


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//host/share",
        "C:/x",
        "vbscript:x",
        "ftp://x.org",
        "x.html",
    ],
)
@pytest.mark.parametrize("mark", ["", "!"])
def test_dangerous_targets_stay_text(target: str, mark: str) -> None:
    """Only http, https and mailto become links; anything else is shown as it was written."""
    source = f"{mark}[a]({target})"
    (block,) = parse(source)
    assert isinstance(block, Paragraph)
    assert block.spans == (Span(source),)


def test_a_disguised_link_shows_where_it_leads() -> None:
    """Where the text reads like another address than the target, the target is shown."""
    (block,) = parse("[https://bank.example](https://evil.example/x)")
    assert block_text(block) == "https://bank.example (https://evil.example/x)"


def test_an_honest_link_is_left_alone() -> None:
    """A text that names the target's own host needs no explanation."""
    assert texts("[www.x.org/page](https://x.org/page)") == ["www.x.org/page"]


def test_tight_items_stand_close_and_are_numbered() -> None:
    """A list is a run of blocks that carry their markers; numbers go on from the first."""
    one, two, three = parse("7. a\n7. b\n7. c")
    assert [block.nest for block in (one, two, three)] == [
        (Item("7.", first=True),),
        (Item("8.", first=True),),
        (Item("9.", first=True),),
    ]
    assert [block.gap for block in (one, two, three)] == [True, False, False]


def test_a_loose_item_stands_apart() -> None:
    """A blank line before an item is seen."""
    _one, two = parse("- a\n\n- b")
    assert two.gap


def test_later_blocks_of_an_item_have_no_marker() -> None:
    """Only the first block of an item shows its bullet."""
    _first, second, code = parse("- a\n\n  b\n  ```py\n  c\n  ```")
    assert second.nest == (Item("•", first=False),)
    assert code == CodeFence("py", "c", True, (Item("•", first=False),), gap=False)


def test_nested_lists_keep_their_containers() -> None:
    """Each level of a list is named, with its own bullet."""
    blocks = parse("- a\n  1. b\n     - c\n- d")
    assert [[c.marker for c in block.nest if isinstance(c, Item)] for block in blocks] == [
        ["•"],
        ["•", "1."],
        ["•", "1.", "▪"],
        ["•"],
    ]


def test_an_empty_item_is_still_there() -> None:
    """An item without text shows its marker."""
    blocks = parse("- a\n-\n- c")
    assert [block_text(block) for block in blocks] == ["a", "", "c"]


def test_task_lists_know_what_is_done() -> None:
    """Boxes are read, and only at the beginning of an item."""
    done, todo, neither = parse("- [x] a\n- [ ] b\n- c [x]")
    states = [
        container.checked for block in (done, todo, neither) for container in block.nest if isinstance(container, Item)
    ]
    assert states == [True, False, None]
    assert block_text(neither) == "c [x]"


def test_quotes_nest_and_hold_other_blocks() -> None:
    """A quote is a container like any other."""
    text, item, inner = parse("> a\n> - b\n>\n> > c")
    assert text.nest == (Quote(),)
    assert item.nest == (Quote(), Item("•", first=True))
    assert inner.nest == (Quote(), Quote())


def test_a_lazy_line_belongs_to_the_quote() -> None:
    """A paragraph in a quote goes on without its marker."""
    (block,) = parse("> a\nb")
    assert block == Paragraph((Span("a b"),), (Quote(),))


def test_a_table_has_columns_that_are_aligned() -> None:
    """Header, rows and alignments are read; cells hold spans."""
    (table,) = parse("| a | b | c | d |\n|---|:--|:-:|--:|\n| 1 | **2** | `3|` |\n")
    assert isinstance(table, Table)
    assert table.alignments == (Alignment.NONE, Alignment.LEFT, Alignment.CENTER, Alignment.RIGHT)
    assert table.header == ((Span("a"),), (Span("b"),), (Span("c"),), (Span("d"),))
    assert table.rows[0][1] == (Span("2", bold=True),)
    assert block_text(table) == "a\tb\tc\td\n1\t2\t`3\t`"


def test_a_table_ends_where_another_block_begins() -> None:
    """A row that begins something else is no row."""
    assert [type(block) for block in parse("| a |\n|---|\n| 1 |\n> q\n")] == [Table, Paragraph]


def test_a_table_may_interrupt_a_paragraph() -> None:
    """The header row can follow running text directly."""
    assert [type(block) for block in parse("text\na | b\n--|--\n1 | 2\n\ntext")] == [Paragraph, Table, Paragraph]


def test_a_long_table_comes_in_parts() -> None:
    """A table of any length is made of parts that can each be laid out."""
    blocks = parse("| a |\n|---|\n" + "| 1 |\n" * 45)
    tables = [block for block in blocks if isinstance(block, Table)]
    assert [(table.part, len(table.rows), table.gap) for table in tables] == [
        (0, 20, True),
        (1, 20, False),
        (2, 5, False),
    ]
    assert block_text(tables[1]).startswith("1\n1")


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_endings_do_not_matter(ending: str) -> None:
    """Documents of other systems read the same."""
    source = "# a\n\n- b\n- c\n\n```\nd\n```\n"
    assert parse(source.replace("\n", ending)) == parse(source)


def test_a_definition_may_follow_its_use() -> None:
    """A reference is resolved wherever its definition stands."""
    blocks = parse("[a] and [text][b]\n\n# [a]\n\nmore\n\n[a]: https://a.org\n[B]: https://b.org 'title'\n")
    first, heading, _more = blocks
    assert isinstance(first, Paragraph)
    assert isinstance(heading, Heading)
    assert [span.link for span in first.spans if span.link] == ["https://a.org", "https://b.org"]
    assert heading.spans == (Span("a", link="https://a.org"),)


def test_the_first_definition_counts() -> None:
    """A label that is defined twice keeps its first target."""
    (block,) = parse("[a]: https://one.org\n\n[a]: https://two.org\n\n[a]")
    assert isinstance(block, Paragraph)
    assert block.spans[0].link == "https://one.org"


def test_the_text_of_an_image_names_its_address() -> None:
    """As plain text, an image is its alternative text and where it would come from."""
    assert texts("![cat](https://x.org/c.png)") == ["cat (https://x.org/c.png)"]


def test_a_rule_has_no_text() -> None:
    """A line reads as nothing."""
    assert texts("---") == [""]
