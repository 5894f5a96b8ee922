"""The places of the sidebar as a Qt model, and what is dropped on them."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.organising import EVERYTHING, Folder, Place, PlaceKind, Places, SavedSearch, Tag
from desktop.presenters.places import FOLDER_MIME, Kind, PlaceRole, PlacesListModel, PlacesPresenter, rows_of
from desktop.presenters.session_list import SESSIONS_MIME
from tests.presenters.stage import playing

FOLDERS = (
    Folder(id=1, name="Work", count=3, colour="blue"),
    Folder(id=2, name="Store layer", parent_id=1, count=1),
    Folder(id=3, name="Home"),
)
PLACES = Places(
    folders=FOLDERS,
    tags=(Tag(id=7, name="python", count=2),),
    searches=(SavedSearch(id=5, name="Open", query="is:pinned"),),
    active=9,
    resolved=1,
)
MOVE = Qt.DropAction.MoveAction


@pytest.fixture
def model(qtbot: QtBot) -> PlacesListModel:
    made = PlacesListModel()
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.show(PLACES)
    return made


def _names(model: PlacesListModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def _sessions(*ids: str) -> QMimeData:
    data = QMimeData()
    data.setData(SESSIONS_MIME, "\n".join(ids).encode())
    return data


def _folder(number: int) -> QMimeData:
    data = QMimeData()
    data.setData(FOLDER_MIME, str(number).encode())
    return data


def test_what_does_not_exist_is_not_drawn() -> None:
    """With sessions alone there is no list of places."""
    assert rows_of(Places(active=12, archived=3)) == []


def test_folders_come_before_searches_before_tags(model: PlacesListModel) -> None:
    """Each folder stands below the one that it lies in, a step further in."""
    assert _names(model) == ["All sessions", "Work", "Store layer", "Home", "Open", "python", "Resolved"]
    assert [model.index(row).data(PlaceRole.ROW).level for row in range(4)] == [0, 0, 1, 0]
    assert [model.index(row).data(PlaceRole.COUNT) for row in (0, 1, 5, 6)] == [9, 3, 2, 1]


def test_a_closed_folder_hides_what_is_in_it(model: PlacesListModel) -> None:
    """The rows come and go; the list never resets."""
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.set_open(1, open_=False)
    assert _names(model)[1:3] == ["Work", "Home"]
    model.set_open(1, open_=True)
    assert (_names(model)[2], resets) == ("Store layer", [])


@pytest.mark.parametrize("order", ["321", "213", "231", "13", "2", "", "45123", "34251", "94827315", "5162738"])
def test_any_places_become_any_other(model: PlacesListModel, order: str) -> None:
    """Whatever is moved or removed, the model ends as asked, and Qt's tester finds nothing to object to."""
    folders = tuple(Folder(id=int(number), name=number) for number in order)
    model.show(Places(folders=folders, tags=PLACES.tags))
    assert _names(model) == ["All sessions", *order, "python"]


def test_neighbours_come_and_go_together_and_what_goes_down_is_moved_once(model: PlacesListModel) -> None:
    """Thousands of folders or tags cost the list as much as one."""
    told: list[str] = []
    model.rowsInserted.connect(lambda _p, first, last: told.append(f"insert {first}-{last}"))
    model.rowsRemoved.connect(lambda _p, first, last: told.append(f"remove {first}-{last}"))
    model.rowsMoved.connect(lambda _p, first, _l, _d, to: told.append(f"move {first}>{to}"))
    many = tuple(Folder(id=number, name=str(number)) for number in range(10, 15))
    model.show(Places(folders=(*FOLDERS, *many), tags=PLACES.tags, active=9))
    assert told == ["remove 6-6", "remove 4-4", "insert 4-8"]
    told.clear()
    model.show(Places(folders=(*FOLDERS, *many[1:], many[0]), tags=PLACES.tags, active=9))
    assert told == ["move 4>9"]
    assert _names(model)[4:9] == ["11", "12", "13", "14", "10"]
    told.clear()
    model.show(Places(tags=PLACES.tags, active=9))
    assert told == ["remove 1-8"]


