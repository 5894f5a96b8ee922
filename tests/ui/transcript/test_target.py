"""Where links lead, before they are followed."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from desktop.ui.transcript.blocks.base import BlockWidget
from tests.ui.transcript.hands import place_of, text_block
from tests.ui.transcript.reading import Reading, message

TEXT = "see [the page](https://example.org/a) and [bank.com](https://evil.net/)"


def hover(block: BlockWidget, at: QPoint) -> None:
    """Move the pointer over a place of a block, without a button."""
    none = Qt.MouseButton.NoButton
    place, on_screen = QPointF(at), QPointF(block.mapToGlobal(at))
    event = QMouseEvent(QEvent.Type.MouseMove, place, on_screen, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(block, event)


def test_the_target_is_shown_under_the_pointer(reading: Reading) -> None:
    """At the foot of the transcript, while the pointer is on the link, and not longer."""
    reading.show([message(1, TEXT, model="a/b")])
    block, label = text_block(reading), reading.view._target
    hover(block, place_of(block, 4, 12))
    assert (label.isVisible(), label.text) == (True, "https://example.org/a")
    hover(block, place_of(block, 0, 2))
    assert not label.isVisible()


def test_the_target_is_shown_under_the_keyboard(reading: Reading) -> None:
    """Tab shows where the link leads that it has come to."""
    reading.show([message(1, TEXT, model="a/b")])
    label = reading.view._target
    reading.view.setFocus()
    reading.press(Qt.Key.Key_Tab)
    first = label.text
    reading.press(Qt.Key.Key_Tab)
    assert (first, label.text) == ("https://example.org/a", "https://evil.net/")


def test_the_target_goes_when_the_pointer_leaves(reading: Reading) -> None:
    """Outside the transcript no link is meant."""
    reading.show([message(1, TEXT, model="a/b")])
    block = text_block(reading)
    hover(block, place_of(block, 4, 12))
    QApplication.sendEvent(reading.view, QEvent(QEvent.Type.Leave))
    assert not reading.view._target.isVisible()


@pytest.mark.parametrize(
    ("target", "text"),
    [("https://example.org/a", "the page"), ("https://evil.net/", "bank.com"), ("https://nowhere.org", "")],
)
def test_the_text_of_a_link_is_found(reading: Reading, target: str, text: str) -> None:
    """Whoever asks about a link can say what its text promised."""
    reading.show([message(1, TEXT, model="a/b")])
    assert reading.view.text_of_link(target) == text
