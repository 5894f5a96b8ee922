"""Random hands at the real window: whatever they do in whichever order, no mistake is raised and no word is lost."""

import os
import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import apsw
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from desktop.domain.messages import Message, Role, Status
from desktop.domain.organising import Place, PlaceKind
from desktop.ui.dialogs.edit import EditDialog
from desktop.ui.transcript.blocks.button import TextButton
from desktop.ui.transcript.cards import Action, deeds_of
from desktop.ui.transcript.view import TranscriptView
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.wire.script import Fault, Mode, Script
from tests.wire.server import WireServer

STEPS = int(os.environ.get("RANDOM_STEPS", "60"))
SEEDS = range(int(os.environ.get("RANDOM_SEEDS", "3")))

SCRIPTS = (
    Script(),
    Script(rate=40),
    Script(text=tuple(f"w{number} " for number in range(300)), rate=150),
    Script(text=("# Title\n\n", "- a\n", "- b\n\n", "```py\nx\n", "```\n", "|a|b|\n|-|-|\n|1|2|\n") * 40, rate=400),
    Script(text=("x" * 5_000,) * 20),
    Script(fault=Fault(mode=Mode.RESET, after=4)),
    Script(fault=Fault(mode=Mode.END_EARLY, after=4)),
    Script(fault=Fault(mode=Mode.STATUS, status=401)),
    Script(fault=Fault(mode=Mode.STATUS, status=429, headers={"Retry-After": "2"}, first=1)),
    Script(fault=Fault(mode=Mode.SILENCE, after=3)),
)


class RandomHands:
    """Does one thing after the other, without waiting for any to be done."""

    def __init__(self, person: Person, server: WireServer, seed: int) -> None:
        self.person = person
        self.server = server
        self.random = random.Random(seed)
        self.sent = 0
        self.done: list[str] = []
        self.edits: dict[int, str] = {}
        self.kept: list[str] = []
        person.desktop.dialogs.branches().edited.connect(lambda key: self.kept.append(self.edits[key]))

    def step(self) -> None:
        """Do something, and let the loops run for a moment."""
        actions: tuple[Callable[[], None], ...] = (
            *[self.send] * 4,
            self.type,
            self.stop,
            self.new_session,
            *[self.open] * 3,
            *[self.press_something] * 3,
            self.delete,
            self.undo,
            *[self.edit] * 2,
            *[self.change_tree] * 2,
            self.command,
            self.scroll,
            self.resize,
            self.answer_dialog,
        )
        action = self.random.choice(actions)
        self.done.append(action.__name__)
        action()
        turns = self.random.choice((0, 1, 3, 30))
        self.person.until(_countdown(turns))

    def send(self) -> None:
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        self.server.script = self.random.choice(SCRIPTS)
        self.sent += 1
        self.person.type(f"m{self.sent} ")
        self.person.press(Qt.Key.Key_Return)

    def type(self) -> None:
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        self.person.type("draft ")

    def stop(self) -> None:
        if self.person.window.composer.stop.isVisible():
            self.person.click(self.person.window.composer.stop)

    def new_session(self) -> None:
        self.person.trigger("newSession")

    def open(self) -> None:
        if ids := self.person.desktop.sidebar.model.ids():
            self.person.window.sidebar.session_chosen.emit(self.random.choice(ids))

    def press_something(self) -> None:
        view = self.person.widget(TranscriptView)
        found = [button for button in view.findChildren(TextButton) if button.isVisible() and button.isEnabled()]
        if found:
            self.random.choice(found).click()

    def delete(self) -> None:
        if self.person.action("deleteSession").isEnabled():
            self.person.trigger("deleteSession")

    def undo(self) -> None:
        self.person.desktop.dialogs.undo_elsewhere.emit()

    def edit(self) -> None:
        """Write another version of a message, by the dialog."""
        items = [item for item in self.person.items() if Action.EDIT in deeds_of(item)]
        if not items or QApplication.activeModalWidget() or self.person.window.findChild(EditDialog):
            return
        item = self.random.choice(items)
        self.person.widget(TranscriptView).asked.emit(Action.EDIT, item)
        dialog = self.person.window.findChild(EditDialog)
        assert isinstance(dialog, EditDialog)
        self.edits[item.key] = f"e{len(self.done)}"
        dialog.field.set_text(self.edits[item.key])
        dialog.field.submit_requested.emit()

    def change_tree(self) -> None:
        """Throw a message away, take a step back or forth, or show another version."""
        dialogs, items = self.person.desktop.dialogs, [item for item in self.person.items() if deeds_of(item)]
        deed = self.random.choice(("delete", "undo", "undo", "redo", "version"))
        if deed == "undo":
            dialogs.undo()
        elif deed == "redo":
            dialogs.redo()
        elif items:
            item, view = self.random.choice(items), self.person.widget(TranscriptView)
            if deed == "delete":
                view.asked.emit(Action.DELETE, item)
            else:
                view.version_requested.emit(item.key, self.random.choice((-1, 1)))

    def command(self) -> None:
        names = ("zoomIn", "zoomOut", "zoomReset", "themeDark", "themeLight", "nextSession", "previousSession")
        name = self.random.choice((*names, "settings", "trash", "about", "renameSession", "showSidebar", "quit"))
        if self.person.action(name).isEnabled() and (name != "quit" or self.person.desktop.chat.running_count()):
            self.person.trigger(name)
        if name == "quit":
            self.answer_dialog()  # at once: when the last answer ends, the question quits as was wished

    def scroll(self) -> None:
        bar = self.person.widget(TranscriptView).verticalScrollBar()
        bar.setValue(self.random.randint(0, max(1, bar.maximum())))

    def resize(self) -> None:
        self.person.window.resize(self.random.randint(560, 1600), self.random.randint(400, 1000))

    def answer_dialog(self) -> None:
        for menu in self.person.window.findChildren(QMenu):
            if menu.isVisible():
                menu.close()
        for dialog in self.person.window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()  # also the question about quitting: that is Do not quit


