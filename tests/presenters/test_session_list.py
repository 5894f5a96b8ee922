"""The sessions of the sidebar as a Qt model."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.domain.organising import Sort
from desktop.domain.sessions import SessionListing
from desktop.presenters.session_list import SESSIONS_MIME, SessionListModel, SessionRole

NOW = 1_795_262_400_000
DAY = 86_400_000


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.ms = NOW

    def __call__(self) -> int:
        return self.ms


def _listing(name: str, days_ago: float = 0, *, pinned: bool = False) -> SessionListing:
    at = NOW - int(days_ago * DAY)
    return SessionListing(id=name, title=f"About {name}", model="", updated_at=at, pinned=pinned, message_count=1)


class Watched:
    """A model under Qt's own tester, with the changes that it told."""

    def __init__(self, *rows: SessionListing, clock: Clock | None = None) -> None:
        self.model = SessionListModel(now_ms=clock or Clock())
        self.tester = QAbstractItemModelTester(
            self.model, QAbstractItemModelTester.FailureReportingMode.Fatal, self.model
        )
        self.model.append(rows, has_more=False)
        self.told: list[str] = []
        self.model.modelReset.connect(lambda: self.told.append("reset"))
        self.model.rowsInserted.connect(lambda _p, first, last: self.told.append(f"insert {first}-{last}"))
        self.model.rowsRemoved.connect(lambda _p, first, last: self.told.append(f"remove {first}-{last}"))
        self.model.rowsMoved.connect(lambda _p, first, _l, _d, to: self.told.append(f"move {first}>{to}"))

    def shows(self) -> list[str]:
        return [self.model.index(row).data(SessionRole.ID) for row in range(self.model.rowCount())]


def test_a_new_session_is_one_inserted_row(qtbot: QtBot) -> None:
    """A list does not reset because one session is new."""
    watched = Watched(_listing("a"), _listing("b", 1))
    watched.model.show([_listing("new"), _listing("a"), _listing("b", 1)], has_more=False)
    assert watched.told == ["insert 0-0"]


def test_a_session_that_was_written_in_moves_up(qtbot: QtBot) -> None:
    """A row keeps its identity when it becomes the newest."""
    watched = Watched(_listing("a"), _listing("b", 1), _listing("c", 2))
    watched.model.show([_listing("c"), _listing("a"), _listing("b", 1)], has_more=False)
    assert watched.told == ["move 2>0"]
    assert watched.shows() == ["c", "a", "b"]


def test_what_is_gone_is_removed_by_ranges(qtbot: QtBot) -> None:
    """Neighbours leave together."""
    rows = [_listing(name, at) for at, name in enumerate("abcdef")]
    watched = Watched(*rows)
    watched.model.show([rows[0], rows[3], rows[5]], has_more=False)
    assert watched.told == ["remove 4-4", "remove 1-2"]


@pytest.mark.parametrize("wanted", ["", "abc", "cba", "xaybz", "xyz", "bd", "dcbaxyz", "aebfcgd"])
def test_any_list_becomes_any_other(qtbot: QtBot, wanted: str) -> None:
    """Whatever the order, the model ends as asked, and Qt's tester finds nothing to object to."""
    watched = Watched(*(_listing(name, at) for at, name in enumerate("abcd")))
    watched.model.show([_listing(name, at) for at, name in enumerate(wanted)], has_more=False)
    assert watched.shows() == list(wanted)
    assert "reset" not in watched.told


def test_a_new_title_touches_one_row(qtbot: QtBot) -> None:
    """Renaming tells of the row that changed."""
    watched = Watched(_listing("a"), _listing("b"))
    with qtbot.waitSignal(watched.model.dataChanged) as blocker:
        watched.model.show([_listing("a"), replace(_listing("b"), title="Other")], has_more=False)
    assert blocker.args[0].row() == 1
    assert watched.model.index(1).data() == "Other"


def test_only_the_first_of_a_group_carries_its_heading(qtbot: QtBot) -> None:
    """Headings are not rows."""
    watched = Watched(_listing("p", 40, pinned=True), _listing("a"), _listing("b"), _listing("c", 1))
    headings = [watched.model.index(row).data(SessionRole.GROUP) for row in range(4)]
    assert headings == ["Pinned", "Today", "", "Yesterday"]


def test_the_heading_moves_on_when_its_row_goes(qtbot: QtBot) -> None:
    """The next row takes over the heading, and says so."""
    watched = Watched(_listing("a"), _listing("b"))
    with qtbot.waitSignal(watched.model.dataChanged):
        watched.model.show([_listing("b")], has_more=False)
    assert watched.model.index(0).data(SessionRole.GROUP) == "Today"


