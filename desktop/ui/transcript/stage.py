"""Puts widgets where the viewport looks, and nowhere else; what scrolls away is used again for what comes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.geometry import Geometry, Place
from desktop.ui.transcript.parts import Kind
from desktop.ui.transcript.style import Style

TOP_PX = 22
BOTTOM_PX = 30
_MAX_SPARE = 24
_AWAY_PX = 10_000
# These show facts about the message beside their part, so they look again when the message has changed.
_FACTUAL = frozenset(
    {Kind.HEADER, Kind.FOOTER, Kind.CARD, Kind.THOUGHT_HEAD, Kind.SUMMARY, Kind.FOLLOW_UPS, Kind.CITATIONS}
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A part with its widget and where it stands in the viewport."""

    place: Place
    kind: Kind
    widget: BlockWidget
    y: float
    height: int


class Stage:
    """`Stage(make=…)`: `make(kind)` builds a widget with the viewport as its parent."""

    def __init__(self, *, make: Callable[[Kind], BlockWidget], leave: Callable[[QWidget], None]) -> None:
        self._make = make
        self._leave = leave
        self._live: dict[Place, tuple[Kind, BlockWidget]] = {}
        self._spare: dict[Kind, list[BlockWidget]] = {kind: [] for kind in Kind}
        self._used: set[Place] = set()
        self._stale: set[TranscriptItem] = set()
        self.placed: list[Placed] = []
        self._held: BlockWidget | None = None

    def hold(self, point: QPoint) -> None:
        """Keep the widget at a point alive until `let_go`: the one that was pressed gets all of a drag from Qt."""
        self._held = next((each.widget for each in self.placed if each.widget.geometry().contains(point)), None)

    def let_go(self) -> None:
        """End what `hold` began."""
        held, self._held = self._held, None
        if held is not None and not any(each.widget is held for each in self.placed):
            held.hide()

    def mark(self, item: TranscriptItem) -> None:
        """Have a message's facts shown anew with the next layout."""
        self._stale.add(item)

    def widgets(self) -> Iterable[BlockWidget]:
        """Return the widgets that are shown, from top to bottom."""
        return (placed.widget for placed in self.placed)

    def arrange(
        self, geometry: Geometry, style: Style, start: Place, y: float, height: int, *, at_end: bool
    ) -> list[Placed]:
        """Lay out from a part standing at `y`, or from the end upward, and correct what goes beyond the ends.

        Where the path goes on beyond what is loaded nothing is corrected: the viewport stays blank there for a moment.
        """
        self._used.clear()
        top_px, bottom_px = style.px(TOP_PX), height - style.px(BOTTOM_PX)
        if at_end and not geometry.model.has_newer:
            last = geometry.end(geometry.model.rowCount() - 1, -1)
            start = last or start
            y = bottom_px - self._measure(geometry, style, start)[1]
        for _attempt in range(3):
            placed, is_first, is_last = self._fill(geometry, style, start, y, height)
            is_first = is_first and not geometry.model.has_older
            is_last = is_last and not geometry.model.has_newer
            top = placed[0].y
            bottom = placed[-1].y + placed[-1].height
            if is_first and (top > top_px or (is_last and bottom - top <= bottom_px - top_px)):
                shift = top_px - top
            elif is_last and bottom < bottom_px:
                shift = bottom_px - bottom
                if is_first:
                    shift = min(shift, top_px - top)
            else:
                shift = 0.0
            if abs(shift) < 0.5:
                break
            start, y = placed[0].place, top + shift
        self.placed = placed
        self._release()
        self._stale.clear()
        return placed

    def line_top(self, geometry: Geometry, style: Style, place: Place, offset: int) -> float:
        """Return how far below a part's top the line of an offset in its text stands, as it is laid out now."""
        return self._measure(geometry, style, place)[0].rect_of(offset).top()

    def clear(self) -> None:
        """Put all widgets away."""
        self._used.clear()
        self.placed = []
        self._release()

    def _fill(
        self, geometry: Geometry, style: Style, start: Place, y: float, height: int
    ) -> tuple[list[Placed], bool, bool]:
        below: list[Placed] = []
        place: Place | None = start
        at = y
        while place is not None and (at < height or not below):
            widget, tall, kind = self._measure(geometry, style, place)
            below.append(Placed(place, kind, widget, at, tall))
            at += tall
            place = geometry.step(place, 1)
        is_last = place is None
        above: list[Placed] = []
        place = geometry.step(start, -1)
        at = y
        while place is not None and at > 0:
            widget, tall, kind = self._measure(geometry, style, place)
            at -= tall
            above.append(Placed(place, kind, widget, at, tall))
            place = geometry.step(place, -1)
        return [*reversed(above), *below], place is None, is_last

    def _measure(self, geometry: Geometry, style: Style, place: Place) -> tuple[BlockWidget, int, Kind]:
        part = geometry.message(place.item).part(place.section, place.index)
        found = self._live.get(place)
        if found is None or found[0] is not part.kind:
            if found is not None:
                self._put_away(place)
            spare = self._spare[part.kind]
            widget = spare.pop() if spare else self._make(part.kind)
            widget.forget()
            widget.item = None  # what it showed is gone, so the same part shown again is laid out again
            self._live[place] = (part.kind, widget)
        else:
            widget = found[1]
        fresh = part.kind in _FACTUAL and place.item in self._stale
        height = widget.show_part(part, place.item, style, geometry.width, fresh=fresh)
        geometry.measured(place, height)
        self._used.add(place)
        return widget, height, part.kind

    def _release(self) -> None:
        for place in [place for place in self._live if place not in self._used]:
            self._put_away(place)

    def _put_away(self, place: Place) -> None:
        kind, widget = self._live.pop(place)
        self._leave(widget)
        if widget is self._held:
            widget.move(0, -widget.height() - _AWAY_PX)
        else:
            widget.hide()
        if len(self._spare[kind]) < _MAX_SPARE or widget is self._held:
            self._spare[kind].append(widget)
        else:
            widget.deleteLater()
