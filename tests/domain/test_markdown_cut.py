"""Parts of blocks: whatever two offsets are chosen, what is between them comes out, and it keeps its style."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.markdown import parse
from desktop.domain.markdown_blocks import (
    Alignment,
    Block,
    CodeFence,
    Formula,
    Heading,
    Image,
    Item,
    Paragraph,
    PlainReason,
    PlainText,
    Rule,
    Span,
    Table,
)
from desktop.domain.markdown_cut import cut_block
from desktop.domain.markdown_plain import shown_text
from desktop.domain.markdown_source import markdown_of

TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\t\n"), max_size=8)
SPAN = st.one_of(
    st.builds(Span, TEXT, bold=st.booleans(), italic=st.booleans(), code=st.booleans(), strike=st.booleans()),
    st.builds(Span, TEXT, link=st.just("https://x.org")),
    st.builds(Span, TEXT, image=st.just("https://x.org/i.png")),
    st.builds(Span, TEXT, math=st.just(True)),
    st.builds(Span, st.just("[1]"), note=st.just("1")),
    st.just(Span("one\ntwo")),
)
SPANS = st.lists(SPAN, max_size=5).map(tuple)
NEST = st.sampled_from([(), (Item("•", first=True),)])
PROSE = st.one_of(
    st.builds(Paragraph, SPANS, NEST),
    st.builds(Heading, st.integers(1, 6), SPANS),
    st.builds(CodeFence, st.just("py"), TEXT),
    st.builds(PlainText, TEXT, st.just(PlainReason.TOO_DEEP)),
    st.builds(Formula, TEXT),
    st.builds(Image, st.just("i.png"), TEXT),
    st.just(Rule()),
)
ROW = st.tuples(SPANS, SPANS)
TABLE = st.builds(
    Table, ROW, st.lists(ROW, max_size=3).map(tuple), st.just((Alignment.NONE, Alignment.RIGHT)), st.integers(0, 1)
)
OFFSETS = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted)


@given(PROSE, OFFSETS)
def test_a_part_shows_what_stood_there(block: Block, offsets: list[int]) -> None:
    """The text of a part is that part of the text."""
    start, end = offsets
    part = cut_block(block, start, end)
    assert ("" if part is None else shown_text(part)) == shown_text(block)[start:end]


@given(TABLE, OFFSETS)
def test_a_part_of_a_table_has_the_words_that_stood_there(table: Table, offsets: list[int]) -> None:
    """Cells beyond the part are empty, so only what stands between cells differs."""
    start, end = offsets
    part = cut_block(table, start, end)
    shown = "" if part is None else shown_text(part)
    words = shown_text(table)[start:end]
    assert shown.replace("\t", "").replace("\n", "") == words.replace("\t", "").replace("\n", "")


def test_styles_stay_within_the_part() -> None:
    """Bold, code and links are what they were, shorter."""
    spans = (Span("plain "), Span("bold", bold=True), Span(" "), Span("link", link="https://x.org"))
    assert cut_block(Paragraph(spans), 8, 13) == Paragraph(
        (Span("ld", bold=True), Span(" "), Span("li", link="https://x.org"))
    )


def test_a_formula_cut_through_is_text() -> None:
    """Half a formula is none; a whole one stays one."""
    spans = (Span("x^2", math=True), Span("y", math=True))
    assert cut_block(Paragraph(spans), 1, 4) == Paragraph((Span("^2"), Span("y", math=True)))
    assert cut_block(Formula("x^2"), 1, 3) == Paragraph((Span("^2"),))


def test_the_rest_of_an_item_has_no_marker() -> None:
    """A marker belongs to the beginning of an item."""
    block = Paragraph((Span("first words"),), (Item("•", first=True),))
    part = cut_block(block, 6, 11)
    assert part is not None
    assert part.nest == (Item("•", first=False),)


def test_a_part_of_one_cell_is_a_paragraph() -> None:
    """Words from a cell are words; from two cells they are a table."""
    (table,) = parse("| one | two |\n|--|--|\n| three | four |")
    assert cut_block(table, 8, 12) == Paragraph((Span("thre"),))
    two = cut_block(table, 8, 16)
    assert isinstance(two, Table)
    assert (two.header, two.rows) == (((), ()), (((Span("three"),), (Span("fo"),)),))


SAMPLES = """# Title *x*

