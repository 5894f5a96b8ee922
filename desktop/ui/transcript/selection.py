"""The selection: from one spot in the session to another, across blocks and messages.

It is kept here and not in widgets, so it outlives scrolling, recycling, pages, theme and zoom; after every layout the
widgets in sight are told what of them is selected. The thinking of a message belongs to it only where the selection
begins or ends in it, since what was thought is seldom what someone wants to take.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from desktop.domain.markdown_plain import shown_text
from desktop.domain.taking import BEYOND
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.geometry import Geometry, Place
from desktop.ui.transcript.parts import Kind, Section
from desktop.ui.transcript.scroll import ScrollController
from desktop.ui.transcript.spots import Spot, range_in
from desktop.ui.transcript.stage import Placed, Stage

TEXTUAL = (Section.THOUGHTS, Section.BLOCKS)
_STILL_PX = 3
_EDGE_PX = 10
_EDGE_MS = 16
_ACCELERATE_TICKS = 40


class Grain(Enum):
    """What a drag goes on by."""

    CHARACTER = auto()
    WORD = auto()
    PART = auto()


class Selection(QObject):
    """`Selection(geometry=…, stage=…, scroll=…, height=…)`: `height()` is the viewport's, and points count in it."""

    changed = Signal()
    settled = Signal()
    """The reader has finished selecting something."""
    link_activated = Signal(str)

    def __init__(
        self,
        *,
        geometry: Geometry,
        stage: Stage,
        scroll: ScrollController,
        height: Callable[[], int],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._geometry = geometry
        self._model = geometry.model
        self._stage = stage
        self._scroll = scroll
        self._height = height
        self._session = ""
        self._anchor: Spot | None = None
        self._head: Spot | None = None
        self._origin: tuple[Spot, Spot] | None = None
        self._grain = Grain.CHARACTER
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._dragging = False
        self._twice: tuple[QPoint, int] | None = None
        self._ticks = 0
        self._edge = QTimer(self)
        self._edge.setInterval(_EDGE_MS)
        self._edge.timeout.connect(self._on_edge)

    # What is selected

    @property
    def ends(self) -> tuple[Spot, Spot] | None:
        """Where the selection begins and ends; None where nothing is selected."""
        if self._anchor is None or self._head is None or self._anchor.order == self._head.order:
            return None
        return min(self._anchor, self._head), max(self._anchor, self._head)

    @property
    def head(self) -> Spot | None:
        """Where the selection goes on from, or where the reader clicked last."""
        return self._head

    def range_in(self, place: Place, length: int) -> tuple[int, int]:
        """Return what of a part's text is selected."""
        ends = self.ends
        if ends is None or place.section not in TEXTUAL:
            return (0, 0)
        start, end = ends
        if place.section is Section.THOUGHTS and not any(
            spot.section is Section.THOUGHTS and spot.depth == place.item.message.depth for spot in ends
        ):
            return (0, 0)
        return range_in(place, start, end, length)

    def clear(self) -> bool:
        """Select nothing; return whether anything was selected."""
        had = self.ends is not None
        self._anchor = self._head = self._origin = None
        if had:
            self._tell()
        return had

    def select_all(self) -> None:
        """Select the whole session, also what is not loaded."""
        last = self._model.last()
        if last is not None:
            self._begin_at(Spot(0, 0, Section.BLOCKS, 0, 0))
            known = 0 if self._model.has_newer else last.id
            self._head = Spot(known, max(last.depth, self._model.total - 1), Section.BLOCKS, BEYOND, BEYOND)
            self._tell()
            self.settled.emit()

    def extend_to(self, spot: Spot) -> None:
        """Let the selection go from where it began to another spot."""
        if self._anchor is None:
            self._begin_at(spot)
        self._head = spot
        self._tell()

    def mark(self) -> None:
        """Tell the widgets in sight what of them is selected; the path may have become another meanwhile."""
        if self._anchor is not None and not self._is_there():
            self.clear()
        for placed in self._stage.placed:
            chosen = (0, 0)
            if self.ends is not None and placed.place.section in TEXTUAL:
                chosen = self.range_in(placed.place, len(placed.widget.shown_text()))
            placed.widget.set_selection(*chosen)

    def _tell(self) -> None:
        self.mark()
        self.changed.emit()

    def _is_there(self) -> bool:
        """Return whether the same messages are still on the path, as far as it is loaded."""
        first = self._model.first()
        if first is None or first.session_id != self._session:
            return False
        for spot in (self._anchor, self._head):
            if spot is None or not spot.message_id or self._model.row_of(spot.message_id) >= 0:
                continue
            row = spot.depth - first.depth
            if 0 <= row < self._model.rowCount():
                return False
            if row >= self._model.rowCount() and not self._model.has_newer:
                return False
        return True

    # Where things are

    def placed(self, spot: Spot) -> Placed | None:
        """Return the widget in sight that shows a spot."""
        for each in self._stage.placed:
            place = each.place
            if (place.item.key, place.section, place.index) == (spot.message_id, spot.section, spot.index):
                return each
        return None

    def rect_of(self, spot: Spot) -> QRectF | None:
        """Return where a spot stands in the viewport, if it is in sight."""
        placed = self.placed(spot)
        if placed is None:
            return None
        return placed.widget.rect_of(spot.offset).translated(QPointF(placed.widget.pos()))

    def spot_at(self, point: QPointF) -> Spot | None:
        """Return the spot nearest to a point of the viewport."""
        best: tuple[float, Placed] | None = None
        for each in self._stage.placed:
            if each.place.section not in TEXTUAL:
                continue
            top, bottom = each.widget.y(), each.widget.y() + each.widget.height()
            away = max(top - point.y(), point.y() - bottom, 0.0)
            if best is None or away < best[0]:
                best = (away, each)
        if best is None:
            return None
        away, found = best
        widget = found.widget
        if not away:
            return Spot.of(found.place, widget.offset_at(point - QPointF(widget.pos())))
        return Spot.of(found.place, 0 if point.y() < widget.y() else len(widget.shown_text()))

    def text_of(self, spot: Spot) -> str:
        """Return the text of the part that a spot is in, as far as it is loaded."""
        placed = self.placed(spot)
        if placed is not None:
            return placed.widget.shown_text()
        item = self._item(spot)
        if item is None:
            return ""
        if spot.section is Section.THOUGHTS:
            return item.thoughts[spot.index].rstrip("\n") if spot.index < len(item.thoughts) else ""
        return shown_text(item.block(spot.index)) if spot.index < item.count else ""

    def next_part(self, spot: Spot, by: int) -> Spot | None:
        """Return the end that lies nearest of the next part with text, after or before the one of a spot."""
        item = self._item(spot)
        place = self._geometry.step(Place(item, spot.section, spot.index), by) if item is not None else None
        while place is not None and place.section not in TEXTUAL:
            place = self._geometry.step(place, by)
        if place is None:
            return None
        found = Spot.of(place, 0)
        return found if by > 0 else replace(found, offset=len(self.text_of(found)))

    def _item(self, spot: Spot) -> TranscriptItem | None:
        row = self._model.row_of(spot.message_id)
        return self._model.item(row) if row >= 0 else None

    def _around(self, spot: Spot, grain: Grain) -> tuple[Spot, Spot]:
        """Return the ends of the word or part around a spot."""
        if grain is Grain.CHARACTER:
            return spot, spot
        text = self.text_of(spot)
        placed = self.placed(spot)
        if placed is not None and placed.kind is Kind.FORMULA:
            grain = Grain.PART  # what is drawn as one has no words
        start, end = word_at(text, spot.offset) if grain is Grain.WORD else (0, len(text))
        return replace(spot, offset=start), replace(spot, offset=end)

    def _begin_at(self, spot: Spot) -> None:
        first = self._model.first()
        self._session = first.session_id if first is not None else ""
        self._grain = Grain.CHARACTER
        self._origin = (spot, spot)
        self._anchor = self._head = spot

    def _begin(self, spot: Spot, grain: Grain) -> None:
        self._begin_at(spot)
        self._grain = grain
        self._origin = self._anchor, self._head = self._around(spot, grain)
        self._tell()

    def _reach(self, spot: Spot | None) -> None:
        if spot is None or self._origin is None:
            return
        start, end = self._around(spot, self._grain)
        first, last = self._origin
        self._anchor, self._head = (last, start) if spot < first else (first, max(last, end))
        self._tell()

    # The mouse, in the viewport's coordinates

    def press(self, event: QMouseEvent) -> None:
        """Begin to select, or go on to here with Shift."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        point = event.position()
        self._pressed = self._last = point
        self._dragging = False
        self._stage.hold(point.toPoint())
        spot = self.spot_at(point)
        if spot is None:
            self.clear()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._anchor is not None:
            self._dragging = True
            self._reach(spot)
        else:
            self._begin(spot, Grain.PART if self._is_third(event) else Grain.CHARACTER)
        event.accept()

    def press_twice(self, event: QMouseEvent) -> None:
        """Select a word; a third press takes all of the paragraph."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        spot = self.spot_at(event.position())
        if spot is not None:
            self._pressed = self._last = event.position()
            self._twice = (event.globalPosition().toPoint(), event.timestamp())
            self._begin(spot, Grain.WORD)

    def move(self, event: QMouseEvent) -> None:
        """Go on to where the pointer is, and scroll where it is beyond an edge."""
        if self._pressed is None:
            event.ignore()
            return
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._end()  # the release went somewhere else
            event.ignore()
            return
        self._last = event.position()
        if not self._dragging and (self._last - self._pressed).manhattanLength() < _STILL_PX:
            return
        self._dragging = True
        self._reach(self.spot_at(self._inside(self._last)))
        if not self._beyond():
            self._edge.stop()
        elif not self._edge.isActive():
            self._ticks = 0
            self._edge.start()

    def release(self, event: QMouseEvent) -> None:
        """End a drag; without one this was a click, which follows a link."""
        if event.button() is not Qt.MouseButton.LeftButton or self._pressed is None:
            event.ignore()
            return
        clicked = not self._dragging and self.ends is None
        self._end()
        if self.ends is not None:
            self.settled.emit()
        target = self.link_at(event.position()) if clicked else ""
        if target:
            self.link_activated.emit(target)

    def link_at(self, point: QPointF) -> str:
        """Return where the link under a point leads, or ""."""
        for each in self._stage.placed:
            if each.widget.geometry().contains(point.toPoint()):
                return each.widget.link_at(point - QPointF(each.widget.pos()))
        return ""

    def _end(self) -> None:
        self._pressed = None
        self._edge.stop()
        self._stage.let_go()

    def _is_third(self, event: QMouseEvent) -> bool:
        if self._twice is None:
            return False
        place, when = self._twice
        self._twice = None
        near = (event.globalPosition().toPoint() - place).manhattanLength() < QApplication.startDragDistance()
        return near and event.timestamp() - when <= QApplication.doubleClickInterval()

    def _beyond(self) -> float:
        """Return how far the pointer is beyond the viewport's upper (negative) or lower edge."""
        y, height = self._last.y(), self._height()
        return min(0.0, y - _EDGE_PX) or max(0.0, y - (height - _EDGE_PX))

    def _inside(self, point: QPointF) -> QPointF:
        return QPointF(point.x(), max(0.0, min(point.y(), self._height() - 1.0)))

    @Slot()
    def _on_edge(self) -> None:
        """Scroll on, the faster the farther the pointer is and the longer it stays."""
        beyond = self._beyond()
        if not beyond or self._pressed is None:
            self._edge.stop()
            return
        self._ticks += 1
        speed = (4 + abs(beyond) / 4) * (1 + self._ticks / _ACCELERATE_TICKS)
        self._scroll.scroll_by(round(min(speed, self._height())) * (1 if beyond > 0 else -1))
        self._reach(self.spot_at(self._inside(self._last)))


def word_at(text: str, offset: int) -> tuple[int, int]:
    """Return the ends of the word around an offset; both are the offset where there is none."""
    start = end = min(offset, len(text))
    while start and _is_word(text[start - 1]):
        start -= 1
    while end < len(text) and _is_word(text[end]):
        end += 1
    return start, end


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
