"""What the command line finds out before it acts: which database is meant, which model, and names for people."""

import argparse
from collections import Counter
from collections.abc import Sequence
from typing import Any

from desktop.domain.authors import author_of
from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.messages import Message, Role
from desktop.domain.models import GUIDE, split_address
from desktop.i18n import _, ngettext
from desktop.paths import data_dir
from desktop.services.backend import Backend
from desktop.services.exchange.terminal import one_line
from desktop.storage.store import DATABASE

READING = frozenset({"models", "list", "show", "search", "export", "stats", "branches", "context", "doctor", "archive"})


def check_place(arguments: argparse.Namespace) -> None:
    """See that a folder named for reading has a database, or a mistyped one would be made; raises `NotFound`."""
    if arguments.command not in READING or not arguments.data_dir or arguments.demo:
        return
    folder = data_dir(arguments.data_dir)
    if not (folder / DATABASE).exists():
        raise NotFound(_("There is no database in {folder}.").format(folder=folder))


async def model_named(backend: Backend, name: str) -> str:
    """Return the address of a model named without its provider, where one provider alone has it; else `name`.

    Raises `WrongUse` where several have it.
    """
    choices = await backend.models.choices()
    if any(choice.address == name for choice in choices):
        return name
    found = [choice.address for choice in choices if choice.name == name]
    if len(found) == 1:
        return found[0]
    if found and "/" not in name:
        words = _("Several providers have the model {name}: {addresses}. Say which.")
        raise WrongUse(words.format(name=name, addresses=", ".join(found)))
    return name


async def provider_names(backend: Backend) -> dict[str, str]:
    """Return the names of the providers by the ids that addresses begin with."""
    return {spec.id: spec.name for spec in await backend.models.providers()}


def name_above(message: Message, names: dict[str, str]) -> str:
    """Return what stands above a message for people: who wrote it, and the provider by its name."""
    if message.role is not Role.ASSISTANT:
        return message.author or message.role.value
    provider = split_address(message.model)[0] if "/" in message.model else ""
    shown = "" if provider == GUIDE else names.get(provider, provider)
    return " · ".join(filter(None, (author_of(message), shown)))


def found_lines(hits: Sequence[dict[str, Any]]) -> list[str]:
    """Return what was found as lines for people: each session once, with the newest place in it."""
    counts = Counter(hit["session"] for hit in hits)
    lines, seen = [], set()
    for hit in hits:
        if hit["session"] in seen:
            continue
        seen.add(hit["session"])
        best = next((one for one in hits if one["session"] == hit["session"] and one["message"] is not None), hit)
        more = counts[hit["session"]] - 1
        rest = "  " + ngettext("+ {count} more", "+ {count} more", more).format(count=more) if more else ""
        lines += [f"{one_line(hit['session'])}  {one_line(hit['title'])}{rest}", f"    {one_line(best['snippet'])}"]
    return lines
