"""What dialogs need: the bridges that presenters stand on, and a window to ask in."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.desk import bridge, idle_bridge

__all__ = ["bridge", "idle_bridge"]


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    """A window to ask in."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made
