"""The line under a message: versions and actions on the left, tokens, cost and time on the right.

The actions are always there for the keyboard; the eye sees them while the pointer or the focus is on the message, in a
place that is reserved, so that nothing jumps.
"""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from desktop.i18n import _
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.button import TextButton
from desktop.ui.transcript.cards import Action, card_of, label_of
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.style import Style

_ICONS = {
    Action.PREVIOUS: "chevron-left",
    Action.NEXT: "chevron-right",
    Action.COPY: "copy",
    Action.RETRY: "retry",
}


def numbers_of(item: TranscriptItem) -> str:
    """Return tokens, cost and time of an answer; "≈" where they are estimated, nothing where nothing was answered."""
    message = item.message
    if item.is_user or item.is_live or not item.has_text:
        return ""
    found = []
    usage = message.usage
    if usage is not None and (usage.input_tokens or usage.output_tokens):
        about = "≈ " if usage.estimated else ""
        counts = _("{input} → {output} tokens").format(
            input=f"{usage.input_tokens:,}", output=f"{usage.output_tokens:,}"
        )
        found.append(about + counts)
    if usage is not None and message.cost is None:
        found.append(_("cost unknown"))
    elif usage is not None and message.cost is not None:
        about = "≈ " if usage.estimated else ""
        found.append(about + (f"${message.cost:.4f}" if message.cost < 1 else f"${message.cost:.2f}"))
    if message.response_time_ms is not None:
        found.append(_("{seconds} s").format(seconds=f"{message.response_time_ms / 1000:.1f}"))
    return " · ".join(found)


class FooterBlock(BlockWidget):
    """Versions, actions, numbers."""

    def __init__(self, *, style: Style, parent: QWidget) -> None:
        super().__init__(style=style, parent=parent)
        self._buttons: dict[Action, TextButton] = {}
        for action, icon in _ICONS.items():
            text = "" if action in (Action.PREVIOUS, Action.NEXT) else label_of(action)
            button = TextButton(text, style=style, parent=self, icon=icon)
            button.setAccessibleName(label_of(action))
            button.setObjectName(action.value)
            button.clicked.connect(lambda _checked=False, action=action: self.acted.emit(action, self.item))
            self._buttons[action] = button
        self._numbers_left = 0
        self._versions_rect = QRectF()
        self._active = False

    def set_active(self, active: bool) -> None:
        """Show the actions to the eye, or only to the keyboard."""
        if active != self._active:
            self._active = active
            self._fade()

    def button(self, action: Action) -> TextButton:
        """Return the button of an action."""
        return self._buttons[action]

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        style, message = self.style_, item.message
        height = style.px(18 if item.is_user else 22)
        several = message.versions > 1 and not item.is_live
        usable = {
            Action.PREVIOUS: several,
            Action.NEXT: several,
            Action.COPY: item.has_text or item.is_live,
            Action.RETRY: not item.is_user and not item.is_live and card_of(item) is None,
        }
        for action, button in self._buttons.items():
            button.set_style(style)
            button.setVisible(usable[action])
        sizes = {action: button.sizeHint().width() for action, button in self._buttons.items() if usable[action]}
        versions = round(style.small.metrics.horizontalAdvance(_versions(item))) + 1 if several else 0
        gap = style.px(6)
        used = sum(sizes.values()) + versions + gap * len(sizes)
        x = self._inset[0] + (width - used if item.is_user else -4)
        for action, size in sizes.items():
            self._buttons[action].setGeometry(x, self._inset[1], size, height)
            x += size
            if action is Action.PREVIOUS:
                self._versions_rect = QRectF(x, self._inset[1], versions, height)
                x += versions
            else:
                x += gap
        self._numbers_left = used
        self._buttons[Action.PREVIOUS].setEnabled(message.version > 1)
        self._buttons[Action.NEXT].setEnabled(message.version < message.versions)
        self._fade()
        self.setAccessibleName(numbers_of(item) or _("Actions"))
        return height

    def _fade(self) -> None:
        active = self._active or any(button.hasFocus() for button in self._buttons.values())
        for action in (Action.COPY, Action.RETRY):
            self._buttons[action].set_faded(not active)

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:  # noqa: ARG002
        if self.item is None:
            return
        style = self.style_
        painter.setFont(style.small.font)
        painter.setPen(style.colour("muted"))
        if self.item.message.versions > 1 and not self.item.is_live:
            painter.drawText(self._versions_rect, Qt.AlignmentFlag.AlignCenter, _versions(self.item))
        room = rect.width() - self._numbers_left
        text = style.small.metrics.elidedText(numbers_of(self.item), Qt.TextElideMode.ElideLeft, room)
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def _versions(item: TranscriptItem) -> str:
    return f"{item.message.version} / {item.message.versions}"
