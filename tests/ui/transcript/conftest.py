"""A transcript on the screen, with its model under a tester."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.ui.theme import Theme
from tests.ui.transcript.reading import Reading


@pytest.fixture
def reading(qtbot: QtBot, theme: Theme) -> Iterator[Reading]:
    made = Reading(qtbot=qtbot, theme=theme)
    yield made
    made.close()
