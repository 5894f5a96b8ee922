"""The column of sessions."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from desktop.domain.organising import EVERYTHING, Place, PlaceKind, Places, Tag
from desktop.presenters.places import PlacesListModel
from desktop.presenters.session_list import SessionListModel
from desktop.ui.actions import Actions
from desktop.ui.sidebar.places_view import PlacesView
from desktop.ui.sidebar.sidebar import Sidebar
from desktop.ui.theme import Theme, load_theme

Maker = Callable[..., SessionListModel]


class Column:
    """A sidebar in a window of its own."""

    def __init__(self, qtbot: QtBot, theme: Theme, model: SessionListModel) -> None:
        self.frame = QMainWindow()
        qtbot.addWidget(self.frame)
        self.model = model
        self.actions = Actions(parent=self.frame)
        self.actions.set_session_open(open_=True)
        self.sidebar = Sidebar(theme=theme, model=model, actions=self.actions)
        self.frame.setCentralWidget(self.sidebar)
        self.frame.resize(272, 700)
        self.frame.show()
        qtbot.waitExposed(self.frame)
        self.view = self.sidebar.view

    def middle(self, row: int) -> QPoint:
        """Return a point on the session of a row, below a heading."""
        rect = self.view.visualRect(self.model.index(row))
        return QPoint(rect.center().x(), rect.bottom() - 12)


@pytest.fixture
def column(qtbot: QtBot, theme: Theme, listed: Maker) -> Column:
    return Column(qtbot, theme, listed("One", "Two", "Three"))


def test_a_click_opens_a_session(qtbot: QtBot, column: Column) -> None:
    """The id of the clicked row is asked for."""
    with qtbot.waitSignal(column.sidebar.session_chosen) as blocker:
        qtbot.mouseClick(column.view.viewport(), Qt.MouseButton.LeftButton, pos=column.middle(1))
    assert blocker.args == ["s1"]


def test_a_click_on_a_heading_opens_nothing(qtbot: QtBot, column: Column) -> None:
    """A heading such as "Today" is not a session."""
    heading = column.view.visualRect(column.model.index(0)).topLeft() + QPoint(40, 6)
    with qtbot.assertNotEmitted(column.sidebar.session_chosen):
        qtbot.mouseClick(column.view.viewport(), Qt.MouseButton.LeftButton, pos=heading)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_the_keyboard_opens_what_it_is_on(qtbot: QtBot, column: Column, key: Qt.Key) -> None:
    """Down moves, Enter or Space opens."""
    column.sidebar.focus_list()
    qtbot.keyClick(column.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(column.sidebar.session_chosen) as blocker:
        qtbot.keyClick(column.view, key)
    assert blocker.args == ["s1"]


def test_the_open_session_is_not_opened_again(qtbot: QtBot, column: Column) -> None:
    """A click on what is open changes nothing."""
    column.sidebar.set_open("s1")
    with qtbot.assertNotEmitted(column.sidebar.session_chosen):
        qtbot.mouseClick(column.view.viewport(), Qt.MouseButton.LeftButton, pos=column.middle(1))


def test_the_open_session_lies_on_the_selected_ground(qtbot: QtBot, column: Column, theme: Theme) -> None:
    """The current row has a ground of its own, the others have not."""
    column.sidebar.set_open("s1")
    image = column.view.viewport().grab().toImage()
    grounds = [image.pixelColor(14, column.middle(row).y()).name().upper() for row in range(3)]
    assert grounds[1] == theme.selected
    assert theme.selected not in (grounds[0], grounds[2])


def test_typing_in_the_search_field_filters_after_a_pause(qtbot: QtBot, column: Column) -> None:
    """One question is asked for a word, not one for each letter."""
    asked: list[str] = []
    column.sidebar.search_changed.connect(asked.append)
    with qtbot.waitSignal(column.sidebar.search_changed):
        qtbot.keyClicks(column.sidebar.search, "tree")
    assert asked == ["tree"]


def test_escape_empties_the_search_and_then_leaves_it(qtbot: QtBot, column: Column) -> None:
    """The first Escape clears, the second gives the keyboard back."""
    column.sidebar.search.setText("x")
    qtbot.keyClick(column.sidebar.search, Qt.Key.Key_Escape)
    assert column.sidebar.search.text() == ""
    with qtbot.waitSignal(column.sidebar.left):
        qtbot.keyClick(column.sidebar.search, Qt.Key.Key_Escape)


def test_down_goes_from_the_search_into_the_list(qtbot: QtBot, column: Column) -> None:
    """What was found is one key away."""
    column.sidebar.focus_search()
    qtbot.keyClick(column.sidebar.search, Qt.Key.Key_Down)
    assert column.view.hasFocus()
    assert column.view.current_id() == "s0"


def test_enter_in_the_search_opens_the_first_hit(qtbot: QtBot, column: Column) -> None:
    """A known title needs no arrow key."""
    with qtbot.waitSignal(column.sidebar.session_chosen) as blocker:
        qtbot.keyClick(column.sidebar.search, Qt.Key.Key_Return)
    assert blocker.args == ["s0"]


@pytest.mark.qt_log_ignore("This plugin does not support grabbing")
def test_the_context_menu_has_what_keeps_sessions_in_order(qtbot: QtBot, column: Column) -> None:
    """Everything that can be done with what is selected stands in it."""
    column.view.menu_wanted.emit(QPoint(0, 0))
    menu = column.sidebar.findChild(QMenu, "sessionMenu")
    assert menu is not None
    assert [action.text() for action in menu.actions() if not action.isSeparator()] == [
        "&Rename",
        "&Pin",
        "Mark as &resolved",
        "Move to fol&der",
        "&Tags…",
        "&Archive",
        "Export to &Markdown…",
        "&Delete",
    ]
    menu.close()


def test_a_title_is_edited_in_place(qtbot: QtBot, column: Column) -> None:
    """The editor holds the title; Enter asks to rename."""
    column.view.rename("s1")
    editor = column.view.findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "Two"
    editor.setText("Second")
    with qtbot.waitSignal(column.model.rename_wanted) as blocker:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert blocker.args == ["s1", "Second"]


def test_delete_works_while_the_list_has_the_keyboard(qtbot: QtBot, column: Column) -> None:
    """The key deletes from the list, and from nowhere else."""
    column.sidebar.focus_search()
    with qtbot.assertNotEmitted(column.actions.delete_session.triggered):
        qtbot.keyClick(column.sidebar.search, Qt.Key.Key_Delete)
    column.sidebar.focus_list()
    with qtbot.waitSignal(column.actions.delete_session.triggered):
        qtbot.keyClick(column.view, Qt.Key.Key_Delete)


def test_the_next_and_the_previous_session_are_a_step_away(qtbot: QtBot, column: Column) -> None:
    """Stepping stops at the ends."""
    column.sidebar.set_open("s1")
    opened: list[str] = []
    column.sidebar.session_chosen.connect(opened.append)
    column.sidebar.step(1)
    column.sidebar.step(1)
    column.sidebar.step(-1)
    assert opened == ["s2", "s2", "s1"]


def test_the_view_keeps_its_row_when_another_comes_above(qtbot: QtBot, column: Column) -> None:
    """A new session does not move the keyboard to another one."""
    column.sidebar.set_open("s1")
    rows = [column.model.listing(each) for each in ("s2", "s0", "s1")]
    column.model.show([row for row in rows if row], has_more=False)
    assert column.view.current_id() == "s1"


NONE_SUCH = "No title and no tag contains this."


def test_the_field_offers_to_search_everything(qtbot: QtBot, column: Column) -> None:
    """What is typed filters the list; a line below it looks into the messages, as Ctrl+Enter does."""
    assert column.sidebar.search.placeholderText() == "Search everything"
    assert not column.sidebar.everywhere.isVisible()
    qtbot.keyClicks(column.sidebar.search, "tree")
    qtbot.waitUntil(column.sidebar.everywhere.isVisible)
    assert column.sidebar.everywhere.accessibleName() == "Search all messages for “tree”"
    with qtbot.waitSignal(column.sidebar.search_wanted) as blocker:
        qtbot.mouseClick(column.sidebar.everywhere, Qt.MouseButton.LeftButton)
    assert blocker.args == ["tree"]
    with qtbot.waitSignal(column.sidebar.search_wanted) as blocker:
        qtbot.keyClick(column.sidebar.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert blocker.args == ["tree"]


def test_enter_with_nothing_found_searches_everything(qtbot: QtBot, theme: Theme, listed: Maker) -> None:
    """Enter waits for the answer to what was typed, and goes on where there is none."""
    column = Column(qtbot, theme, listed())
    column.sidebar.search_changed.connect(lambda _text: column.sidebar.set_shown())
    qtbot.keyClicks(column.sidebar.search, "tree")
    with qtbot.waitSignal(column.sidebar.search_wanted) as blocker:
        qtbot.keyClick(column.sidebar.search, Qt.Key.Key_Return)
    assert blocker.args == ["tree"]


@pytest.mark.parametrize(("text", "words"), [("", "Your sessions will stand here."), ("zz", NONE_SUCH)])
def test_an_empty_list_says_why(qtbot: QtBot, theme: Theme, listed: Maker, text: str, words: str) -> None:
    """An empty list speaks once it is known to be empty."""
    column = Column(qtbot, theme, listed())
    before = column.view.viewport().grab().toImage()
    column.sidebar.search.setText(text)
    column.sidebar.set_ready()
    assert column.view.empty_text == words
    assert column.view.viewport().grab().toImage() != before


def test_every_control_has_a_spoken_name(column: Column) -> None:
    """A screen reader names each part."""
    sidebar = column.sidebar
    parts = (sidebar, sidebar.new_session, sidebar.search, sidebar.view, sidebar.settings)
    assert all(part.accessibleName() for part in parts)
    assert sidebar.trash.accessibleName() == "Trash"


def test_the_buttons_trigger_their_actions(qtbot: QtBot, column: Column) -> None:
    """New session, trash and settings are the actions of the menu bar."""
    actions = column.actions
    for button, action in (
        (column.sidebar.new_session, actions.new_session),
        (column.sidebar.trash, actions.open_trash),
        (column.sidebar.settings, actions.open_settings),
    ):
        with qtbot.waitSignal(action.triggered):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_larger_text_makes_higher_rows(qtbot: QtBot, column: Column) -> None:
    """Rows follow the font, so that 200 % still fits."""
    before = column.view.visualRect(column.model.index(1)).height()
    font = column.view.font()
    font.setPointSizeF(font.pointSizeF() * 2) if font.pointSizeF() > 0 else font.setPixelSize(font.pixelSize() * 2)
    column.view.setFont(font)
    QApplication.processEvents()
    assert column.view.visualRect(column.model.index(1)).height() > before


def test_another_theme_paints_another_ground(column: Column) -> None:
    """The side's ground is the theme's."""
    column.sidebar.set_theme(load_theme("dark"))
    assert column.sidebar.grab().toImage().pixelColor(2, 690).name().upper() == load_theme("dark").side


def test_a_click_gives_the_keyboard_away(qtbot: QtBot, column: Column) -> None:
    """Who opens a session by pointer, also the one that is open, wants to write in it."""
    column.sidebar.set_open("s1")
    for row in (1, 0):
        with qtbot.waitSignal(column.sidebar.left):
            qtbot.mouseClick(column.view.viewport(), Qt.MouseButton.LeftButton, pos=column.middle(row))


def test_enter_gives_the_keyboard_away(qtbot: QtBot, column: Column) -> None:
    """Enter opens a session to write in it."""
    column.sidebar.focus_list()
    with qtbot.waitSignal(column.sidebar.left):
        qtbot.keyClick(column.view, Qt.Key.Key_Return)


def test_looking_through_sessions_keeps_the_keyboard(qtbot: QtBot, column: Column) -> None:
    """Arrows and Space stay in the list."""
    column.sidebar.focus_list()
    with qtbot.assertNotEmitted(column.sidebar.left):
        qtbot.keyClick(column.view, Qt.Key.Key_Down)
        qtbot.keyClick(column.view, Qt.Key.Key_Space)
    assert column.view.hasFocus()


def test_shift_and_ctrl_select_and_open_nothing(qtbot: QtBot, column: Column) -> None:
    """A plain click opens; with Shift or Ctrl rows are gathered for what is to be done with all of them."""
    viewport, left = column.view.viewport(), Qt.MouseButton.LeftButton
    qtbot.mouseClick(viewport, left, pos=column.middle(0))
    with qtbot.assertNotEmitted(column.sidebar.session_chosen):
        qtbot.mouseClick(viewport, left, Qt.KeyboardModifier.ControlModifier, column.middle(2))
        assert column.sidebar.target_ids() == ("s0", "s2")
        qtbot.mouseClick(viewport, left, Qt.KeyboardModifier.ShiftModifier, column.middle(1))
    assert column.sidebar.target_ids() == ("s0", "s1", "s2")


def test_escape_gives_a_selection_up(qtbot: QtBot, column: Column) -> None:
    """The first Escape leaves one row selected, the next one leaves the list."""
    column.sidebar.focus_list()
    qtbot.keyClick(column.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(column.view.selected_ids()) == 2
    qtbot.keyClick(column.view, Qt.Key.Key_Escape)
    assert len(column.view.selected_ids()) == 1
    with qtbot.waitSignal(column.sidebar.left):
        qtbot.keyClick(column.view, Qt.Key.Key_Escape)


def test_being_told_again_what_is_open_keeps_the_selection(qtbot: QtBot, column: Column) -> None:
    """An answer that is written in the open session does not undo what somebody selects."""
    column.sidebar.set_open("s0")
    column.sidebar.focus_list()
    column.view.selectAll()
    column.sidebar.set_open("s0")
    assert column.sidebar.target_ids() == ("s0", "s1", "s2")


def test_all_means_also_what_is_not_loaded(qtbot: QtBot, theme: Theme, listed: Maker) -> None:
    """Where there is more than is loaded, selecting all asks for the rest; any other selection forgets it."""
    model = listed("One", "Two")
    column = Column(qtbot, theme, model)
    model.append([], has_more=True)
    column.sidebar.focus_list()
    with qtbot.waitSignal(column.view.everything_wanted):
        column.view.selectAll()
    column.view.select_everything(("s0", "s1", "far", "away"))
    assert column.sidebar.target_ids() == ("s0", "s1", "far", "away")
    qtbot.keyClick(column.view, Qt.Key.Key_Down)
    assert column.view.selected_ids() == ("s1",)


def test_a_drag_waits_for_its_files(qtbot: QtBot, column: Column) -> None:
    """A click means no drag; the pointer that moves tells what is dragged, and letting go ends it."""
    viewport, left = column.view.viewport(), Qt.MouseButton.LeftButton
    wanted: list[tuple[str, ...]] = []
    column.view.drag_wanted.connect(wanted.append)
    qtbot.mousePress(viewport, left, pos=column.middle(1))
    assert wanted == []
    for step in (4, 12, 24, 36):
        qtbot.mouseMove(viewport, column.middle(1) + QPoint(step, step))
        move = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(column.middle(1) + QPoint(step, step)),
            QPointF(viewport.mapToGlobal(column.middle(1) + QPoint(step, step))),
            Qt.MouseButton.NoButton,
            left,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, move)
    assert wanted == [("s1",)]
    with qtbot.waitSignal(column.view.let_go):
        qtbot.mouseRelease(viewport, left, pos=column.middle(1))


def test_a_drag_that_waits_marks_no_range(qtbot: QtBot, column: Column) -> None:
    """Only the row that was pressed is dragged, also over others and when another one is open."""
    viewport, left = column.view.viewport(), Qt.MouseButton.LeftButton
    column.view.setCurrentIndex(column.view.model().index(0, 0))
    qtbot.mousePress(viewport, left, pos=column.middle(1))
    for step in range(1, 60, 6):
        at = column.middle(1) - QPoint(0, step)
        there = QPointF(viewport.mapToGlobal(at))
        none, plain = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(viewport, QMouseEvent(QEvent.Type.MouseMove, QPointF(at), there, none, left, plain))
    assert column.view.selected_ids() == ("s1",)
    qtbot.mouseRelease(viewport, left, pos=column.middle(1))


def test_a_place_is_named_and_left_by_escape(qtbot: QtBot, column: Column) -> None:
    """Whoever looks into a folder sees which one, and Escape goes back to all sessions."""
    sidebar = column.sidebar
    sidebar.show_place(Place(kind=PlaceKind.FOLDER, number=3), "Work & play")
    assert sidebar.heading.isVisible()
    assert sidebar.heading.accessibleName() == "Work & play"
    with qtbot.waitSignal(sidebar.place_chosen) as blocker:
        qtbot.keyClick(sidebar.search, Qt.Key.Key_Escape)
    assert blocker.args == [EVERYTHING]
    sidebar.show_place(EVERYTHING, "")
    assert not sidebar.heading.isVisible()


def test_an_empty_archive_is_not_shown(column: Column) -> None:
    """What does not exist takes no room."""
    assert not column.sidebar.archive.isVisible()
    column.sidebar.show_archived(214)
    assert (column.sidebar.archive.isVisible(), column.sidebar.archive.text()) == (True, "Archive · 214")


def test_places_begin_as_far_from_the_field_as_the_field_from_the_button(qtbot: QtBot, column: Column) -> None:
    """One distance from the top down."""
    model = PlacesListModel()
    model.show(Places(tags=(Tag(id=1, name="python"),)))
    sidebar = column.sidebar
    places = PlacesView(theme=load_theme("light"), model=model)
    sidebar.set_places(places)
    qtbot.waitUntil(lambda: places.y() > sidebar.search.y())
    row = places._delegate._ground(places.visualRect(model.index(0)))
    button, field = sidebar.new_session.geometry(), sidebar.search.geometry()
    assert places.y() + row.top() - field.bottom() == field.top() - button.bottom()
