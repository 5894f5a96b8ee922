"""The blocks under the hands of a reader: links, selections, code, tables."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QMessageBox, QScrollBar
from pytestqt.qtbot import QtBot

from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.code import CodeBlock
from desktop.ui.transcript.blocks.table import TableBlock, share_out
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.highlight import MAX_CHARS, Highlighter, colours_of
from desktop.ui.transcript.save_code import suggested_name, write
from tests.ui.transcript.reading import Reading, message, writing

# The offscreen platform has no keyboard that a menu could take for itself.
NO_GRAB = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
CTRL = Qt.KeyboardModifier.ControlModifier


def text_block(reading: Reading, number: int = 0) -> TextBlock:
    block = reading.find(TextBlock, number)
    assert isinstance(block, TextBlock)
    return block


def code_block(reading: Reading) -> CodeBlock:
    block = reading.find(CodeBlock)
    assert isinstance(block, CodeBlock)
    return block


def table_block(reading: Reading, number: int = 0) -> TableBlock:
    block = reading.find(TableBlock, number)
    assert isinstance(block, TableBlock)
    return block


def place_of(block: TextBlock, start: int, end: int) -> QPoint:
    """Return the middle of a range of a block's text."""
    assert block.flow is not None
    return block.flow.rect_of(start, end).center().toPoint() + block.content_rect().topLeft().toPoint()


def drag(reading: Reading, block: TextBlock, start: QPoint, end: QPoint) -> None:
    bot = reading.bot
    bot.mousePress(block, Qt.MouseButton.LeftButton, pos=start)
    bot.mouseMove(block, end)
    bot.mouseRelease(block, Qt.MouseButton.LeftButton, pos=end)


# Text


def test_a_link_is_told_not_opened(reading: Reading, qtbot: QtBot) -> None:
    """A click on a link goes up as a wish."""
    reading.show([message(1, "see [this](https://x.org/a) now")])
    with qtbot.waitSignal(reading.view.link_activated) as wished:
        reading.click(text_block(reading), place_of(text_block(reading), 4, 8))
    assert wished.args == ["https://x.org/a"]


def test_a_click_beside_a_link_is_nothing(reading: Reading, qtbot: QtBot) -> None:
    """Text is not a link."""
    reading.show([message(1, "see [this](https://x.org/a) now")])
    with qtbot.assertNotEmitted(reading.view.link_activated):
        reading.click(text_block(reading), place_of(text_block(reading), 9, 12))


def test_links_are_reached_by_key(reading: Reading, qtbot: QtBot) -> None:
    """Tab goes from link to link, Enter follows."""
    reading.show([message(1, "[a](https://a.org) and [b](https://b.org)")])
    reading.view.setFocus()
    reading.press(Qt.Key.Key_Tab)
    reading.press(Qt.Key.Key_Tab)
    with qtbot.waitSignal(reading.view.link_activated) as wished:
        reading.press(Qt.Key.Key_Return)
    assert wished.args == ["https://b.org"]


def test_an_image_is_a_link_to_its_address(reading: Reading, qtbot: QtBot) -> None:
    """What is not fetched can be opened by whoever wants it."""
    reading.show([message(1, "![cat](https://x.org/c.png)")])
    assert reading.texts() == ["[image: cat] https://x.org/c.png"]
    with qtbot.waitSignal(reading.view.link_activated) as wished:
        reading.click(text_block(reading), place_of(text_block(reading), 2, 6))
    assert wished.args == ["https://x.org/c.png"]


