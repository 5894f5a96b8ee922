"""Profiles: whose sessions are shown, searched, counted and billed; and the passphrase that locks the window.

Design note. A passphrase is a lock on the window, not encryption: the database stays readable for whoever has the file,
and for the command line. What is kept is a salt, scrypt's parameters and its hash. The setting `profile_locked` says
what the first paint has to cover before the database is open; the database decides. Every failure leaves it on the
safe side: it is set before a passphrase is, taken away after, and written together with the profile that it is said of.
A profile that is locked although the window was not covered for it is not taken up: there is Guest instead.
"""

import asyncio
import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from desktop.domain.faults import NotFound, StoreError, WrongUse
from desktop.domain.folding import fold
from desktop.domain.organising import COLOURS, GUEST, Profile
from desktop.domain.runs import PlacesChanged, ProfileChanged, SessionsChanged, Update
from desktop.domain.sessions import NewSession, SessionCursor, SessionListing
from desktop.i18n import _
from desktop.services.settings import SettingsService
from desktop.storage.moving import Moved
from desktop.storage.store import Store

CHUNK = 1_000
"""Sessions that one transaction moves at most, so that a stream is saved in between."""
SCRYPT_N, SCRYPT_R, SCRYPT_P = 1 << 15, 8, 1
"""About 0.1 s and 32 MB for each try; the figures are kept with the hash, so that they may grow."""
NAME_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """Sessions that went from one profile to another; `ProfileService.give_back` takes them back.

    `moves` know where each of them lay, one for each transaction.
    """

    from_id: int
    to_id: int
    moves: tuple[Moved, ...] = ()

    @property
    def session_ids(self) -> tuple[str, ...]:
        """The sessions that went over."""
        return tuple(chain.from_iterable(one.session_ids for one in self.moves))


class ProfileService:
    """All profiles, and the current one."""

    def __init__(self, *, store: Store, settings: SettingsService, notify: Callable[[Update], None]) -> None:
        self._store = store
        self._settings = settings
        self._notify = notify
        self._current = Profile(id=GUEST, name="")
        self._forget: list[Callable[[int], None]] = []

    def when_removed(self, listener: Callable[[int], None]) -> None:
        """Have the number of each profile that is removed told to `listener`."""
        self._forget.append(listener)

    @property
    def id(self) -> int:
        """The number of the current profile."""
        return self._current.id

    @property
    def current(self) -> Profile:
        """The current profile; Guest's name is in the window's language."""
        return self._current

    @property
    def author(self) -> str:
        """Who the messages are by that are written now; Guest has no name."""
        return "" if self.id == GUEST else self._current.name

    async def load(self) -> None:
        """Take up the profile of the last time; Guest where it is not there any more, or where no lock was shown."""
        found = {profile.id: profile for profile in await self.all()}
        wished = found.get(int(self._settings.number("profile")))
        if wished is not None and wished.is_locked and not self._settings.get("profile_locked"):
            wished = None
        self._current = wished or found.get(GUEST) or self._current

    async def all(self) -> tuple[Profile, ...]:
        """Return all profiles, Guest first."""
        return tuple(_named(profile) for profile in await self._store.profiles())

    async def named(self, name: str) -> Profile:
        """Return the profile called so, whatever its case and accents; raises `NotFound`."""
        names = {fold("Guest"): GUEST}
        for profile in await self._store.profiles():
            names |= {fold(profile.name): profile.id, fold(_named(profile).name): profile.id}
        if fold(name.strip()) not in names:
            raise NotFound(_("There is no profile called {name}.").format(name=name))
        return _named(await self._store.profile(names[fold(name.strip())]))

    async def create(self, name: str, **more: Any) -> Profile:
        """Make a profile; `more` are fields of `Profile`. Raises `WrongUse` for a name that is empty or taken."""
        above = int(self._settings.number("highest_profile"))
        made = await self._store.create_profile(Profile(id=above + 1, **_checked({"name": name, **more})))
        return _named(made)

    async def change(self, profile_id: int, **changes: Any) -> Profile:
        """Change fields of a profile; raises `NotFound`, or `WrongUse` for a value that does not fit."""
        if profile_id == GUEST and fold(str(changes.get("name", ""))) in (fold(_("Guest")), fold("Guest")):
            changes.pop("name")
        changed = _named(await self._store.change_profile(profile_id, **_checked(changes)))
        self._changed(changed)
        return changed

    async def switch(self, profile_id: int, *, remember: bool = True) -> Profile:
        """Make another profile the current one; raises `NotFound`. Running answers of the other go on."""
        profile = _named(await self._store.profile(profile_id))
        self._current = profile
        if remember:
            with suppress(StoreError):  # the next start shows the other profile, and that is all
                await self._settings.set_all({"profile": profile.id, "profile_locked": profile.is_locked})
        self._notify(ProfileChanged(profile=profile, switched=True))
        return profile

    async def adopt(self, from_id: int, to_id: int, session_ids: Sequence[str] | None = None) -> Adoption:
        """Give sessions of a profile (all with None, the archive and the trash too) to another; raises `NotFound`.

        Tags and folders go along, saved searches and the bill stay. Those that are not the first one's are left alone.
        """
        wanted = await self._store.profile_sessions(from_id) if session_ids is None else tuple(session_ids)
        some = (wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK))
        return await self._move(from_id, to_id, [(ids, None) for ids in some])

    async def give_back(self, adoption: Adoption) -> Adoption:
        """Take back what was adopted: each session lies where it lay, and folders that were made for it go."""
        moves = [(one.session_ids, one) for one in reversed(adoption.moves)]
        return await self._move(adoption.to_id, adoption.from_id, moves)

    async def _move(self, from_id: int, to_id: int, wanted: Sequence[tuple[Sequence[str], Moved | None]]) -> Adoption:
        """Move sessions in one transaction for each part, and tell of all that went, also before a failure."""
        moves: list[Moved] = []
        try:
            for ids, back in wanted:
                moves.append(await self._store.move_sessions(from_id, to_id, ids, back=back))
        finally:
            done = Adoption(from_id=from_id, to_id=to_id, moves=tuple(one for one in moves if one.session_ids))
            if done.moves:
                self._notify(SessionsChanged(session_ids=done.session_ids))
                self._notify(PlacesChanged())
        return done

    async def count(self, profile_id: int) -> int:
        """Return how many sessions a profile has, the archive and the trash included."""
        return await self._store.count_profile_sessions(profile_id)

    async def session_ids(self, profile_id: int) -> tuple[str, ...]:
        """Return the ids of all sessions of a profile, the archive and the trash included."""
        return await self._store.profile_sessions(profile_id)

    async def sessions(
        self, profile_id: int, *, limit: int, after: SessionCursor | None = None
    ) -> tuple[SessionListing, ...]:
        """Return a page of the sessions in use of a profile, as its own sidebar lists them."""
        return await self._store.sessions(limit=limit, after=after, profile=profile_id)

    async def remove(self, profile_id: int, *, heir: int) -> None:
        """Remove a profile; its sessions and all else that it has go to `heir` first. Raises `WrongUse` for Guest."""
        if profile_id == GUEST:
            raise WrongUse(_("Guest cannot be removed."))
        if profile_id == heir:
            raise WrongUse(_("Choose another profile for the sessions."))
        await self._store.profile(heir)
        highest = max(profile.id for profile in await self._store.profiles())
        if highest > self._settings.number("highest_profile"):  # what is remembered of a number is never another one's
            await self._settings.set("highest_profile", highest)
        await self.adopt(profile_id, heir)
        await self._store.remove_profile(profile_id, heir)
        for forget in self._forget:
            forget(profile_id)
        if profile_id == self.id:
            await self.switch(heir)
        else:
            self._notify(PlacesChanged())

    async def set_passphrase(self, profile_id: int, passphrase: str) -> Profile:
        """Let a passphrase lock the window for a profile, the empty one no more; raises `WrongUse` for Guest."""
        if profile_id == GUEST and passphrase:
            raise WrongUse(_("Guest has no passphrase. Make a profile for a person."))
        checked = await asyncio.to_thread(_hashed, passphrase) if passphrase else ""
        if passphrase and profile_id == self.id:
            await self._settings.set("profile_locked", True)
        changed = _named(await self._store.set_passphrase(profile_id, checked))
        if not passphrase and profile_id == self.id:
            await self._settings.set("profile_locked", False)
        self._changed(changed)
        return changed

    async def check_passphrase(self, profile_id: int, passphrase: str) -> bool:
        """Return whether a passphrase opens a profile; one without a lock is opened by anything."""
        kept = await self._store.passphrase(profile_id)
        return not kept or await asyncio.to_thread(_matches, passphrase, kept)

    def begin(self, new: NewSession) -> NewSession:
        """Return a new session as the current profile begins it: with its place, its preferences and its language."""
        profile = self._current
        about = {"location": profile.location, "preferences": profile.preferences, "language": profile.language}
        context = {**new.context, **{name: value for name, value in about.items() if value}}
        return replace(new, profile_id=profile.id, context=context, language=profile.language or new.language)

    async def limit(self, profile_id: int) -> float:
        """Return the month's budget of a profile, that of the settings where it has none of its own."""
        profile = self._current if profile_id == self.id else await self._store.profile(profile_id)
        return self._settings.number("monthly_budget") if profile.budget is None else profile.budget

    def _changed(self, profile: Profile) -> None:
        if profile.id == self.id:
            self._current = profile
            self._notify(ProfileChanged(profile=profile))


