"""Code under the hands of a reader: taking, saving, colours, long lines."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from desktop.ui.transcript.highlight import MAX_CHARS, Highlighter, colours_of
from desktop.ui.transcript.save_code import suggested_name
from tests.ui.transcript.hands import (
    NO_GRAB,
    code_block,
    menu_at,
    taken,
    wheel,
)
from tests.ui.transcript.reading import Reading, message, writing


def test_code_is_copied_as_it_is(reading: Reading) -> None:
    """The button takes the code and nothing else."""
    reading.show([message(1, "```py\na = 1\n\tb\n```")])
    reading.click(code_block(reading).copy_button)
    assert QGuiApplication.clipboard().text() == "a = 1\n\tb"


def test_code_is_coloured_when_its_colours_are_there(reading: Reading, qtbot: QtBot) -> None:
    """Highlighting happens elsewhere and arrives later."""
    reading.show([message(1, "```python\ndef f():\n    return 1\n```")])
    qtbot.waitUntil(lambda: bool(code_block(reading).lines.colours))
    assert code_block(reading).lines.colours[0][0] == (0, 3, "code_keyword")


def test_growing_code_keeps_its_lines(reading: Reading) -> None:
    """A fence that grows appends; what is there stays."""
    reading.show([writing(1)])
    reading.say(1, "```py\na = 1\nb")
    block = code_block(reading)
    lines = block.lines
    for piece in (" = 2\n", "c", " = 3\n"):
        reading.say(1, piece)
    assert code_block(reading) is block
    assert block.lines is lines
    assert lines.lines == ["a = 1", "b = 2", "c = 3"]


def test_long_lines_scroll_sideways(reading: Reading) -> None:
    """A long line has a scroll bar of its own, for keys and for the wheel."""
    reading.show([message(1, "```\n" + "x" * 400 + "\n```")])
    block = code_block(reading)
    (bar,) = block.findChildren(QScrollBar)
    assert bar.isVisible()
    block.setFocus()
    reading.press(Qt.Key.Key_Right)
    by_key = bar.value()
    wheel(block, sideways=-40)
    assert 0 < by_key < bar.value()


def test_short_code_needs_no_scroll_bar(reading: Reading) -> None:
    """Where everything fits there is nothing to scroll."""
    reading.show([message(1, "```\nx\n```")])
    assert not any(bar.isVisible() for bar in code_block(reading).findChildren(QScrollBar))


@pytest.mark.parametrize(
    ("language", "name"),
    [("python", "code.py"), ("Rust", "code.rs"), ("", "code.txt"), ("go", "code.go"), ("../../x", "code.txt")],
)
def test_names_fit_the_language(language: str, name: str) -> None:
    """A language names the file's ending, if it is one."""
    assert suggested_name(language) == name


@NO_GRAB
def test_the_menu_of_code_takes_the_code(reading: Reading) -> None:
    """Code and message can be taken from the same place."""
    reading.show([message(1, "```\na\n```")])
    block = code_block(reading)
    menu = menu_at(block, block.rect().center())
    assert menu.actions()[0].text() == "Copy code"
    assert taken(menu, "Copy message") == "```\na\n```"


def test_colours_cover_lines() -> None:
    """Each line has its own ranges, also within a string of several lines."""
    colours = colours_of("python", 's = """a\nb"""\nx = 1  # c')
    assert [[name for _start, _length, name in line] for line in colours] == [
        ["code_string"],
        ["code_string"],
        ["code_number", "code_comment"],
    ] or all(colours)


def test_an_unknown_language_has_no_colours() -> None:
    """A made-up language is plain text."""
    assert colours_of("no-such-language", "x") == ()


def test_nothing_is_coloured_twice(qtbot: QtBot) -> None:
    """The same code asks the lexer once."""
    highlighter = Highlighter()
    done: list[str] = []
    highlighter.coloured.connect(lambda _language, text: done.append(text))
    assert highlighter.ask("python", "x = 1") is None
    assert highlighter.ask("python", "x = 1") is None
    qtbot.waitUntil(lambda: done == ["x = 1"])
    assert highlighter.ask("python", "x = 1")
    highlighter.close()
    highlighter.close()


@pytest.mark.parametrize(("language", "text"), [("", "x"), ("python", ""), ("python", "x" * (MAX_CHARS + 1))])
def test_some_code_stays_plain(qtbot: QtBot, language: str, text: str) -> None:
    """Without a language, without text, or beyond the cap nothing is asked."""
    assert Highlighter().ask(language, text) == ()
