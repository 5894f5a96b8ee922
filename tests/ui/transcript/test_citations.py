"""The fold with the sources of an answer."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.ui.transcript.blocks.citations import CitationsBlock
from tests.ui.transcript.reading import Reading, message

SOURCES = [{"title": "<b>Guide</b>", "place": "p. 3", "quote": "It **is** so.", "similarity": 0.9}, {"title": "Notes"}]


def block(reading: Reading) -> CitationsBlock:
    found = reading.find(CitationsBlock)
    assert isinstance(found, CitationsBlock)
    return found


def test_sources_are_folded_and_unfold(reading: Reading, qtbot: QtBot) -> None:
    """A click on the head shows titles and quotes as they are written, the next one hides them."""
    reading.show([message(1, "answer", metadata={"citations": SOURCES})])
    assert block(reading).accessibleName() == "2 sources, folded"
    folded = block(reading).height()
    reading.click(block(reading))
    reading.settle()
    assert block(reading).texts == ("1. <b>Guide</b> · p. 3", "It **is** so.", "2. Notes")
    assert block(reading).height() > folded
    qtbot.keyClick(block(reading), Qt.Key.Key_Return)
    reading.settle()
    assert block(reading).height() == folded


@pytest.mark.parametrize("metadata", [{}, {"citations": []}, {"citations": "none"}])
def test_without_sources_there_is_no_fold(reading: Reading, metadata: dict[str, object]) -> None:
    """Most answers name none."""
    reading.show([message(1, "answer", metadata=metadata)])
    assert not [each for each in reading.view.blocks() if isinstance(each, CitationsBlock)]
