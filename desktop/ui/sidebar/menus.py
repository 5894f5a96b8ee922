"""The menu of a place: of a folder, a tag or a saved search."""

from collections.abc import Callable

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from desktop.domain.organising import COLOURS
from desktop.i18n import _
from desktop.presenters.places import Kind, PlaceRow
from desktop.ui.marks import NAMES, dot
from desktop.ui.theme import Theme


class PlaceMenu(QMenu):
    """`PlaceMenu(row=…, theme=…, parent=…)`: what can be done is given as functions, one for each command."""

    def __init__(self, *, row: PlaceRow, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("placeMenu")
        self._row = row
        self._theme = theme

    def fill(
        self,
        *,
        new_folder: Callable[[int | None], None],
        rename: Callable[[], None],
        colour: Callable[[str], None],
        begin_with: Callable[[], None],
        remove: Callable[[], None],
    ) -> None:
        """Add the commands that this kind of place has."""
        row = self._row
        if row.kind in (Kind.ALL, Kind.FOLDER):
            parent = row.number if row.kind is Kind.FOLDER else None
            words = _("New folder inside…") if parent is not None else _("New folder…")
            self._add("newFolderHere", words, lambda: new_folder(parent))
        if row.kind in (Kind.ALL, Kind.RESOLVED):
            return
        self._add("renamePlace", _("Rename"), rename)
        if row.kind is not Kind.SEARCH:
            self._add_colours(colour)
        if row.kind is Kind.FOLDER:
            self._add("beginWith", _("What new sessions begin with…"), begin_with)
        self.addSeparator()
        self._add("removePlace", _("Delete"), remove)

    def _add(self, name: str, text: str, do: Callable[[], None]) -> QAction:
        action = self.addAction(text)
        action.setObjectName(name)
        action.triggered.connect(lambda _checked=False: do())
        return action

    def _add_colours(self, colour: Callable[[str], None]) -> None:
        menu = self.addMenu(_("Colour"))
        menu.setObjectName("colourMenu")
        group = QActionGroup(menu)
        for name in COLOURS:
            action = menu.addAction(dot(self._theme, name), _(NAMES[name]))
            action.setObjectName(f"colour-{name}")
            action.setCheckable(True)
            action.setChecked(name == self._row.colour)
            action.triggered.connect(lambda _checked=False, name=name: colour(name))
            group.addAction(action)
