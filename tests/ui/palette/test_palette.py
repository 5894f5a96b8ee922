"""The palette over a window: what it covers, which keys it takes, and who has the keyboard afterwards."""

from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.searching import Completion
from desktop.presenters.bridge import Bridge
from desktop.presenters.palette import PalettePresenter
from desktop.presenters.palette_entries import Command, command_rows
from desktop.presenters.palette_rows import Kind, PaletteRow
from desktop.presenters.palette_state import Mode
from desktop.ui.palette.palette import WIDTH, Palette
from desktop.ui.theme import Theme, load_theme

ROWS = command_rows(Command(name=f"c{at}", path=("File",), text=f"Command {at}", help="Does it") for at in range(30))


@dataclass
class Desk:
    """A window with a field that had the keyboard, a palette over it, and what was picked."""

    window: QMainWindow
    before: QLineEdit
    palette: Palette
    presenter: PalettePresenter
    centre: QWidget
    fired: list[str]
    picked: list[str] = field(default_factory=list)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.palette.field, key, held)

    def current(self) -> str:
        return str(self.palette.rows.currentIndex().data())


@pytest.fixture
def desk(qtbot: QtBot, idle_bridge: Bridge, theme: Theme) -> Desk:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    centre = QWidget()
    before = QLineEdit()
    QVBoxLayout(centre).addWidget(before)
    window.setCentralWidget(centre)
    fired: list[str] = []
    actions = {}
    for name, keys in (("palette", "Ctrl+K"), ("new", "Ctrl+N"), ("group", "Ctrl+G")):
        action = QAction(name, window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _on=False, name=name: fired.append(name))
        window.addAction(action)
        actions[name] = action
    presenter = PalettePresenter(
        bridge=idle_bridge, names=lambda: ROWS, now_ms=lambda: 1_795_262_400_000, parent=window
    )
    palette = Palette(theme=theme, presenter=presenter, passing=(actions["palette"],), parent=window)
    made = Desk(window=window, before=before, palette=palette, presenter=presenter, centre=centre, fired=fired)
    presenter.command_picked.connect(made.picked.append)
    window.show()
    window.activateWindow()
    before.setFocus()
    qtbot.waitUntil(before.hasFocus)
    return made


def test_it_covers_the_window_and_takes_the_keyboard(desk: Desk) -> None:
    """The card stands in the middle, as wide as drawn; the rest is shade."""
    desk.palette.open(Mode.ANYTHING)
    assert desk.palette.geometry() == desk.centre.geometry()
    assert desk.palette.card.width() == WIDTH
    assert abs(desk.palette.card.geometry().center().x() - desk.palette.rect().center().x()) <= 1
    assert desk.palette.field.hasFocus()
    assert desk.palette.objectName() == "palette"


def test_it_follows_the_window(desk: Desk, qtbot: QtBot) -> None:
    """A window that becomes small has a smaller card, with all of it inside."""
    desk.palette.open(Mode.ANYTHING)
    desk.window.resize(600, 420)
    qtbot.waitUntil(lambda: desk.palette.geometry() == desk.centre.geometry())
    assert desk.palette.rect().contains(desk.palette.card.geometry())


def test_escape_clears_then_closes(desk: Desk) -> None:
    """The first one empties the field, the second gives the keyboard back to whoever had it."""
    desk.palette.open(Mode.ANYTHING, "command")
    desk.key(Qt.Key.Key_Escape)
    assert desk.palette.isVisible()
    assert desk.palette.field.text() == ""
    desk.key(Qt.Key.Key_Escape)
    assert desk.palette.isHidden()
    assert desk.before.hasFocus()


