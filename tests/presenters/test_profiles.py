"""Profiles as the window shows them, on real services."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from playhouse.apsw_ext import APSWDatabase
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.organising import GUEST, Profile
from desktop.domain.sessions import NewSession, Session, SessionListing
from desktop.presenters.bridge import Bridge
from desktop.presenters.profiles import CHUNK, ProfilesPresenter
from desktop.services.backend import Backend


def create(new: NewSession, backend: Backend) -> Awaitable[Session]:
    return backend.store.create_session(new)


def fill(backend: Backend) -> Awaitable[object]:
    sql = """
        WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?)
        INSERT INTO session (id, created_at, updated_at) SELECT 's' || x, x, x FROM n
    """
    return backend.store.call(lambda db: db.execute_sql(sql, (2 * CHUNK + 1,)) and None)


def fill_the_disk(backend: Backend) -> Awaitable[object]:
    """Let there be no room any more when the oldest session moves."""
    full = """
        CREATE TRIGGER full BEFORE UPDATE ON session WHEN OLD.id = 's1' BEGIN
            INSERT INTO draft (session_id, text, updated_at) VALUES ('x', zeroblob(100000000), 0); END
    """

    def work(db: APSWDatabase) -> None:
        (pages,) = db.execute_sql("PRAGMA page_count").fetchone()
        db.execute_sql(f"PRAGMA max_page_count = {pages + 5_000}")
        db.execute_sql(full)

    return backend.store.call(work)


class Stage:
    """A presenter, and what it tells."""

    def __init__(self, bridge: Bridge, qtbot: QtBot) -> None:
        self._bridge, self._qtbot = bridge, qtbot
        self.now = 0.0
        self.presenter = ProfilesPresenter(bridge=bridge, clock=lambda: self.now, parent=bridge)
        self.refused: list[str] = []
        self.said: list[tuple[str, Any]] = []
        self.presenter.refused.connect(self.refused.append)
        self.presenter.said.connect(lambda words, undo: self.said.append((words, undo)))
        self.presenter.load()
        self.until(lambda: bool(self.presenter.profiles))

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=30_000)

    def ask(self, function: Callable[[Backend], Any]) -> Any:
        found: list[Any] = []

        async def work() -> None:
            found.append(await self._bridge.call(function))

        self._bridge.start_task(work())
        self.until(lambda: bool(found))
        return found[0]

    def make(self, name: str) -> Profile:
        self.presenter.create(name)
        self.until(lambda: name in self.names())
        return next(profile for profile in self.presenter.profiles if profile.name == name)

    def names(self) -> list[str]:
        return [profile.name for profile in self.presenter.profiles]

    def switch(self, profile_id: int) -> None:
        self._bridge.start_task(self.presenter.switch(profile_id))
        self.until(lambda: self.presenter.current.id == profile_id)


@pytest.fixture
def stage(qapp: QApplication, bridge: Bridge, qtbot: QtBot) -> Stage:
    return Stage(bridge, qtbot)


def test_a_profile_is_made_and_found(stage: Stage) -> None:
    """Guest stays the first."""
    ana = stage.make("Ana")
    assert stage.names() == ["Guest", "Ana"]
    assert stage.presenter.profile(ana.id) == ana
    assert stage.presenter.profile(77) is None


def test_a_name_that_is_taken_is_refused(stage: Stage) -> None:
    """With the sentence of the services."""
    stage.make("Ana")
    told: list[str] = []
    stage.presenter.not_created.connect(told.append)
    stage.presenter.create("ána")
    stage.until(lambda: bool(told))
    assert "ána" in told[0]
    assert stage.names() == ["Guest", "Ana"]


def test_a_change_is_shown(stage: Stage) -> None:
    """As it was kept."""
    ana = stage.make("Ana")
    stage.presenter.change(ana.id, colour="red")
    stage.until(lambda: [one.colour for one in stage.presenter.profiles] == ["", "red"])


def test_a_lock_needs_the_former_words(stage: Stage) -> None:
    """Without them it is not changed, with them it is."""
    ana = stage.make("Ana")
    stage.presenter.set_passphrase(ana.id, "first")
    stage.until(lambda: stage.presenter.is_closed(ana.id))
    stage.presenter.set_passphrase(ana.id, "", former="wrong")
    stage.until(lambda: bool(stage.refused))
    assert stage.presenter.is_closed(ana.id)
    stage.presenter.set_passphrase(ana.id, "", former="first")
    stage.until(lambda: not stage.presenter.is_closed(ana.id))


def test_the_former_words_are_not_guessed_either(stage: Stage) -> None:
    """After three wrong ones one waits as at the lock; the right ones then do."""
    ana = stage.make("Ana")
    stage.presenter.set_passphrase(ana.id, "first")
    stage.until(lambda: stage.presenter.is_closed(ana.id))
    for number in range(3):
        stage.presenter.set_passphrase(ana.id, "", former="wrong")
        stage.until(partial(lambda count: len(stage.refused) > count, number))
    stage.now = 0.5
    stage.presenter.set_passphrase(ana.id, "", former="first")
    stage.until(lambda: len(stage.refused) == 4)
    assert "2 seconds" in stage.refused[-1]
    assert stage.presenter.is_closed(ana.id)
    stage.now = 2.0
    stage.presenter.set_passphrase(ana.id, "", former="first")
    stage.until(lambda: not stage.presenter.is_closed(ana.id))


def test_a_locked_profile_is_open_while_it_is_the_current_one(stage: Stage) -> None:
    """Its owner has given the words."""
    ana = stage.make("Ana")
    stage.presenter.set_passphrase(ana.id, "first")
    stage.until(lambda: stage.presenter.is_closed(ana.id))
    stage.switch(ana.id)
    assert not stage.presenter.is_closed(ana.id)


def test_a_lock_is_said_to_be_of_whom_it_is(stage: Stage) -> None:
    """The window in front of one is another profile's."""
    ana = stage.make("Ana")
    stage.presenter.set_passphrase(ana.id, "open")
    stage.until(lambda: len(stage.said) == 1)
    stage.presenter.set_passphrase(ana.id, "", former="open")
    stage.until(lambda: len(stage.said) == 2)
    assert [words for words, _undo in stage.said] == [
        "Ana is locked by a passphrase from now on.",
        "Ana is not locked any more.",
    ]


