"""Every example of the CommonMark specification, and documents of everything, cut anywhere: the end is the same."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop.domain.markdown import MarkdownStream, Update, parse
from desktop.domain.markdown_blocks import Block, Span, block_text
from desktop.domain.markdown_grammar import Carry, read
from desktop.domain.markdown_inline import spans
from desktop.domain.markdown_leaves import blocks as blocks_of

EXAMPLES: list[tuple[int, str, str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "commonmark-0.31.2.json").read_text(encoding="utf-8")
)
SECTIONS = sorted({section for _number, section, _source in EXAMPLES})
FRAGMENTS = (
    "a", "b c", "**b**", "`c`", " ", "  ", "   ", "    ", "\t", "\n", "\n\n", "- ", "* ", "1. ", "2) ", "> ", "# ",
    "---", "===", "```", "```\n", "~~~", "|", "a|b", "\n|-|-|\n", "| 1 | 2 |\n", "[x]", "[ ] ", "[r]", "[r]: https://a.b\n",
    "\\", "*", "_", "<b>", "https://x.y/z", "www.x.y", "me@x.y", "![i](https://a/b.png)", "![r]", "\r\n", "\r", "é",
    "\n- x\n  - y\n", "\n---\n", "\n1. q\n", "👩‍👩‍👧", "word " * 40, "\x00", "\ud800", "\udfff", "[^n]",
    "\n[^n]: ", "[^m]: x\n", "$", "$$", "\n$$\n", "$x$", "\\(", "\\)", "\\[", "\\]", "\n\\[\n",
    "\n\\]\n", "$5 ", "~~s~~", "end. ", "!",
)  # fmt: skip
CUTS = st.lists(st.integers(0, 10_000), max_size=12)


def run(pieces: Sequence[str]) -> tuple[Block, ...]:
    """Feed pieces and return the blocks at the end."""
    stream = MarkdownStream()
    result: list[Block] = []
    for update in [*(stream.feed(piece) for piece in pieces), stream.finish()]:
        take(result, update)
    return tuple(result)


def take(result: list[Block], update: Update) -> None:
    result.extend(update.closed)
    for index, block in update.revised:
        result[index] = block


def cut(text: str, places: Sequence[int]) -> list[str]:
    cuts = sorted(place % (len(text) + 1) for place in places)
    return [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_example_of_the_specification_cut_at_every_place(section: str) -> None:
    """However an example is cut in two, its blocks are those of the whole."""
    for number, _section, source in (found for found in EXAMPLES if found[1] == section):
        whole = parse(source)
        for at in range(len(source) + 1):
            assert run([source[:at], source[at:]]) == whole, (number, at)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_example_of_the_specification_character_by_character(section: str) -> None:
    """Fed one character at a time, an example gives the same blocks, and no closed one ever changes unsaid."""
    for number, _section, source in (found for found in EXAMPLES if found[1] == section):
        assert run(list(source)) == parse(source), number


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join), CUTS)
@example("a\r\nb\r", [2, 2])
@example("- ```\n  [^n]\n- b\n[^n]: x\n\n  y", [3, 9, 14])
@example("\\[\na\n\n[r]: https://a.b\n[r] \\]\n", [1, 5])
@settings(max_examples=300, deadline=None)
def test_random_documents_cut_at_random(text: str, places: list[int]) -> None:
    """A document of everything fed in pieces gives the same blocks as at once."""
    assert run(cut(text, places)) == parse(text)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join))
@settings(max_examples=100, deadline=None)
def test_the_tail_never_disturbs_the_end(text: str) -> None:
    """Looking at the open tail after every character changes nothing about what it becomes."""
    assert run(list(text)) == parse(text)


@given(st.lists(st.sampled_from([*FRAGMENTS, "sentence. " * 100, "x" * 900, "- i\n" * 30, "| a |\n" * 25]), max_size=20)
       .map("".join), CUTS)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_long_random_documents_cut_at_random(text: str, places: list[int]) -> None:
    """The same where the limits for pieces, paragraphs and tables apply."""
    assert run(cut(text, places)) == parse(text)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_example_of_the_specification_is_what_the_grammar_says(section: str) -> None:
    """Closing blocks early gives what markdown-it reads from the whole example at once."""
    for number, _section, source in (found for found in EXAMPLES if found[1] == section):
        assert list(parse(source)) == whole(source), number


@st.composite
def structures(draw: st.DrawFn, depth: int = 0) -> list[str]:
    """Draw lines of nested lists, quotes and footnotes with everything in them."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["leaf", "leaf", "- ", "- [x] ", "3. ", "10) ", "[^n]: ", "> "]))
        if kind == "leaf" or depth == 3:
            lines += draw(st.sampled_from(LEAVES))
        elif kind == "> ":
            lines += [f"> {line}".rstrip() for line in draw(structures(depth + 1))]
        else:
            first, *rest = draw(structures(depth + 1))
            if kind == "[^n]: ":
                first, rest = "note", [first, *rest]
            indent = " " * {"- [x] ": 2, "[^n]: ": 4}.get(kind, len(kind))
            lines += [kind + first, *(indent + line if line else "" for line in rest)]
        if draw(st.booleans()):
            lines.append("")
    return lines


LEAVES = (
    ["text **b** [r] and [^n]", "goes on"], ["## head"], ["```py", "x", "", "  y", "```"], ["***"], ["a $x$ b"],
    ["| a | [r] |", "|---|:-:|", "| $x$ | 2 |"], ["$$", "- a", "b", "$$"], ["\\[x\\]"],
)  # fmt: skip


@given(structures(), CUTS)
@settings(max_examples=150, deadline=None)
def test_nested_documents_are_what_the_grammar_says(lines: list[str], places: list[int]) -> None:
    """Lists, quotes and footnotes that close block by block are what they are when they are read as a whole."""
    text = "\n".join(lines)
    blocks = run(cut(text, places))
    assert blocks == parse(text)
    assert [_essence(block) for block in blocks] == [_essence(block) for block in whole(text)]


def whole(text: str) -> list[Block]:
    """Return the blocks of a document as markdown-it reads it at once."""
    references: dict[str, Any] = {}
    notes: dict[str, int] = {}
    environment = {"final": True, "references": references, "footnotes": {"refs": notes, "list": {}}}
    leaves = read(text.removesuffix("\n").split("\n"), environment, Carry())

    def inline(raw: str) -> tuple[Span, ...]:
        return spans(raw, {"references": references, "footnotes": {"refs": dict(notes), "list": {}}})

    return [block for leaf in leaves for block in blocks_of(leaf, inline)]


def _essence(block: Block) -> tuple[object, ...]:
    return type(block), block_text(block), block.nest, getattr(block, "spans", None)
