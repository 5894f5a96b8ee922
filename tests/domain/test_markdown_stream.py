"""Documents that arrive in pieces: closed blocks never change, and the end is the same however they were cut."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.domain.markdown import MarkdownStream, Update, parse
from desktop.domain.markdown_blocks import Block, CodeFence, Heading, Item, Paragraph, Span, Table, block_text
from desktop.domain.markdown_grammar import Carry, read
from desktop.domain.markdown_inline import spans
from desktop.domain.markdown_leaves import blocks as blocks_of

FRAGMENTS = (
    "a", "b c", "**bold**", "`code`", " ", "  ", "    ", "\n", "\n\n", "- ", "* ", "1. ", "2) ", "> ", ">", "# ", "---",
    "===", "```", "~~~", "|", "a|b", "\n|-|-|\n", "[x]", "[ ] ", "[ref]", "[ref]: https://a.b\n", "\\", "*", "_", "<b>",
    "https://x.y/z", "!", "![i](https://a/b.png)", "\t", "\r\n", "é", "\n- x\n  - y\n", "\n---\n", "\n1. q\n", "👩‍👩‍👧",
    "word " * 40,
)  # fmt: skip
DOCUMENT = """# A title

Some text with **bold**, `code` and [a link](https://example.org), and
a second line that goes on.

1. first

   with a paragraph
2. second
   ```sh
   echo hello
   ```
- [x] done
- another

> quoted
> > twice

| a | b |
|---|--:|
| 1 | 2 |
| 3 | 4 |
after

```python
def f():
    return 1
```
see [later]

Setext
------

[later]: https://example.org/later
"""


def run(pieces: Sequence[str]) -> tuple[Block, ...]:
    """Feed pieces and return the blocks at the end."""
    stream = MarkdownStream()
    result: list[Block] = []
    for update in [*(stream.feed(piece) for piece in pieces), stream.finish()]:
        result.extend(update.closed)
        for index, block in update.revised:
            result[index] = block
    return tuple(result)


@st.composite
def cut_documents(draw: st.DrawFn) -> tuple[str, list[str]]:
    text = "".join(draw(st.lists(st.sampled_from(FRAGMENTS), max_size=40)))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=20)))
    return text, [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


@given(cut_documents())
@example(("a\r\nb", ["a\r", "", "\nb"]))
@example(("a\r\n\r\nb", ["a\r", "\n", "\r\n", "b"]))
def test_cuts_do_not_matter(document: tuple[str, list[str]]) -> None:
    """A document fed in pieces gives the same blocks as at once."""
    text, pieces = document
    assert run(pieces) == parse(text)


@given(cut_documents())
def test_nothing_is_invented_or_lost_against_the_grammar(document: tuple[str, list[str]]) -> None:
    """Cutting off closed blocks gives what markdown-it reads from the whole, where no cap applies."""
    text = document[0].replace("\r\n", "\n")
    lines = text.removesuffix("\n").split("\n")
    environment: dict[str, object] = {"final": True}
    leaves = read(lines, environment, Carry())
    if _differs_on_purpose(lines):
        return
    whole = [block for leaf in leaves for block in blocks_of(leaf, lambda raw: spans(raw, environment))]
    assert [_essence(block) for block in parse(text)] == [_essence(block) for block in whole]


def _differs_on_purpose(lines: list[str]) -> bool:
    """A line that is a heading or a fence is final here; markdown-it may still make it a table's head."""
    return any("|" in line and "-" in line for line in lines[1:])


def _essence(block: Block) -> tuple[object, ...]:
    return type(block), block_text(block), block.nest, getattr(block, "spans", None)


def test_every_cut_of_a_document() -> None:
    """One document of everything, cut in two at each place."""
    whole = parse(DOCUMENT)
    assert all(run([DOCUMENT[:at], DOCUMENT[at:]]) == whole for at in range(len(DOCUMENT) + 1))


def test_character_by_character() -> None:
    """The same, fed one character at a time."""
    assert run(list(DOCUMENT)) == parse(DOCUMENT)


def test_closed_blocks_and_tail_are_always_the_text_so_far() -> None:
    """At any time, what is closed plus the tail shows all that has arrived."""
    stream = MarkdownStream()
    seen = ""
    closed: list[Block] = []
    for character in "first para\n\nsecond with **bold** text":
        seen += character
        update = stream.feed(character)
        closed += update.closed
    shown = [block_text(block) for block in (*closed, *update.tail)]
    assert shown == ["first para", "second with bold text"]


def test_a_paragraph_closes_at_the_blank_line() -> None:
    """Only the open end stays in the tail."""
    stream = MarkdownStream()
    assert stream.feed("one").closed == ()
    assert stream.feed("\n\n") == Update((Paragraph((Span("one"),)),), ())


def test_list_items_close_one_by_one() -> None:
    """A long list is not read again from its beginning."""
    stream = MarkdownStream()
    update = stream.feed("1. a\n1. b\n1. c")
    assert [block_text(block) for block in update.closed] == ["a"]
    assert [block_text(block) for block in update.tail] == ["b", "c"]
    last = stream.finish().closed[-1]
    assert last.nest == (Item("3.", first=True),)


def test_an_open_fence_grows() -> None:
    """Code in an open fence is shown at once and marked as open."""
    stream = MarkdownStream()
    assert stream.feed("```py\na = 1\nb").tail == (CodeFence("py", "a = 1\nb", closed=False),)
    assert stream.feed(" = 2\n``").tail == (CodeFence("py", "a = 1\nb = 2", closed=False),)
    assert stream.feed("`\n").closed == (CodeFence("py", "a = 1\nb = 2"),)


def test_a_growing_table_shows_the_row_that_is_being_written() -> None:
    """The beginning of a row is a row."""
    stream = MarkdownStream()
    (table,) = stream.feed("| a | b |\n|---|---|\n| 1 | 2 |\n| 3").tail
    assert isinstance(table, Table)
    assert [len(row) for row in table.rows] == [2, 2]
    assert stream.feed(" | 4 |\n\n").closed[0] == parse("| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |")[0]


@pytest.mark.parametrize("mark", ["-", "--", "=", "```", "|"])
def test_a_beginning_that_could_be_anything_is_held_back(mark: str) -> None:
    """A dash under a paragraph may become a list: the paragraph does not flash as a heading."""
    stream = MarkdownStream()
    tail = stream.feed(f"text\n{mark}").tail
    assert [type(block) for block in tail] == [Paragraph]
    assert block_text(tail[0]) == "text"


def test_a_heading_is_final_with_its_line() -> None:
    """Nothing can be added to a heading."""
    stream = MarkdownStream()
    assert stream.feed("# a\n").closed == (Heading(1, (Span("a"),)),)


def test_a_definition_gives_out_the_block_that_waited() -> None:
    """A closed block that used a label before its definition is given out again, by its number."""
    stream = MarkdownStream()
    stream.feed("zero\n\n[a] one\n\n")
    assert stream.feed("[a]: https://x.org\n\n").revised == (
        (1, Paragraph((Span("a", link="https://x.org"), Span(" one")))),
    )


def test_the_tail_uses_definitions_of_its_own() -> None:
    """A definition in the open item is used there as soon as its line is there."""
    stream = MarkdownStream()
    stream.feed("- [a]\n\n")
    (block,) = stream.feed("  [a]: https://x.org\n").tail
    assert isinstance(block, Paragraph)
    assert block.spans == (Span("a", link="https://x.org"),)


@pytest.mark.parametrize(
    "word", ["plain words ", "some **bold** words ", "5 * 3 and [ text ", "a `code` and https://x.y "]
)
def test_a_long_paragraph_reads_the_same_while_it_grows(word: str) -> None:
    """Remembering the settled part of a paragraph changes nothing about it."""
    text = (word * 200)[:3000]
    stream = MarkdownStream()
    for at in range(0, len(text), 7):
        tail = stream.feed(text[at : at + 7]).tail
    assert tail == parse(text)


def test_finishing_twice_adds_nothing() -> None:
    """The end is the end."""
    stream = MarkdownStream()
    stream.feed("a")
    stream.finish()
    assert stream.finish() == Update((), ())


def test_an_empty_piece_changes_nothing() -> None:
    """Nothing fed, nothing new."""
    stream = MarkdownStream()
    before = stream.feed("text").tail
    assert stream.feed("") == Update((), before)
