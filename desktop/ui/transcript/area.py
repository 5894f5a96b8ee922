"""A scroll area whose text can be selected with mouse and keys, copied and quoted."""

from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.compose import NOTE
from desktop.ui.transcript.blocks.menu import open_menu
from desktop.ui.transcript.cards import deeds_of, entries_of
from desktop.ui.transcript.geometry import Geometry
from desktop.ui.transcript.scroll import ScrollController
from desktop.ui.transcript.selection import Selection
from desktop.ui.transcript.selection_keys import extend_by_key
from desktop.ui.transcript.stage import Stage
from desktop.ui.transcript.taking import Taking


class TakingArea(QAbstractScrollArea):
    """What blocks do not take themselves comes here from them; points are the viewport's.

    `take_requested` carries a `TakeRequest` for more than is at hand, `quote_requested` Markdown to answer to.
    """

    take_requested = Signal(object)
    quote_requested = Signal(str)
    acted = Signal(object, object)
    """An `Action` that was chosen in the menu over a message, and its item."""
    selection: Selection
    taking: Taking

    def start_taking(self, *, geometry: Geometry, stage: Stage, scroll: ScrollController) -> None:
        """Make what keeps the selection and what takes it."""
        self._scroller = scroll
        self.selection = Selection(
            geometry=geometry, stage=stage, scroll=scroll, height=lambda: self.viewport().height(), parent=self
        )
        self.taking = Taking(selection=self.selection, model=geometry.model, parent=self)
        self.taking.wanted.connect(self.take_requested)
        self.taking.quoted.connect(self.quote_requested)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    # Edit, as for every widget with text

    @Slot()
    def copy(self) -> None:
        """Put what is selected into the clipboard."""
        self.taking.copy()

    @Slot()
    def selectAll(self) -> None:
        """Select the whole session, also what is not loaded."""
        self.selection.select_all()

    def take_selecting_key(self, event: QKeyEvent) -> bool:
        """Do what a key means for the selection; return whether it means anything."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif event.key() == Qt.Key.Key_Escape:
            return self.selection.clear()
        else:
            return extend_by_key(event, self.selection, self._scroller, self.viewport().height())
        return True

    @Slot(QWidget, QWidget)
    def _on_focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Give the selection up where Copy would mean something else from now on."""
        if new is not None and not (new is self or self.isAncestorOf(new)) and callable(getattr(new, "copy", None)):
            self.selection.clear()

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.selection.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.selection.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.selection.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.selection.press_twice(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = QPointF(self.viewport().mapFromGlobal(event.globalPos()))
        block = self.viewport().childAt(point.toPoint())
        while block is not None and not isinstance(block, BlockWidget):
            block = block.parentWidget() if block is not self.viewport() else None
        link = self.selection.link_at(point)
        item = self.taking.item_at(point)
        entries = self.taking.entries(item, "" if link.startswith(NOTE) else link)
        if item is not None:
            entries += entries_of(deeds_of(item), item, self.acted.emit)
        if block is not None:
            entries[:0] = block.entries(point - QPointF(block.pos()))
        if entries:
            open_menu(self, event.globalPos(), entries)
