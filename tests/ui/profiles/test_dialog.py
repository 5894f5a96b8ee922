"""The dialog of the profiles, on real services."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.organising import GUEST, Profile
from desktop.domain.sessions import NewSession
from desktop.presenters.bridge import Bridge
from desktop.presenters.profiles import ProfilesPresenter
from desktop.ui.profiles.adopt import AdoptDialog
from desktop.ui.profiles.dialog import ProfilesDialog
from desktop.ui.profiles.questions import NameDialog, PassphraseDialog, RemoveDialog
from desktop.ui.theme import Theme

if TYPE_CHECKING:
    from desktop.services.backend import Backend

W = TypeVar("W", bound=QWidget)


class Desk:
    """The dialog with Guest, Ana (open) and Work (locked)."""

    def __init__(self, qtbot: QtBot, bridge: Bridge, theme: Theme) -> None:
        self.qtbot, self._bridge = qtbot, bridge
        self.ask(_make)
        self.presenter = ProfilesPresenter(bridge=bridge, parent=bridge)
        self.presenter.load()
        self.until(lambda: len(self.presenter.profiles) == 3)
        self.dialog = ProfilesDialog(presenter=self.presenter, theme=theme)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # the test looks at it afterwards
        qtbot.addWidget(self.dialog)
        self.dialog.open()

    def until(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=30_000)

    def ask(self, function: "Callable[[Backend], Awaitable[Any]]") -> Any:
        found: list[Any] = []

        async def work() -> None:
            found.append(await self._bridge.call(function))

        self._bridge.start_task(work())
        self.until(lambda: bool(found))
        return found[0]

    def choose(self, row: int) -> None:
        self.dialog.list.setCurrentRow(row)

    def names(self) -> list[str]:
        return [self.dialog.list.item(row).text() for row in range(self.dialog.list.count())]

    def child(self, kind: type[W]) -> W:
        found = self.dialog.findChild(kind)
        assert isinstance(found, kind)
        return found


async def _make(backend: "Backend") -> tuple[Profile, Profile]:
    ana = await backend.profiles.create("Ana", colour="red")
    work = await backend.profiles.create("Work", location="Secret town")
    await backend.profiles.set_passphrase(work.id, "open")
    for name in ("a", "b", "c"):
        await backend.store.create_session(NewSession(id=name, title=f"Session {name}"))
    return ana, work


@pytest.fixture
def desk(qtbot: QtBot, bridge: Bridge, theme: Theme) -> Desk:
    return Desk(qtbot, bridge, theme)


def test_it_begins_with_the_current_profile(desk: Desk) -> None:
    """Guest has no passphrase and cannot be removed."""
    assert desk.names() == ["Guest", "Ana", "Work"]
    assert desk.dialog.form.name.text() == "Guest"
    assert not desk.dialog.remove.isVisible()
    assert not desk.dialog.lock.isVisible()
    assert not desk.dialog.switch.isVisible()


def test_nothing_of_a_locked_profile_is_shown(desk: Desk) -> None:
    """Only that there is one, and the way to it."""
    desk.choose(2)
    assert not desk.dialog.form.isVisible()
    assert desk.dialog.form.location.text() != "Secret town"
    told: list[int] = []
    desk.dialog.switch_wanted.connect(told.append)
    desk.dialog._switch()
    assert told == [desk.presenter.profiles[2].id]


def test_a_change_is_kept_when_another_row_is_chosen(desk: Desk) -> None:
    """Also of a field that still has the caret."""
    desk.choose(1)
    desk.dialog.form.preferences.setPlainText("Short.")
    desk.choose(0)
    desk.until(lambda: desk.presenter.profiles[1].preferences == "Short.")
    assert desk.dialog.form.preferences.toPlainText() == ""


def test_a_change_is_kept_when_the_dialog_is_closed(desk: Desk) -> None:
    """By whichever way."""
    desk.choose(1)
    desk.dialog.form.location.setText("Cádiz")
    desk.dialog.reject()
    desk.until(lambda: desk.presenter.profiles[1].location == "Cádiz")


def test_a_name_that_is_taken_is_said_to_be(desk: Desk) -> None:
    """It stays in its field, to be written otherwise."""
    desk.choose(1)
    desk.dialog.form.name.setText("work")
    desk.qtbot.keyClick(desk.dialog.form.name, Qt.Key.Key_Return)
    desk.until(desk.dialog.trouble.isVisible)
    assert "work" in desk.dialog.trouble.text()
    assert desk.dialog.form.name.text() == "work"


def test_a_new_profile_is_chosen_at_once(desk: Desk) -> None:
    """Its fields are next."""
    desk.dialog.new.click()
    question = desk.child(NameDialog)
    question.field.setText("Bea")
    question.answer.click()
    desk.until(lambda: desk.dialog.form.name.text() == "Bea")
    assert desk.names() == ["Guest", "Ana", "Work", "Bea"]


def test_a_name_that_is_taken_can_be_mended_where_it_was_written(desk: Desk) -> None:
    """The box stays open with what was typed, and nothing stays behind in the form."""
    desk.dialog.new.click()
    question = desk.child(NameDialog)
    question.field.setText("guest")
    question.answer.click()
    desk.until(question.trouble.isVisible)
    assert "guest" in question.trouble.text()
    assert question.field.text() == "guest"
    assert desk.dialog.trouble.isHidden()
    question.field.setText("Bea")
    question.answer.click()
    desk.until(lambda: "Bea" in desk.names())
    assert desk.dialog.trouble.isHidden()


def test_a_refusal_is_gone_when_another_profile_is_shown(desk: Desk) -> None:
    """Also one that was made just now."""
    desk.choose(1)
    desk.dialog.form.name.setText("work")
    desk.dialog.form.commit()
    desk.until(desk.dialog.trouble.isVisible)
    desk.presenter.create("Bea")
    desk.until(lambda: desk.dialog.form.name.text() == "Bea")
    assert desk.dialog.trouble.isHidden()


def test_a_lone_guest_is_offered_nothing(qtbot: QtBot, theme: Theme, idle_bridge: Bridge) -> None:
    """There is nobody to adopt from, and so no line above nothing."""
    presenter = ProfilesPresenter(bridge=idle_bridge, parent=idle_bridge)
    presenter.profiles = (Profile(id=GUEST, name="Guest"),)
    dialog = ProfilesDialog(presenter=presenter, theme=theme)
    qtbot.addWidget(dialog)
    dialog.open()
    parts = [dialog.adopt, dialog.switch, dialog.remove, dialog.lock]
    assert [part.isVisible() for part in parts] == [False] * 4
    page = dialog.form.parentWidget()
    assert page is not None
    assert [line for line in page.findChildren(QFrame, "line") if line.isVisible()] == []


def test_a_passphrase_is_set(desk: Desk) -> None:
    """The profile is closed from then on, since it is not the current one."""
    desk.choose(1)
    desk.dialog.lock.click()
    question = desk.child(PassphraseDialog)
    assert question.new is not None
    assert question.again is not None
    question.new.setText("open")
    question.again.setText("open")
    question.answer.click()
    desk.until(lambda: not desk.dialog.form.isVisible())


def test_ticked_sessions_are_adopted(desk: Desk) -> None:
    """The others stay; nothing ticked is no answer."""
    desk.choose(1)
    desk.dialog.adopt.click()
    question = desk.child(AdoptDialog)
    desk.until(lambda: question.list.count() == 3)
    assert [question.giver.itemData(row) for row in range(question.giver.count())] == [GUEST]
    question.chosen.setChecked(True)
    question.answer.click()
    assert question.trouble.text()
    question.list.item(1).setCheckState(Qt.CheckState.Checked)
    (wanted,) = question.ticked()
    said: list[str] = []
    desk.presenter.said.connect(lambda words, _undo: said.append(words))
    question.answer.click()
    desk.until(lambda: bool(said))
    ana = desk.presenter.profiles[1].id
    assert desk.ask(lambda backend: backend.store.profile_sessions(ana)) == (wanted,)


def test_all_sessions_are_adopted(desk: Desk) -> None:
    """Their number is said before."""
    desk.choose(1)
    desk.dialog.adopt.click()
    question = desk.child(AdoptDialog)
    desk.until(lambda: "3" in question.all.text())
    said: list[str] = []
    desk.presenter.said.connect(lambda words, _undo: said.append(words))
    question.answer.click()
    desk.until(lambda: bool(said))
    assert desk.ask(lambda backend: backend.profiles.count(GUEST)) == 0


def test_removing_asks_who_gets_the_sessions(desk: Desk) -> None:
    """A locked profile gets nothing that its owner did not ask for."""
    desk.choose(1)
    told: list[tuple[int, int]] = []
    desk.dialog.remove_wanted.connect(lambda number, heir: told.append((number, heir)))
    desk.dialog.remove.click()
    question = desk.child(RemoveDialog)
    assert [question.heir.itemData(row) for row in range(question.heir.count())] == [GUEST]
    question.answer.click()
    assert told == [(desk.presenter.profiles[1].id, GUEST)]
