"""A person at the real window: types, clicks and reads, while both loops run."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from desktop.app import Desktop, build
from desktop.domain.markdown_blocks import block_text
from desktop.domain.messages import Message, Status
from desktop.presenters.session_list import SessionRole
from desktop.presenters.transcript import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.button import TextButton
from desktop.ui.transcript.blocks.card import CardBlock
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.cards import card_of
from desktop.ui.transcript.view import TranscriptView
from desktop.ui.window import MainWindow

if TYPE_CHECKING:
    from desktop.services.backend import Backend

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)

LIMIT_S = 45.0
"""How long a busy machine may take until something is so; nothing here waits that long when all is well."""


class Person:
    """Sits at the window that `build(argv)` makes. Everything is done through widgets, as far as a widget shows it."""

    def __init__(self, *argv: str, folder: Path) -> None:
        self.desktop: Desktop = build(["--data-dir", str(folder), *argv])
        self.folder = folder
        self._left = False

    # ------------------------------------------------------------------------------------------------------ time

    def until(self, condition: Callable[[], object], what: str = "") -> None:
        """Let both loops run until something is so."""
        self._run(self._until(condition, what))

    def ask(self, function: "Callable[[Backend], Awaitable[T]]") -> T:
        """Ask the services something that no widget shows."""
        return self._run(self.desktop.bridge.call(function))

    def ready(self) -> "Person":
        """Wait until the conversation is shown by its view and the sidebar has its first page."""
        self.until(lambda: self.window.findChild(TranscriptView) is not None, "the transcript's view")
        self.ask(lambda backend: backend.store.data_version())
        return self

    def rest(self) -> None:
        """Wait until every answer is written and everything reported is shown."""
        self.ask(lambda backend: backend.chat.wait_idle())
        bridge = self.desktop.bridge
        self.until(lambda: not (bridge._tasks or bridge._waiting or bridge._timer.isActive()), "rest")

    def leave(self) -> None:
        """Close the program and everything it opened; harmless when done twice."""
        if self._left:
            return
        self._left = True
        self.desktop.close()
        self._end()

    def wait_gone(self) -> None:
        """Wait until the program has ended by itself."""
        self.until(self.desktop.finished.done, "the end of the program")
        if not self._left:
            self._left = True
            self._end()

    def _end(self) -> None:
        """Delete the window, as the end of the process would: connections to lambdas keep it from being collected."""
        self.desktop.window.deleteLater()
        self.desktop.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.desktop.loop.close()
        asyncio.set_event_loop(None)

    def _run(self, coroutine: Awaitable[T]) -> T:
        result: T = self.desktop.loop.run_until_complete(coroutine)
        return result

    async def _until(self, condition: Callable[[], object], what: str) -> None:
        try:
            async with asyncio.timeout(LIMIT_S):
                while not condition():
                    await asyncio.sleep(0.005)
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what or 'something'}; {self.seen()}") from None

    def seen(self) -> str:
        """Say what the window shows, for a test that fails."""
        rows = [
            f"{item.message.role} {item.message.status} {item.message.fault}: {item.text[:80]!r}"
            for item in self.items()
        ]
        return f"messages {rows}, banner {self.window.banner.text()!r}, sessions {self.titles()}"

    # ------------------------------------------------------------------------------------------------- what is there

    @property
    def window(self) -> MainWindow:
        """The main window."""
        return self.desktop.window

    def widget(self, kind: type[W], name: str = "") -> W:
        """Return a widget by its kind and object name."""
        found = self.window.findChild(kind, name) if name else self.window.findChild(kind)
        assert isinstance(found, kind), f"no {kind.__name__} {name!r} in the window"
        return found

    def action(self, name: str) -> QAction:
        """Return a command of the menus."""
        found = self.window.findChild(QAction, name)
        assert isinstance(found, QAction), f"no action {name!r}"
        return found

    def trigger(self, name: str) -> None:
        """Choose a command in the menu, as far as it can be chosen."""
        action = self.action(name)
        assert action.isEnabled(), f"{name} cannot be chosen"
        action.trigger()

    def dialog(self, kind: type[W], name: str = "") -> W:
        """Wait for a dialog to be on the screen, and return it."""
        found: list[W] = []

        def shown() -> bool:
            each = self.window.findChild(kind, name) if name else self.window.findChild(kind)
            found[:] = [each] if isinstance(each, kind) and each.isVisible() else []
            return bool(found)

        self.until(shown, f"the dialog {kind.__name__} {name}")
        return found[0]

    def no_dialog(self, kind: type[QObject]) -> bool:
        """Whether no dialog of this kind is on the screen."""
        found = self.window.findChild(kind)
        return found is None or (isinstance(found, QWidget) and not found.isVisible())

    def page_text(self) -> str:
        """Return everything that labels on the current page say."""
        labels = self.window.findChildren(QLabel)
        return "\n".join(label.text() for label in labels if label.isVisible())

    # ---------------------------------------------------------------------------------------------------- the composer

    def type(self, text: str) -> None:
        """Press a key for each letter, in the composer."""
        box = self.window.composer.input
        box.setFocus()
        QTest.keyClicks(box, text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press one key in the composer."""
        QTest.keyClick(self.window.composer.input, key, modifiers)

    def send(self, text: str) -> None:
        """Type and press Enter."""
        self.type(text)
        self.press(Qt.Key.Key_Return)

    def paste(self, text: str) -> None:
        """Paste a text into the composer."""
        QGuiApplication.clipboard().setText(text)
        box = self.window.composer.input
        box.setFocus()
        box.paste()

    def say(self, text: str) -> Message:
        """Send a message, wait for the whole answer and return it."""
        before = len(self.items())
        self.send(text)
        self.until(lambda: len(self.items()) >= before + 2, "the answer's row")
        self.until(lambda: not self.answer().is_live, "the end of the answer")
        return self.answer().message

    def click(self, button: QAbstractButton) -> None:
        """Click a button that can be clicked."""
        assert button.isVisible(), f"{button.text()!r} is not to be seen"
        assert button.isEnabled(), f"{button.text()!r} cannot be clicked"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def stop(self) -> None:
        """Click Stop, as soon as it is there."""
        button = self.window.composer.stop
        self.until(button.isVisible, "the Stop button")
        self.click(button)

    # -------------------------------------------------------------------------------------------------- the transcript

    def items(self) -> list[TranscriptItem]:
        """Return the messages that are loaded, from the oldest on."""
        model = self.desktop.transcript
        return [model.item(row) for row in range(model.rowCount())]

    def texts(self) -> list[str]:
        """Return their texts."""
        return [item.text for item in self.items()]

    def answer(self) -> TranscriptItem:
        """Return the last message."""
        return self.items()[-1]

    def wait_status(self, status: Status) -> Message:
        """Wait until the last message ended like this."""
        self.until(lambda: self.items() and self.answer().message.status is status, f"status {status}")
        return self.answer().message

    def shown(self) -> str:
        """Return the text that the transcript's widgets in sight show, from top to bottom."""
        view = self.window.findChild(TranscriptView)
        if view is None:
            return ""
        assert isinstance(view, TranscriptView)
        return "\n".join(_plain(block) for block in view.blocks() if block.isVisible())

    def wait_shown(self, text: str) -> None:
        """Wait until the widgets of the transcript show a text."""
        self.until(lambda: text in self.shown(), f"{text!r} in the widgets")

    def wait_longer(self, text: str) -> None:
        """Wait until the last message is longer than this."""
        self.until(lambda: len(self.answer().text) > len(text), "more words")

    def card(self, *, title: str) -> CardBlock:
        """Wait until the card with this title is on the screen."""

        def there() -> CardBlock | None:
            item = self.items()[-1] if self.items() else None
            card = card_of(item) if item else None
            if card is None or title not in card.title:
                return None
            cards = [
                block
                for block in self.widget(TranscriptView).blocks()
                if isinstance(block, CardBlock) and block.isVisible() and title in block.accessibleName()
            ]
            return cards[-1] if cards else None

        self.until(there, f"the card {title!r}")
        found = there()
        assert found is not None
        return found

    def press_card(self, title: str, label: str) -> None:
        """Click a button of the card with this title."""
        card = self.card(title=title)
        buttons = [each for each in card.findChildren(TextButton) if each.text() == label and not each.isHidden()]
        assert buttons, f"no button {label!r} on the card, but {[b.text() for b in card.findChildren(TextButton)]}"
        self.click(buttons[-1])

    def press_footer(self, spoken: str) -> None:
        """Click a command under the last message."""

        def there() -> TextButton | None:
            found = [
                button
                for block in self.widget(TranscriptView).blocks()
                if isinstance(block, FooterBlock) and block.item is self.answer()
                for button in block.findChildren(TextButton)
                if button.accessibleName() == spoken and button.isVisible()
            ]
            return found[-1] if found else None

        self.until(there, f"the command {spoken!r}")
        found = there()
        assert found is not None
        self.click(found)

    # ----------------------------------------------------------------------------------------------------- the sidebar

    def titles(self) -> list[str]:
        """Return the titles that the sidebar lists."""
        model = self.desktop.sidebar.model
        return [str(model.index(row).data()) for row in range(model.rowCount())]

    def writing(self) -> set[str]:
        """Return the titles of the sessions that are marked as being written in."""
        model = self.desktop.sidebar.model
        rows = [model.index(row) for row in range(model.rowCount())]
        return {str(row.data()) for row in rows if row.data(SessionRole.RUNNING)}

    def open(self, title: str) -> None:
        """Click a session in the sidebar and wait until it is shown."""
        self.until(lambda: title in self.titles(), f"the session {title!r}")
        view = self.window.sidebar.view
        index = view.model().index(self.titles().index(title), 0)
        session_id = index.data(SessionRole.ID)
        view.scrollTo(index)
        ground = view._delegate.ground(view.visualRect(index), index)  # a row may begin with the heading of its day
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=ground.center())
        self.until(lambda: self.desktop.chat.session_id == session_id, f"the open session {title!r}")

    def new_session(self) -> None:
        """Choose New session."""
        self.trigger("newSession")
        self.until(lambda: not self.desktop.chat.session_id, "a new session")


def _plain(widget: BlockWidget) -> str:
    """Return what a widget of the transcript shows, as far as a reader could select it."""
    part = widget.part
    if part is None:
        return ""
    return block_text(part.block) if part.block is not None else part.text or widget.accessibleName()
