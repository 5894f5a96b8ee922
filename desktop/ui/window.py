"""The window: sidebar, header, transcript, banner, composer and footer. It decides nothing; `app.py` connects it."""

from itertools import pairwise

from PySide6.QtCore import QByteArray, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QFont, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import _
from desktop.presenters.session_list import SessionListModel
from desktop.ui.actions import Actions
from desktop.ui.banner import Banner
from desktop.ui.composer.composer import WIDTH, Composer
from desktop.ui.header import Header
from desktop.ui.qt_words import use_qt_words
from desktop.ui.sidebar.sidebar import WIDTH as SIDEBAR_WIDTH
from desktop.ui.sidebar.sidebar import Sidebar
from desktop.ui.theme import Theme, scaled_font
from desktop.ui.transcript.place import TranscriptPlace
from desktop.ui.undo_key import UndoKey

_MARGIN = 24
_NARROW_EM = 46
"""A window of fewer letters' heights has no room for the sidebar beside the text."""
_LOW_EM = 34
_COMPOSER_SHARE = 0.3


class MainWindow(QMainWindow):
    """`MainWindow(theme=…, sessions=…, transcript=…, model_picker=…)`: everything else is made here.

    The parts are attributes, to be connected by the composition root: `commands` (`Actions`), `sidebar`, `header`,
    `composer`, `banner`. `transcript` and `model_picker` are widgets made outside; the window takes them over. A page
    instead of the transcript (first run, a database that does not open) is shown by `show_page`.
    """

    close_wanted = Signal()
    """The person wants the window closed. It stays until the composition root calls `close_now`."""

    delete_requested = Signal(object)
    """The ids of what is selected in the list, or else of the session that the window shows."""
    export_requested = Signal(object)
    targets_changed = Signal()
    """`target_ids` returns other sessions."""

    def __init__(
        self,
        *,
        theme: Theme,
        sessions: SessionListModel,
        transcript: TranscriptPlace,
        model_picker: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        use_qt_words()
        self.setObjectName("mainWindow")
        self.setWindowTitle("Sobremesa")
        self._title = self._demo = ""
        self._covered = False
        self.resize(1280, 820)
        self.setMinimumSize(560, 400)
        self._closing = False
        self._narrow = False
        self._tucked = False  # the sidebar went because the window became narrow, and comes back with it
        self._open_id = ""
        self.commands = Actions(parent=self)
        self._build_menu_bar()
        self.sidebar = Sidebar(theme=theme, model=sessions, actions=self.commands)
        self.header = Header(theme=theme, menu=self._session_menu())
        self.composer = Composer(theme=theme, model_picker=model_picker)
        self.banner = Banner(theme=theme)
        self.transcript = transcript
        self._saved = ""
        self.footer = QLabel(_("Stored on this computer only"))
        self._lay_out()
        self._connect()
        self.composer.input.setFocus()

    def _build_menu_bar(self) -> None:
        bar = self.menuBar()
        bar.setFont(scaled_font(self.font(), 0.96))
        brand = QLabel("Sobremesa", bar)
        brand.setObjectName("brand")
        font = QFont(bar.font())
        font.setBold(True)
        brand.setFont(font)
        bar.setCornerWidget(brand, Qt.Corner.TopLeftCorner)
        self.commands.build_menus(bar)

    def _session_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.commands.rename_session)
        self.commands.sessions.fill(menu)
        menu.addSeparator()
        self.commands.add_export(menu)
        menu.addSeparator()
        menu.addAction(self.commands.delete_session)
        return menu

    def _lay_out(self) -> None:
        self.footer.setObjectName("footer")
        self.footer.setTextFormat(Qt.TextFormat.PlainText)
        self.footer.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.footer.setProperty("muted", True)
        self.footer.setFont(scaled_font(self.font(), 0.86))
        chat = QWidget()
        column = QVBoxLayout(chat)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(self.transcript, 1)
        self._chat = chat
        self._pages = QStackedWidget()
        self._pages.addWidget(chat)
        self._side = QSplitter(Qt.Orientation.Horizontal)
        self._side.setHandleWidth(1)
        self._side.setChildrenCollapsible(False)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 9)
        column.setSpacing(8)
        column.addWidget(self._pages, 1)
        column.addLayout(_centred(self.banner))
        column.addLayout(_centred(self.composer))
        column.addWidget(self.footer)
        self._side.addWidget(self.sidebar)
        self._side.addWidget(centre)
        self._side.setStretchFactor(1, 1)
        width = min(max(SIDEBAR_WIDTH, 16 * self.fontMetrics().height()), 400)
        self._side.setSizes([width - 1, self.width() - width])
        self.sidebar.setMinimumWidth(200)
        self._centre = QWidget()
        self._whole = QHBoxLayout(self._centre)
        self._whole.setContentsMargins(0, 0, 0, 0)
        self._whole.addWidget(self._side)
        self.setCentralWidget(self._centre)
        self._away = QWidget(self, Qt.WindowType.Window)
        side, composer = self.sidebar, self.composer
        order: list[QWidget] = [side.new_session, side.search, side.view, side.trash, side.settings]
        order += [self.header.branches, self.header.more, self.transcript, self.banner.action, self.banner.dismiss]
        order += [composer.input, composer.model_picker, composer.send, composer.stop]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        commands = self.commands
        commands.quit.triggered.connect(self.close)
        commands.show_sidebar.toggled.connect(self.sidebar.setVisible)
        commands.full_screen.toggled.connect(self._set_full_screen)
        commands.focus_composer.triggered.connect(self.focus_composer)
        commands.focus_list.triggered.connect(self._focus_list)
        commands.filter_sessions.triggered.connect(self._focus_filter)
        commands.step_wanted.connect(self.sidebar.step)
        commands.message_step_wanted.connect(self._step_message)
        commands.rename_session.triggered.connect(self._rename)
        commands.delete_session.triggered.connect(lambda: self.delete_requested.emit(self.target_ids()))
        commands.export_markdown.triggered.connect(lambda: self.export_requested.emit(self.target_ids()))
        self.sidebar.view.target_changed.connect(self._on_target_changed)
        self.sidebar.left.connect(self.focus_composer)
        self.header.edit_ended.connect(self.focus_composer)
        self.header.branches.clicked.connect(commands.branches.trigger)
        self.composer.hint.connect(self.banner.say)
        self.composer.input.page_wanted.connect(self._turn_page)
        commands.undo_offered = self.banner.undo
        self.banner.undo_offered.connect(UndoKey(window=self).offer)
        self.transcript.left.connect(self.focus_composer)
        self.transcript.typed.connect(self._type)

    def set_theme(self, theme: Theme) -> None:
        """Paint every part in another theme; the transcript and the model picker are told by whoever made them."""
        for part in (self.sidebar, self.header, self.composer, self.banner):
            part.set_theme(theme)

    def show_session(self, title: str, *, session_id: str) -> None:
        """Show which session is open: its title above, its row at the side; an empty id is a session not stored yet."""
        self._title = title
        self._show_title()
        self.header.set_title(title, session_id=session_id)
        self.sidebar.set_open(session_id)
        self._open_id = session_id
        self._on_target_changed()

    def show_page(self, page: QWidget | None) -> None:
        """Show `page` in the place of header and transcript, or these again for None."""
        if page is not None and self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
        self._pages.setCurrentWidget(page or self._chat)

    @Slot(str)
    def show_saving(self, trouble: str) -> None:
        """Say below the composer that the text cannot be saved at the moment, and why; "" when all is well."""
        self.footer.setText(trouble or self._stored())
        self.footer.setProperty("muted", not trouble)
        self.footer.setProperty("warn", bool(trouble))
        self.footer.style().unpolish(self.footer)
        self.footer.style().polish(self.footer)
        if trouble:
            self.footer.show()

    def show_demo(self) -> None:
        """Say that everything here is made up: in the title and below the message box."""
        self._demo = _("Demo: answers are written beforehand")
        self._show_title()
        self.footer.setText(self._stored())

    def _show_title(self) -> None:
        name = _("Demo – Sobremesa") if self._demo else "Sobremesa"  # Qt adds the name to a title not ending in it
        self.setWindowTitle(f"{self._title} – {name}" if self._title and not self._covered else name)

    def set_covered(self, covered: bool) -> None:
        """Hide all that is in the window, its menus and its title too, while it is locked.

        What is in it leaves it (10 ms): rows of a list that is hidden tell assistive technology that they are seen.
        """
        self.menuBar().setVisible(not covered)
        self.menuBar().setEnabled(not covered)
        if covered and not self._covered:
            self._side.setParent(self._away)
        elif self._covered and not covered:
            self._whole.addWidget(self._side)
            self._side.show()
        self._centre.setVisible(not covered)
        self._covered = covered
        self._show_title()

    @Slot(str)
    def show_saved(self, words: str) -> None:
        """Say below the composer how fresh what is on the disk is; trouble that is said there stays."""
        self._saved = words
        if not self.footer.property("warn"):
            self.footer.setText(self._stored())

    def _stored(self) -> str:
        return " · ".join(filter(None, (self._demo, _("Stored on this computer only"), self._saved)))

    @Slot()
    def focus_composer(self) -> None:
        """Give the keyboard to the composer."""
        self.composer.input.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _step_message(self, by: int) -> None:
        key = Qt.Key.Key_Down if by > 0 else Qt.Key.Key_Up
        self.transcript.press(key, Qt.KeyboardModifier.AltModifier)

    @Slot(int)
    def _turn_page(self, by: int) -> None:
        self.transcript.press(Qt.Key.Key_PageDown if by > 0 else Qt.Key.Key_PageUp)

    @Slot(str)
    def _type(self, text: str) -> None:
        """Go on writing the message, whatever had the keyboard."""
        self.focus_composer()
        self.composer.input.insertPlainText(text)

    @Slot()
    def raise_to_front(self) -> None:
        """Come up, as when the program is started a second time."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        for dialog in self.findChildren(QDialog):
            if dialog.isVisible():  # not every desktop keeps it above its window
                dialog.raise_()
                dialog.activateWindow()

    def place(self) -> str:
        """Return size and place of the window as text, for the settings."""
        return bytes(self.saveGeometry().toBase64().data()).decode("ascii")

    def take_place(self, place: str) -> None:
        """Take up a size and place that `place` returned; anything else changes nothing."""
        if place:
            self.restoreGeometry(QByteArray.fromBase64(place.encode("ascii", "replace")))

    def close_now(self) -> None:
        """Close without asking."""
        self._closing = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._closing:
            event.accept()
        else:
            event.ignore()
            self.close_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        em = self.fontMetrics().height()
        self._set_narrow(self.width() < _NARROW_EM * em)
        self.footer.setVisible(self.height() >= _LOW_EM * em or bool(self.footer.property("warn")))
        self.composer.set_room(round(self.height() * _COMPOSER_SHARE))

    def _set_narrow(self, narrow: bool) -> None:
        """Give the text the sidebar's room while there is little of it; F9 still shows it."""
        if narrow != self._narrow:
            self._narrow = narrow
            shown = self.commands.show_sidebar
            if narrow and shown.isChecked():
                self._tucked = True
                shown.setChecked(False)
            elif not narrow and self._tucked:
                self._tucked = False
                shown.setChecked(True)

    @Slot(bool)
    def _set_full_screen(self, full: bool) -> None:
        self.showFullScreen() if full else self.showNormal()

    @Slot()
    def _focus_list(self) -> None:
        self.commands.show_sidebar.setChecked(True)
        self.sidebar.focus_list()

    @Slot()
    def _focus_filter(self) -> None:
        self.commands.show_sidebar.setChecked(True)
        self.sidebar.focus_search()

    def target_ids(self) -> tuple[str, ...]:
        """Return the sessions that a command means."""
        return self.sidebar.target_ids() or tuple(filter(None, (self._open_id,)))

    @Slot()
    def _on_target_changed(self) -> None:
        ids = self.target_ids()
        self.commands.set_session_open(bool(ids), count=len(ids))
        self.targets_changed.emit()

    @Slot()
    def _rename(self) -> None:
        """Rename where the person is looking: in the list while it has the keyboard, else in the header."""
        if targets := self.sidebar.target_ids():
            self.sidebar.view.rename(targets[0])
        else:
            self.header.edit_title()


def _centred(widget: QWidget) -> QHBoxLayout:
    """Lay a widget out in the middle, as wide as the composer at most."""
    widget.setMaximumWidth(WIDTH)
    row = QHBoxLayout()
    row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
    row.addStretch(1)
    row.addWidget(widget, 1000)
    row.addStretch(1)
    return row
