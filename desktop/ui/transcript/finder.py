"""Marks what is looked for in the widgets in sight, and brings a match into sight.

The marks are looked up anew with every layout, in the text of the widget itself: so they are right after scrolling,
recycling, zoom, and while an answer streams in.
"""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, QPointF, QTimer, Signal, Slot

from desktop.domain.finding import Match, Needle, Range, find
from desktop.domain.markdown_plain import shown_text
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.geometry import Geometry, Place
from desktop.ui.transcript.parts import Kind, Section
from desktop.ui.transcript.scroll import ScrollController
from desktop.ui.transcript.stage import Placed, Stage

_TEXTUAL = frozenset({Section.THOUGHTS, Section.BLOCKS})
_AT = 0.38
"""Where in the viewport a match is brought that was out of sight."""
_EDGE_PX = 24


class Finder(QObject):
    """`Finder(geometry=…, stage=…, scroll=…, height=…)`: `height()` is the viewport's.

    `message_wanted` asks for a message of the session that is not loaded.
    """

    message_wanted = Signal(int)
    layout_wanted = Signal()

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
        self._stage = stage
        self._scroll = scroll
        self._height = height
        self._needles: tuple[Needle, ...] = ()
        self._only: int | None = None
        self._match: Match | None = None
        self._wanted: Match | None = None
        self._known: dict[Place, tuple[str, tuple[Range, ...]]] = {}
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._go_on)

    # What is in sight

    @property
    def top(self) -> int:
        """The depth of the first message in sight."""
        placed = next((each for each in self._stage.placed if each.y + each.height > _EDGE_PX), None)
        return 0 if placed is None else placed.place.item.message.depth

    @property
    def part(self) -> tuple[int, ...]:
        """The first words in sight, as `Match.spot` names them."""
        placed = next((each for each in self._stage.placed if each.y + each.height > _EDGE_PX), None)
        if placed is None or placed.place.section is Section.HEAD:
            return (0, 0)
        if placed.place.section is Section.FOOT:
            return (2, 0)
        part = (0 if placed.place.section is Section.THOUGHTS else 1, placed.place.index)
        if placed.y >= 0 or placed.place.section not in _TEXTUAL:
            return part
        return (*part, placed.widget.offset_at(QPointF(0, 1 - placed.y)))

    # What is looked for

    @Slot(object)
    def look_for(self, wanted: Needle | None) -> None:
        """Mark the matches of a needle, or none."""
        self.look_for_all(() if wanted is None else (wanted,), None)

    def look_for_all(self, wanted: Sequence[Needle], message_id: int | None) -> None:
        """Mark the matches of several needles, in one message alone where it is named."""
        self._needles, self._only = tuple(wanted), message_id
        self._match = self._wanted = None
        self._known.clear()
        self.mark()

    @Slot(object)
    def go_to(self, match: Match) -> None:
        """Bring a match into sight, wherever in the session it is."""
        self._match = self._wanted = match
        if self._geometry.model.row_of(match.message_id) < 0:
            self.message_wanted.emit(match.message_id)
        else:
            self._go_on()
        self.mark()

    @Slot()
    def mark(self) -> None:
        """Tell the widgets in sight what to mark."""
        seen: dict[Place, tuple[str, tuple[Range, ...]]] = {}
        for placed in self._stage.placed:
            if placed.place.section in _TEXTUAL:
                hits = self._hits(placed, seen)
                placed.widget.set_hits(hits, self._current(placed.place, hits))
        self._known = seen
        if self._wanted is not None and not self._later.isActive():
            self._later.start()

    def _hits(self, placed: Placed, seen: dict[Place, tuple[str, tuple[Range, ...]]]) -> tuple[Range, ...]:
        if not self._needles or self._only not in (None, placed.place.item.key):
            return ()
        text = _text_of(placed.widget)
        known = self._known.get(placed.place)
        if known is None or known[0] != text:
            known = (text, _apart(each for wanted in self._needles for each in find(text, wanted)))
        seen[placed.place] = known
        return known[1]

    def _current(self, place: Place, hits: tuple[Range, ...]) -> int:
        match = self._match
        if match is None or place.item.key != match.message_id:
            return -1
        if (place.section, place.index) != (_section(match), match.index):
            return -1
        return next((at for at, hit in enumerate(hits) if hit[0] == match.start), -1)

    # Going there

    @Slot()
    def _go_on(self) -> None:
        """Go to the wanted match as soon as its message is loaded and read as far as it takes."""
        match = self._wanted
        if match is None:
            return
        row = self._geometry.model.row_of(match.message_id)
        if row < 0:
            return
        item = self._geometry.model.item(row)
        if match.in_thinking and not self._geometry.is_unfolded(item):
            self._geometry.fold(item, unfolded=True)
            self._stage.mark(item)
            self.layout_wanted.emit()
        if self._geometry.message(item).count(_section(match)) <= match.index:
            if item.is_parsed:
                self._wanted = None  # it has changed meanwhile
            return
        self._wanted = None
        self._show(Place(item, _section(match), match.index), match)

    def _show(self, place: Place, match: Match) -> None:
        widget = self._placed(place)
        if widget is None or not self._sees(widget, match):
            y = _AT * self._height()
            self._scroll.show_place(place, y)
            widget = self._placed(place)
            if widget is not None:
                # The part is laid out now, so it is known where in it the line stands.
                self._scroll.show_place(place, y - widget.rect_of(match.start).top())
                widget = self._placed(place)
        if widget is not None and widget.reveal(match.start, match.end):
            self._wanted = match  # once more, when the widget has unfolded
        self.mark()

    def _placed(self, place: Place) -> BlockWidget | None:
        return next((each.widget for each in self._stage.placed if each.place == place), None)

    def _sees(self, widget: BlockWidget, match: Match) -> bool:
        rect = widget.rect_of(match.start)
        line = widget.mapToParent(QPointF(rect.topLeft())).y()
        return line >= _EDGE_PX and line + rect.height() <= self._height() - _EDGE_PX


def _apart(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Return ranges in the order they are read, those that overlap as one."""
    apart: list[Range] = []
    for first, last in sorted(ranges):
        if apart and first < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        else:
            apart.append((first, last))
    return tuple(apart)


def _section(match: Match) -> Section:
    return Section.THOUGHTS if match.in_thinking else Section.BLOCKS


def _text_of(widget: BlockWidget) -> str:
    """Return what is shown in a part, as it is searched in the store."""
    part = widget.part
    if part is None:
        return ""
    if part.kind is Kind.THOUGHT:
        return part.text.rstrip("\n")
    return shown_text(part.block) if part.block is not None else ""