def test_a_click_beside_the_card_closes(desk: Desk) -> None:
    """One on the card does not."""
    desk.palette.open(Mode.ANYTHING)
    QTest.mouseClick(desk.palette.card, Qt.MouseButton.LeftButton, pos=QPoint(3, 20))
    assert desk.palette.isVisible()
    QTest.mouseClick(desk.palette, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert desk.palette.isHidden()
    assert desk.before.hasFocus()


def test_arrows_move_and_enter_picks(desk: Desk) -> None:
    """Down, Up and pages go from row to row and stop at the ends; the keyboard stays in the field."""
    desk.palette.open(Mode.ANYTHING)
    assert desk.current() == "File ▸ Command 0"
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Up)
    assert desk.current() == "File ▸ Command 1"
    desk.key(Qt.Key.Key_PageDown)
    assert desk.palette.rows.currentIndex().row() > 3
    for _time in range(9):
        desk.key(Qt.Key.Key_PageDown)
    assert desk.current() == "File ▸ Command 29"
    desk.key(Qt.Key.Key_Down)
    assert desk.current() == "File ▸ Command 29"
    desk.key(Qt.Key.Key_Return)
    assert desk.picked == ["c29"]
    assert desk.palette.isHidden()


def test_typing_begins_at_the_first_row_again(desk: Desk) -> None:
    """What fits best is the current row, wherever one was before."""
    desk.palette.open(Mode.ANYTHING)
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Down)
    QTest.keyClicks(desk.palette.field, "command 1")
    assert desk.current() == "File ▸ Command 1"
    assert desk.palette.rows.currentIndex().row() == 0


def test_the_mouse_points_and_picks(desk: Desk) -> None:
    """A click on a row is Enter on it."""
    desk.palette.open(Mode.ANYTHING)
    rows = desk.palette.rows
    place = rows.visualRect(rows.model().index(2, 0)).center()
    QTest.mouseMove(rows.viewport(), place)
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert desk.picked == ["c2"]


