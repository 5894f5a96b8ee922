"""The page that covers the whole window until the right words are given: a lock on the window, not encryption."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import Shiboken

from desktop.i18n import _, ngettext
from desktop.presenters.lock import LockPresenter
from desktop.ui.icons import pixmap
from desktop.ui.parts import button, heading, label
from desktop.ui.theme import Theme
from desktop.ui.window import MainWindow

WIDTH_EM = 24
_PASSING = (Qt.WindowType.Popup, Qt.WindowType.ToolTip, Qt.WindowType.SplashScreen)
"""Windows that close by themselves: nobody misses them."""


class LockPage(QWidget):
    """`LockPage(presenter=…, theme=…, window=…)` is shown over `window` while the presenter says that it is locked."""

    others_wanted = Signal()
    """Another profile is wanted."""

    def __init__(self, *, presenter: LockPresenter, theme: Theme, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("lockPage")
        self.setAccessibleName(_("Locked"))
        self.setAutoFillBackground(True)
        self._presenter = presenter
        self._theme = theme
        self._window = window
        self._hidden: list[QWidget] = []
        self._coming: list[QWidget] = []
        self._groups: list[QActionGroup] = []
        self._commands = QActionGroup(self)
        """Commands of no other group: one that is disabled keeps what each would be by itself. They stay in it, since
        an action that leaves a group belongs to Python (PySide 6.11), and ends with it."""
        self._commands.setExclusionPolicy(QActionGroup.ExclusionPolicy.None_)
        self._focus: QWidget | None = None
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._title = heading("", 1.3)
        self._title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.field = QLineEdit()
        self.field.setObjectName("passphrase")
        self.field.setAccessibleName(_("Passphrase"))
        self.field.setPlaceholderText(_("Passphrase"))
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhNoAutoUppercase
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhSensitiveData
        )
        self.trouble = label(mark="warn")
        self.trouble.setObjectName("lockTrouble")
        self.trouble.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.unlock = button(_("Unlock"), mark="primary", clicked=self._try)
        self.unlock.setObjectName("unlock")
        self.others = button(_("Other profile…"), clicked=self.others_wanted.emit)
        self.others.setObjectName("otherProfile")
        self.back = button(_("Cancel"), clicked=presenter.cancel)
        self.back.setObjectName("lockBack")
        self._truth = label(
            _("This locks the window, it does not encrypt: whoever can read the data folder can read your sessions."),
            mark="muted",
        )
        self._truth.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._lay_out()
        self.hide()
        self.field.returnPressed.connect(self._try)
        presenter.locked.connect(self._on_locked)
        presenter.refused.connect(self._on_refused)
        presenter.waiting.connect(self._on_waiting)
        window.installEventFilter(self)
        self.set_theme(theme)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(12)
        for widget in (self._icon, self._title, self.field, self.trouble):
            column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.others)
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.unlock)
        column.addLayout(row)
        column.addSpacing(12)
        column.addWidget(self._truth)
        middle = QWidget()
        middle.setLayout(column)
        middle.setFixedWidth(WIDTH_EM * self.fontMetrics().height())
        outer = QHBoxLayout(self)
        outer.addStretch(1)
        outer.addWidget(middle, 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addStretch(1)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self._icon.setPixmap(pixmap("lock", theme.muted, 32, self.devicePixelRatioF()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        QPainter(self).fillRect(self.rect(), self._theme.colour("bg"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._presenter.cancel()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the window, let no shortcut through, and nothing be shown above the page."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
        if self.isHidden():
            return False
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and self._is_foreign(watched):
            watched.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)  # it cannot be hidden while it is being shown
            self._coming.append(watched)
            QTimer.singleShot(0, self._put_away)
        return event.type() == QEvent.Type.Shortcut

    def _is_foreign(self, widget: QWidget) -> bool:
        """Whether a widget is a window of ours that is neither the locked one nor opened from the page."""
        return widget.isWindow() and widget is not self._window and not self._is_mine(widget)

    def _is_mine(self, child: QObject) -> bool:
        above: QObject | None = child
        while above is not None and above != self:
            above = above.parent()
        return above is not None

    @Slot()
    def _put_away(self) -> None:
        """Hide what would have come above the page, until the window is open."""
        coming, self._coming = self._coming, []
        for widget in coming:
            if Shiboken.isValid(widget):
                self._hide(widget)
                widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, on=False)

    def _hide(self, widget: QWidget) -> None:
        if widget.windowType() in _PASSING:
            widget.close()
        elif widget.isVisible():
            self._hidden.append(widget)
            widget.hide()

    @Slot()
    def uncover(self) -> None:
        """Show the window again as it was left, with what was open above it."""
        if self.isHidden():
            return
        app = QApplication.instance()
        assert app is not None
        app.removeEventFilter(self)
        self._window.installEventFilter(self)
        self._put_away()
        self.field.clear()
        self.hide()
        self._window.set_covered(False)
        self._commands.setEnabled(True)
        for group in self._groups:
            if Shiboken.isValid(group):
                group.setEnabled(True)
        self._groups = []
        hidden, self._hidden = self._hidden, []
        hidden = [dialog for dialog in hidden if Shiboken.isValid(dialog)]
        for dialog in hidden:
            dialog.show()
        focus, self._focus = self._focus, None
        if hidden:
            return
        if focus is not None and Shiboken.isValid(focus) and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._window.focus_composer()

    def forget(self) -> None:
        """Close for good what was open above the window: it is another profile's."""
        hidden, self._hidden, self._focus = self._hidden, [], None
        for dialog in hidden:
            if Shiboken.isValid(dialog):
                dialog.close()

    @Slot()
    def _on_locked(self) -> None:
        wanted = self._presenter.wanted
        name = wanted.name if wanted is not None else ""
        self._title.setText(_("{name} is locked").format(name=name) if name else _("Locked"))
        self.others.setVisible(not self._presenter.can_cancel)
        self.others.setEnabled(wanted is not None)
        self.back.setVisible(self._presenter.can_cancel)
        self.trouble.setText("")
        self.field.clear()
        if self.isHidden():
            self._cover()
        self._disable_commands()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cover(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self._focus = app.focusWidget()
        for widget in app.topLevelWidgets():
            if widget.isVisible() and self._is_foreign(widget):
                self._hide(widget)
        app.installEventFilter(self)
        self._window.set_covered(True)
        for widget in self._window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if widget.isVisible() and not widget.isWindow():
                widget.close()  # what lies over the window for a moment, as the palette does
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()

    def _disable_commands(self) -> None:
        """Let no command be given but to quit; also none that has come since the window was locked."""
        for action in self._window.findChildren(QAction):
            if action is self._window.commands.quit or self._is_mine(action):
                continue
            group: QActionGroup | None = action.actionGroup()
            if group is None:
                self._commands.addAction(action)
            elif group is not self._commands and group not in self._groups and group.isEnabled():
                self._groups.append(group)
                group.setEnabled(False)
        self._commands.setEnabled(False)

    @Slot()
    def _try(self) -> None:
        if self.field.text():
            self.trouble.setText("")
            self._presenter.try_open(self.field.text())

    @Slot(str)
    def _on_refused(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _on_waiting(self, seconds: int) -> None:
        was_closed = not self.field.isEnabled()
        self.field.setEnabled(not seconds)
        self.unlock.setEnabled(not seconds)
        if seconds:
            words = ngettext("Wrong too often: wait {count} second.", "Wrong too often: wait {count} seconds.", seconds)
            self.trouble.setText(words.format(count=seconds))
        elif was_closed:
            self.trouble.setText("")
            self.field.selectAll()
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
