"""Where everything is: messages one below the other, and in each of them its parts, measured or estimated.

A place in the transcript is a message, a section of it, a number and an offset, never a pixel: pixels of what was not
seen yet are guesses, and change.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil

from desktop.presenters.transcript import TranscriptListModel
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.heights import Heights
from desktop.ui.transcript.parts import SECTIONS, MessageParts, Part, Section, estimate, estimate_text
from desktop.ui.transcript.style import Style


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a message."""

    item: TranscriptItem
    section: Section
    index: int


class MessageGeometry:
    """The parts of one message with their heights, by section."""

    def __init__(self, item: TranscriptItem, style: Style, width: int) -> None:
        self.parts = MessageParts(item, unfolded=False)
        self._style, self._width = style, width
        self._heights = {section: Heights() for section in SECTIONS}
        self._guess = style.px(60) + estimate_text(item.message.content, width, style.text.line_height)
        self.fit()

    @property
    def height(self) -> float:
        """The height of the message, as far as it is known."""
        return max(self._guess, self._sum())

    def _sum(self) -> float:
        return sum(self._heights[section].total for section in SECTIONS)

    def heights(self, section: Section) -> Heights:
        """Return the heights of a section's parts."""
        return self._heights[section]

    def count(self, section: Section) -> int:
        """Return how many parts of a section are laid out."""
        return len(self._heights[section])

    def fit(self, changed: Section | None = None, first: int = 0) -> None:
        """Follow the message: what is new gets an estimate, what is gone goes."""
        for section in SECTIONS:
            heights = self._heights[section]
            wanted = self.parts.count(section)
            if section is changed or len(heights) > wanted:
                heights.truncate(min(first if section is changed else wanted, wanted))
            for index in range(len(heights), wanted):
                heights.append(estimate(self.parts.part(section, index), self._style, self._width))
        if self.parts.item.is_parsed:
            self._guess = 0.0

    def part(self, section: Section, index: int) -> Part:
        """Return a part."""
        return self.parts.part(section, index)

    def offset(self, section: Section, index: int) -> float:
        """Return where a part begins within the message."""
        before = 0.0
        for each in SECTIONS:
            if each is section:
                return before + self._heights[each].offset(index)
            before += self._heights[each].total
        return before

    def at(self, y: float) -> tuple[Section, int, float]:
        """Return the part at a place within the message and how far into it the place is."""
        filled = [section for section in SECTIONS if len(self._heights[section])]
        for section in filled:
            total = self._heights[section].total
            if y < total or section is filled[-1]:
                index, offset = self._heights[section].at(y)
                return section, index, offset
            y -= total
        return Section.BLOCKS, 0, y

    def step(self, section: Section, index: int, by: int) -> tuple[Section, int] | None:
        """Return the part after or before one, or None at the message's end."""
        if 0 <= index + by < len(self._heights[section]):
            return section, index + by
        order = SECTIONS if by > 0 else tuple(reversed(SECTIONS))
        for each in order[order.index(section) + 1 :]:
            if count := len(self._heights[each]):
                return each, 0 if by > 0 else count - 1
        return None

    def end(self, by: int) -> tuple[Section, int] | None:
        """Return the first part (`by` positive) or the last one."""
        for each in SECTIONS if by > 0 else reversed(SECTIONS):
            if count := len(self._heights[each]):
                return each, 0 if by > 0 else count - 1
        return None


