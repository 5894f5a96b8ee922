"""Where the keyboard stands in the transcript: on a message, or on one block of it, with a frame around it.

Alt+Up and Alt+Down go from message to message, Ctrl+Up and Ctrl+Down from block to block, Home and End to the ends;
Enter opens what can be done with the message, Escape goes back to the message box, and letters go there too. A message
that is not loaded yet is waited for: its page comes because the view is near its edge.
"""

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea, QMenu, QWidget

from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.accessible import tell_block
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.menu import open_menu
from desktop.ui.transcript.cards import label_of, menu_of
from desktop.ui.transcript.focus_frame import FocusFrame
from desktop.ui.transcript.geometry import Geometry, Place
from desktop.ui.transcript.parts import Kind, Section
from desktop.ui.transcript.scroll import ScrollController
from desktop.ui.transcript.stage import TOP_PX, Placed, Stage

_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_SILENT = frozenset({Kind.DAY})


class Walk(QObject):
    """`Walk(view=…, geometry=…, scroll=…, stage=…)`: `left` and `typed` give the keyboard to the message box."""

    left = Signal()
    typed = Signal(str)
    acted = Signal(object, object)
    moved = Signal(object)
    """The message that the keyboard is on, or None."""

    def __init__(
        self, *, view: QAbstractScrollArea, geometry: Geometry, scroll: ScrollController, stage: Stage
    ) -> None:
        super().__init__(view)
        self._view = view
        self._geometry = geometry
        self._scroll = scroll
        self._stage = stage
        self._key = 0
        self._row = -1
        self._at: tuple[Section, int] | None = None
        self._waits = 0
        self._untold = False
        self.frame = FocusFrame(parent=view.viewport())

    @property
    def item(self) -> TranscriptItem | None:
        """The message that the keyboard is on."""
        row = self._find_row()
        return self._geometry.model.item(row) if row >= 0 else None

    @property
    def place(self) -> Place | None:
        """The block that the keyboard is on; None where it is on a whole message."""
        item = self.item
        if item is None or self._at is None:
            return None
        found = Place(item, *self._at)
        return found if self._geometry.exists(found) else None

    @Slot()
    def forget(self) -> None:
        """Stand nowhere: another session is shown, or the keyboard went elsewhere."""
        self._key, self._row, self._at, self._waits = 0, -1, None, 0
        self.frame.hide()
        self.moved.emit(None)

    def take_key(self, event: QKeyEvent) -> bool:
        """Do what a key says; return whether it says anything here."""
        held = event.modifiers() & ~_KEYPAD
        key = Qt.Key(event.key())
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key, 0)
        if by and held == Qt.KeyboardModifier.AltModifier:
            self.step_message(by)
        elif by and held == Qt.KeyboardModifier.ControlModifier:
            self.step_block(by)
        elif key == Qt.Key.Key_Escape and not held:
            self.forget()
            self.left.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Menu) and not held:
            self.open_actions()
        elif not held & ~_SHIFT and event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
        else:
            if key in (Qt.Key.Key_Home, Qt.Key.Key_End) and self.item is not None:
                self._go(0 if key == Qt.Key.Key_Home else self._geometry.model.rowCount() - 1)
            return False
        return True

    def step_message(self, by: int) -> None:
        """Go to the next message (1) or the one before (-1)."""
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        row = self._find_row()
        if row < 0:
            seen = self._seen()
            if not seen:
                return
            wanted = self._geometry.model.row_of((seen[-1] if by < 0 else seen[0]).place.item.key)
        elif by < 0 and self._at is not None and self._stop(row, 1) != self._at:
            wanted = row  # from the middle of a message to its beginning
        else:
            wanted = row + by
        if 0 <= wanted < self._geometry.model.rowCount():
            self._go(wanted)
            self._reveal()
        elif row >= 0:
            self._wait(by)

    def step_block(self, by: int) -> None:
        """Go to the next block (1) or the one before (-1), through the ends of messages."""
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        place = self.place
        item = self.item
        if place is None and item is not None:
            found = self._stop(self._find_row(), by)
            place = Place(item, *found) if found is not None else None
        elif place is None:
            seen = self._seen()
            place = (seen[-1] if by < 0 else seen[0]).place if seen else None
        else:
            place = self._beside(place, by)
        if place is None:
            self._wait(by)
            return
        self._stand(self._geometry.model.row_of(place.item.key), (place.section, place.index))
        self._reveal()

    def came_to(self, widget: QWidget | None) -> None:
        """Take up that Tab has moved the focus to a part of a message, and bring it into sight."""
        block = owner_of(widget)
        found = next((each for each in self._stage.placed if each.widget is block), None)
        if widget is None or found is None:
            return
        self._stand(self._geometry.model.row_of(found.place.item.key), (found.place.section, found.place.index))
        self._untold = False
        tell_block(widget)
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.Focus))
        top = widget.mapTo(self._view.viewport(), QPoint(0, 0)).y()
        height = self._view.viewport().height()
        room = height - self._geometry.style.px(TOP_PX)
        if widget.height() < room and top + widget.height() > room:
            self._scroll.scroll_by(top + widget.height() - room)
        elif top < self._geometry.style.px(TOP_PX) and top + widget.height() < room:
            self._scroll.scroll_by(top - self._geometry.style.px(TOP_PX))

    def open_actions(self) -> QMenu | None:
        """Open what can be done with the message that the keyboard is on, or else with the last one in sight."""
        if self.item is None:
            self.step_message(-1)
        item = self.item
        if item is None:
            return None
        wanted = menu_of(item)
        labels = with_mnemonics([label_of(action) for action in wanted])
        entries = [
            (label, lambda action=action: self.acted.emit(action, item))
            for label, action in zip(labels, wanted, strict=True)
        ]
        corner = self._view.viewport().mapToGlobal(self.frame.geometry().topLeft() + QPoint(8, 8))
        menu = open_menu(self._view, corner, entries)
        menu.setObjectName("messageMenu")
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])
        return menu

    @Slot()
    def settle(self) -> None:
        """Put the frame where the layout has put what it is around, and go on if a message was waited for."""
        placed = self._around()
        if placed and self._view.hasFocus():
            top = min(each.widget.y() + self._gap(each) for each in placed)
            bottom = max(each.widget.y() + each.height for each in placed)
            first = placed[0].widget
            self.frame.put(first.x(), round(top), first.width(), round(bottom - top), self._geometry.style)
        else:
            self.frame.hide()
        if self._untold and placed:
            self._untold = False
            QAccessible.updateAccessibility(QAccessibleEvent(placed[0].widget, QAccessible.Event.Focus))
        if self._waits:
            self._go_on()

    # Inside

    def _find_row(self) -> int:
        """Return the row of the message; one in its place where it is gone, as after a switch of versions."""
        if self._row < 0:
            return -1
        row = self._geometry.model.row_of(self._key)
        if row < 0:
            row = min(self._row, self._geometry.model.rowCount() - 1)
            self._at = None
            self._key = self._geometry.model.item(row).key if row >= 0 else 0
        self._row = row
        return row

    def _stand(self, row: int, at: tuple[Section, int] | None) -> None:
        self._key, self._row, self._at, self._waits = self._geometry.model.item(row).key, row, at, 0
        self._untold = True
        self.moved.emit(self.item)

    def _go(self, row: int) -> None:
        self._stand(row, None)

    def _stop(self, row: int, by: int) -> tuple[Section, int] | None:
        """Return the first or last block of a row that one can stand on."""
        found = self._geometry.end(row, by)
        if found is not None and self._kind(found) in _SILENT:
            found = self._geometry.step(found, 1)
        return (found.section, found.index) if found is not None else None

    def _beside(self, place: Place, by: int) -> Place | None:
        found = self._geometry.step(place, by)
        while found is not None and self._kind(found) in _SILENT:
            found = self._geometry.step(found, by)
        return found

    def _kind(self, place: Place) -> Kind:
        return self._geometry.message(place.item).part(place.section, place.index).kind

    def _seen(self) -> list[Placed]:
        height = self._view.viewport().height()
        return [each for each in self._stage.placed if each.y < height and each.y + each.height > 0]

    def _around(self) -> list[Placed]:
        """Return what of the message, or of its block, has a widget now."""
        item = self.item
        if item is None:
            return []
        place = self.place
        return [
            each
            for each in self._stage.placed
            if each.place.item is item and each.kind not in _SILENT and (place is None or each.place == place)
        ]

    def _gap(self, placed: Placed) -> int:
        part = placed.widget.part
        return self._geometry.style.px(part.gap) - 4 if part is not None and part.gap else 0

    def _reveal(self) -> None:
        """Bring what the keyboard is on into sight: from its beginning, unless all of it is there already."""
        row, height = self._row, self._view.viewport().height()
        first = self.place or self._geometry.end(row, 1)
        last = self.place or self._geometry.end(row, -1)
        placed = {each.place: each for each in self._stage.placed}
        if first is None or last is None:
            return
        begins, ends = placed.get(first), placed.get(last)
        if begins is not None and ends is not None and begins.y >= 0 and ends.y + ends.height <= height:
            self.settle()
        elif row == self._geometry.model.rowCount() - 1 and self._geometry.message(first.item).height < height:
            self._scroll.follow()
        else:
            self._scroll.show_place(first, self._geometry.style.px(TOP_PX // 2))
        self.settle()

    def _wait(self, by: int) -> None:
        """Wait for a message beyond what is loaded, if there is one; the edge in sight makes its page come."""
        model = self._geometry.model
        if model.has_older if by < 0 else getattr(model, "has_newer", False):
            self._waits = by
            edge = self._geometry.end(0 if by < 0 else model.rowCount() - 1, -by)
            self._scroll.show_place(edge, self._geometry.style.px(TOP_PX))

    def _go_on(self) -> None:
        by, model = self._waits, self._geometry.model
        row = self._find_row()
        if 0 <= row + by < model.rowCount():
            self._waits = 0
            if self._at is None:
                self.step_message(by)
            else:
                self.step_block(by)
        elif not (model.has_older if by < 0 else getattr(model, "has_newer", False)):
            self._waits = 0


def with_mnemonics(labels: list[str]) -> list[str]:
    """Mark in each label the first letter that no label before it has taken."""
    taken: set[str] = set()
    marked = []
    for label in labels:
        at = next((n for n, c in enumerate(label) if c.isalnum() and c.lower() not in taken), -1)
        taken.update(label[at].lower() if at >= 0 else "")
        marked.append(f"{label[:at]}&{label[at:]}" if at >= 0 else label)
    return marked


def owner_of(widget: QWidget | None) -> BlockWidget | None:
    """Return the block that a widget is, or is in."""
    while widget is not None and not isinstance(widget, BlockWidget):
        widget = widget.parentWidget()
    return widget
