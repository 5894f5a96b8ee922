"""Small parts that pages and dialogs are made of, each plain text only: foreign words never become rich text."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt, Slot
from PySide6.QtGui import QFont, QKeyEvent, QTextOption
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

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


def heading(text: str, factor: float = 1.2, weight: QFont.Weight = QFont.Weight.DemiBold) -> QLabel:
    """Return a label at `factor` of the interface's text size."""
    made = label(text)
    made.setFont(scaled_font(made.font(), factor, weight=weight))
    return made


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
