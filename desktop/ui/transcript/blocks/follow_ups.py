"""Questions that a model suggested below the last answer: a click asks one, with Shift it is only put to be changed.

They are foreign words: painted as they are, and never a button's text, in which `&` would make a shortcut.
"""

from html import escape

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from desktop.i18n import _
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.button import Dress, TextButton
from desktop.ui.transcript.cards import FollowUp
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.style import Style

_GAP_PX = 8
_SHIFT = Qt.KeyboardModifier.ShiftModifier


class Chip(TextButton):
    """One question, cut where there is no room for all of it."""

    pressed_with = Signal(bool)
    """Whether Shift was held."""

    def __init__(self, *, style: Style, parent: QWidget) -> None:
        super().__init__("", style=style, parent=parent, dress=Dress.OUTLINED)
        self.setObjectName("followUp")
        self._words = ""
        self._shifted = False
        self.clicked.connect(self._on_clicked)

    def text(self) -> str:
        """Return what is painted."""
        return self._words

    def show_question(self, question: str, width: int) -> None:
        """Show a question in at most `width` pixels."""
        face = self._face()
        room = max(40, width - 2 * self._style.px(13) - 2)
        self._words = face.metrics.elidedText(question, Qt.TextElideMode.ElideRight, room)
        self.setAccessibleName(_("Ask: {question}").format(question=question))
        self.setToolTip("" if self._words == question else f"<qt>{escape(question)}</qt>")
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._shifted = bool(event.modifiers() & _SHIFT)
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._shifted = bool(event.modifiers() & _SHIFT)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _on_clicked(self) -> None:
        self.pressed_with.emit(self._shifted)


class FollowUpsBlock(BlockWidget):
    """The questions one beside the other, as many in a line as there is room for."""

    def __init__(self, *, style: Style, parent: QWidget) -> None:
        super().__init__(style=style, parent=parent)
        self._chips: list[Chip] = []

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        questions, gap = item.follow_ups, self.style_.px(_GAP_PX)
        while len(self._chips) < len(questions):
            self._chips.append(self._make_chip(len(self._chips)))
        left, top = self._inset[0], self._inset[1]
        x = y = row = 0
        for number, chip in enumerate(self._chips):
            chip.setVisible(number < len(questions))
            if number >= len(questions):
                continue
            chip.set_style(self.style_)
            chip.show_question(questions[number], width)
            size = chip.sizeHint()
            if x and x + size.width() > width:
                x, y = 0, y + row + gap
            chip.setGeometry(left + x, top + y, min(size.width(), width), size.height())
            x, row = x + size.width() + gap, size.height()
        self.setAccessibleName(_("Suggested questions"))
        return y + row

    def _make_chip(self, number: int) -> Chip:
        chip = Chip(style=self.style_, parent=self)
        chip.pressed_with.connect(lambda shifted: self._ask(number, only_put=shifted))
        return chip

    def _ask(self, number: int, *, only_put: bool) -> None:
        if self.item is not None and number < len(self.item.follow_ups):
            self.acted.emit(FollowUp(self.item.follow_ups[number], only_put), self.item)

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:
        """Paint nothing: the chips do."""
