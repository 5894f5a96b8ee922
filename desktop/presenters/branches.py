"""A session's tree to look at and to act on: the picture, two versions side by side, and what can be undone."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.beginnings import beginning
from desktop.domain.branches import Branch, Cell, Outline, arrange
from desktop.domain.differences import Row, compare, shortened
from desktop.domain.faults import SobremesaError
from desktop.domain.messages import Message, Status
from desktop.i18n import _, ngettext
from desktop.presenters.figures import clock_text, count_text

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend


@dataclass(frozen=True, slots=True)
class Picture:
    """A tree with a cell for each of its messages, and a line of words about it.

    `rows` are the same messages from the top down, each row from the left, so that who paints looks only at what is
    seen; `places` finds the message in a cell.
    """

    session_id: str
    branches: tuple[Branch, ...]
    cells: dict[int, Cell]
    rows: tuple[tuple[Branch, ...], ...]
    places: dict[Cell, int]
    words: str
    notes: dict[int, str] = field(default_factory=dict)
    """What tells a message from its neighbours: when each of several versions was written, and how it ended."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two messages line by line, as far as they can be looked at; `is_cut` where there is more of them."""

    old: Message
    new: Message
    rows: tuple[Row, ...]
    is_cut: bool = False


class BranchesPresenter(QObject):
    """`BranchesPresenter(bridge=…)`: every slot acts on the session or message it is given.

    What was done comes as `changed(session_id)`, so that whoever shows the session reads it anew.
    """

    drawn = Signal(object)
    """A `Picture` of the session that was asked for."""
    compared = Signal(object)
    """A `Comparison`."""
    changed = Signal(str)
    edited = Signal(int)
    """The message of which another version was written."""
    edit_refused = Signal(int, str)
    """The message that keeps its versions as they are, and why."""
    answering = Signal(object)
    """The `Turn` of a question that was edited."""
    forked = Signal(str)
    """The id of the copy."""
    said = Signal(str, str)
    """A sentence about what was done, and the session in which it can be taken back."""
    refused = Signal(str)
    nothing_to_redo = Signal()
    nothing_to_undo = Signal()

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._drawing = 0

    @Slot(str)
    def draw(self, session_id: str) -> None:
        """Read the shape of a session's tree."""
        self._start(self._draw(session_id))

    @Slot(int, int)
    def compare(self, old: int, new: int) -> None:
        """Read two messages and set them side by side."""
        self._start(self._compare(old, new))

    @Slot(int, str)
    def edit(self, message_id: int, text: str) -> None:
        """Write another version of a message; a question is asked anew."""
        self._start(self._edit(message_id, text))

    @Slot(int, str)
    def retry(self, message_id: int, model: str) -> None:
        """Answer the same question again with another model; the session keeps its own."""
        self._start(self._retry(message_id, model))

    @Slot(int)
    def delete(self, message_id: int) -> None:
        """Put a message and what hangs below it into the trash."""
        self._start(self._delete(message_id))

    @Slot(int)
    def show(self, message_id: int) -> None:
        """Show the path through a message."""
        self._start(self._show(message_id))

    @Slot(int)
    def merge(self, message_id: int) -> None:
        """Write the ending of another branch below the path that is shown."""
        self._start(self._merge(message_id))

    @Slot(str, int)
    def fork(self, session_id: str, leaf: int) -> None:
        """Copy the path down to a message into a session of its own; 0 for the path as it is shown."""
        self._start(self._fork(session_id, leaf or None, whole=False))

    @Slot(str)
    def fork_whole(self, session_id: str) -> None:
        """Copy a session with all its branches."""
        self._start(self._fork(session_id, None, whole=True))

    @Slot(str)
    def undo(self, session_id: str) -> None:
        """Take back what was done last in a session."""
        self._start(self._undo(session_id))

    @Slot(str)
    def redo(self, session_id: str) -> None:
        """Do again what was taken back last."""
        self._start(self._redo(session_id))

    def _start(self, deed: Coroutine[Any, Any, None]) -> None:
        self._bridge.start_task(self._refusing(deed))

    async def _refusing(self, deed: Coroutine[Any, Any, None]) -> None:
        try:
            await deed
        except SobremesaError as error:
            self.refused.emit(str(error))

    async def _draw(self, session_id: str) -> None:
        async def read(backend: Backend) -> Picture:
            return await asyncio.to_thread(picture, session_id, await backend.branches.outline(session_id))

        self._drawing += 1
        mine = self._drawing
        found = await self._bridge.call(read)
        if mine == self._drawing:  # else a newer one is on its way
            self.drawn.emit(found)

    async def _compare(self, old: int, new: int) -> None:
        async def read(backend: Backend) -> Comparison:
            mine, theirs = await backend.branches.message(old), await backend.branches.message(new)
            return await asyncio.to_thread(comparison, mine, theirs)

        self.compared.emit(await self._bridge.call(read))

    async def _edit(self, message_id: int, text: str) -> None:
        try:
            done = await self._bridge.call(lambda backend: backend.branches.edit(message_id, text))
        except SobremesaError as error:
            self.edit_refused.emit(message_id, str(error))
            return
        self.edited.emit(message_id)
        if isinstance(done, Message):
            self.changed.emit(done.session_id)
        else:
            self.changed.emit(done.assistant.session_id)
            self.answering.emit(done)

    async def _retry(self, message_id: int, model: str) -> None:
        turn = await self._bridge.call(lambda backend: backend.branches.retry(message_id, model=model))
        self.changed.emit(turn.assistant.session_id)

    async def _delete(self, message_id: int) -> None:
        session = await self._bridge.call(lambda backend: backend.branches.delete(message_id))
        self.changed.emit(session.id)
        self.said.emit(_("The message and what followed it are in the trash."), session.id)

    async def _show(self, message_id: int) -> None:
        session = await self._bridge.call(lambda backend: backend.branches.show(message_id))
        self.changed.emit(session.id)

    async def _merge(self, message_id: int) -> None:
        message = await self._bridge.call(lambda backend: backend.branches.merge(message_id))
        self.changed.emit(message.session_id)
        self.said.emit(_("The ending was written below this conversation."), message.session_id)

    async def _fork(self, session_id: str, leaf: int | None, *, whole: bool) -> None:
        copy = await self._bridge.call(lambda backend: backend.branches.fork(session_id, leaf=leaf, whole=whole))
        self.forked.emit(copy.id)
        self.said.emit(_("This is a copy. The conversation that it was made of stays as it was."), "")

    async def _undo(self, session_id: str) -> None:
        step = await self._bridge.call(lambda backend: backend.branches.undo(session_id))
        if step is None:
            self.nothing_to_undo.emit()
            return
        self.changed.emit(session_id)
        self.said.emit(_("“{step}” was undone.").format(step=step.name), "")

    async def _redo(self, session_id: str) -> None:
        step = await self._bridge.call(lambda backend: backend.branches.redo(session_id))
        if step is None:
            self.nothing_to_redo.emit()
        else:
            self.changed.emit(session_id)
            self.said.emit(_("“{step}” was done again.").format(step=step.name), "")


