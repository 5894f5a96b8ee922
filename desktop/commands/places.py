"""The part of the sessions that a command names: a folder, a tag, the archive, the resolved ones, the trash."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.folding import fold
from desktop.domain.organising import EVERYTHING, Folder, Place, PlaceKind, Sort
from desktop.i18n import _

if TYPE_CHECKING:  # the parser knows the options without what they are done with
    from desktop.services.backend import Backend


def add_places(command: argparse.ArgumentParser) -> None:
    """Let a command take the options that name a part of the sessions, and their order."""
    one = command.add_mutually_exclusive_group()
    one.add_argument("--folder", metavar="NAME", help=_("list a folder with all that is in it, as Work or Work/Python"))
    one.add_argument("--tag", metavar="NAME", help=_("list the sessions with a tag"))
    one.add_argument("--archived", action="store_true", help=_("list the archive instead"))
    one.add_argument("--resolved", action="store_true", help=_("list the sessions that are resolved"))
    one.add_argument("--trash", action="store_true", help=_("list the trash instead"))
    command.add_argument(
        "--sort",
        choices=[sort.value for sort in Sort],
        default=Sort.ACTIVITY.value,
        help=_("the order, behind the pinned ones (activity)"),
    )


async def place_of(backend: Backend, arguments: argparse.Namespace) -> Place:
    """Return the place that is named; raises `NotFound`, or `WrongUse` where several folders have the name."""
    if arguments.folder is not None:
        return Place(
            kind=PlaceKind.FOLDER, number=_folder((await backend.organising.places()).folders, arguments.folder)
        )
    if arguments.tag is not None:
        wished = arguments.tag.removeprefix("#")
        for tag in (await backend.organising.places()).tags:
            if fold(tag.name) == fold(wished):
                return Place(kind=PlaceKind.TAG, number=tag.id)
        raise NotFound(_("There is no tag called {name}.").format(name=wished))
    for kind, named in (
        (PlaceKind.ARCHIVED, arguments.archived),
        (PlaceKind.RESOLVED, arguments.resolved),
        (PlaceKind.TRASH, arguments.trash),
    ):
        if named:
            return Place(kind=kind)
    return EVERYTHING


def _folder(folders: tuple[Folder, ...], name: str) -> int:
    """Return the folder whose path ends like `name`: its own name is enough where it is the only one."""
    paths: dict[int, str] = {}
    for folder in folders:  # each stands behind the one it lies in
        above = paths.get(folder.parent_id or 0, "")
        paths[folder.id] = f"{above}/{fold(folder.name)}"
    wished = "/" + fold(name).strip("/")
    exact = [number for number, path in paths.items() if path == wished]
    found = exact if len(exact) == 1 else [number for number, path in paths.items() if path.endswith(wished)]
    if not found:
        raise NotFound(_("There is no folder called {name}.").format(name=name))
    if len(found) > 1:
        raise WrongUse(
            _("Several folders are called {name}. Name the folder it lies in too: Work/Python.").format(name=name)
        )
    return found[0]
