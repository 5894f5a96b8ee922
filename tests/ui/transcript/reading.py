"""A reader in front of a transcript: shows messages, scrolls, clicks, and looks at what is there."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.messages import Message, Role, Status
from desktop.presenters.transcript import TranscriptListModel
from desktop.ui.theme import Theme
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.view import TranscriptView


def message(number: int, content: str = "", *, role: Role = Role.ASSISTANT, **facts: object) -> Message:
    """Return message `number` of a session, below the one before it."""
    return Message(
        id=number,
        uid=str(number),
        session_id="s",
        parent_id=number - 1 or None,
        depth=number - 1,
        role=role,
        content=content,
        created_at=0,
        **facts,  # type: ignore[arg-type]
    )


def asked(number: int, content: str = "question") -> Message:
    """Return a message of the user's."""
    return message(number, content, role=Role.USER)


def writing(number: int, content: str = "") -> Message:
    """Return an answer that is being written."""
    return message(number, content, status=Status.STREAMING, model="maker/model")


def talk(count: int, first: int = 1) -> list[Message]:
    """Return a conversation of `count` messages, of different heights."""
    return [
        asked(n, f"question {n}")
        if n % 2
        else message(n, f"answer {n}\n\n" + "words of text " * (n * 37 % 150), model="maker/model")
        for n in range(first, first + count)
    ]


class Reading:
    """The view, 800 by 600, and what a reader does with it."""

    def __init__(self, *, qtbot: QtBot, theme: Theme) -> None:
        self.bot = qtbot
        self.model = TranscriptListModel()
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        self.view = TranscriptView(theme=theme, model=self.model)
        qtbot.addWidget(self.view)
        self.view.resize(800, 600)
        self.view.show()

    def close(self) -> None:
        """Delete what has timers here, before the collector finds it in some other thread."""
        self.view.close_threads()
        self.tester.deleteLater()
        self.model.deleteLater()

    def show(self, messages: Sequence[Message], *, has_older: bool = False) -> None:
        """Show a session."""
        self.model.show(messages, has_older=has_older)
        self.settle()

    def settle(self) -> None:
        """Wait until everything in sight is read and laid out."""
        self.bot.waitUntil(lambda: not (self.view._timer.isActive() or self.model._timer.isActive()))

    def say(self, message_id: int, text: str) -> None:
        """Let an answer go on."""
        self.model.add_text(message_id, text=text)
        self.settle()

    def scroll(self, pixels: int) -> None:
        """Scroll as a wheel does."""
        bar = self.view.verticalScrollBar()
        bar.setValue(bar.value() + pixels)
        self.settle()

    def scroll_to(self, value: int) -> None:
        """Scroll as a dragged handle does."""
        self.view.verticalScrollBar().setValue(value)
        self.settle()

    def at_end(self) -> bool:
        """Return whether the end is in sight."""
        bar = self.view.verticalScrollBar()
        return bar.value() == bar.maximum()

    def tops(self) -> dict[tuple[int, str, int], int]:
        """Return where each part in sight stands, by message, section and number."""
        return {(p.place.item.key, p.place.section.name, p.place.index): p.widget.y() for p in self.view._stage.placed}

    def texts(self) -> list[str]:
        """Return the text blocks in sight, from top to bottom."""
        return [block.flow.text for block in self.view.blocks() if isinstance(block, TextBlock) and block.flow]

    def find(self, kind: type[BlockWidget], number: int = 0) -> BlockWidget:
        """Return a block of a kind in sight."""
        return [block for block in self.view.blocks() if isinstance(block, kind)][number]

    def button(self, name: str) -> QWidget:
        """Return the last button of a name in sight."""
        return [
            child
            for block in self.view.blocks()
            for child in block.findChildren(QWidget)
            if child.objectName() == name and child.isVisible()
        ][-1]

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        """Click on a widget."""
        self.bot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=place or widget.rect().center())

    def press(self, key: Qt.Key, *, shift: bool = False) -> None:
        """Press a key in whatever has the focus."""
        target = self.view.window().focusWidget()
        held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
        self.bot.keyClick(target, key, held)
        self.settle()
