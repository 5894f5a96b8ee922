"""Follows the model: tells heights, widgets, scroll and screen reader what has changed, and asks for a layout."""

from PySide6.QtCore import QModelIndex, QObject, Signal, Slot

from desktop.domain.messages import Role
from desktop.presenters.transcript import TranscriptListModel, TranscriptRole
from desktop.ui.transcript.announcer import Announcer
from desktop.ui.transcript.geometry import Geometry
from desktop.ui.transcript.parts import Section
from desktop.ui.transcript.pill import Pill
from desktop.ui.transcript.scroll import ScrollController
from desktop.ui.transcript.stage import Stage

_FACTS = frozenset({TranscriptRole.MESSAGE, TranscriptRole.STATE})


class ModelWatch(QObject):
    """`ModelWatch(model=…, geometry=…, stage=…, scroll=…, pill=…, announcer=…)`."""

    layout_wanted = Signal()
    reset = Signal()

    def __init__(
        self,
        *,
        model: TranscriptListModel,
        geometry: Geometry,
        stage: Stage,
        scroll: ScrollController,
        pill: Pill,
        announcer: Announcer,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._geometry = geometry
        self._stage = stage
        self._scroll = scroll
        self._pill = pill
        self._announcer = announcer
        model.modelReset.connect(self._on_reset)
        model.rowsInserted.connect(self._on_inserted)
        model.rowsRemoved.connect(self._on_removed)
        model.dataChanged.connect(self._on_data_changed)
        model.blocks_changed.connect(self._on_blocks_changed)
        model.thoughts_changed.connect(self._on_thoughts_changed)
        model.reach_changed.connect(self.layout_wanted)
        model.began.connect(self._on_began)
        model.grew.connect(self._note_new_text)

    @Slot()
    def _on_reset(self) -> None:
        self._stage.clear()
        self._geometry.reset(self._geometry.style, self._geometry.width)
        self._announcer.forget()
        self._pill.hide()
        self.reset.emit()
        self._scroll.forget()
        self.layout_wanted.emit()

    @Slot(QModelIndex, int, int)
    def _on_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._geometry.insert(first, last)
        self.layout_wanted.emit()

    @Slot(int, int)
    def _on_began(self, first: int, last: int) -> None:
        if first and any(self._model.item(row).message.role is Role.USER for row in range(first, last + 1)):
            self._scroll.follow()
        if first:
            self._note_new_text()

    @Slot(QModelIndex, int, int)
    def _on_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._geometry.remove(first, last)
        self.layout_wanted.emit()

    @Slot(QModelIndex, QModelIndex, "QList<int>")
    def _on_data_changed(self, first: QModelIndex, last: QModelIndex, roles: list[int]) -> None:
        if not _FACTS.intersection(roles):
            return  # new blocks and thoughts have signals of their own, which tell more
        for row in range(first.row(), last.row() + 1):
            item = self._model.item(row)
            self._stage.mark(item)
            self._geometry.fit(item)
            self._announcer.look_at(item)
        self.layout_wanted.emit()

    @Slot(int, int)
    def _on_blocks_changed(self, row: int, first: int) -> None:
        item = self._model.item(row)
        if item.is_live:
            self._note_new_text()
        if self._geometry.fit(item, Section.BLOCKS, first):
            self.layout_wanted.emit()

    @Slot(int, int)
    def _on_thoughts_changed(self, row: int, first: int) -> None:
        item = self._model.item(row)
        self._geometry.fit(item, Section.THOUGHTS, first)
        self._stage.mark(item)
        self.layout_wanted.emit()

    @Slot()
    def _note_new_text(self) -> None:
        if not self._scroll.following:
            self._pill.show_in_place()
