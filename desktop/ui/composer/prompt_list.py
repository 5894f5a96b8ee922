"""The prompts that a "/" in an empty message offers: narrowed while one types, put in its place with Enter.

The caret stays in the message, so that a "/" that is meant as one costs nothing: what fits no name hides the list, and
Escape leaves the text as it is until the message is empty again.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFont,
    QKeyEvent,
    QPainter,
    QPalette,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from desktop.domain.saved_prompts import Prompt, matching
from desktop.i18n import _
from desktop.presenters.prompts import PROMPT_ROLE, PromptListModel
from desktop.ui.composer.composer import Composer
from desktop.ui.theme import scaled_font

SIGN = "/"
ROWS_SHOWN = 7
_PAD = 12
_GAP = 6
_PREVIEW = 200
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS_SHOWN, Qt.Key.Key_PageUp: -ROWS_SHOWN}
_CHOOSE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)


class PromptDelegate(QStyledItemDelegate):
    """A row: the name, and how the text begins."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(100, option.fontMetrics.height() + 14)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        prompt: Prompt = index.data(PROMPT_ROLE)
        palette = option.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(option.rect.adjusted(0, 1, 0, -1), 8, 8)
        rect = option.rect.adjusted(_PAD, 0, -_PAD, 0)
        cut = Qt.TextElideMode.ElideRight
        side = Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading
        painter.setFont(scaled_font(option.font, 1.0, weight=QFont.Weight.DemiBold))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        name = painter.fontMetrics().elidedText(prompt.name, cut, rect.width() * 3 // 5)
        painter.drawText(rect, side, name)
        used = painter.fontMetrics().horizontalAdvance(name) + _PAD
        is_forward = option.direction == Qt.LayoutDirection.LeftToRight
        rect = rect.adjusted(used, 0, 0, 0) if is_forward else rect.adjusted(0, 0, -used, 0)
        painter.setFont(scaled_font(option.font, 0.93))
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        begins = " ".join(prompt.text[:_PREVIEW].split())
        painter.drawText(rect, side, painter.fontMetrics().elidedText(begins, cut, rect.width()))
        painter.restore()


class PromptList(QFrame):
    """`PromptList(composer=…, prompts=…)`: stands beside the composer in its parent; `prompts()` says what is kept."""

    chosen = Signal(object)
    """The `Prompt` that was put into the message."""

    def __init__(self, *, composer: Composer, prompts: Callable[[], Sequence[Prompt]]) -> None:
        super().__init__(composer.parentWidget())
        self.setObjectName("promptList")
        self._composer = composer
        self._input = composer.input
        self._prompts = prompts
        self._offered = False
        self._was_empty = self._input.document().isEmpty()
        self.model = PromptListModel(parent=self)
        self.rows = QListView()
        self.rows.setObjectName("promptRows")
        self.rows.setAccessibleName(_("Prompts"))
        self.rows.setModel(self.model)
        self.rows.setItemDelegate(PromptDelegate(self.rows))
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows.setMouseTracking(True)
        self.rows.setUniformItemSizes(True)
        self.rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(_GAP, _GAP, _GAP, _GAP)
        column.addWidget(self.rows)
        self.hide()
        self.rows.entered.connect(self.rows.setCurrentIndex)
        self.rows.clicked.connect(self._choose)
        self._input.installEventFilter(self)
        self._input.textChanged.connect(self._on_text_changed)
        self._input.focus_changed.connect(self._on_focus_changed)
        composer.replaced.connect(self._on_replaced)
        composer.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that move in the list work while the caret is in the message; the list stays above the composer."""
        if watched is self._composer:
            if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
                self._place()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.isVisible():
            return self._take_key(event)
        return False

    def _take_key(self, event: QKeyEvent) -> bool:
        keypad = Qt.KeyboardModifier.KeypadModifier
        if self._input.composing or event.modifiers() & ~keypad:
            return False
        key = Qt.Key(event.key())
        if key in _CHOOSE:
            self._choose(self.rows.currentIndex())
        elif key in _STEPS:
            last = self.model.rowCount() - 1
            self._go_to(max(0, min(last, self.rows.currentIndex().row() + _STEPS[key])))
        elif key == Qt.Key.Key_Escape:
            self._withdraw()
        else:
            return False
        return True

    @Slot()
    def _on_text_changed(self) -> None:
        text = self._first_line()
        if self._was_empty and text == SIGN:
            self._offered = True
        self._was_empty = not text
        self._offered = self._offered and text.startswith(SIGN)
        found = matching(self._prompts(), text[1:]) if self._offered else ()
        self.model.show(found)
        if found:
            self._go_to(0)
            self._place()
            self.show()
            self.raise_()
        else:
            self.hide()

    def _first_line(self) -> str:
        """Return what is written, as far as it could be a name."""
        document = self._input.document()
        return document.firstBlock().text() if document.blockCount() == 1 else "\n"

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        prompt: Prompt | None = index.data(PROMPT_ROLE)
        self._withdraw()
        if prompt is not None:
            cursor = self._input.textCursor()
            cursor.select(QTextCursor.SelectionType.Document)
            self._input.setTextCursor(cursor)
            self._composer.insert_prompt(prompt.text)
            self.chosen.emit(prompt)

    def _go_to(self, row: int) -> None:
        index = self.model.index(row)
        self.rows.setCurrentIndex(index)
        self.rows.scrollTo(index)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._input, str(index.data() or "")))

    def _place(self) -> None:
        """Stand right above the composer, as wide as it is, as high as its rows or the room there."""
        corner = self._composer.pos()
        inner = 2 * (_GAP + 2)  # the margins, and the frame of the style sheet
        rows = min(self.model.rowCount(), ROWS_SHOWN)
        height = min(rows * self.rows.sizeHintForRow(0) + inner, max(0, corner.y() - 2 * _GAP))
        self.setGeometry(QRect(corner.x(), corner.y() - height - _GAP, self._composer.width(), height))

    @Slot()
    def _on_focus_changed(self) -> None:
        if not self._input.hasFocus():
            self._withdraw()

    @Slot()
    def _on_replaced(self) -> None:
        self._withdraw()
        self._was_empty = self._input.document().isEmpty()

    def _withdraw(self) -> None:
        self._offered = False
        self.hide()