def comparison(old: Message, new: Message) -> Comparison:
    """Return two messages side by side."""
    mine, theirs = shortened(old.content), shortened(new.content)
    is_cut = (mine, theirs) != (old.content, new.content)
    return Comparison(old, new, compare(mine, theirs), is_cut)


def picture(session_id: str, outline: Outline) -> Picture:
    """Return a tree as it is drawn."""
    messages = ngettext("{count} message", "{count} messages", outline.messages)
    ends = ngettext("{count} ending", "{count} endings", outline.endings)
    words = " · ".join(
        (
            messages.format(count=count_text(outline.messages)),
            ends.format(count=count_text(outline.endings)),
            _("the current path is marked"),
        )
    )
    branches = tuple(replace(branch, text=beginning(branch.text)) for branch in outline.branches)
    cells = arrange(branches)
    rows: list[list[Branch]] = [[] for _row in range(max((cell.row for cell in cells.values()), default=-1) + 1)]
    for branch in branches:
        rows[cells[branch.id].row].append(branch)
    for row in rows:
        row.sort(key=lambda branch: cells[branch.id].column)
    return Picture(
        session_id=session_id,
        branches=branches,
        cells=cells,
        rows=tuple(map(tuple, rows)),
        places={cell: id_ for id_, cell in cells.items()},
        words=words,
        notes=_notes(branches),
    )


def _notes(branches: Sequence[Branch]) -> dict[int, str]:
    states = {
        Status.STOPPED: _("stopped"),
        Status.FAILED: _("failed"),
        Status.INTERRUPTED: _("interrupted"),
        Status.STREAMING: _("being written"),
    }
    beside = Counter((branch.parent_id, branch.hidden) for branch in branches)
    found = {}
    for branch in branches:
        time = clock_text(branch.created_at) if beside[branch.parent_id, branch.hidden] > 1 else ""
        if note := " · ".join(filter(None, (time, states.get(branch.status, "")))):
            found[branch.id] = note
    return found
