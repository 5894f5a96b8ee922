"""The two small dialogs of the inspector: the summary's words, and what a model costs."""

from PySide6.QtCore import QLocale, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.i18n import _, language
from desktop.presenters.figures import fitting
from desktop.ui.parts import button, fitting_size, heading, label

Prices = tuple[float, float, float | None]


class SummaryDialog(QDialog):
    """`SummaryDialog(text=…, parent=…)`, then `open()`; `written` brings the new words, never the old ones."""

    written = Signal(str)

    def __init__(self, *, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("summaryDialog")
        self.setWindowTitle(_("Edit the summary"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._old = text
        self.field = QPlainTextEdit(text)
        self.field.setObjectName("summaryText")
        self.field.setAccessibleName(_("Summary"))
        self.field.setTabChangesFocus(True)
        self._save = button(_("Save"), mark="primary", clicked=self._take)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(button(_("Cancel"), clicked=self.reject))
        row.addWidget(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading(_("Edit the summary"), 1.14))
        layout.addWidget(label(_("It is sent in the place of the messages it stands for."), mark="muted"))
        layout.addWidget(self.field, 1)
        layout.addLayout(row)
        self.field.textChanged.connect(self._on_changed)
        self.resize(fitting_size(self, 560, 380))
        self.field.setFocus()

    @Slot()
    def _on_changed(self) -> None:
        self._save.setEnabled(bool(self.field.toPlainText().strip()))

    def _take(self) -> None:
        text = self.field.toPlainText().strip()
        if text and text != self._old:
            self.written.emit(text)
        self.accept()


class PriceDialog(QDialog):
    """`PriceDialog(model=…, own=…, listed=…, parent=…)`, then `open()`: dollars per million tokens.

    `chosen` brings input, output and cached (None: as input), or None for the published price.
    """

    chosen = Signal(object)

    def __init__(
        self,
        *,
        model: str,
        own: tuple[str, str, str],
        listed: tuple[str, str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("priceDialog")
        self.setWindowTitle(_("Price of the model"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._locale = fitting(language(), QLocale.system())
        names = (("priceInput", _("Input")), ("priceOutput", _("Output")), ("priceCached", _("Cached input")))
        self.fields: list[QLineEdit] = []
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        for (name, title), mine, published in zip(names, own, listed, strict=True):
            field = QLineEdit(mine)
            field.setObjectName(name)
            field.setAccessibleName(title)
            field.setPlaceholderText(_("{price} published").format(price=published) if published else _("unknown"))
            field.textChanged.connect(self._on_changed)
            form.addRow(label(title, wrap=False), field)
            self.fields.append(field)
        if not listed[2]:
            self.fields[2].setPlaceholderText(_("as input"))
        self.refusal = label(mark="warn")
        self._save = button(_("Save"), mark="primary", clicked=self._take)
        self._save.setDefault(True)
        row = QHBoxLayout()
        self.back = button(_("Use the published price"), mark="link", clicked=self._forget)
        self.back.setVisible(bool(own[0]))
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(button(_("Cancel"), clicked=self.reject))
        row.addWidget(self._save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(12)
        layout.addWidget(heading(_("What {model} costs").format(model=model), 1.14))
        about = _("In US dollars per million tokens. Your price is used for estimates, and for the bill from now on.")
        layout.addWidget(label(about, mark="muted"))
        layout.addLayout(form)
        layout.addWidget(self.refusal)
        layout.addLayout(row)
        self.refusal.hide()
        self.setMinimumWidth(26 * self.fontMetrics().height())
        self.fields[0].setFocus()

    @Slot()
    def _on_changed(self) -> None:
        self.refusal.hide()

    def _number(self, text: str) -> float | None:
        """Return a number of 0 or more as the reader writes it, or with a point."""
        for locale in (self._locale, QLocale.c()):
            number, fine = locale.toDouble(text.strip())
            if fine and 0 <= number < 1e9:
                return number
        return None

    def _take(self) -> None:
        texts = [field.text().strip() for field in self.fields]
        numbers = [self._number(text) for text in texts]
        if numbers[0] is None or numbers[1] is None or (texts[2] and numbers[2] is None):
            self.refusal.setText(_("Input and output need a number, such as 2.50."))
            self.refusal.show()
            return
        self.chosen.emit((numbers[0], numbers[1], numbers[2]))
        self.accept()

    def _forget(self) -> None:
        self.chosen.emit(None)
        self.accept()
