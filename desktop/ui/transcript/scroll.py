"""The one owner of the scroll: it belongs to the reader, and follows the text only while the reader is at its end.

The position is a part of a message and where that part stands in the viewport. The scroll bar is told about it after
every layout, so a corrected estimate moves the bar's handle and never the text.
"""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QScrollBar

from desktop.ui.transcript.geometry import Geometry, Place
from desktop.ui.transcript.stage import BOTTOM_PX, TOP_PX, Placed

_NEAR_END_PX = 2


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
        self._anchor_row = 0
        self._y = 0.0
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
    def anchor(self) -> tuple[Place, float] | None:
        """The part that holds the position and where its top stands in the viewport."""
        return None if self._anchor is None else (self._anchor, self._y)

    def start(self) -> tuple[Place, float] | None:
        """Return the part to lay out from and where it stands, for what is there now."""
        if self._anchor is None:
            found = self._geometry.end(0, 1)
            return None if found is None else (found, self._geometry.style.px(TOP_PX))
        if self._geometry.exists(self._anchor):
            return self._anchor, self._y
        row = self._geometry.model.row_of(self._anchor.item.key)
        rows = self._geometry.model.rowCount()
        if not rows:
            return None
        found = self._geometry.end(row if row >= 0 else min(self._anchor_row, rows - 1), 1)
        return None if found is None else (found, self._y)

    def settled(self, placed: list[Placed], height: int) -> None:
        """Take up a layout: hold on to the first part in sight, and set the bar to match."""
        self._height = height
        if not placed:
            self._anchor = None
            self._show(0, 0)
            return
        held = next((each for each in placed if each.y + each.height > 0), placed[-1])
        self._anchor, self._y = held.place, held.y
        self._anchor_row = self._geometry.model.row_of(held.place.item.key)
        style = self._geometry.style
        maximum = max(0, round(self._geometry.total + style.px(TOP_PX) + style.px(BOTTOM_PX) - height))
        value = round(self._geometry.offset(held.place) + style.px(TOP_PX) - held.y)
        end = placed[-1]
        sees_end = self._geometry.step(end.place, 1) is None and end.y + end.height <= height - style.px(BOTTOM_PX) + 1
        self._show(maximum if sees_end else min(value, maximum), maximum)

    def _show(self, value: int, maximum: int) -> None:
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
        if follow != self._following:
            self._following = follow
            self.following_changed.emit(follow)
        if follow:
            self.moved.emit()

    def forget(self) -> None:
        """Another session is shown: from its end."""
        self._anchor = None
        self.follow()

    def scroll_by(self, pixels: int) -> None:
        """Move by pixels, as a key does."""
        self._bar.setValue(max(0, min(self._bar.maximum(), self._value + pixels)))

    def to_start(self) -> None:
        """Go to the beginning of what is loaded."""
        self.show_place(self._geometry.end(0, 1), self._geometry.style.px(TOP_PX))

    def show_place(self, place: Place | None, y: float) -> None:
        """Go to a part, wherever it is."""
        if place is not None:
            self._anchor, self._y = place, y
            self._anchor_row = self._geometry.model.row_of(place.item.key)
            self.follow(follow=False)
            self.moved.emit()

    @Slot(int)
    def _on_value(self, value: int) -> None:
        """Follow the reader, who has moved the bar."""
        change = value - self._value
        self._value = value
        at_end = value >= self._bar.maximum() - _NEAR_END_PX
        if not at_end and self._anchor is not None:
            if abs(change) <= 2 * max(1, self._height):
                # From what is on the screen: estimates of what comes in must not make the text jump.
                self._y -= change
            else:
                found = self._geometry.at(value - self._geometry.style.px(TOP_PX))
                if found is not None:
                    self._anchor, self._y = found[0], -found[1]
                    self._anchor_row = self._geometry.model.row_of(found[0].item.key)
        if at_end != self._following:
            self._following = at_end
            self.following_changed.emit(at_end)
        self.moved.emit()
