"""A thin map of the whole session beside the scroll bar: the user's questions, branches, and what was found.

Its marks stand where the scroll bar's handle stands at the same message, so the view is asked which messages its shares
are. It is painted by the rows of its own height, however many messages there are.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from desktop.domain.path_map import PathMap
from desktop.i18n import _, ngettext
from desktop.ui.theme import Theme

WIDTH_PX = 12
ROW_PX = 3
PAD_PX = 6
_NEAR_ROWS = 2
_CROWDED = 0.6
PAUSE_MS = 200
"""How long an estimate of what stands where is good for, while it changes with each line that arrives."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one row of the map marks."""

    question: bool
    branch: bool
    hit: bool
    current: bool


def equal_shares(total: int, count: int) -> list[int]:
    """Return the first depth of each of `count` rows, and the last's end, where all messages are taken as high."""
    return [-(-row * total // count) for row in range(count + 1)]


def rows(path: PathMap, hits: bytes, current: int, edges: Sequence[int]) -> list[Row]:
    """Return what each row marks; its depths begin at its edge and end before the next one."""
    found = []
    for first, end in pairwise(edges):
        found.append(
            Row(
                path.questions.find(1, first, end) >= 0,
                any(path.branches[first:end]),
                hits.find(1, first, end) >= 0,
                first <= current < end,
            )
        )
    return found


def nearest(path: PathMap, hits: Sequence[int], depth: int, reach: int) -> int:
    """Return the hit nearest to a depth within reach, else the branch or question, else the depth itself."""
    at = bisect_left(hits, depth)
    beside = [hit for hit in hits[max(0, at - 1) : at + 1] if abs(hit - depth) <= reach]
    if beside:
        return min(beside, key=lambda hit: abs(hit - depth))
    around = sorted(range(max(0, depth - reach), min(len(path), depth + reach + 1)), key=lambda at: abs(at - depth))
    return next((at for at in around if path.branches[at] or path.questions[at]), depth)


class TranscriptMap(QWidget):
    """`TranscriptMap(theme=…, view=…)`: lies on the right edge of the view's page, and is there while it scrolls.

    `shares(count)` says which depths the shares of the scroll bar begin with; without it they have the same number.
    """

    go_wanted = Signal(int)
    """The message at a depth is to be shown."""
    words_wanted = Signal(int)
    """How does the message at a depth begin?"""

    def __init__(
        self, *, theme: Theme, view: QAbstractScrollArea, shares: Callable[[int], Sequence[int]] | None = None
    ) -> None:
        super().__init__(view)
        self.setObjectName("transcriptMap")
        self.setAccessibleName(_("Map of the session"))
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._view = view
        self._theme = theme
        self._path = PathMap()
        self._depths: tuple[int, ...] = ()
        self._hits = b""
        self._current = -1
        self._shares = shares
        self._rows: list[Row] | None = None
        self._edges: Sequence[int] = (0, 0)
        self._length = -1
        self._asked: tuple[int, QPoint] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._estimate_again)
        view.viewport().installEventFilter(self)
        self.hide()

    # What is marked

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.update()

    @Slot(object)
    def set_path(self, path: PathMap) -> None:
        """Take the path that is shown."""
        self._path = path
        self.set_hits(self._depths, self._current)
        self.look()

    def set_hits(self, depths: Sequence[int], current: int) -> None:
        """Mark what was found, by depth in order; `current` is the depth of the one that is gone to, -1 for none."""
        flags = bytearray(len(self._path))
        for depth in depths:
            if depth < len(flags):
                flags[depth] = 1
        self._depths, self._hits, self._current = tuple(depths), bytes(flags), current
        self._rows = None
        self.update()

    def set_current(self, depth: int) -> None:
        """Mark the match that is gone to, -1 for none."""
        if depth != self._current:
            self._current = depth
            self._rows = None
            self.update()

    @Slot()
    def look(self) -> None:
        """Be there while there is something to scroll."""
        self._stand()
        length = self._view.verticalScrollBar().maximum()
        if self._length != length and self._shares is not None and not self._pause.isActive():
            self._length = length
            self._pause.start()
        self.setVisible(len(self._path) > 1 and length > 0)

    @Slot()
    def _estimate_again(self) -> None:
        """Mark anew where what stands was estimated anew; an answer that grows would else ask for it with each line."""
        self._length, self._rows = self._view.verticalScrollBar().maximum(), None
        self.update()

    def rows(self) -> list[Row]:
        """Return what is marked, from top to bottom."""
        if self._rows is None:
            total, count = len(self._path), self._count()
            edges = equal_shares(total, count) if self._shares is None else self._shares(count)
            self._edges = [*(min(edge, total) for edge in edges[:-1]), total]  # the path may be read before the page
            self._rows = rows(self._path, self._hits, self._current, self._edges)
        return self._rows

    def _count(self) -> int:
        return max(1, (self.height() - 2 * PAD_PX) // ROW_PX)

    def depth_at(self, y: int) -> int:
        """Return the depth that a click at a height means."""
        total, count = len(self._path), self._count()
        row = max(0, min(count - 1, (y - PAD_PX) // ROW_PX))
        self.rows()
        depth = min(total - 1, (self._edges[row] + self._edges[row + 1]) // 2)
        reach = max(
            self._edges[min(row + _NEAR_ROWS, count)] - depth, depth - self._edges[max(0, row - _NEAR_ROWS + 1)]
        )
        return nearest(self._path, self._depths, depth, max(1, reach))

    def y_of(self, depth: int) -> int:
        """Return the height at which a depth is marked."""
        self.rows()
        return PAD_PX + max(0, min(bisect_right(self._edges, depth), self._count()) - 1) * ROW_PX

    # Place and paint

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the page's right edge."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._stand()
        return super().eventFilter(watched, event)

    def _stand(self) -> None:
        page = self._view.viewport().geometry()
        place = QRect(page.right() + 1 - WIDTH_PX, page.top(), WIDTH_PX, page.height())
        if place != self.geometry():
            self.setGeometry(place)
            self._rows = None
            self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme = self._theme
        ink, accent = theme.colour("ink"), theme.colour("accent")
        # Where nearly every row has a question, they tell nothing, and stand back.
        crowded = sum(row.question for row in self.rows()) > _CROWDED * self._count()
        muted = theme.colour("line" if crowded else "muted")
        for at, row in enumerate(self.rows()):
            y = PAD_PX + at * ROW_PX
            if y + ROW_PX < event.rect().top() or y > event.rect().bottom():
                continue
            if row.question:
                painter.fillRect(6, y + 1, 5, 1, muted)
            if row.branch:
                painter.fillRect(6, y - 1, 5, 5, ink)
            if row.hit:
                painter.fillRect(3, y, 8, 2, accent)
        current = next((at for at, row in enumerate(self.rows()) if row.current), -1)
        if current >= 0:
            y = PAD_PX + current * ROW_PX
            painter.fillRect(0, y - 2, WIDTH_PX, 6, theme.colour("bg"))
            painter.fillRect(0, y - 1, WIDTH_PX, 4, accent)
        painter.end()

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and len(self._path):
            self.go_wanted.emit(self.depth_at(int(event.position().y())))
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take the end of what began here."""
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Ask for the words that a tooltip shows; it comes when they are there."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            if len(self._path):
                depth = self.depth_at(event.pos().y())
                self._asked = (depth, event.globalPos())
                self.words_wanted.emit(depth)
            return True
        return super().event(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._asked = None
        super().leaveEvent(event)

    @Slot(int, str)
    def show_words(self, depth: int, words: str) -> None:
        """Show how the message at a depth begins, if that is still asked."""
        if self._asked is not None and self._asked[0] == depth:
            text = _("{what}: {words}").format(what=what, words=words) if (what := self._what(depth)) else words
            QToolTip.showText(self._asked[1], f"<span>{escape(text)}</span>" if words else "", self)

    def _what(self, depth: int) -> str:
        """Say in words what is marked at a depth."""
        path, what = self._path, []
        if depth < len(path):
            if path.questions[depth]:
                what.append(_("Question"))
            if versions := path.branches[depth]:
                what.append(ngettext("{count} version", "{count} versions", versions).format(count=versions))
            if self._hits[depth]:
                what.append(_("Match"))
        return " · ".join(what)
