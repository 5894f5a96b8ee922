"""Language models and where they live: addresses, providers, and a key that does not print.

A model's address is `provider/model`: the id of a provider row (or of a built-in one), a slash, and the model's name
as its provider spells it, which may hold slashes itself.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

GUIDE = "guide"
SCRIPTED = "scripted"
DIRECT = "direct"
"""The provider id of a model named on the command line together with its base URL: nothing about it is stored."""


class Secret:
    """A string that never prints: its value must be asked for."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value; only the request that needs it may hold it."""
        return self._value

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")


class KeySource(StrEnum):
    """Where a provider's key is found."""

    NONE = "none"
    KEYCHAIN = "keychain"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSpec:
    """A provider the user added: a LiteLLM provider name (`kind`), perhaps a base URL, and where its key is.

    `id` is short, unique and without a slash; `key_variable` names an environment variable (its value is never
    copied); `key_hint` is the last four characters of a key, for recognition.
    """

    id: str
    kind: str
    name: str
    api_base: str = ""
    key_source: KeySource = KeySource.NONE
    key_variable: str = ""
    key_hint: str = ""
    models: tuple[str, ...] = ()
    enabled: bool = True

    @property
    def is_local(self) -> bool:
        """Whether the base URL is on this computer."""
        return is_loopback(self.api_base)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """A language model ready to be asked.

    `name` is the provider's spelling; `litellm_name` what LiteLLM is called with (`anthropic/claude-…`); `window` the
    context window in tokens where known.
    """

    provider_id: str
    kind: str
    name: str
    provider_name: str = ""
    api_base: str = ""
    window: int | None = None

    @property
    def address(self) -> str:
        """`provider/model`, as stored with sessions and messages."""
        return f"{self.provider_id}/{self.name}"

    @property
    def litellm_name(self) -> str:
        """The name LiteLLM routes by."""
        return self.name if not self.kind else f"{self.kind}/{self.name}"

    @property
    def is_local(self) -> bool:
        """Whether the model answers on this computer."""
        return self.kind in (GUIDE, SCRIPTED) or is_loopback(self.api_base)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundServer:
    """A local server that answered on loopback, with its models; `api_base` is what LiteLLM needs (`…/v1`)."""

    name: str
    api_base: str
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundKey:
    """A provider key in the environment, by name only."""

    variable: str
    kind: str
    provider_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderOffer:
    """A provider that can be added by name: what a settings page lists."""

    kind: str
    name: str
    key_variables: tuple[str, ...] = ()
    needs_base: bool = False
    console_url: str = field(default="")


def split_address(address: str) -> tuple[str, str]:
    """Return provider id and model name of `provider/model`; the provider is empty where there is no slash."""
    provider, slash, name = address.partition("/")
    return (provider, name) if slash else ("", address)


def carries_secret(url: str) -> bool:
    """Whether `url` holds a user, a password or a query, which is where keys are put that must not be stored."""
    try:
        parts = urlsplit(url)
        return "@" in parts.netloc or bool(parts.query)
    except ValueError:
        return False


def is_loopback(url: str) -> bool:
    """Whether the host of `url` is this computer by name or address; a name that only begins like one is not."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
