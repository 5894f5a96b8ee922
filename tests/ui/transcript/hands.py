"""What hands do with blocks: drags, wheels, menus."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu

from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.code import CodeBlock
from desktop.ui.transcript.blocks.table import TableBlock
from desktop.ui.transcript.blocks.text import TextBlock
from tests.ui.transcript.reading import Reading

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


def menu_at(block: BlockWidget, place: QPoint) -> QMenu:
    """Open the context menu at a place of a block."""
    QApplication.sendEvent(
        block,
        QContextMenuEvent(
            QContextMenuEvent.Reason.Mouse, place, block.mapToGlobal(place), Qt.KeyboardModifier.NoModifier
        ),
    )
    (menu,) = block.window().findChildren(QMenu)
    return menu


def taken(menu: QMenu, text: str) -> str:
    """Choose an entry of a menu and return what the clipboard has then."""
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()
    return QGuiApplication.clipboard().text()


def at(block: BlockWidget, offset: int) -> QPointF:
    """Return where an offset of a block's text stands in it."""
    rect = block.rect_of(offset)
    return QPointF(rect.left() + 0.2, rect.center().y())


def drag_over(reading: Reading, start: tuple[BlockWidget, int], end: tuple[BlockWidget, int]) -> None:
    """Drag from an offset in one block to an offset in another, as Qt tells it: all to the one that was pressed."""
    first, last = start[0], end[0]
    away = first.mapFromGlobal(last.mapToGlobal(at(last, end[1]).toPoint()))
    reading.bot.mousePress(first, Qt.MouseButton.LeftButton, pos=at(first, start[1]).toPoint())
    reading.bot.mouseMove(first, QPoint(away.x() + 9, away.y()))
    reading.bot.mouseMove(first, away)
    reading.bot.mouseRelease(first, Qt.MouseButton.LeftButton, pos=away)


def selected(reading: Reading) -> list[str]:
    """Return what is marked in the blocks in sight."""
    return [block.shown_text()[slice(*block.selection)] for block in reading.view.blocks() if block.selection != (0, 0)]


def press_key(reading: Reading, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key in the conversation."""
    reading.bot.keyClick(reading.view, key, held)
    reading.settle()


def copied(reading: Reading) -> str:
    """Copy by key and return the clipboard's plain text."""
    reading.bot.keyClick(reading.view, Qt.Key.Key_C, CTRL)
    return QGuiApplication.clipboard().text()
