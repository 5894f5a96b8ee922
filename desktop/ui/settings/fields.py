"""One field for each declared setting: its type, choices and range decide which."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

from desktop.domain.settings import Setting, SettingValue
from desktop.i18n import _
from desktop.ui.parts import Choice, Lines

MODELS = ("summary_model", "small_model")
"""What names a model: written, or chosen among those that are known."""
LONG_TEXT = 24
"""A text whose default is longer than this gets several lines."""


class TextLines(Lines):
    """A text of several lines, taken when the field is left."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


class _NoAccidentalWheel(QObject):
    """Scrolling over a page must not change the numbers on it: the wheel counts only in a field that has the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


class Field(QObject):
    """The field of one setting. `Field(setting=…, parent=…)`: `widget` to lay out, `put` to show a value."""

    edited = Signal(str, object)
    """Name and value, when the user has finished with it."""

    def __init__(self, *, setting: Setting, parent: QWidget) -> None:
        super().__init__(parent)
        self.setting = setting
        self._showing = False
        self._put: Callable[[SettingValue], None]
        self.widget = self._make()
        self.widget.setParent(parent)
        self.widget.setObjectName(f"setting-{setting.name}")
        self.widget.setAccessibleName(_(setting.label))
        if setting.help:
            self.widget.setAccessibleDescription(_(setting.help))

    def put(self, value: SettingValue) -> None:
        """Show `value` without telling it as an edit."""
        self._showing = True
        self._put(value)
        self._showing = False

    def offer(self, values: Sequence[str]) -> None:
        """Let these be chosen in a field that takes others too; what stands in it stays."""
        if isinstance(self.widget, QComboBox) and self.widget.isEditable():
            typed = self.widget.currentText()
            self.widget.clear()
            self.widget.addItems(list(values))
            self.widget.setEditText(typed)

    def _tell(self, value: object) -> None:
        if not self._showing:
            self.edited.emit(self.setting.name, value)

    def _make(self) -> QWidget:
        setting = self.setting
        if isinstance(setting.default, bool):
            return self._check()
        if isinstance(setting.default, int):
            return self._whole()
        if isinstance(setting.default, float):
            return self._fraction()
        if setting.choices:
            return self._choices()
        if setting.name in MODELS:
            return self._model()
        return self._lines() if len(str(setting.default)) > LONG_TEXT else self._line()

    def _check(self) -> QWidget:
        made = QCheckBox()
        made.toggled.connect(self._tell)
        self._put = lambda value: made.setChecked(bool(value))
        return made

    def _whole(self) -> QWidget:
        made = QSpinBox()
        lowest = int(self.setting.minimum or 0)
        off = lowest - 1 if self.setting.can_be_off else None  # one step below the least is off
        made.setRange(lowest if off is None else off, int(self.setting.maximum or 2**31 - 1))
        if off is not None:
            made.setSpecialValueText(_("Off"))
        made.setGroupSeparatorShown(True)
        made.setSuffix(f" {_(self.setting.unit)}" if self.setting.unit else "")
        if self.setting.unit == "%":
            made.setSingleStep(10)
        made.valueChanged.connect(lambda value: self._tell(0 if value == off else value))
        self._put = lambda value: made.setValue(int(str(value)) or off or 0)
        return self._tamed(made)

    def _fraction(self) -> QWidget:
        made = QDoubleSpinBox()
        made.setRange(self.setting.minimum or 0.0, self.setting.maximum or 1e9)
        made.setSingleStep(0.1)
        made.setDecimals(2)
        made.valueChanged.connect(self._tell)
        self._put = lambda value: made.setValue(float(str(value)))
        return self._tamed(made)

    def _choices(self) -> QWidget:
        made = Choice()
        for value, words in self.setting.choices:
            made.addItem(_(words), value)
        made.currentIndexChanged.connect(lambda row: self._tell(made.itemData(row)))
        self._put = lambda value: made.setCurrentIndex(max(0, made.findData(value)))
        return self._tamed(made)

    def _line(self) -> QWidget:
        made = QLineEdit()
        made.editingFinished.connect(lambda: self._tell(made.text()))
        self._put = lambda value: made.setText(str(value))
        return made

    def _model(self) -> QWidget:
        made = Choice()
        written = QLineEdit()
        written.setProperty("bare", True)
        made.setLineEdit(written)
        made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        written.editingFinished.connect(lambda: self._tell(made.currentText().strip()))
        made.activated.connect(lambda _row: self._tell(made.currentText()))
        self._put = lambda value: made.setEditText(str(value))
        return self._tamed(made)

    def _lines(self) -> QWidget:
        made = TextLines(lines=4)
        made.left.connect(lambda: self._tell(made.toPlainText()))
        self._put = lambda value: made.setPlainText(str(value))
        return made

    def _tamed(self, made: QWidget) -> QWidget:
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.installEventFilter(_NoAccidentalWheel(made))
        if isinstance(made, QAbstractSpinBox):
            made.setKeyboardTracking(False)
            made.setAccelerated(True)
            made.lineEdit().setTextMargins(7, 0, 7, 0)
        return made
