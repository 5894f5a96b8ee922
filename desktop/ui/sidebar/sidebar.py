"""The left column: begin a session, find one, open one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from desktop.domain.organising import EVERYTHING, Place, PlaceKind
from desktop.i18n import _
from desktop.presenters.figures import count_text
from desktop.presenters.session_list import SessionListModel
from desktop.ui.actions import Actions
from desktop.ui.icons import icon
from desktop.ui.sidebar.parts import NewSessionButton, QuietLine, SearchField
from desktop.ui.sidebar.session_view import SessionView
from desktop.ui.theme import Theme, scaled_font

if TYPE_CHECKING:
    from desktop.ui.sidebar.places_view import PlacesView

WIDTH = 272
SEARCH_PAUSE_MS = 10
"""Letters that come together are one question. A question that is not answered yet gives way to the next one."""


class Sidebar(QWidget):
    """`session_chosen` opens, `search_changed` filters by titles and tags; the rest is in `Actions`.

    The list of places is there when there are places (`set_places`).
    """

    session_chosen = Signal(str)
    search_changed = Signal(str)
    search_wanted = Signal(str)
    """Look for this in all messages."""
    place_chosen = Signal(object)
    """The `Place` whose sessions are to be listed."""
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
        self._place = EVERYTHING
        self._asked = self._answered = ""
        self._enter = False  # Enter was pressed before what was typed had been answered
        self.places: PlacesView | None = None
        self.new_session = NewSessionButton(theme=theme, action=actions.new_session)
        self.search = SearchField(theme=theme, action=actions.search_sessions)
        self.view = SessionView(theme=theme, model=model)
        self.heading = QuietLine(name="placeHeading", symbol="chevron-left", theme=theme)
        self.heading.setToolTip(_("Back to all sessions"))
        self.heading.hide()
        self.everywhere = QuietLine(name="searchEverywhere", symbol="search", theme=theme)
        self.everywhere.hide()
        self.archive = self._quiet("archive", _("Archive"))
        self.archive.hide()
        self.trash = self._quiet("trash", "")
        self.trash.setAccessibleName(_("Trash"))
        self.trash.setToolTip(_("Trash"))
        self.settings = self._quiet("settings", "")
        self.settings.setAccessibleName(_("Settings"))
        self.settings.setToolTip(_("Settings"))
        self.view.addAction(actions.rename_session)
        # The key deletes only where the list has the keyboard: a menu that shows it would promise it everywhere.
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.view, context=Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(actions.delete_session.trigger)

        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SEARCH_PAUSE_MS)
        self._connect()
        self.set_theme(theme)

    def _lay_out(self) -> None:
        top = QVBoxLayout()
        top.setContentsMargins(10, 12, 10, 3)  # what is below begins as far from the field as the field from the button
        top.setSpacing(8)
        top.addWidget(self.new_session)
        top.addWidget(self.search)
        self._foot = QHBoxLayout()
        self._foot.setContentsMargins(10, 6, 10, 8)
        self._foot.setSpacing(2)
        self._foot.addWidget(self.archive)
        self._foot.addStretch(1)
        self._foot.addWidget(self.trash)
        self._foot.addWidget(self.settings)
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(10, 0, 10, 0)
        self._lines.addWidget(self.heading)
        below = QVBoxLayout()
        below.setContentsMargins(10, 0, 10, 0)
        below.addWidget(self.everywhere)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addLayout(self._lines)
        column.addWidget(self.view, 1)
        column.addLayout(below)
        column.addLayout(self._foot)
        self._column = column

    def _connect(self) -> None:
        actions = self._actions
        self._pause.timeout.connect(self._on_pause_over)
        self.search.textChanged.connect(self._pause.start)
        self.search.left.connect(self._leave)
        self.search.everywhere_wanted.connect(self._look_everywhere)
        self.everywhere.clicked.connect(self._look_everywhere)
        self.heading.clicked.connect(self.leave_place)
        self.archive.clicked.connect(actions.sessions.show_archive.trigger)
        self.view.escaped.connect(self._leave)
        self.search.down_pressed.connect(self._enter_list)
        self.search.returnPressed.connect(self._choose_first)
        self.trash.clicked.connect(actions.open_trash.trigger)
        self.settings.clicked.connect(actions.open_settings.trigger)
        self.view.chosen.connect(self.session_chosen)
        self.view.pointed.connect(self._model.set_held)
        self.view.entered.connect(self.left)
        self.view.menu_wanted.connect(self._show_menu)

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

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 400)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.new_session.set_theme(theme)
        self.search.set_theme(theme)
        self.view.set_theme(theme)
        self.heading.set_theme(theme)
        self.everywhere.set_theme(theme)
        if self.places is not None:
            self.places.set_theme(theme)
        self.archive.setIcon(icon("archive", theme.muted))
        self.trash.setIcon(icon("trash", theme.muted))
        self.settings.setIcon(icon("settings", theme.muted))
        self.update()

    def set_places(self, places: "PlacesView") -> None:
        """Show the list of places between the field and the sessions."""
        self.places = places
        self._column.insertWidget(1, places)
        places.set_room(self.height())
        places.set_chosen(self._place)
        places.left.connect(self._leave)
        self.setTabOrder(self.search, places)
        self.setTabOrder(places, self.heading)

    def add_to_foot(self, widget: QWidget) -> None:
        """Show something at the left of the foot, beside the archive."""
        self._foot.insertWidget(0, widget)
        QWidget.setTabOrder(self.everywhere, widget)
        QWidget.setTabOrder(widget, self.archive)

    def show_place(self, place: Place, name: str) -> None:
        """Say which part of the sessions is listed."""
        self._place = place
        self.heading.show_words(name)
        self.heading.setVisible(place != EVERYTHING)
        if self.places is not None:
            self.places.set_chosen(place)
        self._say_why_empty()

    @Slot(int)
    def show_archived(self, count: int) -> None:
        """Say how many sessions the archive holds; an empty one is not shown."""
        words = _("Archive · {count}").format(count=count_text(count))
        self.archive.setText(words)
        self.archive.setAccessibleName(words)
        self.archive.setVisible(count > 0)

    @Slot()
    def leave_place(self) -> None:
        """List all sessions again."""
        self.place_chosen.emit(EVERYTHING)

    @Slot()
    def _leave(self) -> None:
        """Go a step back: to all sessions, else to the composer."""
        if self._place != EVERYTHING:
            self.leave_place()
        else:
            self.left.emit()

    @Slot()
    def _look_everywhere(self) -> None:
        self.search_wanted.emit(self.search.text().strip())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.places is not None:
            self.places.set_room(self.height())

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

    def target_ids(self) -> tuple[str, ...]:
        """Return the sessions that an action means: several that are selected, one if the list has the keyboard."""
        ids = self.view.selected_ids()
        # The window's, not the program's: a menu or a dialog that is open changes nothing about what is meant.
        return ids if len(ids) > 1 or self.window().focusWidget() is self.view else ()

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
        if self._pause.isActive() or self._asked != self._answered:
            self._enter = True
        elif self._model.rowCount():
            self.view.setCurrentIndex(self._model.index(0))
            self.session_chosen.emit(self.view.current_id())
            self.left.emit()
        elif self.search.text().strip():
            self._look_everywhere()

    @Slot()
    def _on_pause_over(self) -> None:
        self._pause.stop()
        wanted = self._asked = self.search.text().strip()
        self._say_why_empty()
        self.everywhere.show_words(_("Search all messages for “{text}”").format(text=wanted))
        self.everywhere.setVisible(bool(wanted))
        self.search_changed.emit(wanted)

    @Slot()
    def set_shown(self) -> None:
        """Take note that the list shows what was asked for last."""
        self._answered = self._asked
        if self._enter and not self._pause.isActive():
            self._enter = False
            self._choose_first()

    def _say_why_empty(self) -> None:
        if self._ready:
            empty = {
                PlaceKind.ALL: _("Your sessions will stand here."),
                PlaceKind.FOLDER: _("This folder is empty. Drag sessions here, or begin one: it will stand here."),
                PlaceKind.TAG: _("No session has this tag."),
                PlaceKind.RESOLVED: _("No session is marked as resolved."),
                PlaceKind.ARCHIVED: _("The archive is empty."),
                PlaceKind.TRASH: _("The trash is empty."),
            }
            wanted = self.search.text().strip()
            self.view.set_empty_text(_("No title and no tag contains this.") if wanted else empty[self._place.kind])

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        self.view.setFocus(Qt.FocusReason.PopupFocusReason)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName("sessionMenu")
        menu.addAction(self._actions.rename_session)
        self._actions.sessions.fill(menu)
        menu.addSeparator()
        self._actions.add_export(menu)
        menu.addSeparator()
        menu.addAction(self._actions.delete_session)
        menu.popup(at)