def _countdown(turns: int) -> Callable[[], bool]:
    left = [turns]

    def down() -> bool:
        left[0] -= 1
        return left[0] < 0

    return down


def whole(person: Person, session_id: str) -> tuple[Message, ...]:
    """Return the messages of a session along its path."""
    return person.ask(lambda backend: backend.library.whole(session_id))[1]


def written(folder: Path) -> str:
    """Return every text there is: messages of all sessions and versions, and drafts."""
    connection = apsw.Connection(str(folder / "sobremesa.db"))
    found = [*connection.execute("SELECT content FROM message"), *connection.execute("SELECT text FROM draft")]
    connection.close()
    return "\n".join(text for (text,) in found)


def check_tree(messages: tuple[Message, ...]) -> None:
    """A path is a chain of turns, and everything in it is final."""
    for before, message in pairwise(messages):
        assert message.parent_id == before.id
        assert message.depth == before.depth + 1
        assert message.role is not before.role
    assert all(message.status is not Status.STREAMING for message in messages)
    assert all(message.role in (Role.USER, Role.ASSISTANT) for message in messages)


@pytest.mark.qt_log_ignore("This plugin does not support grabbing", extend=True)
@pytest.mark.parametrize("seed", SEEDS)
def test_random_hands_break_nothing(come: Come, serve: Serve, seed: int) -> None:
    """After any sequence of sends, stops, switches, retries and deletions, all that was typed is there, once."""
    server = serve(Script())
    person = come(server)
    hands = RandomHands(person, server, seed)
    for _ in range(STEPS):
        hands.step()
    hands.answer_dialog()
    person.ask(lambda backend: backend.chat.stop_all())
    person.rest()
    shown, texts = person.desktop.chat.session_id, person.texts()
    person.leave()

    again = come(server)
    sessions = again.ask(lambda backend: backend.library.sessions(limit=500))
    sessions += again.ask(lambda backend: backend.library.sessions(limit=500, place=Place(kind=PlaceKind.TRASH)))
    said: list[str] = []
    for session_id in [session.id for session in sessions]:
        messages = whole(again, session_id)
        check_tree(messages)
        # A copy of a session, as Branch makes one, holds the same words again.
        own = [message for message in messages if "copied_from" not in message.metadata]
        said += [message.content for message in own if message.role is Role.USER]
        if session_id == shown:
            assert [message.content for message in messages][-len(texts) :] == texts
    assert len(said) == len(set(said)), said
    again.leave()
    texts_kept = written(person.folder).split()
    assert [number for number in range(1, hands.sent + 1) if f"m{number}" not in texts_kept] == [], hands.done
    assert set(hands.kept) <= set(texts_kept), hands.done
