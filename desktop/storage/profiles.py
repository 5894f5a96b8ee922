"""Profiles: several people's spaces in one database; Guest, number 1, is there from the start and stays.

What moves between profiles is in `moving.py`. The bill stays where it was spent: adopting a session does not rewrite
what its owner's month has cost. Only when a profile is removed its bill goes along with its sessions.
"""

from dataclasses import asdict
from typing import Any

from peewee import SQL, fn
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.folding import fold
from desktop.domain.organising import GUEST, Profile
from desktop.i18n import _
from desktop.storage.rows import ProfileRow, SessionRow

CHANGEABLE = frozenset({"name", "colour", "language", "location", "preferences", "budget"})


def every(db: APSWDatabase) -> tuple[Profile, ...]:
    """Return all profiles, Guest first, then in the order they were made."""
    return tuple(_profile(row) for row in ProfileRow.select().order_by(ProfileRow.id).execute(db))


def get(db: APSWDatabase, profile_id: int) -> Profile:
    """Return a profile; raise `NotFound`."""
    return _profile(_row(db, profile_id))


def create(db: APSWDatabase, profile: Profile, *, now_ms: int) -> Profile:
    """Write a new profile, with the number it brings or a higher one; raise `WrongUse` where its name is taken."""
    _check_name(db, profile.name)
    columns = {name: value for name, value in asdict(profile).items() if name in CHANGEABLE}
    number = max(profile.id, 1 + int(ProfileRow.select(fn.MAX(ProfileRow.id)).bind(db).scalar() or 0))
    return get(db, ProfileRow.insert(id=number, created_at=now_ms, **columns).execute(db))


def change(db: APSWDatabase, profile_id: int, changes: dict[str, Any]) -> Profile:
    """Change columns of a profile; raise `NotFound`, or `WrongUse` where the name is taken or is Guest's."""
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"a profile has no changeable {', '.join(sorted(unknown))}")
    row = _row(db, profile_id)
    if "name" in changes and changes["name"] != row.name:
        if profile_id == GUEST:
            raise WrongUse(_("Guest has no other name. Make a profile for a person."))
        _check_name(db, changes["name"], besides=profile_id)
    if changes:
        ProfileRow.update(**changes).where(ProfileRow.id == profile_id).execute(db)
    return get(db, profile_id)


def passphrase(db: APSWDatabase, profile_id: int) -> str:
    """Return what a passphrase is checked against, nothing where there is none; raise `NotFound`."""
    return str(_row(db, profile_id).passphrase)


def set_passphrase(db: APSWDatabase, profile_id: int, checked: str) -> Profile:
    """Keep what a passphrase is checked against; nothing takes the lock away. Raise `NotFound`."""
    _row(db, profile_id)
    ProfileRow.update(passphrase=checked).where(ProfileRow.id == profile_id).execute(db)
    return get(db, profile_id)


def remove(db: APSWDatabase, profile_id: int) -> None:
    """Remove a profile that has no sessions any more; raise `NotFound`, or `WrongUse` for Guest and one in use."""
    row = _row(db, profile_id)
    if profile_id == GUEST:
        raise WrongUse(_("Guest cannot be removed."))
    if count_sessions(db, profile_id):
        raise WrongUse(_("{name} has sessions. Give them to another profile first.").format(name=row.name))
    ProfileRow.delete().where(ProfileRow.id == profile_id).execute(db)


def count_sessions(db: APSWDatabase, profile_id: int) -> int:
    """Return how many sessions a profile has, those in the archive and in the trash too."""
    query = SessionRow.select(fn.COUNT(SQL("1"))).where(SessionRow.profile_id == profile_id)
    return int(query.bind(db).scalar())


def _row(db: APSWDatabase, profile_id: int) -> ProfileRow:
    row: ProfileRow | None = ProfileRow.select().where(ProfileRow.id == profile_id).bind(db).first()
    if row is None:
        raise NotFound(_("This profile is not there any more."))
    return row


def _check_name(db: APSWDatabase, name: str, *, besides: int | None = None) -> None:
    """Raise `WrongUse` where another profile has the name, whatever its case and its accents."""
    taken = {fold(row.name) for row in ProfileRow.select().execute(db) if row.id != besides} | {fold(_("Guest"))}
    if fold(name) in taken:
        raise WrongUse(_("There is already a profile called {name}.").format(name=name))


def _profile(row: ProfileRow) -> Profile:
    return Profile(
        id=row.id,
        name=row.name,
        colour=row.colour,
        language=row.language,
        location=row.location,
        preferences=row.preferences,
        budget=row.budget,
        is_locked=bool(row.passphrase),
        created_at=row.created_at,
    )
