"""The list of places: chosen, opened, renamed, and dropped on."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from desktop.domain.organising import Folder, Place, PlaceKind, Places, SavedSearch, Tag
from desktop.presenters.places import FOLDER_MIME, Kind, PlaceRole, PlaceRow, PlacesListModel
from desktop.presenters.session_list import SESSIONS_MIME
from desktop.ui.sidebar.menus import PlaceMenu
from desktop.ui.sidebar.places_view import PlacesView
from desktop.ui.theme import Theme, load_theme

PLACES = Places(
    folders=(
        Folder(id=1, name="Work", count=3, colour="blue"),
        Folder(id=2, name="Store layer", parent_id=1, count=1),
        Folder(id=3, name="Home"),
    ),
    tags=(Tag(id=7, name="python", count=2),),
    searches=(SavedSearch(id=5, name="Open", query="is:pinned"),),
    active=9,
)
MOVE = Qt.DropAction.MoveAction
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def model(qtbot: QtBot) -> PlacesListModel:
    made = PlacesListModel()
    made.show(PLACES)
    return made


@pytest.fixture
def view(qtbot: QtBot, theme: Theme, model: PlacesListModel) -> PlacesView:
    made = PlacesView(theme=theme, model=model)
    qtbot.addWidget(made)
    made.set_room(1000)
    made.resize(272, made.height())
    made.show()
    qtbot.waitExposed(made)
    return made


def _middle(view: PlacesView, row: int) -> QPoint:
    return view.visualRect(view.model().index(row, 0)).center()


def _drop(view: PlacesView, data: QMimeData, at: QPoint) -> None:
    """Drag something over the view and let it fall, as the window system tells it."""
    left = Qt.MouseButton.LeftButton
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(at, MOVE, data, left, NONE))
    QApplication.sendEvent(view.viewport(), QDragMoveEvent(at, MOVE, data, left, NONE))
    QApplication.sendEvent(view.viewport(), QDropEvent(QPointF(at), MOVE, data, left, NONE))


def test_rows_grow_with_the_font(view: PlacesView) -> None:
    """Names of another size have room, and the list is as high as its rows."""
    before = view._delegate.row_height
    font = view.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    view.setFont(font)
    assert view._delegate.row_height > before
    assert view.height() == view._delegate.row_height * view.model().rowCount()


def test_a_click_chooses_a_place(qtbot: QtBot, view: PlacesView) -> None:
    """What is clicked is told whole."""
    with qtbot.waitSignal(view.chosen) as blocker:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_middle(view, 5))
    assert blocker.args[0].place == Place(kind=PlaceKind.TAG, number=7)


def test_the_keyboard_chooses_opens_and_closes(qtbot: QtBot, view: PlacesView, model: PlacesListModel) -> None:
    """Enter chooses; left closes a folder and goes to the one above, right opens it."""
    view.setCurrentIndex(model.find(Kind.FOLDER, 2))
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.currentIndex() == model.find(Kind.FOLDER, 1)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert not model.find(Kind.FOLDER, 2).isValid()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert model.find(Kind.FOLDER, 2).isValid()
    with qtbot.waitSignal(view.chosen) as blocker:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert blocker.args[0].number == 1


def test_the_arrow_of_a_folder_opens_it_and_chooses_nothing(
    qtbot: QtBot, view: PlacesView, model: PlacesListModel
) -> None:
    """Looking into a folder is not going there."""
    row = model.row(model.index(1))
    assert row is not None
    arrow = view._delegate.arrow(view.visualRect(model.index(1)), row).center()
    with qtbot.assertNotEmitted(view.chosen):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=arrow)
    assert not model.find(Kind.FOLDER, 2).isValid()


def test_a_name_is_edited_in_place(qtbot: QtBot, view: PlacesView, model: PlacesListModel) -> None:
    """F2 opens an editor; Enter asks to rename."""
    view.setCurrentIndex(model.index(1))
    qtbot.keyClick(view, Qt.Key.Key_F2)
    editor = view.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Play")
    with qtbot.waitSignal(model.rename_wanted) as blocker:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert blocker.args[1] == "Play"


def test_a_name_that_is_being_typed_outlives_another_one(
    qtbot: QtBot, view: PlacesView, model: PlacesListModel
) -> None:
    """A count that changes meanwhile writes nothing over it."""
    view.rename(model.index(1))
    editor = view.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "Play")
    model.show(replace(PLACES, folders=(replace(PLACES.folders[0], count=4), *PLACES.folders[1:])))
    assert editor.text() == "Play"


@pytest.mark.parametrize(("name", "line"), [("One\ntwo", "One two"), ("One\u202etwo", "One\u200btwo")])
def test_a_name_is_one_line_that_turns_nothing_around(
    view: PlacesView, model: PlacesListModel, name: str, line: str
) -> None:
    """However it was written: it looks like the words without their steering."""
    pictures = []
    for each in (name, line):
        model.show(replace(PLACES, folders=(replace(PLACES.folders[0], name=each), *PLACES.folders[1:])))
        pictures.append(view.grab().toImage())
    assert pictures[0] == pictures[1]


def test_a_deep_folder_leaves_room_for_its_name(view: PlacesView, model: PlacesListModel) -> None:
    """From some depth on folders are drawn no further in."""
    chain = tuple(Folder(id=at, name=f"Level {at}", parent_id=at - 1 if at else None) for at in range(40))
    model.show(Places(folders=chain))
    rows = [model.index(at).data(PlaceRole.ROW) for at in (20, 38)]
    rect = view.visualRect(model.index(0))
    arrows = [view._delegate.arrow(rect, row) for row in rows]
    assert arrows[0] == arrows[1]
    assert arrows[0].right() < view.width() * 0.6


@pytest.mark.parametrize(("row", "kept"), [(1, True), (0, False)])
def test_the_key_of_renaming_means_the_place(view: PlacesView, row: int, kept: bool) -> None:
    """In the window it renames a session; where a place can be renamed it is the place's."""
    view.setCurrentIndex(view.model().index(row, 0))
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_F2, NONE)
    event.ignore()
    QApplication.sendEvent(view, event)
    assert event.isAccepted() == kept


