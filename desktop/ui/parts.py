"""Small parts that pages and dialogs are made of, each plain text only: foreign words never become rich text."""

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, QPointF, QRect, QSize, Qt, Slot
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.ui import icons
from desktop.ui.theme import scaled_font


def remark(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and have the widget dressed anew."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def label(text: str = "", *, mark: str = "", wrap: bool = True, selectable: bool = False) -> QLabel:
    """Return a label of plain text; `mark` is a property of the style sheet: muted, warn or ok."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if mark:
        made.setProperty(mark, True)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


def fit_height(dialog: QDialog) -> None:
    """Make a dialog as high as its wrapped texts need: Qt alone stops at two thirds of the screen."""
    layout = dialog.layout()
    if layout is not None and layout.hasHeightForWidth():
        most = dialog.screen().availableGeometry().height() - 40
        dialog.setMinimumHeight(min(layout.totalHeightForWidth(dialog.width()), most))


def heading(text: str, factor: float = 1.2, weight: QFont.Weight = QFont.Weight.DemiBold) -> QLabel:
    """Return a label at `factor` of the interface's text size."""
    made = label(text)
    made.setFont(scaled_font(made.font(), factor, weight=weight))
    return made


def rule() -> QFrame:
    """Return a line from side to side."""
    made = QFrame()
    made.setObjectName("line")
    made.setFixedHeight(1)
    return made


def fitting_size(dialog: QDialog, width: int, height: int) -> QSize:
    """Return a size given for the usual text size: more for larger letters, never more than the screen."""
    scale = dialog.fontMetrics().height() / 17
    screen = QGuiApplication.primaryScreen().availableGeometry().size()
    return QSize(round(width * scale), round(height * scale)).boundedTo(screen * 0.92)


def button(text: str, *, mark: str = "", clicked: Callable[[], object] | None = None) -> QPushButton:
    """Return a button; `mark` is primary, link or pill. `&` in the text is a character, not a shortcut."""
    made = QPushButton(text.replace("&", "&&"))
    made.setAccessibleName(text)
    made.setAutoDefault(False)
    if mark:
        made.setProperty(mark, True)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


class Lines(QPlainTextEdit):
    """A field for a few lines of text, in which Tab goes on to the next field."""

    def __init__(self, text: str = "", *, lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._lines = lines
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Escape to the dialog."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)

    def _fit(self) -> None:
        margins = self.contentsMargins()
        extra = 2 * int(self.document().documentMargin()) + margins.top() + margins.bottom() + 14
        self.setFixedHeight(self._lines * self.fontMetrics().lineSpacing() + extra)


class Framed(QPlainTextEdit):
    """Foreign text in a frame: plain, selectable, and broken anywhere, so that none of it is hidden at the edge."""

    MOST_LINES = 8

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("quote", True)
        self.setReadOnly(True)
        self.setAccessibleName(text)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the text is at this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # A plain text document measures its height in lines.
        lines = max(1, round(self.document().size().height()))
        if lines > self.MOST_LINES:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        shown = min(lines, self.MOST_LINES)
        self.setFixedHeight(shown * self.fontMetrics().lineSpacing() + 2 * int(self.document().documentMargin()) + 12)


class Elided(QLabel):
    """One line of plain text that is cut at its end where there is no room; the whole of it is its tool tip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_text(self, text: str) -> None:
        """Show `text`; line breaks become spaces."""
        self.setText(" ".join(text.split()))
        # Tool tips guess whether a text is HTML, and would load what it names.
        self.setToolTip(f"<qt>{escape(text)}</qt>" if text else "")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
        painter.end()


class Paragraph(QWidget):
    """Text to read: wrapped, with more room between its lines than a label gives."""

    LEADING = 1.4

    def __init__(self, text: str = "", *, muted: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._role = QPalette.ColorRole.PlaceholderText if muted else QPalette.ColorRole.WindowText
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def text(self) -> str:
        """Return what is shown."""
        return self._text

    def setText(self, text: str) -> None:
        """Show another text."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        return self._lines(width) * self._line_height()

    def sizeHint(self) -> QSize:
        width = 24 * self.fontMetrics().height()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(6 * self.fontMetrics().height(), self._line_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self._role))
        layout, height = self._laid_out(self.width()), self._line_height()
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            line.setPosition(QPointF(0, number * height + (height - line.height()) / 2))
        layout.draw(painter, QPointF(0, 0))
        painter.end()

    def _line_height(self) -> int:
        return round(self.fontMetrics().lineSpacing() * self.LEADING)

    def _lines(self, width: int) -> int:
        return max(1, self._laid_out(width).lineCount())

    def _laid_out(self, width: int) -> QTextLayout:
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(self.layoutDirection())
        layout = QTextLayout(self._text.replace("\n", "\u2028"), self.font())
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
        layout.endLayout()
        return layout


class Choice(QComboBox):
    """A combo box with our own arrow: the style sheet cannot colour one."""

    ARROW = 14

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("choice", True)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        place = QRect(0, 0, self.ARROW, self.ARROW)
        right = self.width() - self.ARROW // 2 - 9
        place.moveCenter(QPoint(right if self.isLeftToRight() else self.width() - right, self.height() // 2))
        icons.paint(painter, "chevron-down", self.palette().color(QPalette.ColorRole.PlaceholderText).name(), place)
        painter.end()


class Rows(QWidget):
    """One widget per row of a model, one below the other, for lists short enough to be real widgets.

    `make()` builds a widget for a row and `show(widget, index)` fills it, again whenever the row changes.
    """

    def __init__(
        self,
        *,
        model: QAbstractItemModel,
        make: Callable[[], QWidget],
        show: Callable[[QWidget, QModelIndex], None],
        spacing: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model, self._make, self._show = model, make, show
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(spacing)
        model.rowsInserted.connect(self._on_rows_inserted)
        model.rowsAboutToBeRemoved.connect(self._on_rows_about_to_be_removed)
        model.rowsMoved.connect(self._on_rows_moved)
        model.dataChanged.connect(self._on_data_changed)
        if model.rowCount():
            self._on_rows_inserted(QModelIndex(), 0, model.rowCount() - 1)

    def row(self, number: int) -> QWidget:
        """Return the widget of a row."""
        item = self._layout.itemAt(number)
        found = None if item is None else item.widget()
        assert found is not None, "a row of the model has a widget"
        return found

    @Slot(QModelIndex, int, int)
    def _on_rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        for number in range(first, last + 1):
            made = self._make()
            self._show(made, self._model.index(number, 0))
            self._layout.insertWidget(number, made)

    @Slot(QModelIndex, int, int)
    def _on_rows_about_to_be_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        for number in range(last, first - 1, -1):
            gone = self.row(number)
            self._layout.removeWidget(gone)
            gone.hide()
            gone.deleteLater()

    @Slot()
    def _on_rows_moved(self) -> None:
        for number in range(self._model.rowCount()):
            self._show(self.row(number), self._model.index(number, 0))

    @Slot(QModelIndex, QModelIndex)
    def _on_data_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        for number in range(first.row(), last.row() + 1):
            self._show(self.row(number), self._model.index(number, 0))
