"""What a run tells its listeners while it lives; every update carries the session's and the message's id."""

from dataclasses import dataclass

from desktop.domain.faults import Fault
from desktop.domain.messages import Message
from desktop.domain.organising import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """Both rows are on disk; the request is about to go out."""

    session_id: str
    message_id: int
    user: Message | None
    assistant: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLoading:
    """The provider library is still being loaded; the request goes out by itself when it is there."""

    session_id: str
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSent:
    """The request is out; nothing has come back yet."""

    session_id: str
    message_id: int
    attempt: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWaiting:
    """The provider asked for a pause or could not be reached: trying again in `seconds`, as attempt `attempt`."""

    session_id: str
    message_id: int
    fault: Fault
    seconds: float
    attempt: int
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunText:
    """More text, more thinking, or both; the offsets count the characters that came before each piece.

    With the offsets a listener that began late applies every character exactly once.
    """

    session_id: str
    message_id: int
    text: str = ""
    thinking: str = ""
    offset: int = 0
    thinking_offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveText:
    """All that a run has received so far, ahead of what is on disk."""

    session_id: str
    message_id: int
    text: str
    thinking: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSaving:
    """Whether the text of the run reaches the disk; the text itself is never lost while the program runs."""

    session_id: str
    message_id: int
    saved: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """The message's row is final."""

    session_id: str
    message_id: int
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsChanged:
    """Sessions were made, renamed, deleted or written to: by this process (ids named) or by another (no ids)."""

    session_ids: tuple[str, ...] = ()
    elsewhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesChanged:
    """Folders, tags, saved searches or their counts are others now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsArchived:
    """Sessions that nothing was written in for long went into the archive by themselves; `words` say so.

    `OrganisingService.undo` takes it back, given its `step`.
    """

    count: int
    words: str
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChanged:
    """Another profile is the current one (`switched`), or the current one has other fields."""

    profile: Profile
    switched: bool = False


RunUpdate = RunStarted | RunLoading | RunSent | RunWaiting | RunText | RunSaving | RunEnded
Update = RunUpdate | SessionsChanged | PlacesChanged | SessionsArchived | ProfileChanged
