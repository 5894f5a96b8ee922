"""The one owner of the scroll: it belongs to the reader, and follows the text only while the reader is at its end.

The position is a part of a message and where that part stands in the viewport; where nothing is loaded, the number of a
message in the path. The scroll bar is told about it after every layout, so a corrected estimate moves the bar's handle
and never the text. While the handle is held, the bar stays as it is.
"""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QScrollBar

from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.geometry import Geometry, Place
from desktop.ui.transcript.parts import Section
from desktop.ui.transcript.stage import BOTTOM_PX, TOP_PX, Placed

_NEAR_END_PX = 2
_MAX_PX = 2_000_000_000
"""What Qt counts a scroll bar's range with holds no more."""


class ScrollController(QObject):
    """`ScrollController(bar=…, geometry=…)`: `moved` asks for a layout, `following_changed` tells who leads."""

    moved = Signal()
    following_changed = Signal(bool)

    def __init__(self, *, bar: Callable[[], QScrollBar], geometry: Geometry, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._find_bar = bar
        self._geometry = geometry
        self._value = 0
        self._height = 0
        self._anchor: Place | None = None
        self._number = 0
        self._y = 0.0
        self._far: float | None = None
        self._held: tuple[Place, float] | None = None
        self._top: tuple[TranscriptItem, float] | None = None
        self._pin: tuple[Place, int, float] | None = None
        self._maximum = 0
        self._following = True
        bar().valueChanged.connect(self._on_value)

    @property
    def _bar(self) -> QScrollBar:
        """The bar, asked for anew: a wrapper that is kept dies with the widget whose focus chain it was met in."""
        return self._find_bar()

    @property
    def following(self) -> bool:
        """Whether the view stays at the end of the text."""
        return self._following

    @property
    def far(self) -> float | None:
        """The number of the message (and the share of it) at the top of the viewport, where it is not loaded."""
        return self._far

    @property
    def anchor(self) -> tuple[Place, float] | None:
        """The part that holds the position and where its top stands in the viewport."""
        return None if self._anchor is None else (self._anchor, self._y)

    def pin(self, placed: list[Placed]) -> None:
        """Hold the words at the top of the viewport until the reader scrolls: every part is about to turn another size.

        In a part taller than the window a distance in pixels would mean other words then.
        """
        if self._pin is not None and self._pin[0] == self._anchor:
            return  # held as they stood at first: of many small changes none may add its rounding
        top = next((each for each in placed if each.place == self._anchor), None)
        self._pin = None
        if top is not None and top.y < 0:
            offset = top.widget.offset_at(QPointF(0, 1 - top.y))
            self._pin = (top.place, offset, top.y + top.widget.rect_of(offset).top())

    def pinned(self, place: Place) -> tuple[int, float] | None:
        """Return the offset in a part's text that is held, and where its line stands in the viewport."""
        return None if self._pin is None or self._pin[0] != place else self._pin[1:]

    def start(self) -> tuple[Place, float] | None:
        """Return the part to lay out from and where it stands, for what is there now."""
        geometry, model = self._geometry, self._geometry.model
        rows = model.rowCount()
        if self._following and not model.has_newer:
            last = geometry.end(rows - 1, -1)
            return None if last is None else (last, self._y)
        if self._far is not None:
            found = geometry.place_of(self._far)
            if found is None:
                return None
            if self._far:
                self._hold_on(found[0], -found[1])
            else:
                self._top = (found[0].item, geometry.style.px(TOP_PX))
            self._far = None
        if self._top is not None and (top := self._find_top(*self._top)) is not None:
            return top
        if self._anchor is None:
            first = geometry.end(0, 1)
            return None if first is None else (first, geometry.style.px(TOP_PX))
        if geometry.exists(self._anchor):
            return self._anchor, self._y
        return self._instead(self._anchor)

    def _find_top(self, item: TranscriptItem, y: float) -> tuple[Place, float] | None:
        """Return the first part of a message that was gone to: until its text is read, that may be another one."""
        row = self._geometry.model.row_of(item.key)
        place = self._geometry.end(row, 1) if row >= 0 else None
        if place is None or place.item is not item or item.is_parsed:
            self._top = None
        if place is None or place.item is not item:
            return None
        self._hold_on(place, y)
        return place, y

    def _instead(self, gone: Place) -> tuple[Place, float] | None:
        """Return what stands where a part stood that is gone: the message read anew, or its other version."""
        geometry, model = self._geometry, self._geometry.model
        rows = model.rowCount()
        row = model.row_of(gone.item.key)
        row = row if row >= 0 else self._number - model.before
        if not 0 <= row < rows:
            if model.has_older or model.has_newer:
                self._far, self._anchor = float(min(self._number, model.total - 1)), None
                return None
            row = rows - 1
        same = replace(gone, item=model.item(row)) if rows else gone
        if rows and gone.section is not Section.FOOT and geometry.exists(same):
            return same, self._y
        found = geometry.end(row, -1 if gone.section is Section.FOOT else 1)
        return None if found is None else (found, self._y)

    def settled(self, placed: list[Placed], height: int) -> None:
        """Take up a layout: hold on to the first part in sight, and set the bar to match."""
        self._height = height
        style = self._geometry.style
        maximum = round(self._geometry.total + style.px(TOP_PX) + style.px(BOTTOM_PX) - height)
        maximum = max(0, min(maximum, _MAX_PX))
        if not placed:
            self._anchor = None
            self._show(0 if self._far is None else round(self._geometry.top_of(self._far)), maximum)
            return
        held = self._find_held(placed)
        self._hold_on(held.place, held.y)
        value = round(self._geometry.offset(held.place) + style.px(TOP_PX) - held.y)
        end = placed[-1]
        sees_end = (
            not self._geometry.model.has_newer
            and self._geometry.step(end.place, 1) is None
            and end.y + end.height <= height - style.px(BOTTOM_PX) + 1
        )
        self._show(maximum if sees_end else min(value, maximum), maximum)

    def _find_held(self, placed: list[Placed]) -> Placed:
        """Return the part that holds the place: the first in sight, but for a message that is about to be another."""
        if self._held is not None:
            for each in placed:
                if each.place == self._held[0]:
                    return each
            self._held = None
        return next((each for each in placed if each.y + each.height > 0), placed[-1])

    def _hold_on(self, place: Place, y: float) -> None:
        self._anchor, self._y = place, y
        model = self._geometry.model
        self._number = model.before + model.row_of(place.item.key)

    def hold(self, item: TranscriptItem, placed: list[Placed]) -> None:
        """Stay at a message that will be exchanged for another version: at its head or, out of sight, its foot."""
        parts = [each for each in placed if each.place.item is item and each.y + each.height > 0]
        if parts:
            is_head = parts[0].y >= 0 and parts[0].place == self._geometry.end(self._geometry.model.row_of(item.key), 1)
            held = parts[0] if is_head else parts[-1]
            self.follow(follow=False)
            self._held = (held.place, held.y)
            self._hold_on(held.place, held.y)

    def _show(self, value: int, maximum: int) -> None:
        self._maximum = maximum
        if self._bar.isSliderDown() and self._bar.maximum():
            self._value = self._bar.value()
            return
        blocker = QSignalBlocker(self._bar)
        self._bar.setRange(0, maximum)
        self._bar.setEnabled(maximum > 0)  # its place is kept, so that nothing jumps; the theme hides it
        self._bar.setPageStep(max(1, self._height))
        self._bar.setSingleStep(self._geometry.style.text.line_height)
        self._bar.setValue(value)
        self._value = value
        blocker.unblock()

    def follow(self, *, follow: bool = True) -> None:
        """Stay at the end from now on, or stay here."""
        self._held = self._top = self._pin = None
        if follow != self._following:
            self._following = follow
            self.following_changed.emit(follow)
        if follow:
            self.moved.emit()

    def forget(self) -> None:
        """Another session is shown: from its end, with the next layout."""
        self._anchor = self._far = self._held = self._top = self._pin = None
        if not self._following:
            self._following = True
            self.following_changed.emit(True)

    def stand_still(self, pixels: int) -> None:
        """Lay out as before, though the viewport's top has moved down by so many pixels."""
        self._y -= pixels
        if self._held is not None:
            self._held = (self._held[0], self._held[1] - pixels)
        if self._top is not None:
            self._top = (self._top[0], self._top[1] - pixels)
        if self._pin is not None:
            self._pin = (*self._pin[:2], self._pin[2] - pixels)
        self.moved.emit()

    def scroll_by(self, pixels: int) -> None:
        """Move by pixels, as a key does."""
        self._bar.setValue(max(0, min(self._bar.maximum(), self._value + pixels)))

    def to_start(self) -> None:
        """Go to the beginning of the session."""
        if self._geometry.model.has_older:
            self._far = 0.0
            self.follow(follow=False)
            self.moved.emit()
            return
        self.show_place(self._geometry.end(0, 1), self._geometry.style.px(TOP_PX))

    def show_place(self, place: Place | None, y: float) -> None:
        """Go to a part, wherever it is."""
        if place is not None:
            self._far = None
            self._hold_on(place, y)
            self.follow(follow=False)
            if not place.item.is_parsed and place == self._geometry.end(self._number - self._geometry.model.before, 1):
                self._top = (place.item, y)
            self.moved.emit()

    @Slot(int)
    def _on_value(self, value: int) -> None:
        """Follow the reader, who has moved the bar."""
        change = value - self._value
        self._value = value
        self._held = self._top = self._pin = None
        at_end = value >= self._bar.maximum() - _NEAR_END_PX
        if not at_end:
            if abs(change) <= 2 * max(1, self._height) and self._anchor is not None:
                # From what is on the screen: estimates of what comes in must not make the text jump.
                self._y -= change
            else:
                # A handle that is held stands on a bar as long as it was when it was taken.
                self._go_to(value * self._maximum / max(1, self._bar.maximum()) - self._geometry.style.px(TOP_PX))
        if at_end != self._following:
            self._following = at_end
            self.following_changed.emit(at_end)
        self.moved.emit()

    def _go_to(self, y: float) -> None:
        """Go to a place in the whole path, which may not be loaded."""
        found = self._geometry.at(y)
        if found is not None:
            self._far = None
            self._hold_on(found[0], -found[1] - min(0.0, y))  # above the first message there is some air
        elif self._geometry.model.rowCount():
            self._far, self._anchor = self._geometry.message_at(y), None