def test_keys_of_the_window_do_nothing_below(desk: Desk) -> None:
    """Only the commands that are passed through hear their keys while the palette is there."""
    desk.palette.open(Mode.ANYTHING)
    desk.key(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    desk.key(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert desk.fired == []
    desk.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert desk.fired == ["palette"]


def test_tab_stays_in_the_palette(desk: Desk) -> None:
    """It completes, and never takes the keyboard to what is covered."""
    desk.palette.open(Mode.MESSAGES)
    desk.key(Qt.Key.Key_Tab)
    desk.key(Qt.Key.Key_Backtab)
    assert desk.palette.field.hasFocus()


def test_rows_below_their_session_are_lower(desk: Desk) -> None:
    """Hits that are grouped show one line below their session's first, and have the height of two again without it."""
    rows = [PaletteRow(kind=Kind.MESSAGE, key=f"k{at}", title="T", detail="d", follows=at > 0) for at in range(2)]
    desk.palette.open(Mode.MESSAGES, "word")
    desk.presenter.turn_grouping()
    desk.presenter.rows.show_rows(rows)
    view = desk.palette.rows
    view.doItemsLayout()
    assert view.visualRect(view.model().index(1, 0)).height() < view.visualRect(view.model().index(0, 0)).height()
    desk.presenter.turn_grouping()
    desk.presenter.rows.show_rows([replace(each, follows=False) for each in rows])
    view.doItemsLayout()
    assert view.visualRect(view.model().index(1, 0)).height() == view.visualRect(view.model().index(0, 0)).height()


ROLE = (Completion(insert="role:user", label="user", detail="", start=2, end=7),
        Completion(insert="role:tool", label="tool", detail="", start=2, end=7))  # fmt: skip


def test_a_value_is_completed_with_the_keys(desk: Desk) -> None:
    """The list stands below the caret; arrows choose in it, Tab takes, and the next word can be typed."""
    desk.palette.open(Mode.MESSAGES)
    QTest.keyClicks(desk.palette.field, "x role:")
    desk.presenter.completions_changed.emit(ROLE)
    assert desk.palette.completions.isVisible()
    desk.key(Qt.Key.Key_Down)
    desk.key(Qt.Key.Key_Tab)
    assert desk.palette.field.text() == "x role:tool "
    assert desk.palette.completions.isHidden()


def test_escape_puts_completions_away_first(desk: Desk) -> None:
    """What was typed stays."""
    desk.palette.open(Mode.MESSAGES)
    QTest.keyClicks(desk.palette.field, "x role:")
    desk.presenter.completions_changed.emit(ROLE)
    desk.key(Qt.Key.Key_Escape)
    assert desk.palette.completions.isHidden()
    assert desk.palette.field.text() == "x role:"


def test_names_of_filters_are_completed_without_being_in_the_way(desk: Desk) -> None:
    """While a word is typed no list opens, but Tab takes the filter that begins so."""
    desk.palette.open(Mode.MESSAGES)
    QTest.keyClicks(desk.palette.field, "ro")
    desk.presenter.completions_changed.emit((Completion(insert="role:", label="role:", detail="", start=0, end=2),))
    assert desk.palette.completions.isHidden()
    desk.key(Qt.Key.Key_Tab)
    assert desk.palette.field.text() == "role:"


def test_a_click_in_the_foot_begins_a_filter(desk: Desk) -> None:
    """The keyboard goes on in the field."""
    desk.palette.open(Mode.MESSAGES)
    QTest.keyClicks(desk.palette.field, "x")
    desk.palette.foot.hints.filters[0].click()
    assert desk.palette.field.text() == "x role:"
    assert desk.palette.field.hasFocus()


def test_a_name_is_asked_in_place(desk: Desk) -> None:
    """Ctrl+S asks for a name in the foot; Escape there goes back to the field without keeping anything."""
    desk.palette.open(Mode.MESSAGES, "word")
    desk.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    name = desk.palette.foot.name
    assert name.hasFocus()
    QTest.keyClick(name, Qt.Key.Key_Escape)
    assert desk.palette.isVisible()
    assert desk.palette.field.hasFocus()


def test_nothing_can_be_kept_where_nothing_is_typed(desk: Desk) -> None:
    """An empty search has no name."""
    desk.palette.open(Mode.MESSAGES)
    desk.key(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert desk.palette.field.hasFocus()


def test_turning_to_the_other_mode_keeps_the_words(desk: Desk) -> None:
    """What was typed is looked for in messages alone, and Escape still goes back to where one was."""
    desk.palette.open(Mode.ANYTHING)
    QTest.keyClicks(desk.palette.field, "word")
    desk.palette.open(Mode.MESSAGES)
    assert desk.palette.field.text() == "word"
    assert desk.palette.accessibleName() == "Search everything"
    desk.palette.leave()
    assert desk.before.hasFocus()


def test_an_empty_list_has_words(desk: Desk) -> None:
    """Where there is no row there is a sentence, in sight."""
    desk.palette.open(Mode.MESSAGES)
    assert desk.palette.empty_title.isVisible()
    assert desk.palette.empty_title.text() == "Search every message and every title"
    assert desk.palette.rows.isHidden()


@pytest.mark.parametrize("name", ["light", "dark"])
def test_it_wears_the_theme(desk: Desk, name: str) -> None:
    """The card has the theme's colour, the current row its bar."""
    wanted = load_theme(name)
    desk.palette.open(Mode.ANYTHING)
    desk.palette.set_theme(wanted)
    picture = desk.palette.grab().toImage()
    ratio = picture.devicePixelRatio()
    rows = desk.palette.rows
    corner = rows.mapTo(desk.palette, rows.visualRect(rows.currentIndex()).topLeft())
    assert picture.pixelColor(int((corner.x() + 1) * ratio), int((corner.y() + 5) * ratio)) == wanted.colour("accent")
    below = rows.mapTo(desk.palette, rows.visualRect(rows.model().index(1, 0)).topLeft())
    assert picture.pixelColor(int((below.x() + 1) * ratio), int((below.y() + 5) * ratio)) == wanted.colour("card")


def test_it_goes_with_what_it_lies_over(desk: Desk) -> None:
    """A window whose contents are hidden, as by the lock, has no palette over them."""
    desk.palette.open(Mode.ANYTHING)
    desk.centre.hide()
    assert desk.palette.isHidden()
