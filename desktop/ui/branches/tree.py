"""The picture of a tree: a box for each message, a line to the one it hangs on, the shown path marked.

Only what the viewport sees is painted. The arrow keys walk the tree; the box that has the keyboard is what the area is
called by for a screen reader.
"""

from bisect import bisect_left

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from desktop.domain.authors import author_of
from desktop.domain.branches import Branch, Cell
from desktop.domain.messages import Role
from desktop.i18n import _, ngettext
from desktop.presenters.branches import Picture
from desktop.ui.theme import Theme, scaled_font

_MARGIN = 1.6
_WIDTH, _HEIGHT = 12.4, 2.8
_GAP_X, _GAP_Y = 2.2, 2.0
"""All in heights of the text, so that larger letters have their room."""
_LINES_BEYOND = 40


class BranchTree(QAbstractScrollArea):
    """`BranchTree(theme=…)`; `show_picture(picture)`. `current` is the message that has the keyboard, 0 for none."""

    chosen = Signal(int)
    """Go to this message."""
    current_changed = Signal(int)
    menu_wanted = Signal(int, QPoint)

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("branchTree")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._theme = theme
        self._branches: dict[int, Branch] = {}
        self._picture: Picture | None = None
        self._columns = 0
        self.current = 0
        self.other = 0
        """The message that the current one is compared with, 0 for none."""

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.viewport().update()

    def show_picture(self, picture: Picture) -> None:
        """Show a tree; the message that had the keyboard keeps it, else the end of the shown path gets it."""
        self._picture = picture
        self._branches = {branch.id: branch for branch in picture.branches}
        self._columns = 1 + max((cell.column for cell in picture.cells.values()), default=-1)
        if self.other not in self._branches:
            self.other = 0
        path = [branch.id for branch in picture.branches if branch.on_path]
        wanted = self.current if self.current in self._branches else path[-1] if path else 0
        self._fit()
        self.set_current(wanted)
        self.viewport().update()

    def set_current(self, message_id: int) -> None:
        """Give a message the keyboard, and bring it into sight."""
        self.current = message_id
        branch = self._branches.get(message_id)
        self.setAccessibleName(_("Branches"))
        self.setAccessibleDescription(self._words(branch) if branch else "")
        if branch is not None:
            self._reveal(self._rect(message_id))
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.current_changed.emit(message_id)
        self.viewport().update()

    def box(self, message_id: int) -> QRect:
        """Return where a message stands in the viewport."""
        return self._rect(message_id).translated(-self._offset()).toRect()

    def sibling(self, message_id: int) -> int:
        """Return the version beside a message that is nearest to it in time, 0 where it is the only one."""
        here = self._branches.get(message_id)
        if here is None:
            return 0
        above = here.parent_id
        beside = [one.id for one in self._branches.values() if one.parent_id == above and one.id != message_id]
        return min(beside, key=lambda other: abs(other - message_id), default=0)

    def _em(self) -> int:
        return self.fontMetrics().height()

    def _offset(self) -> QPointF:
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _rect(self, message_id: int) -> QRectF:
        assert self._picture is not None
        cell, em = self._picture.cells[message_id], self._em()
        x = em * (_MARGIN + cell.column * (_WIDTH + _GAP_X))
        y = em * (_MARGIN + cell.row * (_HEIGHT + _GAP_Y))
        return QRectF(x, y, em * _WIDTH, em * _HEIGHT)

    def _fit(self) -> None:
        em, columns = self._em(), self._columns
        rows = len(self._picture.rows) if self._picture else 0
        width = round(em * (2 * _MARGIN + columns * (_WIDTH + _GAP_X) - _GAP_X))
        height = round(em * (2 * _MARGIN + rows * (_HEIGHT + _GAP_Y) - _GAP_Y))
        size = self.viewport().size()
        for bar, whole, seen in (
            (self.horizontalScrollBar(), width, size.width()),
            (self.verticalScrollBar(), height, size.height()),
        ):
            bar.setRange(0, max(0, whole - seen))
            bar.setPageStep(seen)
            bar.setSingleStep(2 * em)

    def _reveal(self, rect: QRectF) -> None:
        margin = self._em()
        for bar, first, last, seen in (
            (self.horizontalScrollBar(), rect.left(), rect.right(), self.viewport().width()),
            (self.verticalScrollBar(), rect.top(), rect.bottom(), self.viewport().height()),
        ):
            if first - margin < bar.value():
                bar.setValue(round(first - margin))
            elif last + margin > bar.value() + seen:
                bar.setValue(round(last + margin - seen))

    def sizeHint(self) -> QSize:
        return QSize(48 * self._em(), 28 * self._em())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Paint anew: the picture is small."""
        del dx, dy
        self.viewport().update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._theme.colour("bg"))
        if self._picture is None:
            painter.end()
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-self._offset())
        seen = QRectF(event.rect()).translated(self._offset())
        lines, boxes = self._seen(seen)
        for branch in lines:
            if branch.parent_id is not None:
                self._paint_line(painter, branch, seen)
        for branch in boxes:
            rect = self._rect(branch.id)
            if rect.adjusted(-4, -4, 4, 4).intersects(seen):
                self._paint_box(painter, branch, rect)
        painter.end()

    def _seen(self, seen: QRectF) -> tuple[list[Branch], list[Branch]]:
        """Return whose lines upwards may be seen, those of the shown path last, and whose boxes.

        Of ten thousand versions beside each other only so many lines are drawn as can be told apart.
        """
        assert self._picture is not None
        rows, cells, em = self._picture.rows, self._picture.cells, self._em()
        top, bottom = (int((y / em - _MARGIN) // (_HEIGHT + _GAP_Y)) for y in (seen.top() - 4, seen.bottom() + 4))
        left, right = (int((x / em - _MARGIN) // (_WIDTH + _GAP_X)) for x in (seen.left() - 4, seen.right() + 4))
        lines: list[Branch] = []
        boxes: list[Branch] = []
        for row in rows[max(0, top) : max(0, bottom + 2)]:  # a line leads to the row above its message
            first = bisect_left(row, left, key=lambda branch: cells[branch.id].column)
            last = bisect_left(row, right + 1, lo=first, key=lambda branch: cells[branch.id].column)
            boxes.extend(row[first:last])
            lines.extend(row[first : last + _LINES_BEYOND])
        lines.sort(key=lambda branch: branch.on_path)
        return lines, boxes

    def _paint_line(self, painter: QPainter, branch: Branch, seen: QRectF) -> None:
        assert branch.parent_id is not None
        above, here = self._rect(branch.parent_id), self._rect(branch.id)
        start, end = QPointF(above.center().x(), above.bottom()), QPointF(here.center().x(), here.top())
        if not QRectF(start, end).normalized().adjusted(-2, -2, 2, 2).intersects(seen):
            return
        painter.setPen(QPen(self._theme.colour("accent" if branch.on_path else "line"), 2 if branch.on_path else 1.5))
        painter.drawLine(start, end)
        if branch.hidden:
            text = ngettext("{count} message between", "{count} messages between", branch.hidden)
            painter.setPen(self._theme.colour("muted"))
            painter.setFont(scaled_font(self.font(), 0.8))
            middle = (start + end) / 2
            place = QRectF(middle.x() + 0.5 * self._em(), middle.y() - self._em(), 12.0 * self._em(), 2.0 * self._em())
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(place, flags, text.format(count=branch.hidden))

    def _paint_box(self, painter: QPainter, branch: Branch, rect: QRectF) -> None:
        theme, em = self._theme, self._em()
        painter.setBrush(theme.colour("user" if branch.role is Role.USER else "card"))
        painter.setPen(QPen(theme.colour("accent" if branch.on_path else "line"), 1.5 if branch.on_path else 1.0))
        painter.drawRoundedRect(rect, 9, 9)
        if branch.id == self.current and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("ink"), 1.5))
            painter.drawRoundedRect(rect.adjusted(-4, -4, 4, 4), 12, 12)
        if branch.id == self.other:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 1.5, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(rect.adjusted(-4, -4, 4, 4), 12, 12)
        inner = rect.adjusted(0.7 * em, 0.3 * em, -0.7 * em, -0.3 * em)
        half = inner.height() / 2
        small = scaled_font(self.font(), 0.8)
        for top, font, token, text in (
            (inner.top(), small, "muted", self._title(branch)),
            (inner.top() + half, scaled_font(self.font(), 0.93), "ink", branch.text),
        ):
            painter.setFont(font)
            painter.setPen(theme.colour(token))
            room = QRectF(inner.left(), top, inner.width(), half)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)

    def _words(self, branch: Branch) -> str:
        path = _("on the current path") if branch.on_path else _("on another branch")
        return f"{self._title(branch)}: {branch.text} ({path})"

    def _title(self, branch: Branch) -> str:
        note = self._picture.notes.get(branch.id, "") if self._picture is not None else ""
        return f"{author_of(branch)} · {note}" if note else author_of(branch)

    # Hands

    def _at(self, point: QPointF) -> int:
        if self._picture is None:
            return 0
        place, em = point + self._offset(), self._em()
        column = int((place.x() / em - _MARGIN) // (_WIDTH + _GAP_X))
        row = int((place.y() / em - _MARGIN) // (_HEIGHT + _GAP_Y))
        found = self._picture.places.get(Cell(column, row), 0)
        return found if found and self._rect(found).contains(place) else 0

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._at(event.position())
        if not found:
            return
        together = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        if together and self.current and found != self.current:
            self.other = found if found != self.other else 0
            self.set_current(self.current)
        else:
            self.set_current(found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if (found := self._at(event.position())) and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(found)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        found = self.current if keyboard else self._at(QPointF(event.pos()))
        if found:
            self.set_current(found)
            place = self.box(found).center() if keyboard else event.pos()
            self.menu_wanted.emit(found, self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        here = self._branches.get(self.current)
        if here is None or self._picture is None:
            super().keyPressEvent(event)
            return
        cell = self._picture.cells[here.id]
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.chosen.emit(here.id)
            case Qt.Key.Key_Up if here.parent_id is not None:
                self.set_current(here.parent_id)
            case Qt.Key.Key_Down:
                below = self._branches.get(self._picture.places.get(Cell(cell.column, cell.row + 1), 0))
                if below is not None and below.parent_id == here.id:
                    self.set_current(below.id)
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                cells, row = self._picture.cells, self._picture.rows[cell.row]
                at = bisect_left(row, cell.column, key=lambda branch: cells[branch.id].column)
                at += 1 if event.key() == Qt.Key.Key_Right else -1
                if 0 <= at < len(row):
                    self.set_current(row[at].id)
            case Qt.Key.Key_Home:
                self.set_current(self._picture.rows[0][0].id)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()
