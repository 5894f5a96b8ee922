"""The left column: begin a session, find one, open one."""

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.presenters.session_list import SessionListModel
from desktop.ui.actions import Actions
from desktop.ui.icons import icon
from desktop.ui.sidebar.parts import NewSessionButton, SearchField
from desktop.ui.sidebar.session_view import SessionView
from desktop.ui.theme import Theme, scaled_font

WIDTH = 272
SEARCH_PAUSE_MS = 80


class Sidebar(QWidget):
    """`session_chosen` opens, `search_changed` filters by title; the rest is in `Actions`."""

    session_chosen = Signal(str)
    search_changed = Signal(str)
    search_wanted = Signal(str)
    """Every message is to be searched for a text."""
    left = Signal()
    """The keyboard is wanted back in the composer."""

    def __init__(
        self, *, theme: Theme, model: SessionListModel, actions: Actions, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAccessibleName(_("Sidebar"))
        self._theme = theme
        self._model = model
        self._actions = actions
        self._ready = False
        self.new_session = NewSessionButton(theme=theme, action=actions.new_session)
        self.search = SearchField(theme=theme, action=actions.search_sessions)
        self.view = SessionView(theme=theme, model=model)
        self.trash = self._quiet("trash", _("Trash"))
        self.settings = self._quiet("settings", "")
        self.settings.setAccessibleName(_("Settings"))
        self.settings.setToolTip(_("Settings"))
        self.view.addAction(actions.rename_session)
        # The key deletes only where the list has the keyboard: a menu that shows it would promise it everywhere.
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.view, context=Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(actions.delete_session.trigger)

        top = QVBoxLayout()
        top.setContentsMargins(10, 12, 10, 0)
        top.setSpacing(8)
        top.addWidget(self.new_session)
        top.addWidget(self.search)
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 6, 10, 8)
        foot.addWidget(self.trash)
        foot.addStretch(1)
        foot.addWidget(self.settings)
        self._foot = foot
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addLayout(foot)

        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._on_pause_over)
        self.search.textChanged.connect(self._pause.start)
        self.search.left.connect(self.left)
        self.search.down_pressed.connect(self._enter_list)
        self.search.returnPressed.connect(self._choose_first)
        self.trash.clicked.connect(actions.open_trash.trigger)
        self.settings.clicked.connect(actions.open_settings.trigger)
        self.view.chosen.connect(self.session_chosen)
        self.view.pointed.connect(model.set_held)
        self.view.entered.connect(self.left)
        self.view.menu_wanted.connect(self._show_menu)
        self.set_theme(theme)

    def _quiet(self, name: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setText(text)
        button.setProperty("quiet", True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIconSize(QSize(16, 16))
        button.setFont(scaled_font(self.font(), 0.94))
        style = Qt.ToolButtonStyle
        button.setToolButtonStyle(style.ToolButtonTextBesideIcon if text else style.ToolButtonIconOnly)
        return button

    def add_to_foot(self, widget: QWidget) -> None:
        """Place something small beside the settings."""
        self._foot.insertWidget(self._foot.count() - 1, widget)
        QWidget.setTabOrder(self.trash, widget)
        QWidget.setTabOrder(widget, self.settings)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 400)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.new_session.set_theme(theme)
        self.search.set_theme(theme)
        self.view.set_theme(theme)
        self.trash.setIcon(icon("trash", theme.muted))
        self.settings.setIcon(icon("settings", theme.muted))
        self.update()

    @Slot()
    def set_ready(self) -> None:
        """Say so from now on where the list is empty: it is what the database holds."""
        self._ready = True
        self._say_why_empty()

    @Slot(str)
    def set_open(self, session_id: str) -> None:
        """Show which session is open."""
        self.view.set_open(session_id)

    @Slot()
    def focus_search(self) -> None:
        """Give the keyboard to the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def focus_list(self) -> None:
        """Give the keyboard to the list."""
        self._enter_list()

    def target_id(self) -> str:
        """Return the session that an action means: the list's row while the list has the keyboard, else ""."""
        return self.view.current_id() if self.view.hasFocus() else ""

    @Slot(int)
    def step(self, by: int) -> None:
        """Open the next session (1) or the one before (-1)."""
        count = self._model.rowCount()
        if count:
            row = self.view.currentIndex().row()
            row = (0 if by > 0 else count - 1) if row < 0 else min(max(row + by, 0), count - 1)
            self.view.setCurrentIndex(self._model.index(row))
            self.session_chosen.emit(self.view.current_id())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        QPainter(self).fillRect(self.rect(), self._theme.colour("side"))

    @Slot()
    def _enter_list(self) -> None:
        if not self.view.currentIndex().isValid() and self._model.rowCount():
            self.view.setCurrentIndex(self._model.index(0))
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _choose_first(self) -> None:
        if self._pause.isActive():
            self._on_pause_over()
        elif self._model.rowCount():
            self.view.setCurrentIndex(self._model.index(0))
            self.session_chosen.emit(self.view.current_id())
            self.left.emit()

    @Slot()
    def _on_pause_over(self) -> None:
        self._pause.stop()
        self._say_why_empty()
        self.search_changed.emit(self.search.text().strip())

    def _say_why_empty(self) -> None:
        if self._ready:
            none_such = _("No title contains this. To look into the messages, use “sobremesa search” in a terminal.")
            wanted = self.search.text().strip()
            self.view.set_empty_text(none_such if wanted else _("Your sessions will stand here."))

    @Slot(str, QPoint)
    def _show_menu(self, session_id: str, at: QPoint) -> None:
        self.view.setFocus(Qt.FocusReason.PopupFocusReason)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName("sessionMenu")
        menu.setProperty("session", session_id)
        menu.addAction(self._actions.rename_session)
        self._actions.add_export(menu)
        menu.addSeparator()
        menu.addAction(self._actions.delete_session)
        menu.popup(at)
