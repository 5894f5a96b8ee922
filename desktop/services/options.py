"""How a run was started. Light enough to be imported before the first paint."""

import argparse
import math
import re
from dataclasses import dataclass
from pathlib import Path

from desktop.domain.faults import WrongUse
from desktop.domain.models import DIRECT, carries_secret
from desktop.i18n import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this run was started: where the data is, and the model named on the command line.

    `warm` is for a window, not for a listing on the command line: the provider library is loaded at once, and sessions
    that were untouched for long are archived.
    `saving_s` is how long an answer waits for a disk that takes nothing. `key_variable` names the environment variable
    whose key may go to `api_base`; `remembers` is whether the model that is used becomes that of new sessions.
    """

    folder: Path
    model: str = ""
    api_base: str = ""
    demo: bool = False
    warm: bool = True
    saving_s: float = math.inf
    key_variable: str = ""
    remembers: bool = True

    @property
    def address(self) -> str:
        """The address of the model named on the command line, or nothing."""
        return f"{DIRECT}/{self.model}" if self.model and self.api_base else self.model


def secret_in_address() -> str:
    """Say why an address is not taken."""
    return _("The address holds a password or a key, and addresses are stored. Give the key by itself.")


def base_url(text: str) -> str:
    """Return `text` as the value of `--api-base`; a refusal never repeats it."""
    if carries_secret(text):
        raise argparse.ArgumentTypeError(secret_in_address())
    return text


def checked_base(url: str) -> str:
    """Return the base URL of a provider without blanks and a slash at its end; raises `WrongUse`."""
    url = url.strip().rstrip("/")
    if url and not re.match(r"https?://[^/\s]+", url):
        raise WrongUse(_("A base URL starts with http:// or https://, like http://localhost:11434/v1."))
    if carries_secret(url):
        raise WrongUse(secret_in_address())
    return url
