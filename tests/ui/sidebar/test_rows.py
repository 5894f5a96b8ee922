"""Where the rows of the session list stand."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView
from pytestqt.qtbot import QtBot

from desktop.domain.sessions import SessionListing
from desktop.presenters.session_list import SessionListModel, SessionRole
from desktop.presenters.session_order import starts_of
from desktop.ui.sidebar.session_view import SessionView
from desktop.ui.theme import Theme

NOON = 1_795_262_400_000
HOUR = 3_600_000


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> SessionView:
    """A list of 300 sessions, nine hours apart: several groups, and more than fits."""
    model = SessionListModel(now_ms=lambda: NOON)
    rows = [
        SessionListing(
            id=f"s{at:03}", title=f"S {at}", model="", updated_at=NOON - at * 9 * HOUR, pinned=at < 2, message_count=1
        )
        for at in range(300)
    ]
    model.append(rows, has_more=False)
    made = SessionView(theme=theme, model=model)
    qtbot.addWidget(made)
    made.resize(272, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.mark.parametrize("groups", ["", "a", "aab", "abc", "aaaaaaaaaabbbbbbbbbbbbbbbbbbbbbc", "abbbbbbbcdddd"])
def test_the_starts_of_groups_are_found_by_leaps(groups: str) -> None:
    """The same rows as by looking at each."""
    wanted = [at for at in range(len(groups)) if at == 0 or groups[at] != groups[at - 1]]
    assert starts_of(len(groups), groups.__getitem__) == wanted


def test_headings_stand_where_the_model_says(view: SessionView) -> None:
    """What is counted and what is painted are the same."""
    model = view._sessions
    told = [row for row in range(model.rowCount()) if model.index(row).data(SessionRole.GROUP)]
    assert model.headings() == told
    assert len(told) > 4


def test_rows_stand_below_each_other_without_a_gap(view: SessionView) -> None:
    """Each begins where the one before ends, and is found by any of its points."""
    model = view._sessions
    end = 0
    for row in range(model.rowCount()):
        rect = view.visualRect(model.index(row))
        assert rect.top() == end
        end = rect.bottom() + 1
        view.scrollTo(model.index(row))
        shown = view.visualRect(model.index(row))
        assert view.viewport().rect().contains(shown)
        assert view.indexAt(shown.topLeft()).row() == view.indexAt(shown.bottomLeft()).row() == row
        view.verticalScrollBar().setValue(0)
    assert view.verticalScrollBar().maximum() == end - view.viewport().height()
    assert not view.indexAt(QPoint(10, -5)).isValid()


@pytest.mark.parametrize(
    ("hint", "edge"),
    [(QAbstractItemView.ScrollHint.PositionAtTop, "top"), (QAbstractItemView.ScrollHint.PositionAtBottom, "bottom")],
)
def test_a_row_is_scrolled_to_an_edge(view: SessionView, hint: QAbstractItemView.ScrollHint, edge: str) -> None:
    """As whoever asks for it wants it."""
    view.scrollTo(view._sessions.index(150), hint)
    rect = view.visualRect(view._sessions.index(150))
    assert (rect.top() == 0) if edge == "top" else (rect.bottom() == view.viewport().height() - 1)


def test_the_keys_walk_the_list(qtbot: QtBot, view: SessionView) -> None:
    """Home, End, a row, and a page at a time; never beyond the ends."""
    view.setFocus()
    view.setCurrentIndex(view._sessions.index(0))
    page = view.viewport().height() // view._delegate.pitch
    for key, first, last in (
        (Qt.Key.Key_Up, 0, 0),
        (Qt.Key.Key_Down, 1, 1),
        (Qt.Key.Key_PageDown, page // 2, page + 1),
        (Qt.Key.Key_End, 299, 299),
        (Qt.Key.Key_PageDown, 299, 299),
        (Qt.Key.Key_PageUp, 298 - page, 299 - page // 2),
        (Qt.Key.Key_Home, 0, 0),
    ):
        qtbot.keyClick(view, key)
        assert first <= view.currentIndex().row() <= last
        assert view.viewport().rect().intersects(view.visualRect(view.currentIndex()))


def test_an_empty_list_has_no_rows_anywhere(qtbot: QtBot, theme: Theme) -> None:
    """Keys, clicks and painting find nothing."""
    view = SessionView(theme=theme, model=SessionListModel(now_ms=lambda: NOON))
    qtbot.addWidget(view)
    view.show()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert not view.currentIndex().isValid()
    assert not view.indexAt(QPoint(20, 20)).isValid()


def test_what_is_meant_is_told_once_however_many_rows_leave(qtbot: QtBot, view: SessionView) -> None:
    """Each row that leaves changes what is selected; whoever looks at all that is meant looks once."""
    view.selectAll()
    qtbot.waitUntil(lambda: not view._telling.isActive())
    told: list[int] = []
    view.target_changed.connect(lambda: told.append(len(view.selected_ids())))
    for at in range(0, 200, 2):
        view._sessions.apply({f"s{at:03}": None})
    assert told == []
    qtbot.waitUntil(lambda: bool(told))
    assert told == [200]