def test_a_screen_reader_hears_what_a_row_is(model: PlacesListModel) -> None:
    """Its kind, its count, and whether it is open."""
    role = Qt.ItemDataRole.AccessibleTextRole
    spoken = [model.index(row).data(role) for row in (1, 4, 5)]
    assert spoken == ["Work, folder, 3 sessions, open", "Open, saved search", "python, tag, 2 sessions"]


@pytest.mark.parametrize(
    ("row", "place"),
    [(0, EVERYTHING), (1, Place(kind=PlaceKind.FOLDER, number=1)), (5, Place(kind=PlaceKind.TAG, number=7)), (4, None)],
)
def test_sessions_fall_on_folders_tags_and_all(qtbot: QtBot, model: PlacesListModel, row: int, place: object) -> None:
    """A folder takes them, a tag marks them, All sessions takes them out of their folder; a search takes none."""
    told: list[tuple[object, object]] = []
    model.sessions_dropped.connect(lambda ids, where: told.append((ids, where)))
    taken = model.dropMimeData(_sessions("a", "b"), MOVE, -1, 0, model.index(row))
    assert taken == (place is not None)
    assert told == ([] if place is None else [(("a", "b"), place)])


@pytest.mark.parametrize(
    ("number", "row", "on", "landing"),
    [
        (3, -1, 1, (1, None)),
        (3, 2, -1, (1, 2)),
        (2, -1, 0, (None, None)),
        (2, 3, -1, (None, 3)),
        (2, 1, -1, (None, 1)),
        (1, 4, -1, (None, None)),
        (1, -1, 2, None),
        (1, -1, 1, None),
        (1, 2, -1, None),
        (3, -1, 5, None),
    ],
)
def test_a_folder_falls_into_and_between_folders(
    model: PlacesListModel, number: int, row: int, on: int, landing: tuple[int | None, int | None] | None
) -> None:
    """Never into itself or what lies in it, and never on a tag."""
    told: list[tuple[int, object, object]] = []
    model.folder_dropped.connect(lambda moved, into, before: told.append((moved, into, before)))
    parent = model.index(on) if on >= 0 else QModelIndex()
    assert model.dropMimeData(_folder(number), MOVE, row, 0, parent) == (landing is not None)
    assert told == ([] if landing is None else [(number, *landing)])


def test_a_dragged_folder_carries_its_number(model: PlacesListModel) -> None:
    """Only folders can be dragged."""
    assert bytes(model.mimeData([model.index(2)]).data(FOLDER_MIME).data()) == b"2"
    drags = [bool(model.index(row).flags() & Qt.ItemFlag.ItemIsDragEnabled) for row in range(model.rowCount())]
    assert drags == [False, True, True, True, False, False, False]


def test_editing_in_place_asks_to_rename(qtbot: QtBot, model: PlacesListModel) -> None:
    """The name changes when it is stored; an empty one changes nothing."""
    with qtbot.waitSignal(model.rename_wanted) as blocker:
        model.setData(model.index(1), "  Play ", Qt.ItemDataRole.EditRole)
    assert (blocker.args[0].number, blocker.args[1]) == (1, "Play")
    with qtbot.assertNotEmitted(model.rename_wanted):
        model.setData(model.index(1), "  ", Qt.ItemDataRole.EditRole)


def test_the_list_follows_what_is_done(qapp: QApplication, tmp_path: Path) -> None:
    """A folder that is made, by whomever, appears by itself, and goes by undo."""
    with playing(qapp, tmp_path) as stage:
        presenter = PlacesPresenter(bridge=stage.bridge)
        stage.deeds.new_folder("Work")
        stage.until(lambda: _names(presenter.model) == ["All sessions", "Work"])
        row = presenter.model.row(presenter.model.find(Kind.FOLDER, presenter.model.places.folders[0].id))
        assert row is not None
        stage.deeds.rename(row, "Play")
        stage.until(lambda: _names(presenter.model)[1] == "Play")
        stage.deeds.remove(row)
        stage.until(lambda: presenter.model.rowCount() == 0)
        stage.deeds.undo()
        stage.until(lambda: _names(presenter.model) == ["All sessions", "Play"])