Some **bold** and *it* `co` [l](https://x.org) <https://a.b> snake_case 2 * 3

- a
- b

  second
  1. x
  2. y
- [x] done

> quote
>
> - in

```py
a `` ```b
```

| a | b |
|--|:-:|
| 1 | 2 \\| 3 |

---

end ![c](http://i) [![c](http://i)](https://x.org)\\
two"""


def test_blocks_are_written_as_what_they_were_read_from() -> None:
    """Reading what was written gives the same blocks."""
    blocks = parse(SAMPLES)
    assert parse(markdown_of(blocks)) == blocks


def test_long_code_and_long_tables_are_written_in_one() -> None:
    """Parts of one table, and of one piece of code, have one header and one fence."""
    table = "| a |\n|---|\n" + "".join(f"| {n} |\n" for n in range(50))
    assert markdown_of(parse(table)).count("---") == 1
    code = (CodeFence("py", "a"), CodeFence("py", "b", gap=False, part=1))
    assert markdown_of(code) == "```py\na\nb\n```"


@given(st.text("ab *_`~[]<>!#-+.1)$\\|&;=", min_size=1, max_size=12).map(lambda text: f"a{text}z"))
def test_signs_in_a_text_stay_signs(text: str) -> None:
    """What is text is text when it is read again, whatever it looks like."""
    spans = (Span(" ".join(text.split())),)
    assert parse(markdown_of((Paragraph(spans),))) == (Paragraph(spans),)


@given(
    st.lists(st.tuples(st.sampled_from(["word", "two words"]), st.sampled_from(["bold", "italic", "code", "strike"])))
)
def test_styles_are_written_as_styles(marked: list[tuple[str, str]]) -> None:
    """Styled words between plain ones read as what they were."""
    spans = [Span("begin")]
    for text, style in marked:
        spans += [Span(" and "), _styled(text, style), Span(" end")]
    (block,) = parse(markdown_of((Paragraph(tuple(spans)),)))
    assert isinstance(block, Paragraph)
    assert [span for span in block.spans if span.bold or span.italic or span.code or span.strike] == [
        span for span in spans if span.bold or span.italic or span.code or span.strike
    ]


def _styled(text: str, style: str) -> Span:
    flags = {name: name == style for name in ("bold", "italic", "code", "strike")}
    return Span(text, flags["bold"], flags["italic"], flags["code"], flags["strike"])


def test_what_goes_on_with_an_item_that_is_not_there_is_no_item() -> None:
    """A second paragraph of an item that was not taken is a paragraph."""
    nest = (Item("10.", first=False),)
    assert markdown_of((Paragraph((Span("rest"),), nest),)) == "rest"


def test_formulas_notes_and_sources_are_written_as_they_are_read() -> None:
    """Also what has signs of its own: formulas, footnotes, code with backticks, addresses with blanks."""
    blocks = parse("a \\(x^2\\) b[^1] ``c`d`` [l](<https://x.org/a b>)\n\n$$\ny\n$$\n\n[^1]: foot\n\n    more")
    assert parse(markdown_of(blocks)) == blocks


def test_source_that_was_not_read_is_written_as_it_is() -> None:
    """Plain text stays what it was."""
    assert markdown_of((PlainText("> *a*\n> b", PlainReason.TOO_DEEP), Rule())) == "> *a*\n> b\n\n---"


def test_blank_styled_text_is_blank() -> None:
    """Signs around nothing would be seen."""
    assert markdown_of((Paragraph((Span("a"), Span(" ", bold=True), Span("b ", bold=True), Span("c"))),)) == "a **b** c"


def test_nothing_between_two_offsets_is_nothing() -> None:
    """An empty part of an image, a formula or a paragraph is none."""
    assert cut_block(Image("a.png", "cat"), 3, 3) is None
    assert cut_block(Image("a.png", "cat", link="https://x.org"), 1, 6) == Paragraph(
        (Span("image", link="https://x.org"),)
    )
