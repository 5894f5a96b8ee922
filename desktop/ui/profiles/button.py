"""The small button at the sidebar's foot that says whose sessions are shown, and its menu."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from desktop.domain.organising import GUEST, Profile
from desktop.i18n import _
from desktop.presenters.profiles import ProfilesPresenter
from desktop.ui.icons import icon
from desktop.ui.marks import dot
from desktop.ui.theme import Theme

SIZE = 18


class ProfileButton(QToolButton):
    """`ProfileButton(presenter=…, theme=…, manage=QAction, lock=QAction, parent=None)`; Guest is a quiet icon."""

    chosen = Signal(int)
    """The number of the profile to go to."""
    new_wanted = Signal()

    def __init__(
        self,
        *,
        presenter: ProfilesPresenter,
        theme: Theme,
        manage: QAction,
        lock: QAction,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("profiles")
        self.setProperty("quiet", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(SIZE, SIZE))
        self._presenter = presenter
        self._theme = theme
        self._manage, self._lock = manage, lock
        self.clicked.connect(self.open_menu)
        presenter.changed.connect(self._show)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self._show()

    @Slot()
    def open_menu(self) -> None:
        """Show the profiles to choose from, above the button."""
        menu = profiles_menu(self._presenter, self._theme, chosen=self.chosen.emit, parent=self)
        menu.addSeparator()
        menu.addAction(_("New profile…")).triggered.connect(self._on_new_triggered)
        menu.addAction(self._manage)
        menu.addSeparator()
        menu.addAction(self._lock)
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    @Slot()
    def _on_new_triggered(self) -> None:
        self.new_wanted.emit()

    @Slot()
    def _show(self) -> None:
        profile = self._presenter.current
        if profile.id == GUEST:
            self.setIcon(icon("person", self._theme.muted))
        else:
            self.setIcon(dot(self._theme, profile.colour, size=SIZE, letter=initial(profile), ratio=4.0))
        words = _("Profile: {name}").format(name=profile.name)
        self.setAccessibleName(words)
        self.setToolTip(words.replace("<", "‹"))  # tool tips guess whether a text is HTML


def profiles_menu(
    presenter: ProfilesPresenter, theme: Theme, *, chosen: Callable[[int], object], parent: QWidget
) -> QMenu:
    """Return a menu of the profiles in which the current one is checked; it ends when it is closed."""
    menu = QMenu(parent)
    menu.setObjectName("profilesMenu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    group = QActionGroup(menu)
    for profile in presenter.profiles:
        is_current = profile.id == presenter.current.id
        # Where an action has an icon the style draws no check mark.
        shown = dot(theme, profile.colour, size=14, letter="✓" if is_current else "", ratio=4.0)
        action = menu.addAction(shown, profile.name.replace("&", "&&"))
        action.setObjectName(f"profile{profile.id}")
        action.setCheckable(True)
        action.setChecked(is_current)
        group.addAction(action)
        action.triggered.connect(lambda _checked=False, number=profile.id: chosen(number))
    return menu


def initial(profile: Profile) -> str:
    """Return the letter that stands for a profile."""
    return profile.name.strip()[:1].upper()
