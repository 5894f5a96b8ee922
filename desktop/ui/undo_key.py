"""Whose the key of Undo is: a text field takes it before any command, which is wrong while the banner offers Undo."""

from PySide6.QtCore import QEvent, QObject, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget


class UndoKey(QObject):
    """While `offer(True)` holds, the key goes to the command, past whatever text of the window has the keyboard."""

    def __init__(self, *, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._offered = False

    @Slot(bool)
    def offer(self, offered: bool) -> None:
        """Take the key away from texts, or give it back."""
        if offered == self._offered:
            return
        self._offered = offered
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        if offered:
            app.focusChanged.connect(self._on_focus_changed)
            self._on_focus_changed(None, QApplication.focusWidget())
        else:
            app.focusChanged.disconnect(self._on_focus_changed)
            self._on_focus_changed(QApplication.focusWidget(), None)

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        # On what has the keyboard alone: a filter of the whole program would run for every event there is.
        if old is not None:
            old.removeEventFilter(self)
        if new is not None and new.window() is self._window:
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._offered and event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if event.matches(QKeySequence.StandardKey.Undo):
                event.ignore()
                return True
        return super().eventFilter(watched, event)
