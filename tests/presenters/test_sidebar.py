"""The sidebar's list, on real services."""

import threading
from collections.abc import Awaitable
from functools import partial
from pathlib import Path

from playhouse.apsw_ext import APSWDatabase
from PySide6.QtWidgets import QApplication

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.organising import Place, PlaceKind
from desktop.domain.sessions import NewSession, Session
from desktop.presenters.session_list import SessionRole
from desktop.presenters.sidebar import PAGE, SidebarPresenter
from desktop.providers.scripted import Fail, Hold, Say, Script
from desktop.services.backend import Backend
from tests.presenters.stage import Stage, playing

TRASH = Place(kind=PlaceKind.TRASH)
DAY = 86_400_000


def _fill(stage: Stage, count: int) -> None:
    for number in range(count):
        new = NewSession(id=f"s{number:03}", title=f"Session {number:03}", created_at=1_795_000_000_000 - number * 1000)
        stage.ask(partial(_create, new))
    stage.sidebar.refresh()


def _create(new: NewSession, backend: Backend) -> Awaitable[Session]:
    return backend.store.create_session(new)


async def _fill_disk(backend: Backend) -> None:
    """Leave room for rows, and none for a long answer."""

    def limit(db: APSWDatabase) -> None:
        (pages,) = db.execute_sql("PRAGMA page_count").fetchone()
        db.execute_sql(f"PRAGMA max_page_count = {pages + 10}")

    await backend.store._connections.call(limit)


async def _free_disk(backend: Backend) -> None:
    await backend.store._connections.call(lambda db: db.execute_sql("PRAGMA max_page_count = 1000000"))


def _marks(stage: Stage, role: SessionRole) -> list[object]:
    return [stage.sidebar.model.index(row).data(role) for row in range(stage.sidebar.model.rowCount())]


def test_sessions_come_by_pages_newest_first(qapp: QApplication, tmp_path: Path) -> None:
    """The first 50 are there at once, the others when the view gets near the end."""
    with playing(qapp, tmp_path) as stage:
        _fill(stage, PAGE + 20)
        stage.sidebar.refresh()
        stage.until(lambda: stage.sidebar.model.rowCount() == PAGE)
        assert stage.titles()[0] == "Session 000"
        root = stage.sidebar.model.index(-1, -1)
        assert stage.sidebar.model.canFetchMore(root)
        stage.sidebar.model.fetchMore(root)
        stage.until(lambda: stage.sidebar.model.rowCount() == PAGE + 20)
        assert stage.titles() == [f"Session {number:03}" for number in range(PAGE + 20)]
        assert not stage.sidebar.model.canFetchMore(root)


def test_a_change_keeps_the_pages_that_were_loaded(qapp: QApplication, tmp_path: Path) -> None:
    """Whoever has scrolled down is not thrown back to the first page."""
    with playing(qapp, tmp_path) as stage:
        _fill(stage, PAGE + 20)
        stage.sidebar.refresh()
        stage.until(lambda: stage.sidebar.model.rowCount() == PAGE)
        stage.sidebar.model.fetchMore(stage.sidebar.model.index(-1, -1))
        stage.until(lambda: stage.sidebar.model.rowCount() == PAGE + 20)
        resets: list[bool] = []
        stage.sidebar.model.modelReset.connect(lambda: resets.append(True))
        stage.sidebar.rename("s060", "Renamed")
        stage.until(lambda: "Renamed" in stage.titles())
        stage.rest()
        assert (stage.sidebar.model.rowCount(), resets) == (PAGE + 20, [])


def test_searching_filters_by_title_and_back(qapp: QApplication, tmp_path: Path) -> None:
    """What is typed narrows the list; nothing typed is everything."""
    with playing(qapp, tmp_path) as stage:
        _fill(stage, 12)
        stage.sidebar.search("sess 11")
        stage.until(lambda: stage.titles() == ["Session 011"])
        stage.sidebar.search("")
        stage.until(lambda: len(stage.titles()) == 12)


def test_the_last_word_of_a_search_wins(qapp: QApplication, tmp_path: Path) -> None:
    """Fast typing never ends with the list of an earlier word."""
    with playing(qapp, tmp_path) as stage:
        _fill(stage, 12)
        for text in ("S", "Se", "Session 0", "Session 00", "Session 007"):
            stage.sidebar.search(text)
        stage.rest()
        assert stage.titles() == ["Session 007"]