@pytest.mark.parametrize(("key", "signal"), [(Qt.Key.Key_Delete, "remove_wanted"), (Qt.Key.Key_Escape, "left")])
def test_delete_and_escape_are_told(qtbot: QtBot, view: PlacesView, key: Qt.Key, signal: str) -> None:
    """Delete means the row, Escape the way back."""
    view.setCurrentIndex(view.model().index(1, 0))
    with qtbot.waitSignal(getattr(view, signal)):
        qtbot.keyClick(view, key)


def test_sessions_are_dropped_on_a_folder(qtbot: QtBot, view: PlacesView, model: PlacesListModel) -> None:
    """Where they fall is where they go."""
    data = QMimeData()
    data.setData(SESSIONS_MIME, b"a\nb")
    with qtbot.waitSignal(model.sessions_dropped) as blocker:
        _drop(view, data, _middle(view, 3))
    assert blocker.args == [("a", "b"), Place(kind=PlaceKind.FOLDER, number=3)]


def test_sessions_that_fall_on_a_search_stay(qtbot: QtBot, view: PlacesView, model: PlacesListModel) -> None:
    """A search finds sessions; it keeps none."""
    data = QMimeData()
    data.setData(SESSIONS_MIME, b"a")
    with qtbot.assertNotEmitted(model.sessions_dropped):
        _drop(view, data, _middle(view, 4))


def test_a_folder_is_dropped_between_folders_and_into_one(
    qtbot: QtBot, view: PlacesView, model: PlacesListModel
) -> None:
    """At the edge of a row it falls before or behind, in the middle into the folder."""
    data = QMimeData()
    data.setData(FOLDER_MIME, b"3")
    with qtbot.waitSignal(model.folder_dropped) as blocker:
        _drop(view, data, view.visualRect(model.index(1)).topLeft() + QPoint(40, 1))
    assert blocker.args == [3, None, 1]
    with qtbot.waitSignal(model.folder_dropped) as blocker:
        _drop(view, data, _middle(view, 1))
    assert blocker.args == [3, 1, None]


def test_where_something_would_fall_is_shown(qtbot: QtBot, view: PlacesView) -> None:
    """The row under the pointer is ringed while sessions are over it, and no longer when they have left."""
    data = QMimeData()
    data.setData(SESSIONS_MIME, b"a")
    before = view.viewport().grab().toImage()
    QApplication.sendEvent(
        view.viewport(), QDragEnterEvent(_middle(view, 3), MOVE, data, Qt.MouseButton.LeftButton, NONE)
    )
    assert view.viewport().grab().toImage() != before
    QApplication.sendEvent(view.viewport(), QEvent(QEvent.Type.DragLeave))


def test_the_list_is_as_high_as_its_rows_and_no_higher_than_its_share(view: PlacesView, model: PlacesListModel) -> None:
    """Many folders scroll, so that the sessions keep their room."""
    rows = model.rowCount() * view.visualRect(model.index(0)).height()
    assert view.height() == rows
    view.set_room(200)
    assert view.height() == 80
    model.show(Places())
    assert not view.isVisible()


def test_another_theme_paints_other_words(view: PlacesView) -> None:
    """The colours are the theme's."""
    before = view.viewport().grab().toImage()
    view.set_theme(load_theme("dark"))
    assert view.viewport().grab().toImage() != before


@pytest.mark.parametrize(
    ("kind", "commands"),
    [
        (Kind.ALL, ["newFolderHere"]),
        (Kind.FOLDER, ["newFolderHere", "renamePlace", "colourMenu", "beginWith", "removePlace"]),
        (Kind.TAG, ["renamePlace", "colourMenu", "removePlace"]),
        (Kind.SEARCH, ["renamePlace", "removePlace"]),
        (Kind.RESOLVED, []),
    ],
)
def test_each_kind_of_place_has_its_menu(qtbot: QtBot, view: PlacesView, kind: Kind, commands: list[str]) -> None:
    """Nothing is offered that cannot be done there, and each command does its own."""
    done: list[object] = []
    menu = PlaceMenu(row=PlaceRow(kind=kind, number=4, name="x"), theme=load_theme("light"), parent=view)
    menu.fill(
        new_folder=done.append,
        rename=lambda: done.append("rename"),
        colour=done.append,
        begin_with=lambda: done.append("begin"),
        remove=lambda: done.append("remove"),
    )
    shown = [action for action in menu.actions() if not action.isSeparator()]
    inner = menu.findChild(QMenu, "colourMenu")
    names = [
        "colourMenu" if isinstance(inner, QMenu) and action is inner.menuAction() else action.objectName()
        for action in shown
    ]
    assert names == commands
    for action, name in zip(shown, names, strict=True):
        (inner.actions()[1] if isinstance(inner, QMenu) and name == "colourMenu" else action).trigger()
    words = {"newFolderHere": 4 if kind is Kind.FOLDER else None, "renamePlace": "rename", "colourMenu": "red"}
    words |= {"beginWith": "begin", "removePlace": "remove"}
    assert done == [words[name] for name in commands]
