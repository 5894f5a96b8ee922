"""Every command of the window as a QAction with a stable name, each in a menu, and only those that work."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QWidget

from desktop.i18n import _, ngettext
from desktop.ui.session_actions import SessionActions

Key = QKeySequence.StandardKey


class Actions(QObject):
    """Triggered actions are intents; `build_menus` puts every one of them in the menu bar."""

    undo_wanted = Signal()
    """Undo, where no text is being edited: take back what was done last in the session, or the last deletion."""
    redo_wanted = Signal()
    theme_wanted = Signal(str)
    """`system`, `light` or `dark`."""
    step_wanted = Signal(int)
    """Open the next session (1) or the one before (-1)."""
    message_step_wanted = Signal(int)
    """Go to the next message of the transcript (1) or the one before (-1)."""

    undo_offered: Callable[[], bool] | None = None
    """Takes back what the window offers in words to take back; returns False where it offers nothing."""

    def __init__(self, *, parent: QWidget) -> None:
        super().__init__(parent)
        make = self._make
        self.new_session = make("newSession", _("&New session"), "Ctrl+N")
        self.export_markdown = make("exportMarkdown", _("&Markdown…"), "Ctrl+Shift+E")
        self.open_trash = make("trash", _("&Trash…"))
        self.quit = make("quit", _("&Quit"), "Ctrl+Q", role=QAction.MenuRole.QuitRole)

        self.undo = make("undo", _("&Undo"), Key.Undo)
        self.redo = make("redo", _("&Redo"), "Ctrl+Shift+Z", "Ctrl+Y")
        self.cut = make("cut", _("Cu&t"), Key.Cut)
        self.copy = make("copy", _("&Copy"), Key.Copy)
        self.paste = make("paste", _("&Paste"), Key.Paste)
        self.select_all = make("selectAll", _("Select &all"), Key.SelectAll)
        self.find_in_session, self.find_next, self.find_previous = self._make_finding()
        self.search_sessions = make("searchSessions", _("Search &everything…"), "Ctrl+Shift+F")
        self.palette = make("palette", _("&Go to anything…"), "Ctrl+K")
        self.open_settings = make("settings", _("S&ettings…"), "Ctrl+,", role=QAction.MenuRole.PreferencesRole)

        self.zoom_in = make("zoomIn", _("&Bigger text"), "Ctrl++", "Ctrl+=")
        self.zoom_out = make("zoomOut", _("&Smaller text"), "Ctrl+-")
        self.zoom_reset = make("zoomReset", _("&Normal text"), "Ctrl+0")
        self.show_sidebar = make("showSidebar", _("Side&bar"), "F9")
        self.show_sidebar.setCheckable(True)
        self.show_sidebar.setChecked(True)
        self.full_screen = make("fullScreen", _("&Full screen"), "F11")
        self.full_screen.setCheckable(True)
        self.focus_composer = make("focusComposer", _("Go to the &message box"), "Ctrl+L")
        self.focus_list = make("focusSessions", _("Go to the sessions &list"), "Ctrl+Shift+L")
        self.themes = self._make_themes()

        self.stop = make("stop", _("&Stop writing"), "Ctrl+.")
        self.stop.setEnabled(False)
        self.filter_sessions = make("filterSessions", _("Fi&lter the sessions"), "Ctrl+Alt+F")
        self.sessions = SessionActions(parent=parent)
        self.rename_session = make("renameSession", _("&Rename"), "F2")
        self.delete_session = make("deleteSession", _("&Delete"))  # without its key, which is the list's alone
        self.next_session = make("nextSession", _("&Next session"), "Ctrl+PgDown")
        self.previous_session = make("previousSession", _("&Previous session"), "Ctrl+PgUp")
        self.next_message = make("nextMessage", _("N&ext message"), "Alt+Down")
        self.previous_message = make("previousMessage", _("Pre&vious message"), "Alt+Up")
        self.branches = make("branches", _("&Branches…"), "Ctrl+Shift+B")
        self.statistics = make("statistics", _("S&tatistics…"), "Ctrl+Shift+I")
        self.context_inspector = make("contextInspector", _("&What will be sent…"), "Ctrl+Shift+T")
        self.choose_model = make("chooseModel", _("Choose the &model…"), "Ctrl+M")
        self.prompts, self.save_prompt, self.profiles, self.lock_window = self._make_tools()
        self.manual = make("manual", _("&Manual"), "F1")
        self.shortcuts = make("keyboardShortcuts", _("&Keyboard shortcuts"))
        self.data_folder = make("dataFolder", _("&Where is my data?"))
        self.about = make("about", _("&About Sobremesa"), role=QAction.MenuRole.AboutRole)

        self._connect_steps()
        self.undo.triggered.connect(self._undo)
        self.redo.triggered.connect(self._redo)
        self.set_session_open(open_=False)

    def _connect_steps(self) -> None:
        for action in (self.cut, self.copy, self.paste, self.select_all):
            action.triggered.connect(self._edit)
        self.next_session.triggered.connect(lambda: self.step_wanted.emit(1))
        self.previous_session.triggered.connect(lambda: self.step_wanted.emit(-1))
        self.next_message.triggered.connect(lambda: self.message_step_wanted.emit(1))
        self.previous_message.triggered.connect(lambda: self.message_step_wanted.emit(-1))

    def _make(
        self, name: str, text: str, *keys: str | Key, role: QAction.MenuRole = QAction.MenuRole.NoRole
    ) -> QAction:
        action = QAction(text, self.parent())
        action.setObjectName(name)
        action.setMenuRole(role)
        action.setShortcuts([QKeySequence(key) for key in keys])
        return action

    def _make_finding(self) -> tuple[QAction, QAction, QAction]:
        return (
            self._make("findInSession", _("&Find in session"), Key.Find),
            self._make("findNext", _("Find &next"), "F3", "Ctrl+G"),
            self._make("findPrevious", _("Find pre&vious"), "Shift+F3", "Ctrl+Shift+G"),
        )

    def _make_tools(self) -> tuple[QAction, QAction, QAction, QAction]:
        save_prompt = self._make("savePrompt", _("Save the text as a p&rompt…"))
        save_prompt.setEnabled(False)
        lock = self._make("lockWindow", _("&Lock"), "Ctrl+Alt+L")
        lock.setEnabled(False)  # until the profile that is shown has a passphrase
        return self._make("prompts", _("&Prompts…")), save_prompt, self._make("profiles", _("Pr&ofiles…")), lock

    def _make_themes(self) -> QActionGroup:
        group = QActionGroup(self)
        for value, text in (("system", _("As the &system")), ("light", _("&Light")), ("dark", _("&Dark"))):
            action = self._make(f"theme{value.capitalize()}", text)
            action.setCheckable(True)
            action.setData(value)
            group.addAction(action)
        group.actions()[0].setChecked(True)
        group.triggered.connect(lambda action: self.theme_wanted.emit(action.data()))
        return group

    @Slot(str)
    def show_theme(self, wished: str) -> None:
        """Check the theme that the setting names."""
        for action in self.themes.actions():
            action.setChecked(action.data() == wished)

    def set_session_open(self, open_: bool, count: int = 1) -> None:
        """Enable what needs a stored session, and say to how many it would be done."""
        for action in (self.export_markdown, self.delete_session, self.branches):
            action.setEnabled(open_)
        self.rename_session.setEnabled(open_ and count == 1)
        words = ngettext("&Delete {count} session", "&Delete {count} sessions", count).format(count=count)
        self.delete_session.setText(words if count > 1 else _("&Delete"))

    def add_export(self, menu: QMenu) -> QAction:
        """Add exporting to a menu of other deeds, where the format alone would not say what it does."""
        action = menu.addAction(_("Export to &Markdown…"))
        action.setEnabled(self.export_markdown.isEnabled())
        self.export_markdown.enabledChanged.connect(action.setEnabled)
        action.triggered.connect(self.export_markdown.trigger)
        return action

    def build_menus(self, bar: QMenuBar) -> None:
        """Fill the menu bar: File, Edit, View, Session, Tools, Help."""
        file = _menu(bar, _("&File"), self.new_session, self.sessions.new_folder, None)
        export = file.addMenu(_("&Export"))
        export.setObjectName("exportMenu")
        export.addAction(self.export_markdown)
        _fill(file, None, self.open_trash, None, self.quit)
        edit = (self.undo, self.redo, None, self.cut, self.copy, self.paste, None, self.select_all)
        find = (self.find_in_session, self.find_next, self.find_previous)
        _menu(bar, _("&Edit"), *edit, None, *find, None, self.search_sessions, self.palette, self.filter_sessions)
        view = _menu(bar, _("&View"), self.zoom_in, self.zoom_out, self.zoom_reset, None)
        themes = view.addMenu(_("&Theme"))
        themes.setObjectName("themeMenu")
        themes.addActions(self.themes.actions())
        sorts = view.addMenu(_("S&ort sessions"))
        sorts.setObjectName("sortMenu")
        sorts.addActions(self.sessions.sorts.actions())
        shown = (self.sessions.show_archive, self.show_sidebar, self.full_screen)
        _fill(view, None, *shown, None, self.focus_composer, self.focus_list)
        kept = self.sessions
        orders = (kept.pin, kept.resolve, kept.move, kept.tag, kept.archive)
        turns = (None, self.previous_session, self.next_session)
        session = (self.rename_session, self.choose_model, self.stop, None, *orders, *turns)
        steps = (None, self.previous_message, self.next_message)
        looks = (None, self.context_inspector, self.branches, self.statistics)
        _menu(bar, _("&Session"), *session, *steps, *looks, None, self.delete_session)
        whose = (self.profiles, self.lock_window)
        _menu(bar, _("&Tools"), self.prompts, self.save_prompt, None, *whose, None, self.open_settings)
        _menu(bar, _("&Help"), self.manual, self.shortcuts, self.data_folder, None, self.about)

    @Slot()
    def _undo(self) -> None:
        """Undo what the banner offers; else in the text that has the keyboard; else what was done elsewhere."""
        is_done = self.undo_offered is not None and self.undo_offered()
        if not is_done and not _do_in_text("undo", "isUndoAvailable"):
            self.undo_wanted.emit()

    @Slot()
    def _redo(self) -> None:
        """Do again in the text that has the keyboard what was undone there; else what was undone elsewhere."""
        if not _do_in_text("redo", "isRedoAvailable"):
            self.redo_wanted.emit()

    @Slot()
    def _edit(self) -> None:
        """Call the method of the same name of the widget that has the keyboard, or of the nearest one around it."""
        name = self.sender().objectName()
        widget = QApplication.focusWidget()
        while widget is not None:
            method = getattr(widget, name, None)
            if callable(method):  # a widget may have a part of that name instead
                method()
                return
            widget = None if widget.isWindow() else widget.parentWidget()


def _do_in_text(name: str, available: str) -> bool:
    """Call a method of the text that has the keyboard, where it says that there is something to do."""
    widget = QApplication.focusWidget()
    document = getattr(widget, "document", None)
    can = getattr(document() if callable(document) else widget, available, None)
    do = getattr(widget, name, None)
    if not callable(do) or (callable(can) and not can()):
        return False
    do()
    return True


def _menu(bar: QMenuBar, title: str, *actions: QAction | None) -> QMenu:
    menu = bar.addMenu(title)
    menu.setObjectName(title.replace("&", "").lower() + "Menu")
    _fill(menu, *actions)
    return menu


def _fill(menu: QMenu, *actions: QAction | None) -> None:
    for action in actions:
        if action is None:
            menu.addSeparator()
        else:
            menu.addAction(action)
