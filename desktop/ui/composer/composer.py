"""The card at the bottom: the message being written, the model it goes to, and Send or Stop in one place."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.ui.composer.meter import ContextMeter
from desktop.ui.composer.text_input import TextInput
from desktop.ui.icons import icon
from desktop.ui.theme import Theme, scaled_font

WIDTH = 740
_RADIUS = 14
_ICON = QSize(16, 16)
TURN_S = 0.4
"""How long Send takes no click after it took Stop's place: a hand that went for Stop is still on its way."""


class Composer(QWidget):
    """At most 740 px wide, centred by whoever lays it out.

    Escape stops the run while the caret is in the composer, since nothing else there takes the key.
    """

    submitted = Signal(str)
    """The text to send. It stays in the box until `clear` is called, so that a refusal loses nothing."""
    stop_requested = Signal()
    hint = Signal(str)
    """Why nothing was sent."""
    edited = Signal()
    """The text is another one; ask `text()` when it is wanted, since it may be long."""
    replaced = Signal()
    """Another text is shown that nobody wrote here."""

    def __init__(
        self,
        *,
        theme: Theme,
        model_picker: QWidget,
        now: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("composer")
        self.setAccessibleName(_("Composer"))
        self.setMaximumWidth(WIDTH)
        self._theme = theme
        self._allowed = True
        self._ready = True
        self._pending = False
        self._running = False
        self._zoom = 100
        self._now = now
        self._turned_at = -TURN_S

        self.input = TextInput()
        self.model_picker = model_picker
        self.meter = ContextMeter(theme=theme)
        self.send = self._button("send", _("Send"), _("Send the message"))
        self.stop = self._button("stop", _("Stop"), _("Stop writing"))
        self._buttons = QStackedLayout()  # one place, one width: nothing jumps when a run begins or ends
        self._buttons.addWidget(self.send)
        self._buttons.addWidget(self.stop)

        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(model_picker)
        row.addStretch(1)
        row.addWidget(self.meter)
        row.addLayout(self._buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 12, 12, 10)
        column.setSpacing(8)
        above = QHBoxLayout()
        above.setContentsMargins(7, 0, 0, 0)  # the text begins where that of the flat button below it does
        above.addWidget(self.input)
        column.addLayout(above)
        column.addLayout(row)

        self.input.submit_requested.connect(self._submit)
        self.input.escape_pressed.connect(self._escape)
        self.input.focus_changed.connect(self.update)
        self.input.textChanged.connect(self._on_text_changed)
        self.send.clicked.connect(self._submit)
        self.stop.clicked.connect(self._on_stop)
        self.set_theme(theme)
        self._refresh()

    def _button(self, name: str, text: str, spoken: str) -> QPushButton:
        button = _Button(text, is_late=self._is_late)
        button.setObjectName(name)
        button.setAccessibleName(spoken)
        button.setProperty("primary", True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIconSize(_ICON)
        return button

    def _is_late(self) -> bool:
        """Whether a click may be meant for the button that stood here a moment ago."""
        return not self._running and self._now() - self._turned_at < TURN_S

    def text(self) -> str:
        """Return what is written."""
        return self.input.text()

    @Slot(str)
    def set_text(self, text: str) -> None:
        """Show another text, as when a session with a draft is opened; this is not an edit."""
        if text != self.text():
            blocked = self.input.blockSignals(True)
            self.input.set_text(text)
            self.input.blockSignals(blocked)
        self._pending = False
        self._refresh()
        self.replaced.emit()

    @Slot(str)
    def insert_prompt(self, text: str) -> None:
        """Put a text that was kept where the caret is, as one step to undo, and go on writing behind it."""
        self.input.insert_text(text)
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def quote(self, markdown: str) -> None:
        """Put a quote where the caret is, on lines of its own, and go on writing below it."""
        cursor = self.input.textCursor()
        before = cursor.block().previous()
        lead = "\n\n" if cursor.positionInBlock() else "\n" if before.isValid() and before.text() else ""
        self.input.insert_text(f"{lead}{markdown}\n\n")
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def clear(self) -> None:
        """Empty the box after a message has been taken over."""
        self.set_text("")

    @Slot(bool)
    def set_running(self, running: bool) -> None:
        """Show Stop while the open session is being written in, else Send."""
        if running != self._running:
            had_focus = self.send.hasFocus() or self.stop.hasFocus()
            self._running = running
            self._turned_at = self._now()
            self._buttons.setCurrentWidget(self.stop if running else self.send)
            if had_focus:
                self.input.setFocus()
            self._refresh()

    @Slot(bool)
    def set_send_allowed(self, allowed: bool) -> None:
        """Whether anything may be sent at all: False in a database that cannot be written."""
        self._allowed = allowed
        self._refresh()

    @Slot(bool)
    def set_ready(self, ready: bool) -> None:
        """Whether a message can go out now. An Enter that came too early counts then, if the text is still the same."""
        self._ready = ready
        self._refresh()
        if ready and self._pending:
            self._pending = False
            self._submit()

    @Slot(int)
    def set_zoom(self, percent: int) -> None:
        """Show what is being written at a size in percent of the interface's, as the transcript shows what was."""
        if percent != self._zoom:
            self._zoom = percent
            self._fit_font()

    def set_room(self, pixels: int) -> None:
        """Leave the box no more than this height."""
        self.input.set_room(pixels)

    def _fit_font(self) -> None:
        self.input.setFont(scaled_font(self.font(), self._zoom / 100))

    @Slot(str)
    def set_meter(self, text: str) -> None:
        """Show how much of the context is used, as in "11.1k / 32k"; nothing where it is unknown."""
        self.meter.show_reading(text)

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.meter.set_theme(theme)
        self.stop.setIcon(icon("stop", theme.on_accent))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = "muted-line:30" if self.input.hasFocus() else "line"
        painter.setPen(QPen(self._theme.colour(line), 1))
        painter.setBrush(self._theme.colour("card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the whole card be the text's: what no control takes means the box."""
        self.input.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.meter.setFont(scaled_font(self.font(), 0.93))
            self._fit_font()

    @Slot()
    def _on_stop(self) -> None:
        """Stop, and take the keyboard: what comes next is the next message."""
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stop_requested.emit()

    @Slot()
    def _submit(self) -> None:
        if self._running and not self.input.is_blank():
            self.hint.emit(_("Still writing. Stop it first, or wait."))
        if self._allowed and not self._running and not self.input.is_blank():
            self._pending = not self._ready
            if self._ready:
                self.submitted.emit(self.text())

    @Slot()
    def _escape(self) -> None:
        if self._running:
            self.stop_requested.emit()

    @Slot()
    def _on_text_changed(self) -> None:
        self._pending = False
        self._refresh()
        self.edited.emit()

    def _refresh(self) -> None:
        can_send = self._allowed and self._ready and not self.input.is_blank()
        self.send.setEnabled(can_send)
        # Else a dead button swallows the click that means the box around it.
        self.send.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not can_send)


class _Button(QPushButton):
    """Takes no press of the mouse that comes too late; the keyboard is not affected."""

    def __init__(self, text: str, *, is_late: Callable[[], bool]) -> None:
        super().__init__(text)
        self._is_late = is_late

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._is_late():
            event.accept()
        else:
            super().mousePressEvent(event)