class Geometry:
    """All messages of a model. `day_above` says which of them begin a day, and how it is called."""

    def __init__(
        self,
        *,
        model: TranscriptListModel,
        style: Style,
        width: int,
        day_above: Callable[[TranscriptItem], str] | None = None,
    ) -> None:
        self.model = model
        self._day_above = day_above
        self.style = style
        self.width = width
        self._messages: dict[TranscriptItem, MessageGeometry] = {}
        self._rows = Heights()
        self._gone_px, self._gone = 0.0, 0
        self._unfolded: set[int] = set()
        self.reset(style, width)

    def reset(self, style: Style, width: int) -> None:
        """Estimate everything anew."""
        self.style, self.width = style, width
        self._messages.clear()
        self._gone_px, self._gone = 0.0, 0
        count = self.model.rowCount()
        self._rows = Heights(self._guess(self.model.item(row)) for row in range(count))

    @property
    def mean(self) -> float:
        """The mean height of the messages that are or were loaded: what the others are taken to have."""
        return (self._gone_px + self._rows.total) / max(1, self._gone + len(self._rows))

    @property
    def above(self) -> float:
        """About how high the messages are that stand above the loaded ones."""
        return self.model.before * self.mean

    @property
    def loaded(self) -> float:
        """The height of the loaded messages, as far as it is known."""
        return self._rows.total

    @property
    def total(self) -> float:
        """The height of the whole path, as far as it is known."""
        return self._rows.total + (self.model.before + self.model.after) * self.mean

    def message(self, item: TranscriptItem) -> MessageGeometry:
        """Return a message's geometry; asking for it the first time has its text read."""
        found = self._messages.get(item)
        if found is None:
            self.model.want(self.model.row_of(item.key))
            found = self._messages[item] = MessageGeometry(item, self.style, self.width)
            found.parts.unfolded = item.key in self._unfolded
            found.parts.day = self._day_above(item) if self._day_above is not None else ""
            if found.parts.unfolded or found.parts.day:
                found.fit(Section.HEAD)
            self._keep(item)
        return found

    def insert(self, first: int, last: int) -> None:
        """Take up rows that have been inserted."""
        self._rows.insert(first, [self._guess(self.model.item(row)) for row in range(first, last + 1)])
        if last + 1 < self.model.rowCount():
            self._look_at_day(self.model.item(last + 1))

    def look_at_days(self) -> None:
        """See anew which messages begin a day, and how it is called: midnight has passed."""
        for item in list(self._messages):
            self._look_at_day(item)

    def _look_at_day(self, item: TranscriptItem) -> None:
        found = self._messages.get(item)
        if found is not None and self._day_above is not None:
            day = self._day_above(item)
            if day != found.parts.day:
                found.parts.day = day
                self.fit(item, Section.HEAD)

    def remove(self, first: int, last: int) -> None:
        """Drop rows that have been removed; the model has forgotten them already."""
        rest = [self._rows[row] for row in range(last + 1, len(self._rows))]
        self._gone_px += self._rows.total - self._rows.offset(first) - sum(rest)
        self._gone += last + 1 - first
        self._rows.truncate(first)
        self._rows.insert(first, rest)
        there = {self.model.item(row) for row in range(self.model.rowCount())}
        for item in [item for item in self._messages if item not in there]:
            del self._messages[item]

    def fit(self, item: TranscriptItem, changed: Section | None = None, first: int = 0) -> bool:
        """Follow a message that has changed; return whether it is or was near enough to be laid out."""
        found = self._messages.get(item)
        if found is not None:
            found.fit(changed, first)
            self._keep(item)
        return found is not None

    def is_unfolded(self, item: TranscriptItem) -> bool:
        """Return whether a message's thinking is shown."""
        return item.key in self._unfolded

    def fold(self, item: TranscriptItem, *, unfolded: bool) -> None:
        """Show or hide a message's thinking."""
        (self._unfolded.add if unfolded else self._unfolded.discard)(item.key)
        message = self.message(item)
        message.parts.unfolded = unfolded
        message.fit(Section.THOUGHTS)
        self._keep(item)

    def measured(self, place: Place, height: float) -> None:
        """Take up the height of a part that has been laid out."""
        if self.message(place.item).heights(place.section).set(place.index, height):
            self._keep(place.item)

    def offset(self, place: Place) -> float:
        """Return where a part begins in the whole."""
        row = self.model.row_of(place.item.key)
        return self.above + self._rows.offset(row) + self.message(place.item).offset(place.section, place.index)

    def at(self, y: float) -> tuple[Place, float] | None:
        """Return the part at a place in the whole and how far into it the place is; None if it is not loaded."""
        y -= self.above
        is_above = y < 0 and self.model.has_older
        if not len(self._rows) or is_above or (y >= self._rows.total and self.model.has_newer):
            return None
        row, rest = self._rows.at(y)
        item = self.model.item(row)
        section, index, offset = self.message(item).at(rest)
        return Place(item, section, index), offset

    def row_at(self, y: float) -> int:
        """Return the row at a distance from the beginning of the first one."""
        return self._rows.at(max(0.0, y))[0] if len(self._rows) else 0

    def message_at(self, y: float) -> float:
        """Return which message of the path is at a place in the whole, with the share of it that is above the place."""
        mean, above = max(1.0, self.mean), self.above
        if y < above or not len(self._rows):
            found = y / mean
        else:
            found = self.model.before + len(self._rows) + (y - above - self._rows.total) / mean
        return max(0.0, min(found, self.model.total - 1.0))

    def top_of(self, number: float) -> float:
        """Return about where the message with a number in the path, which is not loaded, stands in the whole."""
        number -= len(self._rows) if number >= self.model.before else 0
        return number * self.mean + (self._rows.total if number >= self.model.before else 0.0)

    def edges(self, count: int) -> list[int]:
        """Return which message of the path is the first in each of `count` equal shares of the whole, and the last."""
        mean, share = max(1.0, self.mean), self.total / count
        before, rows, total = self.model.before, len(self._rows), self.model.total
        found = []
        for at in range(count):
            y = at * share - before * mean
            if y <= 0:
                number = ceil(at * share / mean)
            elif y < self._rows.total:
                row, rest = self._rows.at(y)
                number = before + row + (rest > 0)
            else:
                number = before + rows + ceil((y - self._rows.total) / mean)
            found.append(min(number, total))
        return [*found, total]

    def place_of(self, number: float) -> tuple[Place, float] | None:
        """Return the part at a share of a message, and how far into it that is; None if it is not loaded."""
        row = int(number) - self.model.before
        if not 0 <= row < len(self._rows):
            return None
        item = self.model.item(row)
        message = self.message(item)
        section, index, offset = message.at(number % 1 * message.height)
        return Place(item, section, index), offset

    def step(self, place: Place, by: int) -> Place | None:
        """Return the part after or before one; None at the ends of the transcript."""
        found = self.message(place.item).step(place.section, place.index, by)
        if found is not None:
            return replace(place, section=found[0], index=found[1])
        return self.end(self.model.row_of(place.item.key) + by, by)

    def end(self, row: int, by: int) -> Place | None:
        """Return the first (`by` positive) or last part of a row, or of the next one that has any."""
        while 0 <= row < self.model.rowCount():
            item = self.model.item(row)
            found = self.message(item).end(by)
            if found is not None:
                return Place(item, *found)
            row += by
        return None

    def exists(self, place: Place) -> bool:
        """Return whether a part is still there."""
        if (
            self.model.row_of(place.item.key) < 0
            or self.model.item(self.model.row_of(place.item.key)) is not place.item
        ):
            return False
        return place.index < self.message(place.item).count(place.section)

    def _keep(self, item: TranscriptItem) -> None:
        self._rows.set(self.model.row_of(item.key), self._messages[item].height)

    def _guess(self, item: TranscriptItem) -> float:
        found = self._messages.get(item)
        if found is not None:
            return found.height
        return self.style.px(60) + estimate_text(item.message.content, self.width, self.style.text.line_height)
