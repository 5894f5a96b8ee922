"""Taking words along: what is selected, or a whole message, into the clipboard or as a quote into the next message.

What is loaded and small is taken at once. The rest is asked for: the texts are read and joined where no window waits.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from desktop.domain.authors import author_of
from desktop.domain.markdown import parse
from desktop.domain.markdown_written import written
from desktop.domain.messages import Role
from desktop.domain.taking import BEYOND, Mark, Piece, Taken, TakeRequest, piece_of, quote, take
from desktop.i18n import _
from desktop.presenters.transcript import TranscriptListModel
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.menu import Entry
from desktop.ui.transcript.clipboard import copy_plain, copy_taken
from desktop.ui.transcript.parts import Section
from desktop.ui.transcript.selection import Selection
from desktop.ui.transcript.spots import Spot

AT_ONCE_CHARS = 8_000
"""Styling so much dense Markdown takes 25 ms (measured); more is done elsewhere."""
_READING = 6
"""What has not been read as Markdown yet takes so many times as long."""


class Taking(QObject):
    """`Taking(selection=…, model=…)`: `wanted` asks for more than is at hand, with a `TakeRequest`."""

    wanted = Signal(object)
    quoted = Signal(str)
    """Markdown to answer to."""

    def __init__(self, *, selection: Selection, model: TranscriptListModel, parent: QObject) -> None:
        super().__init__(parent)
        self._selection = selection
        self._model = model
        selection.settled.connect(self._offer)

    def copy(self) -> None:
        """Put what is selected into the clipboard; nothing selected leaves it alone."""
        request = self._request()
        if request is None:
            return
        taken = self._take(request)
        if taken is not None:
            copy_taken(taken)
        else:
            self.wanted.emit(request)

    def copy_message(self, item: TranscriptItem) -> None:
        """Put a whole message into the clipboard, as plain text too the way it was written."""
        depth = item.message.depth
        request = self._make([item], Mark(depth, True, 0, 0), Mark(depth, True, BEYOND, BEYOND))
        taken = self._take(request)
        if taken is not None:
            copy_taken(replace(taken, plain=taken.markdown))
        elif item.is_live:
            copy_taken(Taken(plain=item.text, markdown=item.text, html="", count=1))
        else:
            self.wanted.emit(replace(request, as_written=True))

    def quote(self, item: TranscriptItem | None) -> None:
        """Quote what is selected, or a message in which nothing is selected."""
        request = self._request()
        ends = self._selection.ends
        depth = item.message.depth if item is not None else -1
        if request is not None and ends is not None and (item is None or ends[0].depth <= depth <= ends[1].depth):
            taken = self._take(request)
            if taken is not None:
                self.quoted.emit(quote(taken.markdown))
                return
        if item is not None:
            self.quoted.emit(quote(item.text))

    def entries(self, item: TranscriptItem | None, link: str) -> list[Entry]:
        """Return what the menu over a message offers."""
        found: list[Entry] = []
        if self._selection.ends is not None:
            found.append((_("Copy"), self.copy))
        if link:
            found.append((_("Copy link address"), lambda: copy_plain(link)))
        if item is not None and item.has_text:
            found.append((_("Copy message"), lambda: self.copy_message(item)))
            found.append((_("Quote in reply"), lambda: self.quote(item)))
        if self._model.rowCount():
            found.append((_("Select all"), self._selection.select_all))
        return found

    def item_at(self, point: QPointF) -> TranscriptItem | None:
        """Return the message at a point of the viewport."""
        spot = self._selection.spot_at(point)
        row = self._model.row_of(spot.message_id) if spot is not None else -1
        return self._model.item(row) if row >= 0 else None

    # Inside

    def _request(self) -> TakeRequest | None:
        ends = self._selection.ends
        last = self._model.last()
        if ends is None or last is None:
            return None
        rows = {self._model.row_of(spot.message_id) for spot in ends} | {self._model.rowCount() - 1}
        return self._make([self._model.item(row) for row in rows if row >= 0], _mark(ends[0]), _mark(ends[1]))

    def _make(self, items: Sequence[TranscriptItem], start: Mark, end: Mark) -> TakeRequest:
        """Return a request; what is still being written has come further than the database knows."""
        return TakeRequest(
            session_id=items[0].message.session_id,
            start=start,
            end=end,
            texts={item.key: item.text for item in items if item.is_live},
            thoughts={item.key: tuple(item.thoughts) for item in items if item.thoughts},
        )

    def _take(self, request: TakeRequest) -> Taken | None:
        """Take what is loaded, unless it is too much for the window to wait for."""
        first = self._model.first()
        if first is None or request.start.depth < first.depth:
            return None
        begin, stop = request.start.depth - first.depth, request.end.depth - first.depth
        if stop >= self._model.rowCount():
            return None
        items = [self._model.item(row) for row in range(begin, stop + 1)]
        chars = _READING * sum(len(item.text) for item in items if not item.is_parsed)
        pieces: dict[int, Piece] = {}
        for item in items:
            if chars > AT_ONCE_CHARS:
                return None
            if item.is_parsed:
                pieces[item.key] = _piece(item, request)
                chars += sum(cut.end - cut.start for cut in pieces[item.key].cuts)
        if chars > AT_ONCE_CHARS:
            return None
        return take([pieces.get(item.key) or _piece(item, request) for item in items])

    def _offer(self) -> None:
        """Offer what is selected to the middle button, where the system has one for that."""
        clipboard = QGuiApplication.clipboard()
        request = self._request()
        if clipboard.supportsSelection() and request is not None:
            taken = self._take(request)
            if taken is not None:
                clipboard.setText(taken.plain, QClipboard.Mode.Selection)


def _mark(spot: Spot) -> Mark:
    return Mark(spot.depth, spot.section is not Section.THOUGHTS, spot.index, spot.offset)


def _piece(item: TranscriptItem, request: TakeRequest) -> Piece:
    message = item.message
    if item.is_parsed:
        blocks = item.blocks()
    else:
        blocks = parse(item.text) if message.role is Role.ASSISTANT else written(item.text)
    return piece_of(
        request,
        depth=message.depth,
        author=author_of(message),
        text=item.text,
        blocks=tuple(blocks),
        thoughts=tuple(item.thoughts),
    )
