"""Marks in the widgets in sight, and the way to a match."""

import pytest

from desktop.domain.finding import Match, find, matches, needle
from desktop.domain.markdown import parse
from desktop.domain.markdown_plain import shown_text
from desktop.domain.thoughts import thought_pieces
from desktop.ui.transcript.finder import Finder
from tests.ui.transcript.reading import Reading, asked, message, talk, writing


@pytest.fixture
def finder(reading: Reading) -> Finder:
    made = reading.view.make_finder()
    reading.view.laid_out.connect(made.mark)
    return made


def match_of(number: int, content: str, word: str, at: int, thinking: str = "") -> Match:
    """Return match `at` of a word in a message, as a search finds it."""
    found = list(matches(thought_pieces(thinking), parse(content), needle(word)))[at]
    return Match(
        message_id=number,
        depth=number - 1,
        in_thinking=found[0],
        index=found[1],
        start=found[2][0],
        end=found[2][1],
    )


def marked(reading: Reading) -> list[str]:
    """Return the words that are marked in sight, from top to bottom."""
    return [
        shown_text(block.part.block)[start:end] if block.part.block else block.part.text[start:end]
        for block in reading.view.blocks()
        if block.part is not None
        for start, end in block.hits
    ]


def current(reading: Reading) -> list[tuple[int, tuple[int, int]]]:
    """Return the message and the range of the current match in sight."""
    return [
        (block.item.key, block.hits[block._hit])
        for block in reading.view.blocks()
        if block._hit >= 0 and block.item is not None
    ]


def stands_in_sight(reading: Reading, match: Match) -> bool:
    """Return whether the line of a match is within the viewport."""
    for placed in reading.view._stage.placed:
        if (placed.place.item.key, placed.place.index) == (match.message_id, match.index) and placed.widget.hits:
            top = placed.widget.y() + placed.widget.rect_of(match.start).top()
            return 0 <= top <= reading.view.viewport().height() - 20
    return False


def test_what_is_in_sight_is_marked(reading: Reading, finder: Finder) -> None:
    """Questions, prose, code and tables; and nothing any more when nothing is looked for."""
    text = "The Word.\n\n```\nword = 1\n```\n\n| a | word |\n|---|---|\n| b | c |\n"
    reading.show([asked(1, "a word?"), message(2, text)])
    finder.look_for(needle("word"))
    assert marked(reading) == ["word", "Word", "word", "word"]
    finder.look_for(None)
    assert marked(reading) == []


