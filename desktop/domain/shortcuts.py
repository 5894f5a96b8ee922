"""Which keys call which command: what the user changed, how it is kept, and who has a key already.

A key is written as Qt does everywhere alike ("Ctrl+K"); a command has none, one, or a main and an alternative one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Keys = tuple[str, ...]
MOST_KEYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command of the window, where its menu is, and the keys it has by itself and now."""

    name: str
    title: str
    group: str
    defaults: Keys = ()
    keys: Keys = ()


def changes_of(entries: Iterable[str]) -> dict[str, Keys]:
    """Return the keys of commands from entries like "newSession=Ctrl+T", one a key; "newSession=" is none at all."""
    found: dict[str, Keys] = {}
    for entry in entries:
        name, _is, key = entry.partition("=")
        found[name] = (*found.get(name, ()), *([key] if key else []))
    return found


def entries_of(changes: Mapping[str, Keys]) -> tuple[str, ...]:
    """Return what `changes_of` reads."""
    return tuple(f"{name}={key}" for name, keys in changes.items() for key in keys or ("",))


def settled(defaults: Mapping[str, Keys], changes: Mapping[str, Keys]) -> dict[str, Keys]:
    """Return the keys of every command so that none calls two: what the user chose counts, the first of two first."""
    taken: set[str] = set()
    chosen: dict[str, Keys] = {}
    for name, keys in changes.items():
        if name in defaults:
            chosen[name] = tuple(key for key in dict.fromkeys(keys) if key not in taken)
            taken.update(chosen[name])
    return {
        name: chosen[name] if name in chosen else tuple(key for key in keys if key not in taken)
        for name, keys in defaults.items()
    }


def holder(commands: Iterable[Command], key: str, *, besides: str) -> Command | None:
    """Return another command that a key calls."""
    return next((each for each in commands if key in each.keys and each.name != besides), None)
