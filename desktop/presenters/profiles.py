"""Profiles as the window shows them: which there are, which is the current one, and what is done with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from math import ceil
from time import monotonic
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.faults import SobremesaError, StoreError
from desktop.domain.organising import GUEST, Profile
from desktop.domain.runs import ProfileChanged, Update
from desktop.domain.sessions import SessionListing
from desktop.i18n import _, ngettext
from desktop.presenters.lock import pause_s

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend
    from desktop.services.profiles import Adoption

PAGE = 200
CHUNK = 1_000
"""Sessions that are adopted between two looks at whether that is still wanted."""


class ProfilesPresenter(QObject):
    """`ProfilesPresenter(bridge=…, parent=None)`: intents are methods, facts are signals; first `load`."""

    changed = Signal()
    """`profiles` or `current` are others."""
    switched = Signal(object)
    """Another `Profile` is the current one."""
    said = Signal(str, object)
    """A sentence about what was done, and what takes it back (or None)."""
    refused = Signal(str)
    """A sentence that says why something was not done."""
    adopted = Signal(object)
    """Sessions went to another profile: an `Adoption`."""
    adopting = Signal(int, int)
    """So many of so many sessions have gone over."""
    created = Signal(int)
    not_created = Signal(str)
    """A sentence that says why there is no new profile."""
    counted = Signal(int, int)
    """A profile, and how many sessions it has."""
    listed = Signal(int, object, bool)
    """A profile, more of its sessions (`SessionListing`), and whether there are more of them."""

    def __init__(
        self, *, bridge: Bridge, clock: Callable[[], float] = monotonic, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._clock = clock
        self._failures: dict[int, tuple[int, float]] = {}
        """How often the passphrase of a profile was wrong in its dialog, and when last."""
        self._adopting = False
        self.profiles: tuple[Profile, ...] = ()
        self.current = Profile(id=GUEST, name=_("Guest"))
        bridge.updated.connect(self._on_updated)

    def profile(self, profile_id: int) -> Profile | None:
        """Return a profile, None where it is not there any more."""
        return next((one for one in self.profiles if one.id == profile_id), None)

    def _name(self, profile_id: int) -> str:
        found = self.profile(profile_id)
        return found.name if found else ""

    def is_closed(self, profile_id: int) -> bool:
        """Whether a profile is another one's behind a passphrase: nothing of it is shown or changed from here."""
        found = self.profile(profile_id)
        return found is not None and found.is_locked and profile_id != self.current.id

    @Slot()
    def load(self) -> None:
        """Ask which profiles there are."""
        self._bridge.start_task(self.read())

    async def read(self) -> None:
        """Read the profiles and wait for it."""

        async def ask(backend: Backend) -> tuple[tuple[Profile, ...], Profile]:
            return await backend.profiles.all(), backend.profiles.current

        self.profiles, current = await self._bridge.call(ask)
        self.current = self.profile(current.id) or current
        self.changed.emit()

    def create(self, name: str) -> None:
        """Make a profile; `created` tells its number."""

        async def work() -> None:
            made = await self._bridge.call(lambda backend: backend.profiles.create(name))
            await self.read()
            self.created.emit(made.id)

        self._bridge.start_task(work(), on_error=lambda error: self.not_created.emit(str(error)))

    def change(self, profile_id: int, **changes: Any) -> None:
        """Change fields of a profile."""
        self._do(lambda backend: backend.profiles.change(profile_id, **changes))

    def set_passphrase(self, profile_id: int, passphrase: str, *, former: str = "") -> None:
        """Lock a profile by a passphrase, or not at all; `former` is the one that it has."""

        async def work(backend: Backend) -> bool:
            if not await backend.profiles.check_passphrase(profile_id, former):
                return False
            await backend.profiles.set_passphrase(profile_id, passphrase)
            return True

        async def ask() -> None:
            if left := self._left_s(profile_id):
                sentence = ngettext(
                    "Wrong too often: wait {count} second.", "Wrong too often: wait {count} seconds.", left
                )
                self.refused.emit(sentence.format(count=left))
            elif await self._bridge.call(work):
                self._failures.pop(profile_id, None)
                await self.read()
                locked, open_ = _("{name} is locked by a passphrase from now on."), _("{name} is not locked any more.")
                self.said.emit((locked if passphrase else open_).format(name=self._name(profile_id)), None)
            else:
                self._failures[profile_id] = (self._failures.get(profile_id, (0, 0.0))[0] + 1, self._clock())
                self.refused.emit(_("That is not the passphrase it has."))

        self._start(ask)

    def _left_s(self, profile_id: int) -> int:
        """Return how long one waits before the next passphrase of a profile is looked at, in seconds."""
        count, last = self._failures.get(profile_id, (0, 0.0))
        return max(0, ceil(last + pause_s(count) - self._clock()))

    async def switch(self, profile_id: int) -> None:
        """Make another profile the current one, and wait for it."""
        self.current = await self._bridge.call(lambda backend: backend.profiles.switch(profile_id))
        self.changed.emit()
        self.switched.emit(self.current)

    def count(self, profile_id: int) -> None:
        """Count the sessions of a profile."""

        async def work() -> None:
            self.counted.emit(profile_id, await self._bridge.call(lambda backend: backend.profiles.count(profile_id)))

        self._start(work)

    def list_sessions(self, profile_id: int, after: SessionListing | None = None) -> None:
        """List sessions of a profile that are in use, newest first, from behind one of them."""
        cursor = after.cursor if after else None

        async def work() -> None:
            page = await self._bridge.call(
                lambda backend: backend.profiles.sessions(profile_id, limit=PAGE + 1, after=cursor)
            )
            self.listed.emit(profile_id, page[:PAGE], len(page) > PAGE)

        self._start(work)

    def adopt(self, from_id: int, to_id: int, session_ids: tuple[str, ...] | None) -> None:
        """Give sessions of a profile, all of them with None, to another; `stop_adopting` ends it before all are."""

        async def work() -> None:
            wanted = session_ids
            if wanted is None:
                wanted = await self._bridge.call(lambda backend: backend.profiles.session_ids(from_id))
            parts = [wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK)]
            steps = [partial(_adopt, from_id=from_id, to_id=to_id, session_ids=some) for some in parts]
            await self._move(steps, len(wanted), lambda done, _left, trouble: self._say_adopted(to_id, done, trouble))

        self._start(work)

    def give_back(self, done: Sequence[Adoption]) -> None:
        """Give adopted sessions back to whose they were."""
        steps = [partial(_give_back, adoption=one) for one in reversed(done)]

        def say(given: Sequence[Adoption], left: int, trouble: str) -> None:
            words = _("Undone: {step}").format(step=self._adopted_words(done[0].to_id, given))
            words = f"{words} {trouble}".strip() if given else trouble or _("It was so already.")
            self.said.emit(words, partial(self.give_back, done[:left]) if left else None)

        self._start(lambda: self._move(steps, sum(len(one.session_ids) for one in done), say))

    async def _move(
        self,
        steps: Sequence[Callable[[Backend], Awaitable[Adoption]]],
        total: int,
        say: Callable[[Sequence[Adoption], int, str], None],
    ) -> None:
        """Let sessions go over step by step; `say` tells in the end which did, how many steps are left and why."""
        self._adopting = True
        done: list[Adoption] = []
        count = number = 0
        try:
            for number, step in enumerate(steps, 1):
                moved = await self._bridge.call(step)
                if moved.session_ids:
                    done.append(moved)
                    count += len(moved.session_ids)
                self.adopted.emit(moved)
                if number < len(steps):
                    self.adopting.emit(count, total)
                if not self._adopting:
                    break
        except SobremesaError as error:
            say(done, len(steps) - number + 1, str(error))
            raise
        say(done, len(steps) - number, "")

    @Slot()
    def stop_adopting(self) -> None:
        """Adopt no more; what has gone over can be taken back."""
        self._adopting = False

    def _adopted_words(self, to_id: int, done: Sequence[Adoption]) -> str:
        count = sum(len(one.session_ids) for one in done)
        words = ngettext("{count} session belongs to {name} now.", "{count} sessions belong to {name} now.", count)
        return words.format(name=self._name(to_id), count=count)

    def _say_adopted(self, to_id: int, done: Sequence[Adoption], trouble: str) -> None:
        words = self._adopted_words(to_id, done)
        back = partial(self.give_back, done) if done else None
        self.said.emit(f"{words} {trouble}".strip() if done or not trouble else trouble, back)

    def remove(self, profile_id: int, heir: int) -> None:
        """Remove a profile that is not the current one; what it has goes to another."""

        async def work() -> None:
            gone = self.profile(profile_id)
            await self._bridge.call(lambda backend: backend.profiles.remove(profile_id, heir=heir))
            await self.read()
            self.said.emit(_("{name} is removed.").format(name=gone.name if gone else ""), None)

        self._start(work)

    def _do(self, function: Callable[[Backend], Awaitable[object]]) -> None:
        async def work() -> None:
            try:
                await self._bridge.call(function)
            finally:
                await self.read()

        self._start(work)

    def _start(self, work: Callable[..., Any], *given: object) -> None:
        self._bridge.start_task(work(*given), on_error=self._on_error)

    def _on_error(self, error: SobremesaError) -> None:
        self.refused.emit(str(error))
        if not isinstance(error, StoreError):  # what was wished is not what is: show what is
            self.changed.emit()

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        for update in updates:
            if isinstance(update, ProfileChanged) and update.profile.id == self.current.id:
                self.current = update.profile
                self.changed.emit()


def _give_back(backend: Backend, *, adoption: Adoption) -> Awaitable[Adoption]:
    return backend.profiles.give_back(adoption)


def _adopt(backend: Backend, *, from_id: int, to_id: int, session_ids: Sequence[str]) -> Awaitable[Adoption]:
    return backend.profiles.adopt(from_id, to_id, session_ids)