def test_marks_survive_recycling_and_zoom(reading: Reading, finder: Finder) -> None:
    """What scrolls in is marked, whichever widget shows it."""
    reading.show(talk(300))
    finder.look_for(needle("question"))
    bar = reading.view.verticalScrollBar()
    for tenth in range(10, -1, -1):
        reading.scroll_to(bar.maximum() * tenth // 10)
        shown = [block for block in reading.view.blocks() if block.part is not None and block.part.block is not None]
        for block in shown:
            assert block.part is not None
            assert block.part.block is not None
            assert block.hits == find(shown_text(block.part.block), needle("question"))
    reading.view.set_zoom(150)
    reading.settle()
    assert set(marked(reading)) == {"question"}


def test_what_streams_in_is_marked(reading: Reading, finder: Finder) -> None:
    """New text is searched as it is laid out."""
    reading.show([asked(1), writing(2, "no wor")])
    finder.look_for(needle("word"))
    assert marked(reading) == []
    reading.say(2, "d, and another word")
    assert marked(reading) == ["word", "word"]


def test_going_to_a_match_shows_its_line(reading: Reading, finder: Finder) -> None:
    """In the middle of a long paragraph far up, and it alone is the current one."""
    long = "hay " * 2_000 + "needle " + "hay " * 2_000
    reading.show([asked(1), message(2, long), *talk(60, first=3)])
    finder.look_for(needle("needle"))
    match = match_of(2, long, "needle", 0)
    finder.go_to(match)
    reading.bot.waitUntil(lambda: stands_in_sight(reading, match))
    assert current(reading) == [(2, (match.start, match.end))]


def test_a_match_in_sight_moves_nothing(reading: Reading, finder: Finder) -> None:
    """The text stands still while the next match is on the screen already."""
    text = "\n\n".join(f"line {n} of text" for n in range(40))
    reading.show([asked(1), message(2, text)])
    reading.scroll(-200)
    finder.look_for(needle("line"))
    before = reading.view.verticalScrollBar().value()
    finder.go_to(match_of(2, text, "line", 30))
    reading.settle()
    assert reading.view.verticalScrollBar().value() == before
    assert len(current(reading)) == 1


def test_thinking_unfolds_for_its_match(reading: Reading, finder: Finder) -> None:
    """It is folded until a match in it is gone to."""
    thinking = "a thought\n" * 50 + "with a needle"
    reading.show([asked(1), message(2, "answer", thinking=thinking), *talk(30, first=3)])
    finder.look_for(needle("needle"))
    match = match_of(2, "answer", "needle", 0, thinking)
    assert match.in_thinking
    finder.go_to(match)
    reading.bot.waitUntil(lambda: stands_in_sight(reading, match))
    assert marked(reading) == ["needle"]


def test_folded_code_unfolds_for_its_match(reading: Reading, finder: Finder) -> None:
    """A match in the lines that are not shown is shown."""
    text = "```\n" + "".join(f"line {n}\n" for n in range(390)) + "x\n" * 60 + "needle\n```\n"
    reading.show([asked(1), message(2, text), *talk(30, first=3)])
    finder.look_for(needle("needle"))
    match = match_of(2, text, "needle", 0)
    finder.go_to(match)
    reading.bot.waitUntil(lambda: stands_in_sight(reading, match))


@pytest.mark.parametrize(
    "text", ["```\n" + "x" * 400 + " needle " + "x" * 400 + "\n```\n", "| a |" + "b" * 400 + " | needle |\n|-|-|-|\n"]
)
def test_a_match_far_to_the_right_scrolls_sideways(reading: Reading, finder: Finder, text: str) -> None:
    """Long lines of code and wide tables show the match, too."""
    reading.show([asked(1), message(2, text)])
    finder.look_for(needle("needle"))
    match = match_of(2, text, "needle", 0)
    finder.go_to(match)

    def inside() -> bool:
        for block in reading.view.blocks():
            if block.hits:
                first, last = block.rect_of(match.start), block.rect_of(match.end)
                return first.left() >= 0 and last.right() <= block.width()
        return False

    reading.bot.waitUntil(inside)


def test_a_message_that_is_not_loaded_is_asked_for_and_gone_to(reading: Reading, finder: Finder) -> None:
    """As soon as its page is there."""
    everything = talk(80)
    reading.show(everything[40:], has_older=True)
    wanted: list[int] = []
    finder.message_wanted.connect(wanted.append)
    finder.look_for(needle("question 11"))
    match = match_of(11, "question 11", "question 11", 0)
    finder.go_to(match)
    assert wanted == [11]
    reading.show(everything)
    reading.bot.waitUntil(lambda: stands_in_sight(reading, match))
    assert current(reading) == [(11, (0, 11))]


def test_it_knows_what_is_in_sight(reading: Reading, finder: Finder) -> None:
    """By depth: where a search begins, and where the next match counts from."""
    assert finder.top == 0
    reading.show(talk(100))
    assert 80 < finder.top < 99
    reading.scroll_to(0)
    assert finder.top == 0


def test_it_knows_which_words_of_a_long_part_are_in_sight(reading: Reading, finder: Finder) -> None:
    """A search begins there, not at the beginning of a paragraph that is far above."""
    reading.show([asked(1), message(2, "hay " * 8_000)])
    reading.scroll(-100)
    kind, index, offset = finder.part
    assert (finder.top, kind) == (1, 1)
    assert index > 0
    assert offset > 0


def test_several_words_are_marked_in_one_message(reading: Reading, finder: Finder) -> None:
    """Where they overlap they are one mark, and other messages are left alone."""
    reading.show([asked(1, "the wombat"), message(2, "The wombat sleeps in a combat zone.")])
    finder.look_for_all((needle("wombat"), needle("bat"), needle("sleeps")), 2)
    assert marked(reading) == ["wombat", "sleeps", "bat"]
    finder.look_for_all((needle("sleeps"), needle("wombat")), None)
    assert marked(reading) == ["wombat", "wombat", "sleeps"]
    finder.look_for(None)
    assert marked(reading) == []
