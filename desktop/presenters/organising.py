"""What is done to keep sessions in order: each deed is said in words, and can be taken back and done again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import NotFound, SobremesaError
from desktop.domain.organising import Labels, Place, PlaceKind
from desktop.domain.runs import PlacesChanged, SessionsArchived, SessionsChanged, Update
from desktop.i18n import _
from desktop.presenters.places import Kind, PlaceRow

if TYPE_CHECKING:
    from desktop.domain.sessions import Session
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend
    from desktop.services.organising import Done

Ids = tuple[str, ...]
NAMED = (Kind.FOLDER, Kind.TAG, Kind.SEARCH)
"""What somebody made, and can name and remove."""


class OrganisingPresenter(QObject):
    """`OrganisingPresenter(bridge=…)`: intents are methods, facts are signals. Ids come as tuples."""

    done = Signal(str, int)
    """What was done, in words, and the step that `undo_step` takes back."""
    said = Signal(str)
    """What was undone, or done again."""
    refused = Signal(str)
    trashed = Signal(object)
    """Ids of sessions that went into the trash."""
    open_changed = Signal(object, object)
    """The open `Session`, or None, and its `Labels`."""

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._open_id = ""
        self._reading = self._again = False
        bridge.updated.connect(self._on_updated)

    # -------------------------------------------------------------------------------------------------- sessions

    def move(self, ids: Ids, folder_id: int | None) -> None:
        """Put sessions into a folder, or out of all."""
        self._do(lambda backend: backend.organising.move(ids, folder_id))

    def tag(self, ids: Ids, name: str) -> None:
        """Mark sessions with a tag, made now where there is none of that name."""
        self._do(lambda backend: backend.organising.tag(ids, name))

    def untag(self, ids: Ids, tag_id: int) -> None:
        """Take a tag off sessions."""
        self._do(lambda backend: backend.organising.untag(ids, tag_id))

    def pin(self, ids: Ids, on: bool) -> None:
        """Let sessions stand first, or no longer."""
        self._do(lambda backend: backend.organising.pin(ids, on))

    def resolve(self, ids: Ids, on: bool) -> None:
        """Mark sessions as settled, or as open again."""
        self._do(lambda backend: backend.organising.resolve(ids, on))

    def archive(self, ids: Ids, on: bool) -> None:
        """Put sessions into the archive, or bring them back."""
        self._do(lambda backend: backend.organising.archive(ids, on))

    def trash(self, ids: Ids, *, words: str = "") -> None:
        """Put sessions into the trash and say so, in `words` where they say it better."""
        if ids:
            self._do(lambda backend: backend.organising.trash(ids), then=lambda: self.trashed.emit(ids), words=words)

    def drop(self, ids: Ids, place: Place) -> None:
        """Keep sessions where they were dropped: in a folder, under a tag, or in no folder."""
        if place.kind is PlaceKind.TAG:
            self._do(lambda backend: _tag_by_number(backend, ids, place.number))
        else:
            self.move(ids, place.number if place.kind is PlaceKind.FOLDER else None)

    # ---------------------------------------------------------------------------------------------------- places

    def new_folder(self, name: str, *, parent_id: int | None = None, then_move: Ids = ()) -> None:
        """Make a folder, and put sessions into it."""
        self._do(lambda backend: backend.organising.create_folder(name, parent_id=parent_id, ids=then_move))

    def change_folder(self, number: int, **changes: str) -> None:
        """Give a folder another name or colour, or other things that its new sessions begin with."""
        self._do(lambda backend: backend.organising.change_folder(number, **changes), quietly=True)

    def move_folder(self, number: int, parent_id: int | None, before: int | None) -> None:
        """Put a folder into another, before one of those that are there."""
        self._do(lambda backend: backend.organising.move_folder(number, parent_id=parent_id, before=before))

    def rename(self, row: PlaceRow, name: str) -> None:
        """Give a folder, a tag or a saved search another name."""
        self._change(row, name=name)

    def colour(self, row: PlaceRow, colour: str) -> None:
        """Give a folder or a tag another colour."""
        self._change(row, colour=colour)

    def _change(self, row: PlaceRow, **changes: str) -> None:
        def change(backend: Backend) -> Awaitable[Done]:
            if row.kind is Kind.FOLDER:
                return backend.organising.change_folder(row.number, **changes)
            if row.kind is Kind.TAG:
                return backend.organising.change_tag(row.number, **changes)
            return backend.organising.change_search(row.number, **changes)

        if row.kind in NAMED:
            self._do(change, quietly=True)

    def remove(self, row: PlaceRow) -> None:
        """Remove a folder, a tag or a saved search; no session goes with it."""

        def remove(backend: Backend) -> Awaitable[Done]:
            calls: dict[Kind, Callable[[int], Awaitable[Done]]] = {
                Kind.FOLDER: backend.organising.remove_folder,
                Kind.TAG: backend.organising.remove_tag,
                Kind.SEARCH: backend.organising.remove_search,
            }
            return calls[row.kind](row.number)

        if row.kind in NAMED:
            self._do(remove)

    # ------------------------------------------------------------------------------------------------------ undo

    @Slot()
    def undo(self) -> None:
        """Take back what was done last."""
        self._say(lambda backend: backend.organising.undo())

    def undo_step(self, step: int) -> None:
        """Take back what was done in one step, whatever was done since."""
        self._say(lambda backend: backend.organising.undo(step=step))

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back last."""
        self._say(lambda backend: backend.organising.redo())

    def _say(self, function: Callable[[Backend], Awaitable[str | None]]) -> None:
        async def work() -> None:
            if words := await self._bridge.call(function):
                self.said.emit(words)

        self._bridge.start_task(work(), on_error=self._on_error)

    def _do(
        self,
        function: Callable[[Backend], Awaitable[Done]],
        *,
        then: Callable[[], None] | None = None,
        quietly: bool = False,
        words: str = "",
    ) -> None:
        async def work() -> None:
            done = await self._bridge.call(function)
            if then is not None:
                then()
            if not quietly:
                self._tell(done, words)

        self._bridge.start_task(work(), on_error=self._on_error)

    def _tell(self, done: Done, words: str = "") -> None:
        if done.count:
            self.done.emit(words or done.words, done.step)
        else:
            self.said.emit(done.words)

    def _on_error(self, error: SobremesaError) -> None:
        self.refused.emit(str(error))

    # ---------------------------------------------------------------------------------------- the open session

    @Slot(str)
    def set_open(self, session_id: str) -> None:
        """Tell from now on how this session is kept; "" for one that is not stored yet."""
        if session_id != self._open_id:
            self._open_id = session_id
            self.open_changed.emit(None, Labels())
        self._look()

    def _look(self) -> None:
        self._again = True
        if not self._reading:
            self._reading = True
            self._bridge.start_task(self._read())

    async def _read(self) -> None:
        async def look(backend: Backend) -> tuple[Session, Labels]:
            labels = await backend.organising.labels(session_id)
            backend.organising.show(session_id)
            return await backend.store.session(session_id), labels

        try:
            while self._again and (session_id := self._open_id):
                self._again = False
                with suppress(NotFound):  # removed for good meanwhile
                    session, labels = await self._bridge.call(look)
                    if session_id == self._open_id:
                        self.open_changed.emit(session, labels)
        finally:
            self._reading = False

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        changed = False
        for update in updates:
            match update:
                case SessionsChanged():
                    changed |= not update.session_ids or self._open_id in update.session_ids
                case PlacesChanged():
                    changed = True
                case SessionsArchived():
                    self.done.emit(update.words, update.step)
        if changed and self._open_id:
            self._look()


async def _tag_by_number(backend: Backend, ids: Ids, number: int) -> Done:
    places = await backend.organising.places()
    name = next((tag.name for tag in places.tags if tag.id == number), "")
    if not name:
        raise NotFound(_("This tag is not there any more."))
    return await backend.organising.tag(ids, name)