def test_after_midnight_today_is_yesterday(qtbot: QtBot) -> None:
    """The rows are told again when the clock shows another day, and only then."""
    clock = Clock()
    watched = Watched(_listing("a"), clock=clock)
    with qtbot.assertNotEmitted(watched.model.dataChanged):
        watched.model.refresh_days()
    clock.ms += DAY
    with qtbot.waitSignal(watched.model.dataChanged):
        watched.model.refresh_days()
    assert watched.model.index(0).data(SessionRole.GROUP) == "Yesterday"


def test_more_is_asked_for_once(qtbot: QtBot) -> None:
    """A view that asks again while a page is on its way gets no second one."""
    model = SessionListModel(now_ms=Clock())  # Qt's tester would fetch by itself
    model.append([_listing("a")], has_more=True)
    asked: list[bool] = []
    model.more_wanted.connect(lambda: asked.append(True))
    model.fetchMore(QModelIndex())
    model.fetchMore(QModelIndex())
    assert asked == [True]


def test_a_page_that_overlaps_adds_what_is_new(qtbot: QtBot) -> None:
    """A session that moved between two pages stands in the list once."""
    watched = Watched(_listing("a"), _listing("b", 1))
    watched.model.append([_listing("b", 1), _listing("c", 2)], has_more=False)
    assert watched.shows() == ["a", "b", "c"]


def test_running_and_unread_are_told_for_their_rows(qtbot: QtBot) -> None:
    """Marks change without touching other rows."""
    watched = Watched(_listing("a"), _listing("b"))
    with qtbot.waitSignal(watched.model.dataChanged) as blocker:
        watched.model.set_running(frozenset({"b"}))
    assert [blocker.args[0].row(), watched.model.index(1).data(SessionRole.RUNNING)] == [1, True]
    watched.model.set_unread(frozenset({"a"}))
    assert watched.model.index(0).data(SessionRole.UNREAD) is True


def test_editing_in_place_asks_to_rename(qtbot: QtBot) -> None:
    """The title changes when it is stored, not when it is typed; white space is folded."""
    watched = Watched(_listing("a"))
    with qtbot.waitSignal(watched.model.rename_wanted) as blocker:
        watched.model.setData(watched.model.index(0), "  Another \n one ", Qt.ItemDataRole.EditRole)
    assert blocker.args == ["a", "Another one"]
    assert watched.model.index(0).data() == "About a"


@pytest.mark.parametrize("text", ["", "   ", "About a"])
def test_an_empty_or_equal_title_renames_nothing(qtbot: QtBot, text: str) -> None:
    """Leaving the editor without a change is not a change."""
    watched = Watched(_listing("a"))
    with qtbot.assertNotEmitted(watched.model.rename_wanted):
        watched.model.setData(watched.model.index(0), text, Qt.ItemDataRole.EditRole)


def test_a_row_is_spoken_with_what_it_shows(qtbot: QtBot) -> None:
    """A screen reader hears the group, the time and that an answer is being written."""
    watched = Watched(_listing("a", 40))
    watched.model.set_running(frozenset({"a"}))
    spoken = watched.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "About a, October 2026, 12, an answer is awaited"
    watched.model.set_writing(frozenset({"a"}))
    spoken = watched.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "About a, October 2026, 12, an answer is being written"


def test_rows_do_not_move_under_the_pointer(qtbot: QtBot) -> None:
    """While somebody points at the list its order stays, new rows come in, and the rest is made up for afterwards."""
    a, b = _listing("a", 1), _listing("b", 2)
    watched = Watched(a, b)
    watched.model.set_held(True)
    newer = replace(b, title="Newer", updated_at=a.updated_at + 1)
    watched.model.apply({"c": _listing("c", 0), "b": newer})
    assert watched.model.ids() == ("c", "a", "b")
    assert watched.model.index(2).data() == "Newer"
    with qtbot.waitSignal(watched.model.order_wanted) as blocker:
        watched.model.set_held(False)
    assert blocker.args == [frozenset({"b"})]
    watched.model.apply({"b": newer})
    assert watched.model.ids() == ("c", "b", "a")


def test_letting_go_of_a_list_in_order_asks_for_nothing(qtbot: QtBot) -> None:
    """Every pass of the pointer over the list is not worth a look into the database."""
    watched = Watched(_listing("a", 1))
    watched.model.set_held(True)
    watched.model.apply({"a": _listing("a", 1)})
    with qtbot.assertNotEmitted(watched.model.order_wanted):
        watched.model.set_held(False)


def test_one_session_of_many_is_one_change(qtbot: QtBot) -> None:
    """Whoever has scrolled far down sees one row move, and no other is touched."""
    rows = [_listing(f"s{at:05}", at / 100) for at in range(2_000)]
    watched = Watched(*rows)
    watched.model.apply({"s01500": replace(rows[1500], updated_at=NOW + 1)})
    assert watched.told == ["move 1500>0"]
    assert watched.model.row_of("s01499") == 1500
    watched.model.apply({"s00007": None})
    assert watched.told[1:] == ["remove 8-8"]


