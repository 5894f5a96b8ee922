"""How sessions are kept in order: profiles, folders, tags, saved searches, and the part of them that a list shows."""

from dataclasses import dataclass
from enum import StrEnum

GUEST = 1
"""The profile without a name, which is there from the start."""


class PlaceKind(StrEnum):
    """What a list of sessions shows of a profile."""

    ALL = "all"
    """What is in use: not archived, not in the trash."""
    FOLDER = "folder"
    """A folder with all that is nested in it."""
    TAG = "tag"
    RESOLVED = "resolved"
    ARCHIVED = "archived"
    TRASH = "trash"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A part of a profile's sessions; `number` is a folder's or a tag's."""

    kind: PlaceKind = PlaceKind.ALL
    number: int = 0


EVERYTHING = Place()


class Sort(StrEnum):
    """What the order of a list goes by; pinned sessions stand first in each."""

    ACTIVITY = "activity"
    CREATION = "creation"
    TITLE = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One person's space. `preferences` go into the system prompt; `budget` None is that of the settings (US dollars a
    month); `is_locked` when a passphrase guards the window. Times are UTC milliseconds.
    """

    id: int
    name: str
    colour: str = ""
    language: str = ""
    location: str = ""
    preferences: str = ""
    budget: float | None = None
    is_locked: bool = False
    created_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder; what its new sessions begin with is empty where the folder above it, or else the settings, decide.

    `count`: sessions in use in it and in what is nested in it.
    """

    id: int
    name: str
    parent_id: int | None = None
    colour: str = ""
    system_prompt: str = ""
    model: str = ""
    position: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A word that sessions are marked with; `count`: sessions in use that have it."""

    id: int
    name: str
    colour: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a session is kept under."""

    folder: Folder | None = None
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search that stands in the sidebar; `query` as it was typed."""

    id: int
    name: str
    query: str
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """All that a sidebar offers beside the dates, with the counts of one profile."""

    folders: tuple[Folder, ...] = ()
    tags: tuple[Tag, ...] = ()
    searches: tuple[SavedSearch, ...] = ()
    active: int = 0
    resolved: int = 0
    archived: int = 0
    trashed: int = 0


COLOURS = ("", "red", "orange", "yellow", "green", "blue", "violet")
"""What a folder, a tag or a profile can be marked with; a theme says which red that is."""
