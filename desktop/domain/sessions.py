"""Sessions: conversations with their settings, and the lean rows that the sidebar lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop.domain.messages import NOTHING

DEFAULT_SYSTEM_PROMPT = "You are a helpful assistant."
DEFAULT_TEMPERATURE = 1.0
DEFAULT_MAX_CONTEXT = 32768
DEFAULT_TOKENIZER = "cl100k_base"

TITLE_LENGTH = 50


def instant_title(text: str) -> str:
    """Return the title a first user message gives: its first 50 characters, then "..." if there were more.

    White space is folded, so that a title is one line.
    """
    line = " ".join(text.split())
    return line if len(line) <= TITLE_LENGTH else line[:TITLE_LENGTH] + "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One conversation. `params` holds temperature, max_context, max_turns and the like; times are UTC milliseconds.

    `id` is a UUID in text form, or whatever the user chose. `model` is the address of a model (see `models.py`).
    """

    id: str
    title: str
    created_at: int
    updated_at: int
    title_is_auto: bool = True
    profile_id: int = 1
    summary: str = ""
    topic: str = ""
    language: str = ""
    system_prompt: str = DEFAULT_SYSTEM_PROMPT
    model: str = ""
    params: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    context: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    folder_id: int | None = None
    pinned: bool = False
    is_active: bool = True
    is_resolved: bool = False
    deleted_at: int | None = None
    active_leaf: int | None = None
    message_count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """What is needed to begin a session; `id` None lets storage make a UUID."""

    id: str | None = None
    title: str = ""
    title_is_auto: bool = True
    system_prompt: str = DEFAULT_SYSTEM_PROMPT
    model: str = ""
    params: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    context: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    language: str = ""
    profile_id: int = 1
    created_at: int | None = None
    folder_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionListing:
    """One line of the sidebar."""

    id: str
    title: str
    model: str
    updated_at: int
    pinned: bool
    message_count: int
    is_active: bool = True
    ended: str = ""
    """The status of the last message where it is an answer that failed or was interrupted, else ""."""
    created_at: int = 0
    folder_id: int | None = None
    is_resolved: bool = False

    @property
    def cursor(self) -> "SessionCursor":
        """Where a page that ends with this line ends, whatever it is sorted by."""
        return SessionCursor(
            pinned=self.pinned, updated_at=self.updated_at, id=self.id, created_at=self.created_at, title=self.title
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionCursor:
    """Where a page of listings ended: what its last line is sorted by in each order (pinned first, then id last)."""

    pinned: bool
    updated_at: int
    id: str
    created_at: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One message or title that matches; in `snippet` the matches stand between U+E000 and U+E001."""

    session_id: str
    session_title: str
    message_id: int | None
    role: str
    created_at: int
    snippet: str
