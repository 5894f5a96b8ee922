"""Everything that can go wrong in the world, as values and exceptions that carry what a person needs to know.

The drawn tree of what is raised on purpose::

    SobremesaError
    ├── WrongUse            the caller asked for something that cannot be: says what to write instead
    │   └── BudgetSpent     the month's budget is used up: a person may go over it
    ├── NotFound            no such session, message, provider or file
    ├── ProviderError       a model's server, or the way to it; carries a `Fault`
    └── StoreError          the database or the disk
        ├── ReadOnly        nothing can be written here
        ├── DiskFull        no space left
        ├── Busy            another process holds the database for too long
        ├── NotADatabase    the file is something else, or its header is gone
        ├── DamagedDatabase pages are damaged
        ├── NewerDatabase   written by a newer version of this program
        ├── MigrationFailed rolled back; names the backup
        ├── KeychainLocked  the keychain is locked, refuses or does not answer in time
        ├── NoKeychain      this computer has none: another place can be chosen
        └── KeyFileUnsafe   the key file can be read by others, or is broken

Anything else that is raised is a mistake of ours and reaches the excepthook. The sentences for a `Fault` stand in
`explanations.py`, so that a fault stored in English reads in the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class FaultKind(StrEnum):
    """What happened on the way to a model and back."""

    REFUSED = "refused"
    DNS = "dns"
    TLS = "tls"
    PROXY = "proxy"
    CONNECT_TIMEOUT = "connect_timeout"
    FIRST_TIMEOUT = "first_timeout"
    SILENCE_TIMEOUT = "silence_timeout"
    RESET = "reset"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    NOT_A_MODEL = "not_a_model"
    WRONG_BASE = "wrong_base"
    AUTHENTICATION = "authentication"
    PAYMENT = "payment"
    FORBIDDEN = "forbidden"
    NO_MODEL = "no_model"
    TOO_LARGE = "too_large"
    CONTEXT_EXCEEDED = "context_exceeded"
    BAD_REQUEST = "bad_request"
    CONTENT_FILTER = "content_filter"
    BROKEN_TOOL_CALL = "broken_tool_call"
    RATE_LIMIT = "rate_limit"
    QUOTA = "quota"
    OVERLOADED = "overloaded"
    SERVER = "server"
    NO_KEY = "no_key"
    NO_PROVIDER = "no_provider"
    ANSWER_TOO_LONG = "answer_too_long"
    UNAVAILABLE = "unavailable"
    UNKNOWN = "unknown"


RETRYABLE = frozenset(
    {
        FaultKind.REFUSED,
        FaultKind.DNS,
        FaultKind.CONNECT_TIMEOUT,
        FaultKind.RESET,
        FaultKind.RATE_LIMIT,
        FaultKind.OVERLOADED,
        FaultKind.SERVER,
    }
)
"""Kinds after which the same request may succeed by itself, if no text has arrived yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that went wrong with a provider, safe to show and to store: every string in it is redacted.

    `words` are the provider's own words; `retry_after_s` is in seconds; `where` is a host name or address.
    """

    kind: FaultKind
    status: int | None = None
    words: str = ""
    retry_after_s: float | None = None
    where: str = ""

    @property
    def retryable(self) -> bool:
        """Whether the same request may be sent again without asking."""
        return self.kind in RETRYABLE

    def to_json(self) -> dict[str, Any]:
        """Return the fault as plain JSON values, without empty fields."""
        found = {
            "kind": self.kind.value,
            "status": self.status,
            "words": self.words,
            "retry_after_s": self.retry_after_s,
            "where": self.where,
        }
        return {key: value for key, value in found.items() if value not in (None, "")}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote; an unknown kind of a later version becomes `UNKNOWN`."""
        try:
            kind = FaultKind(data.get("kind", ""))
        except ValueError:
            kind = FaultKind.UNKNOWN
        return cls(
            kind=kind,
            status=data.get("status"),
            words=str(data.get("words", "")),
            retry_after_s=data.get("retry_after_s"),
            where=str(data.get("where", "")),
        )


class SobremesaError(Exception):
    """The root of what this program raises on purpose; `str()` of it is a sentence for the user."""


class WrongUse(SobremesaError):
    """The caller asked for something that cannot be done as asked."""


class BudgetSpent(WrongUse):
    """This month's budget is used up, and nobody has said that this may cost more."""


class NotFound(SobremesaError):
    """No such session, message, provider or file."""


class ProviderError(SobremesaError):
    """A model's server, or the way to it, failed."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.kind.value}: {fault.words}" if fault.words else fault.kind.value)
        self.fault = fault


class StoreError(SobremesaError):
    """The database or the disk failed."""


class ReadOnly(StoreError):
    """Nothing can be written here."""


class DiskFull(StoreError):
    """No space is left on the disk."""


class Busy(StoreError):
    """Another process holds the database for too long."""


class NotADatabase(StoreError):
    """The file is something else, or its header is gone."""


class DamagedDatabase(StoreError):
    """Pages of the database are damaged."""


class NewerDatabase(StoreError):
    """The database was written by a newer version of this program."""


class MigrationFailed(StoreError):
    """A migration failed and was rolled back; the sentence names the backup."""


class KeychainLocked(StoreError):
    """The keychain is locked, refuses, or does not answer in time."""


class NoKeychain(StoreError):
    """This computer has no keychain; another place for keys can be chosen."""


class KeyFileUnsafe(StoreError):
    """The file with keys can be read by others, or is broken: it is not used."""