def test_text_is_selected_and_copied(reading: Reading) -> None:
    """What the pointer passes over can be taken."""
    reading.show([message(1, "one two three")])
    block = text_block(reading)
    drag(reading, block, place_of(block, 0, 1) - QPoint(4, 0), place_of(block, 6, 7) + QPoint(3, 0))
    assert block.selected_text() == "one two"
    reading.bot.keyClick(block, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "one two"


def test_a_double_click_takes_a_word(reading: Reading) -> None:
    """Words are found by their letters."""
    reading.show([message(1, "one two_2, three")])
    block = text_block(reading)
    reading.bot.mouseDClick(block, Qt.MouseButton.LeftButton, pos=place_of(block, 5, 7))
    assert block.selected_text() == "two_2"


def test_a_selection_ends_with_the_focus(reading: Reading) -> None:
    """There is one selection at a time."""
    reading.show([message(1, "one two"), message(2, "three")])
    block = text_block(reading)
    reading.bot.mouseDClick(block, Qt.MouseButton.LeftButton, pos=place_of(block, 0, 2))
    block.setFocus()
    text_block(reading, 1).setFocus()
    assert block.selected_text() == ""


def test_the_pointer_shows_a_link(reading: Reading) -> None:
    """Over a link the pointer is a hand."""
    reading.show([message(1, "see [this](https://x.org/a) now")])
    block = text_block(reading)
    shapes = []
    for place in (place_of(block, 4, 8), place_of(block, 9, 12)):
        none = Qt.MouseButton.NoButton
        where = QPointF(place)
        QApplication.sendEvent(
            block, QMouseEvent(QEvent.Type.MouseMove, where, where, none, none, Qt.KeyboardModifier.NoModifier)
        )
        shapes.append(block.cursor().shape())
    assert tuple(shapes) == (Qt.CursorShape.PointingHandCursor, Qt.CursorShape.IBeamCursor)


def test_the_stream_has_a_caret_at_its_end(reading: Reading) -> None:
    """Only the last block of a living answer has the caret."""
    reading.show([writing(1)])
    reading.say(1, "one\n\ntwo")
    assert [block.part.caret for block in reading.view.blocks() if isinstance(block, TextBlock) and block.part] == [
        False,
        True,
    ]
    reading.model.replace(message(1, "one\n\ntwo"))
    reading.settle()
    assert not any(block.part.caret for block in reading.view.blocks() if block.part)


def menu_at(block: BlockWidget, place: QPoint) -> QMenu:
    """Open the context menu at a place of a block."""
    QApplication.sendEvent(
        block,
        QContextMenuEvent(
            QContextMenuEvent.Reason.Mouse, place, block.mapToGlobal(place), Qt.KeyboardModifier.NoModifier
        ),
    )
    (menu,) = block.findChildren(QMenu)
    return menu


def taken(menu: QMenu, text: str) -> str:
    """Choose an entry of a menu and return what the clipboard has then."""
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()
    return QGuiApplication.clipboard().text()


@NO_GRAB
def test_the_menu_of_a_link_takes_its_address(reading: Reading) -> None:
    """An address can be taken without being followed."""
    reading.show([message(1, "see [this](https://x.org/a) now")])
    block = text_block(reading)
    assert taken(menu_at(block, place_of(block, 4, 8)), "Copy link address") == "https://x.org/a"


@NO_GRAB
def test_the_menu_of_a_text_takes_selection_or_message(reading: Reading) -> None:
    """The menu offers what there is to take."""
    reading.show([message(1, "**one** two")])
    block = text_block(reading)
    reading.bot.mouseDClick(block, Qt.MouseButton.LeftButton, pos=place_of(block, 0, 2))
    menu = menu_at(block, place_of(block, 5, 7))
    assert [action.text() for action in menu.actions()] == ["Copy", "Copy message"]
    assert taken(menu, "Copy") == "one"


@NO_GRAB
def test_the_menu_of_code_takes_the_code(reading: Reading) -> None:
    """Code and message can be taken from the same place."""
    reading.show([message(1, "```\na\n```")])
    block = code_block(reading)
    menu = menu_at(block, block.rect().center())
    assert [action.text() for action in menu.actions()] == ["Copy code", "Copy message"]
    assert taken(menu, "Copy message") == "```\na\n```"


# Code


def test_code_is_copied_as_it_is(reading: Reading) -> None:
    """The button takes the code and nothing else."""
    reading.show([message(1, "```py\na = 1\n\tb\n```")])
    reading.click(code_block(reading).copy)
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


def wheel(block: CodeBlock | TableBlock, *, sideways: int) -> None:
    point = QPointF(block.rect().center())
    event = QWheelEvent(
        point,
        QPointF(block.mapToGlobal(point.toPoint())),
        QPoint(0, 0),
        QPoint(sideways, 0),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(block, event)


def test_code_is_selected_across_lines(reading: Reading) -> None:
    """Lines of code can be taken with the pointer."""
    reading.show([message(1, "```\nfirst\nsecond\nthird\n```")])
    block = code_block(reading)
    origin = block._code_origin().toPoint()
    reading.bot.mousePress(block, Qt.MouseButton.LeftButton, pos=origin + QPoint(1, 3))
    reading.bot.mouseMove(block, origin + QPoint(400, 2 * block.lines.line_height + 3))
    reading.bot.mouseRelease(block, Qt.MouseButton.LeftButton)
    assert block.selected_text() == "first\nsecond\nthird"
    reading.bot.keyClick(block, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "first\nsecond\nthird"


def test_saving_asks_where(reading: Reading) -> None:
    """Save opens a dialog with a fitting name, and does not wait for it."""
    reading.show([message(1, "```python\na\n```")])
    reading.click(code_block(reading).save)
    (dialog,) = reading.view.findChildren(QFileDialog)
    assert dialog.selectedFiles()[0].endswith("code.py")
    dialog.close()


def test_code_is_saved_where_it_was_said(reading: Reading, tmp_path: Path) -> None:
    """The file has the code, in UTF-8."""
    reading.show([message(1, "```\nä\n```")])
    reading.click(code_block(reading).save)
    (dialog,) = reading.view.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "a.txt"))
    dialog.close()
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "ä"


def test_a_failed_save_says_why(reading: Reading, tmp_path: Path) -> None:
    """A place that cannot be written to is explained."""
    reading.show([message(1, "```\na\n```")])
    reading.click(code_block(reading).save)
    (dialog,) = reading.view.findChildren(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "no" / "such" / "folder"))
    dialog.close()
    (box,) = reading.view.findChildren(QMessageBox)
    assert box.informativeText()
    box.close()


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    """An error is a sentence, not an exception."""
    assert write(str(tmp_path / "no" / "file"), "text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("language", "name"),
    [("python", "code.py"), ("Rust", "code.rs"), ("", "code.txt"), ("go", "code.go"), ("../../x", "code.txt")],
)
def test_names_fit_the_language(language: str, name: str) -> None:
    """A language names the file's ending, if it is one."""
    assert suggested_name(language) == name


