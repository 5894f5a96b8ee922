"""The keys that are drawn on the sidebar's controls."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.sidebar.parts import NewSessionButton, SearchField
from desktop.ui.theme import Theme


@pytest.mark.parametrize("kind", [NewSessionButton, SearchField])
def test_another_key_is_drawn_at_once(qtbot: QtBot, theme: Theme, kind: Callable[..., QWidget]) -> None:
    """What is drawn is what works."""
    host = QWidget()
    qtbot.addWidget(host)
    action = QAction(host)
    action.setShortcut(QKeySequence("Ctrl+N"))
    control = kind(theme=theme, action=action, parent=host)
    control.resize(300, 40)
    before = control.grab().toImage()
    action.setShortcut(QKeySequence("Alt+Shift+F7"))
    assert control.grab().toImage() != before
