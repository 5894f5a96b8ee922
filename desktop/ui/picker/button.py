"""The button under the composer that names the model which will answer, and opens the list of all models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from desktop.i18n import _

if TYPE_CHECKING:
    from desktop.presenters.models import ModelsPresenter
    from desktop.ui.picker.popup import PickerPopup

WIDEST_EM = 18


class ModelPicker(QToolButton):
    """Shows the current model, opens the list. `ModelPicker(presenter=ModelsPresenter, parent=None)`.

    `set_current` follows the session; `chosen` is what the user wants for it. The list itself is built when it is
    opened for the first time.
    """

    chosen = Signal(str)
    """The address (`provider/model`) the user chose."""
    provider_wanted = Signal()
    """Open the settings, to add a provider."""

    def __init__(self, *, presenter: ModelsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelPicker")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._presenter = presenter
        self._address = ""
        self._popup: PickerPopup | None = None
        presenter.loaded.connect(self._on_loaded)
        self.clicked.connect(self.open_list)
        self._name()

    def current(self) -> str:
        """Return the address of the model that is shown."""
        return self._address

    @Slot(str)
    def set_current(self, address: str) -> None:
        """Show the model of the open session; an empty address asks to choose one."""
        self._address = address
        self._name()

    @Slot()
    def open_list(self) -> None:
        """Open the list above the button, or below where there is no room."""
        popup = self._made()
        popup.open_at(self.mapToGlobal(QPoint(0, 0)), self.height(), self._address)

    def popup(self) -> PickerPopup | None:
        """Return the list, if it was ever opened."""
        return self._popup

    def _made(self) -> PickerPopup:
        if self._popup is None:
            from desktop.ui.picker.popup import PickerPopup

            self._popup = PickerPopup(presenter=self._presenter, parent=self)
            self._popup.chosen.connect(self._on_chosen)
            self._popup.provider_wanted.connect(self.provider_wanted)
        return self._popup

    def _name(self) -> None:
        label = self._presenter.label(self._address)
        metrics = self.fontMetrics()
        short = metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, WIDEST_EM * metrics.height())
        self.setText(f"{short} ▾".replace("&", "&&"))
        self.setAccessibleName(_("Model: {name}").format(name=label))
        self.setToolTip("" if not self._address else _("Choose another model"))

    @Slot()
    def _on_loaded(self) -> None:
        self._name()

    @Slot(str)
    def _on_chosen(self, address: str) -> None:
        self.set_current(address)
        self.chosen.emit(address)