# Colours


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


# Tables


def test_columns_are_as_wide_as_their_text(reading: Reading) -> None:
    """A small table does not fill the column."""
    reading.show([message(1, "| a | long header |\n|---|---|\n| 1 | 2 |")])
    narrow, wide = table_block(reading)._widths
    assert narrow < wide < 200


def test_a_wide_table_wraps_its_cells(reading: Reading) -> None:
    """Where there is too little room, the wide columns give way and rows grow."""
    reading.show([message(1, "| a | b |\n|---|---|\n| 1 | " + "word " * 100 + "|")])
    block = table_block(reading)
    assert sum(block._widths) <= block.content_rect().width() + 1
    assert block._rows[1].height > 2 * block._rows[0].height


def test_many_columns_scroll_sideways(reading: Reading) -> None:
    """Columns have a least width; a table beyond the room scrolls."""
    reading.show([message(1, "| head " * 40 + "|\n" + "|---" * 40 + "|\n" + "| cell " * 40 + "|")])
    block = table_block(reading)
    (bar,) = block.findChildren(QScrollBar)
    assert bar.isVisible()
    wheel(block, sideways=-80)
    assert bar.value() > 0


def test_the_parts_of_a_table_have_the_same_columns(reading: Reading) -> None:
    """A long table looks like one."""
    reading.view.resize(800, 1_600)
    rows = "".join(f"| {'x' * (n % 7)} | {n} |\n" for n in range(45))
    reading.show([message(1, "| a | b |\n|---|---|\n" + rows)])
    widths = [block._widths for block in reading.view.blocks() if isinstance(block, TableBlock)]
    assert len(widths) == 3
    assert widths[0] == widths[1] == widths[2]


def test_a_link_in_a_cell_is_told(reading: Reading, qtbot: QtBot) -> None:
    """Cells have links too."""
    reading.show([message(1, "| a |\n|---|\n| [x](https://x.org) |")])
    block = table_block(reading)
    point = block.content_rect().topLeft().toPoint() + QPoint(3, round(block._rows[0].height * 1.5))
    with qtbot.waitSignal(reading.view.link_activated) as wished:
        reading.click(block, point)
    assert wished.args == ["https://x.org"]
    assert block.target_at(QPointF(400, 5)) == ""


def test_a_growing_table_keeps_its_rows(reading: Reading) -> None:
    """Rows that are there are not measured again."""
    reading.show([writing(1)])
    reading.say(1, "| a | b |\n|---|---|\n| 1 | 2 |\n")
    row = table_block(reading)._rows[1]
    reading.say(1, "| 3 | 4 |\n| 5")
    assert table_block(reading)._rows[1] is row
    assert len(table_block(reading)._rows) == 4


@pytest.mark.parametrize(
    ("naturals", "room", "expected"),
    [
        ([100.0, 200.0], 400.0, [100.0, 200.0]),
        ([100.0, 900.0], 400.0, [100.0, 300.0]),
        ([500.0, 500.0], 400.0, [200.0, 200.0]),
        ([500.0] * 10, 400.0, [72.0] * 10),
    ],
)
def test_room_is_shared_out(naturals: list[float], room: float, expected: list[float]) -> None:
    """Narrow columns keep their width, wide ones give way, none below the least."""
    assert share_out(naturals, room, 72.0) == pytest.approx(expected, abs=1.0)
