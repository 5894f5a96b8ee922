"""The card under a message whose run did not simply end: the provider's own words, and what can be done."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.button import Dress, TextButton
from desktop.ui.transcript.blocks.flow import TextFlow
from desktop.ui.transcript.cards import Action, Card, card_of, label_of
from desktop.ui.transcript.parts import Part
from desktop.ui.transcript.style import Style

_WORDS_CHARS = 2_000


class CardBlock(BlockWidget):
    """Title, sentence, the provider's words in a box, buttons."""

    def __init__(self, *, style: Style, parent: QWidget) -> None:
        super().__init__(style=style, parent=parent)
        self._card: Card | None = None
        self._title = self._sentence = self._words = TextFlow(style.text)
        self._words_top = 0.0
        self._buttons: list[TextButton] = []
        self._actions: tuple[Action, ...] = ()

    def lay_out(self, part: Part, item: TranscriptItem, width: int) -> int:  # noqa: ARG002
        card = card_of(item)
        if card is None:
            self._card = None
            return 0
        style, px = self.style_, self.style_.px
        inner = width - 2 * px(17)
        self._card = card
        self._title, self._sentence, self._words = TextFlow(style.bold), TextFlow(style.text), TextFlow(style.code)
        self._title.lay_out(card.title, (), inner)
        y = px(13) + self._title.height
        if card.sentence:
            self._sentence.lay_out(card.sentence, (), inner)
            y += px(2) + self._sentence.height
        if card.words:
            self._words.lay_out(card.words[:_WORDS_CHARS], (), inner - 2 * px(10))
            self._words_top = y + px(8)
            y = self._words_top + self._words.height + px(12)
        y = self._place_buttons(card, px(17), round(y + px(8 if card.actions else 0)), width)
        self.setAccessibleName(" ".join(filter(None, (card.title, card.sentence, card.words[:_WORDS_CHARS]))))
        return round(y + px(13))

    def _place_buttons(self, card: Card, left: int, top: int, width: int) -> int:
        if self._actions != card.actions:
            for button in self._buttons:
                button.hide()
                button.deleteLater()
            self._actions = card.actions
            self._buttons = [self._make_button(action, first=not n) for n, action in enumerate(card.actions)]
        base_left, base_top, _right, _bottom = self._inset
        x = left
        height = 0
        for button in self._buttons:
            button.set_style(self.style_)
            size = button.sizeHint()
            if x + size.width() > width - left and x > left:
                x = left
                top += size.height() + self.style_.px(6)
            button.setGeometry(base_left + x, base_top + top, size.width(), size.height())
            x += size.width() + self.style_.px(10)
            height = size.height()
        return top + height

    def _make_button(self, action: Action, *, first: bool) -> TextButton:
        dress = Dress.PRIMARY if first else Dress.OUTLINED
        button = TextButton(label_of(action), style=self.style_, parent=self, dress=dress)
        button.setObjectName(action.value)
        button.clicked.connect(lambda _checked=False: self.acted.emit(action, self.item))
        button.show()
        return button

    def paint_content(self, painter: QPainter, rect: QRectF, clip: QRectF) -> None:
        if self._card is None:
            return
        style, px = self.style_, self.style_.px
        painter.setPen(QPen(style.colour("warn" if self._card.warns else "line"), 1))
        painter.setBrush(style.colour("card"))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), px(14), px(14))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x, y = rect.left() + px(17), rect.top() + px(13)
        painter.setPen(style.colour("ink"))
        self._title.paint(painter, QPointF(x, y), clip)
        if self._card.sentence:
            self._sentence.paint(painter, QPointF(x, y + self._title.height + px(2)), clip)
        if self._card.words:
            top = rect.top() + self._words_top
            box = QRectF(x, top, rect.width() - 2 * px(17), self._words.height + px(12))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(style.colour("code"))
            painter.drawRoundedRect(box, px(8), px(8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(style.colour("muted"))
            self._words.paint(painter, QPointF(box.left() + px(10), top + px(6)), clip)
