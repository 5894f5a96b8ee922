"""Where keys are kept, and what is said when the system has no keychain."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.faults import SobremesaError


class KeyPlace(StrEnum):
    """Where keys are kept: the system's keychain, this run's memory, or a file only its owner may read."""

    KEYCHAIN = "keychain"
    THIS_RUN = "this_run"
    FILE = "file"


class KeychainState(StrEnum):
    """What the system's keychain answers."""

    AVAILABLE = "available"
    MISSING = "missing"
    LOCKED = "locked"
    SLOW = "slow"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyKeeping:
    """The keychain's state and the place in use."""

    keychain: KeychainState
    place: KeyPlace


class KeychainMissing(SobremesaError):
    """No keychain takes the key: the user has to choose another place."""
