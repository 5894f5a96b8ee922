"""One provider on the providers page: a dot and a word for its state, what is known of it, and what can be done."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.i18n import _
from desktop.presenters.provider_list import State
from desktop.ui.parts import Elided, button, heading, label, remark
from desktop.ui.theme import scaled_font

NAME_EM = 10
NARROW_EM = 33


class ProviderRow(QWidget):
    """`ProviderRow(parent=None)`, then `fill`. The id it was filled with goes with its intents."""

    test_requested = Signal(str)
    edit_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._id = ""
        self._is_testing = False
        self._dot = label("●", wrap=False)
        self._dot.setObjectName("stateDot")
        self._dot.setFont(scaled_font(self.font(), 0.72))
        self._name = heading("", 1.0, QFont.Weight.DemiBold)
        self._detail = Elided()
        self._detail.setProperty("muted", True)
        self._detail.setFont(scaled_font(self.font(), 0.93))
        self.test = button(_("Test"), mark="pill", clicked=self._on_test)
        self.edit = button(_("Edit"), mark="pill", clicked=self._on_edit)
        for each in (self.test, self.edit):
            each.setFont(scaled_font(self.font(), 0.9))
        self._layout = QGridLayout(self)
        self._layout.setContentsMargins(0, 9, 0, 9)
        self._layout.setHorizontalSpacing(10)
        self._layout.setVerticalSpacing(2)
        self._layout.addWidget(self._dot, 0, 0, 1, 1, Qt.AlignmentFlag.AlignVCenter)
        self._layout.addWidget(self._name, 0, 1)
        self._layout.addWidget(self.test, 0, 3, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self._layout.addWidget(self.edit, 0, 4, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self._narrow: bool | None = None
        self._arrange(narrow=False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the detail below the name where both do not fit beside each other."""
        super().resizeEvent(event)
        self._arrange(narrow=self.width() < NARROW_EM * self.fontMetrics().height())

    def _arrange(self, *, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self._layout.removeWidget(self._detail)
        if narrow:
            self._name.setMinimumWidth(0)
            self._layout.addWidget(self._detail, 1, 1)
        else:
            self._name.setMinimumWidth(NAME_EM * self.fontMetrics().height())
            self._layout.addWidget(self._detail, 0, 2, 2, 1)
        for row in range(2):
            self._layout.setRowStretch(row, 0 if narrow else 1 - row)
        for column, stretch in ((1, int(narrow)), (2, int(not narrow))):
            self._layout.setColumnStretch(column, stretch)

    def fill(self, *, provider_id: str, name: str, detail: str, state: State) -> None:
        """Show a provider."""
        self._id = provider_id
        self.setObjectName(f"provider-{provider_id}")
        self._name.setText(name)
        self._detail.show_text(detail)
        remark(self._dot, "state", state.value)
        words = {
            State.NO_KEY: _("no key"),
            State.UNTESTED: _("not tested yet"),
            State.TESTING: _("testing"),
            State.WORKS: _("works"),
            State.FAILED: _("failed"),
        }[state]
        self._dot.setToolTip(words)
        self._dot.setAccessibleName(words)
        lacking = state is State.NO_KEY
        self.test.setVisible(not lacking)
        self._is_testing = state is State.TESTING  # not disabled: that would hand the keyboard on to Edit
        self.edit.setText(_("Add key") if lacking else _("Edit"))
        self.test.setAccessibleName(_("Test {name}").format(name=name))
        self.edit.setAccessibleName((_("Add a key to {name}") if lacking else _("Edit {name}")).format(name=name))
        self.setAccessibleName(f"{name}, {words}, {detail}")

    @Slot()
    def _on_test(self) -> None:
        if not self._is_testing:
            self.test_requested.emit(self._id)

    @Slot()
    def _on_edit(self) -> None:
        self.edit_requested.emit(self._id)