def test_what_stands_below_the_loaded_part_is_not_listed(qtbot: QtBot) -> None:
    """A session that is older than the last one loaded comes with its page."""
    model = SessionListModel(now_ms=Clock())
    model.append([_listing("a"), _listing("b", 1)], has_more=True)
    model.apply({"old": _listing("old", 9), "b": _listing("b", 20)})
    assert model.ids() == ("a",)


def test_a_slice_is_merged_where_it_stands(qtbot: QtBot) -> None:
    """What is gone leaves, what is new comes, and what is around the slice stays."""
    rows = {name: _listing(name, at) for at, name in enumerate("abcdefg")}
    watched = Watched(*rows.values())
    watched.model.merge(2, [rows["c"], _listing("x", 2.5), rows["e"]], ends=False)
    assert watched.shows() == list("abcxefg")
    watched.model.merge(5, [rows["g"]], ends=True)
    assert watched.shows() == list("abcxeg")


@pytest.mark.parametrize(
    ("order", "ids"),
    [(Sort.ACTIVITY, ["b", "c", "a"]), (Sort.CREATION, ["a", "b", "c"]), (Sort.TITLE, ["c", "a", "b"])],
)
def test_rows_find_their_place_in_each_order(qtbot: QtBot, order: Sort, ids: list[str]) -> None:
    """Activity and creation: the newest first; titles without case and accents; the pinned before all."""
    watched = Watched()
    watched.model.show([], has_more=False, order=order)
    rows = {
        "a": replace(_listing("a", 3), created_at=30, title="Éclair"),
        "b": replace(_listing("b", 1), created_at=20, title="zebra"),
        "c": replace(_listing("c", 2), created_at=10, title="apple"),
        "p": replace(_listing("p", 9, pinned=True), created_at=1, title="zz"),
    }
    watched.model.apply(rows)
    assert watched.shows() == ["p", *ids]
    assert [watched.model.row_of(each) for each in ("p", *ids)] == [0, 1, 2, 3]


def test_dragged_sessions_carry_their_ids_and_files(qtbot: QtBot) -> None:
    """Inside the window the ids count, outside of it the files that were written."""
    watched = Watched(_listing("a"), _listing("b", 1))
    watched.model.files = {"b": "/tmp/About b.md"}
    data = watched.model.mimeData([watched.model.index(1), watched.model.index(0)])
    assert bytes(data.data(SESSIONS_MIME).data()) == b"a\nb"
    assert [url.toLocalFile() for url in data.urls()] == ["/tmp/About b.md"]


def test_an_answer_that_failed_is_told_in_a_word(qtbot: QtBot) -> None:
    """It can be seen and heard in the list, until another answer is awaited."""
    watched = Watched(replace(_listing("a", 1), ended="failed"), replace(_listing("b", 2), ended="interrupted"))
    assert [watched.model.index(row).data(SessionRole.TROUBLE) for row in (0, 1)] == ["failed", "cut off"]
    assert str(watched.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)).endswith("last answer: cut off")
    watched.model.set_running(frozenset({"a"}))
    assert watched.model.index(0).data(SessionRole.TROUBLE) == ""


def test_neighbours_leave_change_and_come_together(qtbot: QtBot) -> None:
    """What many views follow is told by ranges, not row by row."""
    rows = [_listing(name, at) for at, name in enumerate("abcdef")]
    watched = Watched(*rows)
    changed: list[tuple[int, int]] = []
    watched.model.dataChanged.connect(lambda first, last, _roles: changed.append((first.row(), last.row())))
    watched.model.apply({row.id: replace(row, is_resolved=True) for row in (rows[4], rows[0], rows[1])})
    assert changed == [(0, 1), (4, 4)]
    watched.model.apply({"c": None, "a": None, "b": None, "f": None})
    assert watched.told == ["remove 5-5", "remove 0-2"]
    watched.told.clear()
    watched.model.apply({row.id: row for row in (rows[5], rows[2], rows[0], rows[1])})
    assert watched.told == ["insert 2-2", "insert 0-2"]
    assert watched.shows() == list("abcdef")


def test_what_moves_stands_right_among_what_leaves_and_comes(qtbot: QtBot) -> None:
    """All at once ends as one by one."""
    rows = {name: _listing(name, at) for at, name in enumerate("abcdef")}
    watched = Watched(*rows.values())
    new = _listing("n", 2.5)
    moved = replace(rows["f"], updated_at=NOW + 1)
    watched.model.apply({"b": None, "f": moved, "n": new, "d": replace(rows["d"], title="Other")})
    assert watched.shows() == ["f", "a", "c", "n", "d", "e"]
    assert watched.model.index(4).data() == "Other"