def test_delete_and_undo(qapp: QApplication, tmp_path: Path) -> None:
    """A deleted session is in the trash, and undo brings the last one back first."""
    with playing(qapp, tmp_path) as stage:
        told: list[tuple[str, ...]] = []
        stage.deeds.trashed.connect(told.append)
        _fill(stage, 3)
        stage.sidebar.refresh()
        stage.until(lambda: len(stage.titles()) == 3)
        stage.deeds.trash(("s000",))
        stage.until(lambda: len(told) == 1)
        stage.deeds.trash(("s001",))
        stage.until(lambda: stage.titles() == ["Session 002"])
        assert told == [("s000",), ("s001",)]
        stage.deeds.undo()
        stage.until(lambda: stage.titles() == ["Session 001", "Session 002"])
        stage.deeds.undo()
        stage.until(lambda: len(stage.titles()) == 3)


def test_restoring_from_the_trash_can_be_undone(qapp: QApplication, tmp_path: Path) -> None:
    """It is a deed like the others: undo puts the session back where it was."""
    with playing(qapp, tmp_path) as stage:
        _fill(stage, 2)
        stage.deeds.trash(("s001",))
        stage.until(lambda: stage.titles() == ["Session 000"])
        trash = SidebarPresenter(bridge=stage.bridge, now_ms=lambda: 1_795_262_400_000, place=TRASH)
        trash.restore(("s001",))
        stage.until(lambda: len(stage.titles()) == 2)
        stage.deeds.undo()
        stage.until(lambda: stage.titles() == ["Session 000"])


def test_a_session_is_deleted_although_its_answer_cannot_be_saved(qapp: QApplication, tmp_path: Path) -> None:
    """A disk that takes no last word of an answer does not keep the session from the trash."""
    long = "half " * 20_000
    with playing(qapp, tmp_path, [Script(steps=(Say(long), Hold(threading.Event())))]) as stage:
        stage.ask(_fill_disk)
        troubles: list[str] = []
        stage.chat.saving_changed.connect(troubles.append)
        stage.send("x")
        stage.until(lambda: stage.texts() == ["x", long] and bool(troubles))
        assert stage.chat.unsaved == troubles[-1]
        stage.deeds.trash((stage.chat.session_id,))
        stage.until(lambda: stage.chat.session_id == "" and stage.titles() == [])
        stage.ask(_free_disk)


def test_a_list_that_was_stopped_reads_no_more(qapp: QApplication, tmp_path: Path) -> None:
    """What was asked for before is dropped, and a change asks for nothing."""
    with playing(qapp, tmp_path, start=False) as stage:
        trash = SidebarPresenter(bridge=stage.bridge, now_ms=lambda: 1_795_262_400_000, place=TRASH)
        told: list[bool] = []
        trash.loaded.connect(lambda: told.append(True))
        trash.start()
        trash.stop()
        trash.refresh()
        stage.start()
        stage.rest()
        assert told == []


def test_deleting_the_open_session_opens_a_new_one(qapp: QApplication, tmp_path: Path) -> None:
    """The window never shows what is in the trash; a run in it is stopped and kept."""
    with playing(qapp, tmp_path, [Script(steps=(Say("half"), Hold(threading.Event())))]) as stage:
        stage.send("x")
        stage.until(lambda: stage.texts() == ["x", "half"])
        session_id = stage.chat.session_id
        stage.deeds.trash((session_id,))
        stage.until(lambda: stage.chat.session_id == "")
        stage.rest()
        assert (stage.texts(), stage.chat.running_count()) == ([], 0)
        stage.sidebar.restore((session_id,))
        stage.chat.open(session_id)
        stage.until(lambda: stage.texts() == ["x", "half"])


def test_the_trash_is_a_list_like_the_other(qapp: QApplication, tmp_path: Path) -> None:
    """A second presenter lists what is deleted and gives it back."""
    with playing(qapp, tmp_path) as stage:
        _fill(stage, 2)
        trash = SidebarPresenter(bridge=stage.bridge, now_ms=lambda: 1_795_262_400_000, place=TRASH)
        trash.start()
        stage.deeds.trash(("s001",))
        stage.until(lambda: trash.model.rowCount() == 1)
        trash.restore(("s001",))
        stage.until(lambda: trash.model.rowCount() == 0 and stage.sidebar.model.rowCount() == 2)
        trash.stop()


def test_who_is_writing_and_what_is_unread(qapp: QApplication, tmp_path: Path) -> None:
    """A session is marked while it is written in, and as unread when that ends unseen; opening it reads it."""
    go = threading.Event()
    with playing(qapp, tmp_path, [Script(steps=(Hold(go), Say("done")))]) as stage:
        stage.send("x")
        stage.until(lambda: bool(stage.chat.session_id) and _marks(stage, SessionRole.RUNNING) == [True])
        session_id = stage.chat.session_id
        stage.chat.new_session()
        go.set()
        stage.until(lambda: _marks(stage, SessionRole.RUNNING) == [False])
        assert _marks(stage, SessionRole.UNREAD) == [True]
        stage.chat.open(session_id)
        stage.until(lambda: _marks(stage, SessionRole.UNREAD) == [False])


