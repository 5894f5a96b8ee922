"""The manual and the place of the data, as dialogs."""

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QTextDocument
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.presenters.manual import KEYBOARD, Chapter, chapters
from desktop.ui.dialogs.data import OPEN, DataQuestion
from desktop.ui.dialogs.manual import ManualDialog
from desktop.ui.dialogs.question import CANCEL


class Caught(QObject):
    """Takes what would open in a file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[QUrl] = []

    @Slot(QUrl)
    def catch(self, url: QUrl) -> None:
        """Note an address."""
        self.urls.append(url)


def _manual(qtbot: QtBot, known: tuple[Chapter, ...] | None = None) -> ManualDialog:
    dialog = ManualDialog(chapters=known or chapters("en"))
    qtbot.addWidget(dialog)
    return dialog


def test_the_manual_opens_at_a_chapter(qtbot: QtBot) -> None:
    """The keys are one click away."""
    dialog = _manual(qtbot)
    dialog.read(KEYBOARD)
    assert dialog.page.toPlainText().startswith("Keyboard shortcuts")
    assert dialog.list.currentIndex().data() == "Keyboard shortcuts"


def test_typing_narrows_the_chapters(qtbot: QtBot) -> None:
    """What holds the words is listed and shown; where nothing does, that is said."""
    dialog = _manual(qtbot)
    dialog.read()
    dialog.field.setText("hotkey")
    assert dialog.page.toPlainText().startswith("Keyboard shortcuts")
    dialog.field.setText("quetzal")
    assert dialog.list.model().rowCount() == 0
    assert "No chapter" in dialog.page.toPlainText()


def test_the_manual_loads_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    """Not even a picture that a chapter names."""
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"x")
    address = QUrl.fromLocalFile(str(picture))
    chapter = Chapter(name="a", title="A", text=f"# A\n\n![x]({address.toString()})", words="a")
    dialog = _manual(qtbot, (chapter,))
    assert dialog.page.loadResource(QTextDocument.ResourceType.ImageResource.value, address) is None
    assert "A" in dialog.page.toPlainText()


@pytest.mark.parametrize(("answer", "opened"), [(OPEN, True), (CANCEL, False)])
def test_the_folder_opens_only_when_it_is_asked_for(qtbot: QtBot, tmp_path: Path, answer: str, opened: bool) -> None:
    """The path can be read without anything being opened."""
    caught = Caught()
    QDesktopServices.setUrlHandler("file", caught, "catch")  # type: ignore[arg-type]  # the stub says bytes; only text is taken
    try:
        frame = QWidget()
        qtbot.addWidget(frame)
        question = DataQuestion(folder=tmp_path, parent=frame)
        question.open()
        assert caught.urls == []
        question.answer_button(answer).click()
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert caught.urls == ([QUrl.fromLocalFile(str(tmp_path))] if opened else [])
