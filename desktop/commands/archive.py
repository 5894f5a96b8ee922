"""`sobremesa archive`: puts sessions into the archive, named ones or those untouched for long, and takes them out."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from desktop.domain.faults import WrongUse
from desktop.domain.settings import BY_NAME
from desktop.i18n import _, ngettext

if TYPE_CHECKING:  # the parser knows the options without what they are done with
    from desktop.services.backend import Backend
    from desktop.services.organising import Done

LONGEST = 36_500
"""A hundred years; more days than a clock knows would be a slip."""


def add_archive(command: argparse.ArgumentParser) -> None:
    """Let the command take its options."""
    command.add_argument("session", nargs="*", metavar="ID", help=_("sessions to archive, whatever their age"))
    command.add_argument(
        "--days",
        type=days,
        metavar="N",
        help=_("untouched for so many days, 1 or more; by default as many as the settings say"),
    )
    command.add_argument("--dry-run", action="store_true", help=_("say what would be archived, and change nothing"))
    command.add_argument("--restore", nargs="+", metavar="ID", help=_("take these out of the archive instead"))


def days(text: str) -> int:
    """Return `text` as a number of days."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= LONGEST:
        raise argparse.ArgumentTypeError(_("{text} is not a number of 1 or more").format(text=repr(text)))
    return number


def check(arguments: argparse.Namespace) -> None:
    """See that the options go together; raises `WrongUse`."""
    if arguments.restore and (arguments.session or arguments.days or arguments.dry_run):
        raise WrongUse(_("--restore goes with the ids of sessions alone."))
    if arguments.session and arguments.days:
        raise WrongUse(_("Name sessions or a number of days, not both."))


async def archive(backend: Backend, arguments: argparse.Namespace) -> dict[str, Any]:
    """Do what is asked; return what was done as JSON values. Raises `NotFound`, `WrongUse`, `StoreError`."""
    check(arguments)
    if arguments.restore:
        ids = await _known(backend, arguments.restore)
        changed = tuple([one for one in ids if not (await backend.store.session(one)).is_active])
        done = await backend.organising.archive(changed, False)
        return {"restored": _in_order(changed, done)}
    limit = arguments.days or int(backend.settings.number("archive_after_days")) or _usual()
    if arguments.session:
        ids = await _known(backend, arguments.session)
        ids = tuple([one for one in ids if (await backend.store.session(one)).is_active])
    else:
        ids = await backend.organising.untouched(limit)
    archived = list(ids) if arguments.dry_run else _in_order(ids, await backend.organising.archive(ids, True))
    return {"archived": archived, "days": None if arguments.session else limit, "dry_run": arguments.dry_run}


def sentence(values: dict[str, Any]) -> str:
    """Return what was done as a sentence."""
    if "restored" in values:
        count = len(values["restored"])
        said = ngettext("{count} session taken out of the archive", "{count} sessions taken out of the archive", count)
    elif values["dry_run"]:
        count = len(values["archived"])
        said = ngettext("{count} session would be archived", "{count} sessions would be archived", count)
    else:
        count = len(values["archived"])
        said = ngettext("{count} session archived", "{count} sessions archived", count)
    return said.format(count=count)


async def _known(backend: Backend, ids: list[str]) -> tuple[str, ...]:
    """Return ids, each once, of sessions of the profile; raises `NotFound` before anything is changed."""
    for one in ids:
        await backend.library.check_own(one)
    return tuple(dict.fromkeys(ids))


def _in_order(ids: Iterable[str], done: Done) -> list[str]:
    """Return what was really changed, in the order it was asked for."""
    changed = set(done.ids)
    return [one for one in ids if one in changed]


def _usual() -> int:
    """Return how many days it is where the setting is off: who asks for it by name wants it done."""
    return int(str(BY_NAME["archive_after_days"].default))
