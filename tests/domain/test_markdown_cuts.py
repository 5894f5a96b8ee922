"""Every example of the CommonMark specification, and documents of everything, cut anywhere: the end is the same."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop.domain.markdown import MarkdownStream, Update, parse
from desktop.domain.markdown_blocks import Block, CodeFence, Formula, Image, Item, Paragraph, block_text

EXAMPLES: list[tuple[int, str, str]] = json.loads(
    (Path(__file__).parents[1] / "data" / "commonmark-0.31.2.json").read_text(encoding="utf-8")
)
SECTIONS = sorted({section for _number, section, _source in EXAMPLES})
FRAGMENTS = (
    "a", "b c", "**b**", "`c`", " ", "  ", "   ", "    ", "\t", "\n", "\n\n", "- ", "* ", "1. ", "2) ", "> ", "# ", "---",
    "===", "```", "```\n", "~~~", "|", "a|b", "\n|-|-|\n", "| 1 | 2 |\n", "[x]", "[ ] ", "[r]", "[r]: https://a.b\n",
    "\\", "*", "_", "<b>", "https://x.y/z", "www.x.y", "me@x.y", "![i](https://a/b.png)", "![r]", "\r\n", "\r", "é",
    "\n- x\n  - y\n", "\n---\n", "\n1. q\n", "👩‍👩‍👧", "word " * 40, "\x00", "\ud800", "\udfff", "[^n]", "\n[^n]: ", "[^m]: x\n",
    "$", "$$", "\n$$\n", "$x$", "\\(", "\\)", "\\[", "\\]", "\n\\[\n", "\n\\]\n", "$5 ", "~~s~~", "end. ", "!",
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


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
@settings(max_examples=150, deadline=None)
def test_no_letter_is_lost(text: str) -> None:
    """Letters of a document are in its blocks, but for addresses, labels and the names of languages."""
    assert count("ac", parse("q\n\n" + text.translate(str.maketrans("[]`~<|&", "       ")))) >= 0


def count(letters: str, blocks: Sequence[Block]) -> int:
    return sum(block_text(block).count(letter) for block in blocks for letter in letters)