def test_writing_is_told_when_text_has_come(qapp: QApplication, tmp_path: Path) -> None:
    """Before the first word a session waits."""
    begin, end = threading.Event(), threading.Event()
    with playing(qapp, tmp_path, [Script(steps=(Hold(begin), Say("first"), Hold(end), Say("last")))]) as stage:
        stage.send("x")
        stage.until(lambda: _marks(stage, SessionRole.RUNNING) == [True])
        assert _marks(stage, SessionRole.WRITING) == [False]
        begin.set()
        stage.until(lambda: _marks(stage, SessionRole.WRITING) == [True])
        end.set()
        stage.until(lambda: _marks(stage, SessionRole.WRITING) == [False])


def test_an_answer_that_failed_marks_its_session(qapp: QApplication, tmp_path: Path) -> None:
    """Whoever looks at the list sees which session needs another try."""
    fault = Fault(kind=FaultKind.AUTHENTICATION)
    with playing(qapp, tmp_path, [Script(steps=(Fail(fault),))]) as stage:
        stage.send("x")
        stage.until(lambda: _marks(stage, SessionRole.TROUBLE) == ["failed"])


def test_a_removed_session_is_gone_with_its_draft(qapp: QApplication, tmp_path: Path) -> None:
    """One session of the trash is erased, the others stay; what is not in the trash is never erased."""
    with playing(qapp, tmp_path) as stage:
        _fill(stage, 3)
        stage.ask(lambda backend: backend.library.save_draft("s000", "never sent"))
        for name in ("s000", "s001"):
            stage.deeds.trash((name,))
        stage.until(lambda: stage.sidebar.model.ids() == ("s002",))
        for name in ("s000", "s002"):
            stage.sidebar.remove((name,))
        stage.rest()
        assert stage.ask(lambda backend: backend.library.trash_count()) == 1
        assert stage.sidebar.model.ids() == ("s002",)
        assert stage.draft("s000") == ""


def test_the_trash_is_counted_and_emptied(qapp: QApplication, tmp_path: Path) -> None:
    """All that is in the trash is erased at once, and nothing else."""
    with playing(qapp, tmp_path) as stage:
        counts: list[int] = []
        stage.sidebar.counted.connect(counts.append)
        _fill(stage, 3)
        for name in ("s000", "s001"):
            stage.deeds.trash((name,))
        stage.until(lambda: stage.sidebar.model.ids() == ("s002",))
        stage.sidebar.count_trash()
        stage.until(lambda: counts == [2])
        stage.sidebar.empty_trash()
        stage.rest()
        assert stage.ask(lambda backend: backend.library.trash_count()) == 0
        assert stage.sidebar.model.ids() == ("s002",)


def test_an_answer_that_ends_in_view_is_not_unread(qapp: QApplication, tmp_path: Path) -> None:
    """What was seen needs no mark."""
    with playing(qapp, tmp_path) as stage:
        stage.send("x")
        stage.rest()
        assert _marks(stage, SessionRole.UNREAD) == [False]


def test_loaded_is_told_once(qapp: QApplication, tmp_path: Path) -> None:
    """An empty list is known to be empty after the first page."""
    with playing(qapp, tmp_path, start=False) as stage:
        told: list[bool] = []
        stage.sidebar.loaded.connect(lambda: told.append(True))
        stage.start()
        stage.until(lambda: told == [True])
        stage.sidebar.refresh()
        stage.rest()
        assert told == [True]


def test_the_list_goes_on_when_its_last_row_leaves_meanwhile(qapp: QApplication, tmp_path: Path) -> None:
    """A page that fits no longer is asked for again, as often as it takes."""
    with playing(qapp, tmp_path) as stage:
        _fill(stage, PAGE * 3)
        stage.until(lambda: stage.sidebar.model.rowCount() == PAGE)
        model = stage.sidebar.model
        root = model.index(-1, -1)

        async def leave() -> None:
            last = model.last()
            assert last is not None
            model.apply({last.id: None})

        model.fetchMore(root)
        stage.sidebar._bridge.start_task(leave())
        stage.rest()
        while model.has_more:
            assert model.canFetchMore(root)
            model.fetchMore(root)
            stage.rest()
        assert model.rowCount() == PAGE * 3
