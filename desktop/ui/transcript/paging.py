"""Which part of the session should be loaded: what is near the viewport before it is reached, and nothing far away."""

from itertools import zip_longest

from PySide6.QtCore import QObject, Signal, Slot

from desktop.ui.transcript.geometry import Geometry
from desktop.ui.transcript.scroll import ScrollController
from desktop.ui.transcript.stage import Placed

_NEAR_SCREENS = 4
_KEPT_SCREENS = 6
_FAR_SCREENS = 8
_KEPT_ROWS = 40
_AHEAD_ROWS = 6
_MIN_DROP = 25


class Paging(QObject):
    """`Paging(geometry=…, scroll=…)`: looks at each layout and says what is wanted. Each page is asked for once."""

    older_wanted = Signal()
    newer_wanted = Signal()
    end_wanted = Signal()
    page_wanted = Signal(int)
    """The messages around a place of the path, counted from 0."""
    far_rows = Signal(int, int)
    """So many rows above and below are far from what is in sight."""

    def __init__(self, *, geometry: Geometry, scroll: ScrollController, parent: QObject) -> None:
        super().__init__(parent)
        self._geometry = geometry
        self._scroll = scroll
        self._asked_older = self._asked_newer = self._asked_end = False
        self._asked_page = -1

    @Slot()
    def forget(self) -> None:
        """Other rows are loaded: ask again for what is still missing."""
        self._asked_older = self._asked_newer = self._asked_end = False
        self._asked_page = -1

    def look(self, placed: list[Placed], height: int) -> None:
        """Ask for what a layout lacks or will lack soon, and give away what it does not need."""
        model = self._geometry.model
        if self._scroll.far is not None:
            page = int(self._scroll.far)
            if page != self._asked_page:
                self._asked_page = page
                self.page_wanted.emit(page)
            return
        if self._scroll.following and model.has_newer:
            if not self._asked_end:
                self._asked_end = True
                self.end_wanted.emit()
            return
        self._asked_end = False
        if placed:
            self._look_around(placed, height)

    def _look_around(self, placed: list[Placed], height: int) -> None:
        model = self._geometry.model
        above, below = self._around(placed, height)
        if above >= _NEAR_SCREENS * height:
            self._asked_older = False
        elif model.has_older and not self._asked_older:
            self._asked_older = True
            self.older_wanted.emit()
        if below >= _NEAR_SCREENS * height:
            self._asked_newer = False
        elif model.has_newer and not self._asked_newer:
            self._asked_newer = True
            self.newer_wanted.emit()
        self._look_ahead(placed)
        if max(above, below) > _FAR_SCREENS * height:
            self._give_away(placed, above, below, height)

    def _look_ahead(self, placed: list[Placed]) -> None:
        """Have read what comes into sight with the next turns of the wheel."""
        model = self._geometry.model
        first = model.row_of(placed[0].place.item.key)
        last = model.row_of(placed[-1].place.item.key)
        below = range(last + 1, min(model.rowCount(), last + 1 + _AHEAD_ROWS))
        above = range(first - 1, max(-1, first - 1 - _AHEAD_ROWS), -1)
        model.look_ahead(row for pair in zip_longest(below, above) for row in pair if row is not None)

    def _around(self, placed: list[Placed], height: int) -> tuple[float, float]:
        """Return how many pixels of what is loaded stand above and below the viewport."""
        geometry = self._geometry
        above = geometry.offset(placed[0].place) - geometry.above - placed[0].y
        return above, geometry.loaded - above - height

    def _give_away(self, placed: list[Placed], above: float, below: float, height: int) -> None:
        geometry, model = self._geometry, self._geometry.model
        first = model.row_of(placed[0].place.item.key)
        last = model.row_of(placed[-1].place.item.key)
        kept = _KEPT_SCREENS * height
        top = min(first - _KEPT_ROWS, geometry.row_at(above - kept)) if above > _FAR_SCREENS * height else 0
        end = model.rowCount() - 1
        bottom = 0
        if below > _FAR_SCREENS * height:
            bottom = min(end - last - _KEPT_ROWS, end - geometry.row_at(above + height + kept))
        top, bottom = (each if each >= _MIN_DROP else 0 for each in (top, bottom))
        if top or bottom:
            self.far_rows.emit(top, bottom)
