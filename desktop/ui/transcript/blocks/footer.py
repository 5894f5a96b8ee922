"""The line under a message: versions and actions on the left, tokens, cost and times on the right.

The actions are always there for the keyboard; the eye sees them while the pointer or the focus is on the message, in a
place that is reserved, so that nothing jumps.
"""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.i18n import _
from desktop.presenters.figures import clock_text, cost_text, count_text, decimal_text, moment_text
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.button import TextButton
from desktop.ui.transcript.blocks.menu import open_menu
from desktop.ui.transcript.cards import Action, actions_of, entries_of, label_of, more_of
from desktop.ui.transcript.origins import origin_of
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.style import Style

_ICONS = {
    Action.PREVIOUS: "chevron-left",
    Action.NEXT: "chevron-right",
    Action.COPY: "copy",
    Action.QUOTE: "quote",
    Action.EDIT: "edit",
    Action.RETRY: "retry",
    Action.BRANCH: "branch",
    Action.MORE: "more",
}
_VERSIONS = frozenset({Action.PREVIOUS, Action.NEXT})
_WORDLESS = _VERSIONS | {Action.MORE}


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
            input=count_text(usage.input_tokens), output=count_text(usage.output_tokens)
        )
        found.append(about + counts)
    if usage is not None:
        about = "≈ " if usage.estimated and message.cost else ""
        found.append(about + cost_text(message.cost))
    if message.response_time_ms is not None:
        found.append(_("{seconds} s").format(seconds=decimal_text(message.response_time_ms / 1000, 1)))
    return " · ".join(found)


class FooterBlock(BlockWidget):
    """Versions, actions, numbers."""

    def __init__(self, *, style: Style, parent: QWidget) -> None:
        super().__init__(style=style, parent=parent)
        self._buttons: dict[Action, TextButton] = {}
        for action, icon in _ICONS.items():
            button = TextButton("", style=style, parent=self, icon=icon)
            button.setAccessibleName(label_of(action))
            button.setObjectName(action.value)
            button.clicked.connect(lambda _checked=False, action=action: self._act(action))
            self._buttons[action] = button
        self._numbers_left = self._versions_right = 0
        self._versions_rect = QRectF()
        self._active = False

    def _act(self, action: Action) -> None:
        if action is not Action.MORE or self.item is None:
            self.acted.emit(action, self.item)
            return
        button = self._buttons[action]
        entries = entries_of(more_of(self.item), self.item, self.acted.emit)
        menu = open_menu(self, button.mapToGlobal(button.rect().bottomLeft()), entries)
        menu.setObjectName("moreMenu")
        if button.hasFocus() and menu.actions():
            menu.setActiveAction(menu.actions()[0])

    def set_active(self, active: bool) -> None:
        """Show the actions to the eye, or only to the keyboard."""
        if active != self._active:
            self._active = active
            self._fade()
            self.update()

    def button(self, action: Action) -> TextButton:
        """Return the button of an action."""
        return self._buttons[action]

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        style, message = self.style_, item.message
        height = style.px(18 if item.is_user else 22)
        usable = actions_of(item)
        several = Action.NEXT in usable
        for action, button in self._buttons.items():
            button.set_style(style)
            button.setVisible(action in usable)
        versions = round(style.small.metrics.horizontalAdvance(_versions(item))) + 1 if several else 0
        gap = style.px(6)
        sizes = self._sizes(usable, worded=True)
        used = sum(sizes.values()) + versions + gap * len(sizes)
        if used > width:
            sizes = self._sizes(usable, worded=False)
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
        shown = round(self._versions_rect.right()) + sizes[Action.NEXT] if several else 0
        self._versions_right = 0 if item.is_user else shown
        self._buttons[Action.PREVIOUS].setEnabled(message.version > 1)
        self._buttons[Action.NEXT].setEnabled(message.version < message.versions)
        self._fade()
        origin = origin_of(message) if item.is_user else ""
        spoken = filter(None, (origin, numbers_of(item), moment_text(message.created_at)))
        self.setAccessibleName(", ".join(spoken) or _("Actions"))
        return height

    def _sizes(self, usable: tuple[Action, ...], *, worded: bool) -> dict[Action, int]:
        """Give the buttons their words, or in a narrow place none; return their widths."""
        sizes = {}
        for action, button in self._buttons.items():
            if action in usable:
                button.setText(label_of(action) if worded and action not in _WORDLESS else "")
                button.setToolTip("" if button.text() else label_of(action))
                sizes[action] = button.sizeHint().width()
        return sizes

    def event(self, event: QEvent) -> bool:
        """Say when the message was written, to the second."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.item is not None:
            QToolTip.showText(event.globalPos(), moment_text(self.item.message.created_at), self)
            return True
        return super().event(event)

    def numbers(self) -> list[str]:
        """Return what stands on the right, as long as there is room: the time while the message is awake, numbers."""
        if self.item is None:
            return []
        found = numbers_of(self.item)
        time = clock_text(self.item.message.created_at) if self._is_awake() else ""
        # An answer has a line of its own for where it comes from, above it.
        origin = origin_of(self.item.message) if self.item.is_user else ""
        return [*filter(None, (time, origin, *found.split(" · ")))]

    def _is_awake(self) -> bool:
        return self._active or any(button.hasFocus() for button in self._buttons.values())

    def _fade(self) -> None:
        active = self._is_awake()
        for action, button in self._buttons.items():
            button.set_faded(not active and action not in _VERSIONS)

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:  # noqa: ARG002
        if self.item is None:
            return
        style = self.style_
        painter.setFont(style.small.font)
        painter.setPen(style.colour("muted"))
        if self.item.message.versions > 1 and not self.item.is_live:
            painter.drawText(self._versions_rect, Qt.AlignmentFlag.AlignCenter, _versions(self.item))
        taken = self._numbers_left if self._is_awake() else self._versions_right
        pieces = self.numbers()
        # What has no room goes, from the left: the time first, so that the numbers stay where they are.
        while len(pieces) > 1 and style.small.metrics.horizontalAdvance(" · ".join(pieces)) > rect.width() - taken:
            del pieces[0]
        text = style.small.metrics.elidedText(
            " · ".join(pieces), Qt.TextElideMode.ElideLeft, max(0.0, rect.width() - taken)
        )
        # The user's buttons stand on the right, below the bubble; the time is on their left.
        box = rect.adjusted(0, 0, -self._numbers_left - style.px(8), 0) if self.item.is_user else rect
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)


def _versions(item: TranscriptItem) -> str:
    return f"{item.message.version} / {item.message.versions}"
