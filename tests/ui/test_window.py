"""The window as a whole: menus, keyboard, parts."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.presenters.session_list import SessionListModel
from desktop.ui.theme import Theme
from desktop.ui.transcript.place import TranscriptPlace
from desktop.ui.window import MainWindow

Maker = Callable[..., SessionListModel]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, listed: Maker) -> MainWindow:
    model = listed("One", "Two")
    transcript, picker = TranscriptPlace(), QToolButton()
    transcript.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    picker.setObjectName("modelPicker")
    made = MainWindow(theme=theme, sessions=model, transcript=transcript, model_picker=picker)
    qtbot.addWidget(made, before_close_func=lambda window: window.close_now())
    made.show()
    qtbot.waitExposed(made)
    return made


def _action(window: MainWindow, name: str) -> QAction:
    found = window.findChild(QAction, name)
    assert found is not None
    return found


def _in_menus(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        below = action.menu()
        if isinstance(below, QMenu):
            yield from _in_menus(below)
        else:
            yield action


def _all_in_menus(window: MainWindow) -> list[QAction]:
    menus = [action.menu() for action in window.menuBar().actions()]
    return [each for menu in menus if isinstance(menu, QMenu) for each in _in_menus(menu) if not each.isSeparator()]


@pytest.mark.parametrize(
    "name",
    [
        *("sidebar", "sessionList", "sidebarSearch", "newSession", "transcript", "composer", "composerInput"),
        *("send", "stop", "modelPicker", "settings", "trash", "contextMeter"),
    ],
)
def test_a_part_is_found_by_its_name(window: MainWindow, name: str) -> None:
    """Tests, style and accessibility rely on these names."""
    assert window.findChild(QWidget, name) is not None


@pytest.mark.parametrize(
    "name", ["newSession", "exportMarkdown", "settings", "trash", "undo", "zoomIn", "zoomOut", "zoomReset", "quit"]
)
def test_an_action_is_found_by_its_name(window: MainWindow, name: str) -> None:
    """Actions keep their names."""
    assert window.findChild(QAction, name) is not None


def test_every_action_stands_in_a_menu_under_a_name_of_its_own(window: MainWindow) -> None:
    """Whatever has a shortcut can also be found by looking."""
    menus = {id(menu.menuAction()) for menu in window.findChildren(QMenu)}
    named = {a.objectName() for a in window.findChildren(QAction) if a.objectName() and id(a) not in menus}
    shown = [action.objectName() for action in _all_in_menus(window)]
    own = {name for name in named if not name.startswith(("_", "qt_"))}
    assert own <= set(shown)
    assert "" not in shown
    assert len(shown) == len(set(shown))


def test_the_menus_promise_no_key_that_works_only_in_the_list(window: MainWindow) -> None:
    """A click on a session leaves the keyboard in the composer, where Del deletes a letter."""
    assert not window.commands.delete_session.shortcuts()


def test_no_two_actions_share_a_shortcut(window: MainWindow) -> None:
    """A key means one thing."""
    keys = [key.toString() for action in _all_in_menus(window) for key in action.shortcuts() if key.toString()]
    assert sorted(keys) == sorted(set(keys))


def test_the_menus_are_the_six_of_the_design(window: MainWindow) -> None:
    """File, Edit, View, Session, Tools, Help."""
    titles = [action.text().replace("&", "") for action in window.menuBar().actions()]
    assert titles == ["File", "Edit", "View", "Session", "Tools", "Help"]


def test_one_can_type_at_once(qtbot: QtBot, window: MainWindow) -> None:
    """The keyboard is in the composer from the first moment."""
    assert window.focusWidget() is window.composer.input


@pytest.mark.parametrize(
    ("key", "modifiers", "action"),
    [
        (Qt.Key.Key_N, CTRL, "newSession"),
        (Qt.Key.Key_Comma, CTRL, "settings"),
        (Qt.Key.Key_Plus, CTRL, "zoomIn"),
        (Qt.Key.Key_Minus, CTRL, "zoomOut"),
        (Qt.Key.Key_0, CTRL, "zoomReset"),
        (Qt.Key.Key_Q, CTRL, "quit"),
    ],
)
def test_a_shortcut_works_while_one_writes(
    qtbot: QtBot, window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier, action: str
) -> None:
    """Shortcuts reach their actions from the composer."""
    with qtbot.waitSignal(_action(window, action).triggered):
        qtbot.keyClick(window.composer.input, key, modifiers)


def test_delete_in_the_composer_deletes_a_letter(qtbot: QtBot, window: MainWindow) -> None:
    """The key that deletes a session in the list is only a key here."""
    window.show_session("One", session_id="s0")
    window.composer.set_text("ab")
    qtbot.keyClick(window.composer.input, Qt.Key.Key_Home)
    with qtbot.assertNotEmitted(window.delete_requested):
        qtbot.keyClick(window.composer.input, Qt.Key.Key_Delete)
    assert window.composer.text() == "b"


def test_delete_means_the_row_that_has_the_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    """With the keyboard in the list, the list's row is deleted, not the open session."""
    window.show_session("One", session_id="s0")
    window.sidebar.focus_list()
    qtbot.keyClick(window.sidebar.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(window.delete_requested) as blocker:
        qtbot.keyClick(window.sidebar.view, Qt.Key.Key_Delete)
    assert blocker.args == [("s1",)]


def test_export_means_the_open_session(qtbot: QtBot, window: MainWindow) -> None:
    """From the composer, the menu acts on what is shown."""
    window.show_session("One", session_id="s0")
    with qtbot.waitSignal(window.export_requested) as blocker:
        window.commands.export_markdown.trigger()
    assert blocker.args == [("s0",)]


def test_export_beside_other_deeds_says_what_it_does(qtbot: QtBot, window: MainWindow) -> None:
    """In the menu of a session the format alone would not be understood."""
    window.show_session("One", session_id="s0")
    with qtbot.waitSignal(window.export_requested) as blocker:
        action = window.commands.add_export(QMenu(window))
        action.trigger()
    assert (blocker.args, action.text()) == ([("s0",)], "Export to &Markdown…")


def test_a_demo_says_that_it_is_one(window: MainWindow) -> None:
    """In the title and below the message box. The name ends the title, so that Qt adds it no second time."""
    window.show_demo()
    assert window.windowTitle() == "Demo – Sobremesa"
    window.show_session("One", session_id="s0")
    window.show_saved("saved just now")
    assert window.windowTitle() == "One – Demo – Sobremesa"
    assert window.footer.text().startswith("Demo")


def test_what_needs_a_session_is_off_without_one(window: MainWindow) -> None:
    """A session that is not stored cannot be renamed, exported or deleted."""
    commands = window.commands
    needing = (commands.rename_session, commands.export_markdown, commands.delete_session)
    window.show_session("", session_id="")
    assert [action.isEnabled() for action in needing] == [False, False, False]
    window.show_session("One", session_id="s0")
    assert [action.isEnabled() for action in needing] == [True, True, True]


def test_undo_outside_of_text_takes_back_a_deletion(qtbot: QtBot, window: MainWindow) -> None:
    """Ctrl+Z in the list is about sessions, in the composer about letters."""
    window.sidebar.focus_list()
    with qtbot.waitSignal(window.commands.undo_wanted):
        qtbot.keyClick(window.sidebar.view, Qt.Key.Key_Z, CTRL)
    window.focus_composer()
    qtbot.keyClicks(window.composer.input, "a")
    with qtbot.assertNotEmitted(window.commands.undo_wanted):
        qtbot.keyClick(window.composer.input, Qt.Key.Key_Z, CTRL)
    assert window.composer.text() == ""


def test_redo_outside_of_text_is_about_the_session(qtbot: QtBot, window: MainWindow) -> None:
    """The text that has the keyboard comes first, as long as it has something to do again."""
    window.focus_composer()
    with qtbot.waitSignal(window.commands.redo_wanted):
        window.commands.redo.trigger()
    qtbot.keyClicks(window.composer.input, "a")
    window.commands.undo.trigger()
    with qtbot.assertNotEmitted(window.commands.redo_wanted):
        window.commands.redo.trigger()
    assert window.composer.text() == "a"


def test_the_edit_menu_works_on_what_has_the_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    """Select all and cut act in the composer."""
    window.composer.set_text("words")
    window.commands.select_all.trigger()
    window.commands.cut.trigger()
    assert window.composer.text() == ""
    window.commands.paste.trigger()
    assert window.composer.text() == "words"


def test_rename_happens_where_one_looks(qtbot: QtBot, window: MainWindow) -> None:
    """F2 edits the header's title, or the row of the list that has the keyboard."""
    window.show_session("One", session_id="s0")
    qtbot.keyClick(window.composer.input, Qt.Key.Key_F2)
    assert window.header.editor.isVisible()
    qtbot.keyClick(window.header.editor, Qt.Key.Key_Escape)
    window.sidebar.focus_list()
    qtbot.keyClick(window.sidebar.view, Qt.Key.Key_F2)
    assert window.sidebar.view.state() == window.sidebar.view.State.EditingState


def test_tab_reaches_every_part(qtbot: QtBot, window: MainWindow) -> None:
    """From the composer round and back, nothing is a dead end."""
    window.show_session("One", session_id="s0")
    window.composer.set_text("x")
    seen: list[str] = []
    for _step in range(14):
        focused = window.focusWidget()
        seen.append(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
        if window.focusWidget() is window.composer.input:
            break
    assert seen == [
        *("composerInput", "modelPicker", "send", "newSession", "sidebarSearch", "sessionList", "trash", "settings"),
        *("sessionMenuButton", "transcript"),
    ]


def test_a_page_takes_the_place_of_the_transcript_and_gives_it_back(qtbot: QtBot, window: MainWindow) -> None:
    """The composer stays below a first page."""
    page = QLabel("Who would you like to talk to?")
    window.show_page(page)
    assert (page.isVisible(), window.transcript.isVisible(), window.composer.isVisible()) == (True, False, True)
    window.show_page(None)
    assert (page.isVisible(), window.transcript.isVisible()) == (False, True)


def test_the_footer_says_when_text_is_not_saved(window: MainWindow) -> None:
    """Only the truth stands below the composer."""
    assert window.footer.text() == "Stored on this computer only"
    window.show_saving("The disk is full.")
    assert (window.footer.text(), window.footer.property("warn")) == ("The disk is full.", True)
    window.show_saving("")
    assert window.footer.text() == "Stored on this computer only"


def test_closing_asks_first(qtbot: QtBot, window: MainWindow) -> None:
    """The window stays until whoever decides lets it go."""
    with qtbot.waitSignal(window.close_wanted):
        window.close()
    assert window.isVisible()
    window.close_now()
    assert not window.isVisible()


def test_the_place_of_the_window_is_kept(qtbot: QtBot, window: MainWindow) -> None:
    """Size survives as text, and nonsense changes nothing."""
    window.resize(640, 600)
    place = window.place()
    window.resize(700, 500)
    window.take_place(place)
    assert (window.width(), window.height()) == (640, 600)
    window.take_place("not a place")
    assert window.width() == 640


def test_the_sidebar_can_be_put_away_and_going_there_brings_it_back(window: MainWindow) -> None:
    """F9 hides it; whoever goes to the list sees it again."""
    window.commands.show_sidebar.trigger()
    assert not window.sidebar.isVisible()
    window.commands.focus_list.trigger()
    assert window.sidebar.isVisible()


@pytest.mark.parametrize("action", ["themeLight", "themeDark", "themeSystem"])
def test_a_theme_is_chosen_in_the_menu(qtbot: QtBot, window: MainWindow, action: str) -> None:
    """The three choices tell which theme is wanted."""
    with qtbot.waitSignal(window.commands.theme_wanted) as blocker:
        _action(window, action).trigger()
    assert blocker.args == [action.removeprefix("theme").lower()]


def test_a_narrow_window_gives_the_sidebars_room_to_the_text(window: MainWindow) -> None:
    """At 600 by 450 the sidebar is away, and comes back with the room for it."""
    window.resize(600, 450)
    narrow = (window.sidebar.isVisible(), window.commands.show_sidebar.isChecked())
    window.resize(1200, 800)
    assert (narrow, window.sidebar.isVisible()) == ((False, False), True)


def test_a_narrow_window_shows_the_sidebar_when_asked(window: MainWindow) -> None:
    """The key for the sidebar works at every width."""
    window.resize(600, 450)
    window.commands.show_sidebar.trigger()
    assert window.sidebar.isVisible()


def test_a_sidebar_that_was_put_away_stays_away(window: MainWindow) -> None:
    """Only what the width took is given back."""
    window.commands.show_sidebar.setChecked(False)
    window.resize(600, 450)
    window.resize(1200, 800)
    assert not window.sidebar.isVisible()


def test_text_typed_elsewhere_goes_into_the_message(window: MainWindow) -> None:
    """The transcript gives away letters that it cannot take."""
    window.sidebar.focus_list()
    window.transcript.typed.emit("w")
    assert (window.composer.text(), window.focusWidget()) == ("w", window.composer.input)


def test_the_footer_says_how_fresh_the_disk_is(window: MainWindow) -> None:
    """Trouble with saving is never covered by it, and it is there again afterwards."""
    window.show_saved("saved just now")
    assert window.footer.text() == "Stored on this computer only · saved just now"
    window.show_saving("The disk is full.")
    window.show_saved("saved just now")
    assert window.footer.text() == "The disk is full."
    window.show_saving("")
    assert window.footer.text() == "Stored on this computer only · saved just now"


@pytest.mark.parametrize("where", ["composerInput", "sidebarSearch"])
@pytest.mark.parametrize("how", ["key", "menu"])
def test_undo_takes_back_what_the_banner_offers_before_what_is_typed(
    qtbot: QtBot, window: MainWindow, where: str, how: str
) -> None:
    """A deletion just said is what Undo means, whichever text has the keyboard; the text's own steps come after it."""
    field = window.findChild(QWidget, where)
    assert field is not None
    field.setFocus()
    qtbot.keyClicks(field, "typed")
    restored: list[str] = []

    def undo() -> None:
        if how == "key":
            qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
        else:
            _action(window, "undo").trigger()

    def text() -> str:
        return field.text() if isinstance(field, QLineEdit) else window.composer.text()

    window.banner.say_undoable("It is in the trash.", undo=lambda: restored.append("session"))
    undo()
    assert (restored, text(), window.banner.text()) == (["session"], "typed", "")
    undo()
    assert restored == ["session"]
    assert text() != "typed"


def test_the_key_of_undo_follows_the_keyboard_while_it_is_offered(qtbot: QtBot, window: MainWindow) -> None:
    """Going to another text meanwhile changes nothing."""
    restored: list[str] = []
    window.composer.input.setFocus()
    window.banner.say_undoable("It is in the trash.", undo=lambda: restored.append("session"))
    window.sidebar.search.setFocus()
    qtbot.keyClicks(window.sidebar.search, "ab")
    qtbot.keyClick(window.sidebar.search, Qt.Key.Key_Z, CTRL)
    assert (restored, window.sidebar.search.text()) == (["session"], "ab")


def test_coming_to_the_front_brings_an_open_question_along(qtbot: QtBot, window: MainWindow) -> None:
    """A window raised above the dialog that blocks it would look dead."""
    dialog = QDialog(window)
    dialog.open()
    qtbot.waitExposed(dialog)
    window.raise_to_front()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    dialog.close()