def _named(profile: Profile) -> Profile:
    return replace(profile, name=_("Guest")) if profile.id == GUEST else profile


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    """Return fields as they are kept; raise `WrongUse` with a sentence where one does not fit."""
    found = dict(fields)
    if "name" in found:
        found["name"] = " ".join(str(found["name"]).split())
        if not found["name"]:
            raise WrongUse(_("A profile needs a name. Write at least one character."))
        if len(found["name"]) > NAME_LENGTH:
            raise WrongUse(_("A profile's name has at most {count} characters.").format(count=NAME_LENGTH))
    if found.get("colour", "") not in COLOURS:
        raise WrongUse(_("There is no colour {name}.").format(name=found["colour"]))
    budget = found.get("budget")
    if budget is not None and not 0 <= budget <= 1_000_000:
        raise WrongUse(_("A budget lies between 0 and 1,000,000 US dollars."))
    for name in ("location", "preferences", "language"):
        if name in found:
            found[name] = str(found[name]).strip()
    return found


def _hashed(passphrase: str) -> str:
    """Return what a passphrase is checked against: scrypt's parameters, salt and hash."""
    salt = os.urandom(16)
    made = _scrypt(passphrase, salt, SCRYPT_N, SCRYPT_R, SCRYPT_P)
    return f"scrypt${SCRYPT_N}${SCRYPT_R}${SCRYPT_P}${salt.hex()}${made.hex()}"


def _matches(passphrase: str, kept: str) -> bool:
    """Return whether a passphrase is the one that was kept, in a time that does not tell how nearly."""
    try:
        _kind, n, r, p, salt, made = kept.split("$")
        found = _scrypt(passphrase, bytes.fromhex(salt), int(n), int(r), int(p))
        return hmac.compare_digest(found, bytes.fromhex(made))
    except ValueError:  # damaged: nothing opens it
        return False


def _scrypt(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    words = passphrase.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(words, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r, dklen=32)
