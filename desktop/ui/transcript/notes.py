"""Footnotes: a click on a reference leads to the note within its message; every other link goes up."""

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.markdown_blocks import Item
from desktop.domain.markdown_plain import shown_text
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.compose import NOTE
from desktop.ui.transcript.geometry import Geometry, Place
from desktop.ui.transcript.parts import Section
from desktop.ui.transcript.scroll import ScrollController

_TOP_PX = 60


def note_index(item: TranscriptItem, label: str) -> int:
    """Return the number of the block that a note begins with, or -1."""
    for index in range(item.count):
        for container in item.block(index).nest:
            if isinstance(container, Item) and container.note == label and container.first:
                return index
    return -1


def note_text(item: TranscriptItem, label: str) -> str:
    """Return the beginning of a note."""
    index = note_index(item, label)
    return shown_text(item.block(index)) if index >= 0 else ""


class Notes(QObject):
    """`follow(target)` scrolls to a note, or says `link_activated`."""

    link_activated = Signal(str)

    def __init__(self, *, geometry: Geometry, scroll: ScrollController, parent: QObject) -> None:
        super().__init__(parent)
        self._geometry = geometry
        self._scroll = scroll

    @Slot(str)
    def follow(self, target: str) -> None:
        """Go where a link leads."""
        if not target.startswith(NOTE):
            self.link_activated.emit(target)
            return
        key, _colon, label = target.removeprefix(NOTE).partition(":")
        model = self._geometry.model
        row = model.row_of(int(key)) if key.isdecimal() else -1
        if row < 0:
            return
        item = model.item(row)
        index = note_index(item, label)
        if index >= 0:
            self._scroll.follow(follow=False)
            self._scroll.show_place(Place(item, Section.BLOCKS, index), self._geometry.style.px(_TOP_PX))
