"""The settings: sections on the left, one page on the right, each page built when it is first looked at."""

from collections.abc import Callable

from PySide6.QtCore import QStringListModel, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.presenters.provider_list import ProviderRole
from desktop.presenters.providers import ProvidersPresenter
from desktop.presenters.settings import SettingsPresenter
from desktop.ui.parts import button, fitting_size
from desktop.ui.settings.page import DeclaredPage, Page, line
from desktop.ui.settings.sections import SectionDelegate

PROVIDERS = "providers"
KEYBOARD = "keyboard"
PRIVACY = "privacy"


class SettingsDialog(QDialog):
    """`SettingsDialog(settings=SettingsPresenter, providers=ProvidersPresenter, keyboard=…, parent=…)`.

    `show_section('providers')` opens it on a page (`open()`, never `exec()`). Values are stored as they are changed:
    there is nothing to confirm, so Escape closes.
    """

    def __init__(
        self,
        *,
        settings: SettingsPresenter,
        providers: ProvidersPresenter,
        keyboard: Callable[[], Page] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("settings")
        self.setWindowTitle(_("Settings"))
        self.settings = settings
        self._providers = providers
        self._keyboard_page = keyboard
        declared = settings.sections()
        keys = [(KEYBOARD, _("Keyboard"))] if keyboard is not None else []
        sections = [(PROVIDERS, _("Providers")), *declared, *keys, (PRIVACY, _("Privacy"))]
        self._names = [name for name, _title in sections]
        titles = [title for _name, title in sections]
        self._titles = dict(zip(self._names, titles, strict=True))
        self._pages: dict[str, Page] = {}

        self.sections = QListView()
        self.sections.setObjectName("settingsSections")
        self.sections.setAccessibleName(_("Sections of the settings"))
        self.sections.setModel(QStringListModel(titles, self))
        self.sections.setItemDelegate(SectionDelegate(self.sections))
        self.sections.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.sections.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sections.setFixedWidth(max(170, self.sections.sizeHintForColumn(0)) + 20)
        self.pages = QStackedWidget()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sections)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.pages, 1)
        right.addWidget(line())
        foot = QHBoxLayout()
        foot.setContentsMargins(28, 10, 28, 12)
        foot.addStretch(1)
        self.close_button = button(_("Close"), clicked=self.reject)
        self.close_button.setObjectName("settingsClose")
        self.close_button.setAutoDefault(False)
        foot.addWidget(self.close_button)
        right.addLayout(foot)
        layout.addLayout(right, 1)

        self.sections.selectionModel().currentChanged.connect(self._on_section_changed)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.reject)
        self.sections.setCurrentIndex(self.sections.model().index(0, 0))
        self.resize(fitting_size(self, 900, 620))

    @Slot(str, str)
    def show_section(self, name: str, setting: str = "") -> None:
        """Open the dialog, or bring it up, on the page called `name` (providers, models, …), at a setting of it."""
        self.settings.load()
        self._providers.load()
        self.sections.setCurrentIndex(self.sections.model().index(self._names.index(name), 0))
        self.open()
        self.raise_()
        page = self._pages[name]
        if setting and isinstance(page, DeclaredPage):
            page.go_to(setting)
        else:
            (page.focusProxy() or self.sections).setFocus(Qt.FocusReason.OtherFocusReason)

    def page(self, name: str) -> Page:
        """Return the page of a section, built now if it was not looked at yet."""
        if name not in self._pages:
            makers: dict[str, Callable[[], Page]] = {PROVIDERS: self._providers_page, PRIVACY: self._privacy_page}
            if self._keyboard_page is not None:
                makers[KEYBOARD] = self._keyboard_page
            made = makers.get(name, lambda: self._declared_page(name))()
            self._pages[name] = made
            self.pages.addWidget(made)
        return self._pages[name]

    def done(self, result: int) -> None:
        """Let the field that has the caret hand over its value before the dialog goes."""
        self.sections.setFocus()
        super().done(result)

    def _providers_page(self) -> Page:
        from desktop.ui.settings.providers import ProvidersPage

        return ProvidersPage(presenter=self._providers)

    def _privacy_page(self) -> Page:
        from desktop.ui.settings.privacy import PrivacyPage

        return PrivacyPage(presenter=self.settings)

    def _declared_page(self, name: str) -> Page:
        page = DeclaredPage(presenter=self.settings, section=name, title=self._titles[name])
        page.offer_models(self._known_models())
        self._providers.loaded.connect(lambda: page.offer_models(self._known_models()))
        return page

    def _known_models(self) -> list[str]:
        listed = self._providers.providers
        specs = [listed.index(row).data(ProviderRole.SPEC) for row in range(listed.rowCount())]
        return [f"{spec.id}/{model}" for spec in specs for model in spec.models]

    @Slot()
    def _on_section_changed(self) -> None:
        row = self.sections.currentIndex().row()
        if row >= 0:
            self.pages.setCurrentWidget(self.page(self._names[row]))
