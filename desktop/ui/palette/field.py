"""Where one types in the palette, and what a filter can be completed to."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QRect, QStringListModel, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QWidget

from desktop.domain.searching import Completion
from desktop.i18n import _
from desktop.ui.theme import scaled_font

MOST_SHOWN = 8
MOST_CHARS = 500


class Completions(QListView):
    """What can stand where the caret is, below the field; shown while a filter's value is typed."""

    taken = Signal(object)
    """A `Completion`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("paletteCompletions")
        self.setAccessibleName(_("Completions"))
        self._known: tuple[Completion, ...] = ()
        self._texts = QStringListModel(self)
        self.setModel(self._texts)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._on_clicked)
        self.hide()

    def current(self) -> Completion | None:
        """Return the one that is offered first, or that somebody went to."""
        row = max(0, self.currentIndex().row())
        return self._known[row] if row < len(self._known) else None

    def offer(self, known: Sequence[Completion]) -> None:
        """Offer others."""
        if tuple(known) != self._known:
            self._known = tuple(known)
            self._texts.setStringList([f"{each.label}   {each.detail}".strip() for each in known])
            self.setCurrentIndex(self._texts.index(0))

    def place(self, x: int, y: int, *, right: int) -> None:
        """Stand below the caret, no further right than the card."""
        rows = min(len(self._known), MOST_SHOWN)
        width = min(right - 16, max(160, self.sizeHintForColumn(0) + 36))
        left = max(8, min(x, right - width - 8))
        self.setGeometry(QRect(left, y, width, rows * max(1, self.sizeHintForRow(0)) + 12))
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        """Go to the next one, and from the last to the first."""
        if self._known:
            self.setCurrentIndex(self._texts.index((self.currentIndex().row() + by) % len(self._known)))

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        self.taken.emit(self._known[index.row()])


class Field(QLineEdit):
    """The words that are looked for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("paletteInput")
        self.setProperty("bare", True)
        self.setMaxLength(MOST_CHARS)
        self.setFont(scaled_font(self.font(), 1.14))

    def token(self) -> str:
        """Return the word before the caret."""
        before = self.text()[: self.cursorPosition()]
        return before[before.rfind(" ") + 1 :]

    def put(self, completion: Completion) -> None:
        """Put what was chosen in the place of what it completes; behind a value the next word begins."""
        text = self.text()
        ends = completion.insert.endswith((":", " "))
        made = (
            completion.insert if ends or text[completion.end : completion.end + 1] == " " else completion.insert + " "
        )
        self.setText(text[: completion.start] + made + text[completion.end :])
        self.setCursorPosition(completion.start + len(made))

    def add(self, name: str) -> None:
        """Begin a filter at the end of what was typed."""
        text = self.text()
        blank = "" if not text or text.endswith(" ") else " "
        self.setText(f"{text}{blank}{name}")
        self.setCursorPosition(len(self.text()))
