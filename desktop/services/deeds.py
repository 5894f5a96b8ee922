"""Does the deeds of organising and keeps what takes them back: the log behind Undo and Redo of folders, tags and trash.

Design note. A deed is done as a few changes (`domain/deeds.py`), and what takes them back comes from the database with
them: no state is guessed. The steps are kept for each profile for as long as the program runs. More than a thousand
sessions go in several transactions, so that an answer that streams is saved in between.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from desktop.domain.deeds import ChangeRow, Deed, Kind, MarkSessions, RemoveRow, SetSessions, chunks, sessions_of
from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.runs import PlacesChanged, SessionsChanged, Update
from desktop.domain.steps import Step, Steps
from desktop.i18n import _
from desktop.storage.store import Store

CHUNK = 1_000
"""Sessions that one transaction touches at most."""

Words = str | Callable[[int], str]
"""What is said of a deed, whatever the number of sessions or by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was done, in words; `count` sessions or things are others now, `number` is that of what was made.

    Where `count` is 0 everything was so already, and there is nothing to undo.
    """

    words: str
    count: int
    number: int = 0


class Deeds:
    """The deeds of all profiles, one at a time: under `lock`, what is read before a deed holds until it is noted."""

    def __init__(self, *, store: Store, notify: Callable[[Update], None], profile: Callable[[], int]) -> None:
        self._store = store
        self._notify = notify
        self._profile = profile
        self._steps: defaultdict[int, Steps[Deed]] = defaultdict(Steps)
        self.lock = asyncio.Lock()

    async def do(self, words: Words, deeds: Sequence[Deed]) -> Done:
        """Do deeds when those before are done, and note the step."""
        async with self.lock:
            return await self.do_now(words, deeds)

    async def do_now(self, words: Words, deeds: Sequence[Deed], *, begun: tuple[Deed, ...] = ()) -> Done:
        """Do deeds and note the step, under the lock; `begun` is what takes back what was done for them already."""
        profile = self._profile()  # another one may be chosen meanwhile
        inverse: list[Deed] = []
        try:
            await self._apply(profile, deeds, inverse)
        except (NotFound, WrongUse):
            if not inverse:  # nothing came of it
                await self._store.do(profile, begun)
                begun = ()
            raise
        finally:  # also of what was done before a disk was full
            inverse += begun
            count = len(sessions_of(inverse)) or len(inverse)
            said = words if isinstance(words, str) else words(count)
            if inverse:
                self._steps[profile].add(Step(said, undo=tuple(inverse), redo=()))
        if not inverse:
            return Done(words=_("It was so already."), count=0)
        return Done(words=said, count=count, number=made(inverse))

    async def undo(self) -> str | None:
        """Take back the newest step of the profile and say which; None where there is none.

        Raises `WrongUse` where it cannot be taken back any more, and forgets it.
        """
        async with self.lock:
            profile = self._profile()
            steps = self._steps[profile]
            while step := steps.undoable:
                try:
                    inverse = await self._apply(profile, step.undo)
                except (NotFound, WrongUse) as error:
                    steps.drop_undoable()
                    raise _gone(step) from error
                if inverse:
                    steps.undone(replace(step, redo=inverse))
                    break
                steps.drop_undoable()  # it came back by another way
            else:
                return None
            return _("Undone: {step}").format(step=step.name)

    async def redo(self) -> str | None:
        """Do again what was undone last and say what; None where there is nothing. Raises like `undo`."""
        async with self.lock:
            profile = self._profile()
            steps = self._steps[profile]
            while step := steps.redoable:
                try:
                    inverse = await self._apply(profile, step.redo)
                except (NotFound, WrongUse) as error:
                    steps.drop_redoable()
                    raise _gone(step) from error
                if inverse:
                    steps.redone(replace(step, undo=inverse))
                    break
                steps.drop_redoable()  # it came back by another way
            else:
                return None
            return _("Done again: {step}").format(step=step.name)

    async def _apply(self, profile: int, deeds: Iterable[Deed], inverse: list[Deed] | None = None) -> tuple[Deed, ...]:
        """Do deeds in transactions of a bounded size, tell of them once, and return what takes them back."""
        inverse = [] if inverse is None else inverse
        try:
            for deed in deeds:
                for some in chunks(await self._whole(profile, deed), CHUNK):
                    inverse[:0] = await self._store.do(profile, some)
        finally:
            if ids := sessions_of(inverse):
                self._notify(SessionsChanged(session_ids=ids))
            if inverse:
                self._notify(PlacesChanged())
        return tuple(inverse)

    async def _whole(self, profile: int, deed: Deed) -> tuple[Deed, ...]:
        """Return a deed with what has to be done first: nothing is in a folder, or has a tag, that is removed."""
        if not isinstance(deed, RemoveRow):
            return (deed,)
        ids = await self._store.members(deed.kind, deed.id)
        if deed.kind is Kind.TAG:
            return (MarkSessions(deed.id, False, ids), deed) if ids else (deed,)
        if deed.kind is Kind.SEARCH:
            return (deed,)
        folders = (await self._store.places(profile)).folders
        parent = next((folder.parent_id for folder in folders if folder.id == deed.id), None)
        below: list[Deed] = [
            ChangeRow(Kind.FOLDER, folder.id, {"parent_id": parent})
            for folder in folders
            if folder.parent_id == deed.id
        ]
        if ids:
            below.append(SetSessions("folder_id", parent, ids))
        return (*below, deed)


def made(inverse: Sequence[Deed]) -> int:
    """Return the number of what was made, 0 where nothing was."""
    return next((deed.id for deed in inverse if isinstance(deed, RemoveRow)), 0)


def _gone(step: Step[Deed]) -> WrongUse:
    return WrongUse(
        _("“{step}” cannot be undone or done again: what it was about has been removed since.").format(step=step.name)
    )