def test_sessions_are_listed_counted_and_adopted(stage: Stage) -> None:
    """What was done is said, and taken back by what comes with it."""
    ana = stage.make("Ana")
    for name in ("a", "b"):
        stage.ask(partial(create, NewSession(id=name, title=name)))
    listed: list[tuple[int, list[str], bool]] = []
    counted: list[tuple[int, int]] = []

    def note(profile_id: int, page: tuple[SessionListing, ...], more: bool) -> None:
        listed.append((profile_id, [one.id for one in page], more))

    stage.presenter.listed.connect(note)
    stage.presenter.counted.connect(lambda profile_id, count: counted.append((profile_id, count)))
    stage.presenter.list_sessions(GUEST)
    stage.presenter.count(GUEST)
    stage.until(lambda: bool(listed and counted))
    assert (sorted(listed[0][1]), listed[0][2], counted) == (["a", "b"], False, [(GUEST, 2)])
    stage.presenter.adopt(GUEST, ana.id, ("a",))
    stage.until(lambda: bool(stage.said))
    assert stage.said[0][0] == "1 session belongs to Ana now."
    assert stage.ask(lambda backend: backend.profiles.count(ana.id)) == 1
    stage.said[0][1]()
    stage.until(lambda: len(stage.said) == 2)
    assert stage.said[1] == ("Undone: 1 session belongs to Ana now.", None)
    assert stage.ask(lambda backend: backend.profiles.count(ana.id)) == 0


def test_very_many_are_counted_and_can_be_stopped(stage: Stage) -> None:
    """What has gone over by then can be taken back."""
    ana = stage.make("Ana")
    stage.ask(fill)
    stage.presenter.adopting.connect(lambda _done, _total: stage.presenter.stop_adopting())
    steps: list[tuple[int, int]] = []
    stage.presenter.adopting.connect(lambda done, total: steps.append((done, total)))
    stage.presenter.adopt(GUEST, ana.id, None)
    stage.until(lambda: bool(stage.said))
    assert steps == [(CHUNK, 2 * CHUNK + 1)]
    assert stage.ask(lambda backend: backend.profiles.count(ana.id)) == CHUNK
    assert callable(stage.said[0][1])


def test_a_failure_on_the_way_tells_how_many_went(stage: Stage) -> None:
    """They can be taken back, and the reason is named."""
    ana = stage.make("Ana")
    stage.ask(fill)
    stage.ask(fill_the_disk)
    stage.presenter.adopt(GUEST, ana.id, None)
    stage.until(lambda: bool(stage.said and stage.refused))
    words, undo = stage.said[0]
    assert words == f"{2 * CHUNK} sessions belong to Ana now. {stage.refused[0]}"
    undo()
    stage.until(lambda: len(stage.said) == 2)
    assert stage.ask(lambda backend: backend.profiles.count(ana.id)) == 0


def test_what_is_left_of_an_undo_can_be_undone_later(stage: Stage) -> None:
    """It was stopped on the way: what went back stays there, and the offer is about the rest."""
    ana = stage.make("Ana")
    stage.ask(fill)
    stage.presenter.adopt(GUEST, ana.id, None)
    stage.until(lambda: len(stage.said) == 1)
    stage.presenter.adopting.connect(lambda _done, _total: stage.presenter.stop_adopting())
    stage.said[0][1]()
    stage.until(lambda: len(stage.said) == 2)
    words, rest = stage.said[1]
    assert words == "Undone: 1 session belongs to Ana now."
    assert stage.ask(lambda backend: backend.profiles.count(GUEST)) == 1
    rest()
    stage.until(lambda: len(stage.said) == 3)
    assert stage.ask(lambda backend: backend.profiles.count(GUEST)) == 1 + CHUNK


def test_nothing_to_adopt_offers_nothing_to_take_back(stage: Stage) -> None:
    """There is a sentence all the same."""
    ana = stage.make("Ana")
    stage.presenter.adopt(GUEST, ana.id, None)
    stage.until(lambda: bool(stage.said))
    assert stage.said == [("0 sessions belong to Ana now.", None)]


def test_a_removed_profile_is_gone(stage: Stage) -> None:
    """And it is said which it was."""
    ana = stage.make("Ana")
    stage.presenter.remove(ana.id, GUEST)
    stage.until(lambda: bool(stage.said))
    assert (stage.names(), stage.said[0][0]) == (["Guest"], "Ana is removed.")
