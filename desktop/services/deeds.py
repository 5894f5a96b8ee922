"""Does the deeds of organising and keeps what takes them back: the log behind Undo and Redo of folders, tags and trash.

Design note. A deed is done as a few changes (`domain/deeds.py`), and what takes them back comes from the database with
them: no state is guessed. The steps are kept for each profile for as long as the program runs; so numbers of rows that
were removed are not given again while it does. A step is one transaction; more than a thousand sessions go in several,
so that an answer that streams is saved in between. Where one of them fails, the step keeps what is left of it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count

from desktop.domain.deeds import (
    AddRow,
    Deed,
    Kind,
    RemoveRow,
    are_independent,
    chunks,
    sessions_of,
)
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

    `ids` are the sessions that are others now, `step` is what undoes this and nothing else. Where `count` is 0
    everything was so already, and there is nothing to undo.
    """

    words: str
    count: int
    number: int = 0
    ids: tuple[str, ...] = ()
    step: int = 0


class Deeds:
    """The deeds of all profiles, one at a time: under `lock`, what is read before a deed holds until it is noted."""

    def __init__(self, *, store: Store, notify: Callable[[Update], None], chunk: int = CHUNK) -> None:
        self._store = store
        self._chunk = chunk
        self._notify = notify
        self._steps: defaultdict[int, Steps[Deed]] = defaultdict(Steps)
        self._numbers = count(1)
        self._above: defaultdict[Kind, int] = defaultdict(int)
        self.lock = asyncio.Lock()

    async def do(self, profile: int, words: Words, deeds: Sequence[Deed]) -> Done:
        """Do deeds when those before are done, and note the step."""
        async with self.lock:
            return await self.do_now(profile, words, deeds)

    async def do_now(self, profile: int, words: Words, deeds: Sequence[Deed], *, begun: tuple[Deed, ...] = ()) -> Done:
        """Do deeds and note the step, under the lock; `begun` is what takes back what was done for them already."""
        inverse: list[Deed] = []
        step = 0
        try:
            await self._apply(profile, list(deeds), inverse)
        except (NotFound, WrongUse):
            if not inverse:  # nothing came of it
                await self._apply(profile, list(begun), [])
                begun = ()
            raise
        finally:  # also of what was done before a disk was full
            inverse += begun
            ids = sessions_of(inverse)
            changed = len(ids) or len(inverse)
            said = words if isinstance(words, str) else words(changed)
            if inverse:
                step = next(self._numbers)
                self._steps[profile].add(Step(said, undo=tuple(inverse), redo=(), number=step))
        if not inverse:
            return Done(words=_("It was so already."), count=0)
        return Done(words=said, count=changed, number=made(inverse), ids=ids, step=step)

    async def begin(self, profile: int, deed: Deed) -> tuple[Deed, ...]:
        """Do what a deed is begun with, under the lock, and return what takes it back: `begun` of `do_now`."""
        inverse: list[Deed] = []
        await self._apply(profile, [deed], inverse)
        return tuple(inverse)

    async def undo(self, profile: int, number: int = 0) -> str | None:
        """Take back the newest step of the profile and say which; None where there is none.

        With a number that step alone, of whatever profile, and None where it has been taken back already. Raises
        `WrongUse` where it has to wait for later steps, and where it cannot be taken back any more, and forgets it.
        """
        async with self.lock:
            if number:
                profile = next((each for each, steps in self._steps.items() if steps.knows(number)), 0)
                if not profile:
                    return None
                if not self._steps[profile].lift(number, lambda step, later: are_independent(step.undo, later.undo)):
                    raise WrongUse(_("Other things were done since. Undo takes back the newest of them first."))
            steps = self._steps[profile]
            while step := steps.undoable:
                left, inverse = list(step.undo), list(step.redo)
                try:
                    await self._apply(profile, left, inverse)
                except (NotFound, WrongUse) as error:
                    if inverse:
                        steps.undone(replace(step, undo=(), redo=tuple(inverse)))
                    else:
                        steps.drop_undoable()
                    raise _gone(step) from error
                except BaseException:  # a disk that is full: the rest can be taken back later
                    steps.keep_undoable(replace(step, undo=tuple(left), redo=tuple(inverse)))
                    raise
                if inverse:
                    steps.undone(replace(step, undo=(), redo=tuple(inverse)))
                    return _("Undone: {step}").format(step=step.name)
                steps.drop_undoable()  # it came back by another way
                if number:
                    return None
            return None

    async def redo(self, profile: int) -> str | None:
        """Do again what was undone last and say what; None where there is nothing. Raises like `undo`."""
        async with self.lock:
            steps = self._steps[profile]
            while step := steps.redoable:
                left, inverse = list(step.redo), list(step.undo)
                try:
                    await self._apply(profile, left, inverse)
                except (NotFound, WrongUse) as error:
                    if inverse:
                        steps.redone(replace(step, undo=tuple(inverse), redo=()))
                    else:
                        steps.drop_redoable()
                    raise _gone(step) from error
                except BaseException:  # as above
                    steps.keep_redoable(replace(step, undo=tuple(inverse), redo=tuple(left)))
                    raise
                if inverse:
                    steps.redone(replace(step, undo=tuple(inverse), redo=()))
                    return _("Done again: {step}").format(step=step.name)
                steps.drop_redoable()  # it came back by another way
            return None

    def forget(self, profile: int) -> None:
        """Forget the steps of a profile, which is removed."""
        self._steps.pop(profile, None)

    async def _apply(self, profile: int, left: list[Deed], inverse: list[Deed]) -> None:
        """Do deeds in transactions of a bounded size, and tell of them once.

        What takes them back is put before `inverse`; what could not be done stays in `left`. Sessions that are gone are
        passed over; raises `NotFound` where nothing else was meant, and like `Store.do`.
        """
        meant = sessions_of(left)
        done: list[Deed] = []
        try:
            parts = list(chunks(await self._whole(profile, left), self._chunk))
            for number, part in enumerate(parts, 1):
                done[:0] = await self._store.do(profile, part)
                left[:] = chain.from_iterable(parts[number:])
        finally:
            inverse[:0] = done
            for deed in done:
                if isinstance(deed, AddRow):
                    self._above[deed.kind] = max(self._above[deed.kind], deed.values["id"])
            if ids := sessions_of(done):
                self._notify(SessionsChanged(session_ids=ids))
            if done:
                self._notify(PlacesChanged())
        if meant and not inverse:
            await self._store.see_some(profile, meant)

    async def _whole(self, profile: int, deeds: Iterable[Deed]) -> tuple[Deed, ...]:
        """Return deeds with what has to be done first: sessions leave a folder or a tag by and by, and then it goes."""
        whole: list[Deed] = []
        for deed in deeds:
            if isinstance(deed, AddRow) and "id" not in deed.values:
                whole.append(replace(deed, above=self._above[deed.kind]))
                continue
            if isinstance(deed, RemoveRow):
                whole += await self._store.emptying(profile, deed, besides=sessions_of(whole))
            whole.append(deed)
        return tuple(whole)


def made(inverse: Sequence[Deed]) -> int:
    """Return the number of what was made, 0 where nothing was."""
    return next((deed.id for deed in inverse if isinstance(deed, RemoveRow)), 0)


def _gone(step: Step[Deed]) -> WrongUse:
    return WrongUse(
        _("“{step}” cannot be undone or done again: what it was about has been removed since.").format(step=step.name)
    )
