"""The models a person can talk to: providers with their keys, what is found on this computer, and what was chosen."""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from desktop.domain.faults import Fault, FaultKind, KeychainLocked, NotFound, ProviderError, StoreError
from desktop.domain.faults import NoKeychain as KeychainMissing
from desktop.domain.models import (
    DIRECT,
    GUIDE,
    SCRIPTED,
    FoundKey,
    FoundServer,
    KeySource,
    ModelSpec,
    ProviderOffer,
    ProviderSpec,
    Secret,
    split_address,
)
from desktop.domain.sessions import Session
from desktop.i18n import _
from desktop.providers.catalogue import Catalogue
from desktop.providers.discovery import find_keys, find_servers
from desktop.providers.doctor import CheckStep, check_provider
from desktop.providers.offers import first_choice
from desktop.services.naming import kind_and_name
from desktop.services.options import checked_base
from desktop.services.settings import SettingsService
from desktop.storage.secrets import KeychainState, KeyPlace, Secrets
from desktop.storage.store import Store

GUIDE_ADDRESS = f"{GUIDE}/manual"
SCRIPTED_ADDRESS = f"{SCRIPTED}/demo"
RECENT_KEPT = 12
HINT_LENGTH = 4

__all__ = [
    "CheckStep",
    "Discovery",
    "KeyPlace",
    "KeychainMissing",
    "KeychainState",
    "ModelChoice",
    "ModelService",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What was found without asking anybody but this computer."""

    servers: tuple[FoundServer, ...]
    keys: tuple[FoundKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyKeeping:
    """The keychain's state and the place in use."""

    keychain: KeychainState
    place: KeyPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """One line of the model picker; `recent_rank` counts from 0, None where the model was not used lately."""

    address: str
    name: str
    provider_name: str
    is_favourite: bool = False
    is_local: bool = False
    recent_rank: int | None = None


class ModelService:
    """Providers, models and keys.

    `demo` adds the scripted provider; `direct_base` is the base URL given on the command line for this run, and
    `direct_variable` the environment variable named there for its key. Without `remembers`, using a model leaves it to
    others what new sessions begin with.
    """

    def __init__(
        self,
        *,
        store: Store,
        secrets: Secrets,
        settings: SettingsService,
        catalogue: Catalogue,
        demo: bool = False,
        direct_base: str = "",
        direct_variable: str = "",
        remembers: bool = True,
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        self._store = store
        self._secrets = secrets
        self._settings = settings
        self._catalogue = catalogue
        self._key_place = KeyPlace(settings.text("key_place"))
        self._demo = demo
        self._direct_base = direct_base
        self._direct_variable = direct_variable
        self._remembers = remembers
        self._environment = environment

    async def discover(self) -> Discovery:
        """Return the local servers that answer and the provider keys in the environment, by name."""
        return Discovery(servers=await find_servers(), keys=find_keys(self._environment))

    async def offers(self) -> tuple[ProviderOffer, ...]:
        """Return every provider that can be added by name, well-known ones first."""
        return self._catalogue.offers()

    async def providers(self) -> tuple[ProviderSpec, ...]:
        """Return the providers that were added."""
        return await self._store.providers()

    async def add(
        self,
        *,
        kind: str,
        name: str = "",
        api_base: str = "",
        key: Secret | None = None,
        key_variable: str = "",
        models: tuple[str, ...] = (),
    ) -> ProviderSpec:
        """Add a provider; raises `KeychainMissing` where the key has no place yet, `WrongUse` for a bad address."""
        name = name.strip() or self._catalogue.name_of(kind)
        spec = ProviderSpec(
            id=await self._free_id(name),
            kind=kind,
            name=name,
            api_base=checked_base(api_base),
            key_source=KeySource.ENVIRONMENT if key_variable and not key else KeySource.NONE,
            key_variable=key_variable,
            models=models,
        )
        if key:
            spec = await self._with_key(spec, key)
        try:
            await self._store.save_provider(spec)
        except StoreError:
            if key:
                await self._forget(spec.id, None)
            raise
        return spec

    async def edit(
        self,
        provider_id: str,
        *,
        name: str | None = None,
        api_base: str | None = None,
        key: Secret | None = None,
        models: tuple[str, ...] | None = None,
    ) -> ProviderSpec:
        """Change a provider; what is None stays. Raises `NotFound`, `KeychainMissing`, `WrongUse`."""
        spec = await self._provider(provider_id)
        if name is not None and name.strip():
            spec = replace(spec, name=name.strip())
        if api_base is not None:
            spec = replace(spec, api_base=checked_base(api_base))
        if models is not None:
            spec = replace(spec, models=models)
        before = None
        if key:
            with suppress(StoreError):  # a place that does not tell the old key may well take the new one
                before = await self._key(spec) if spec.key_source is KeySource.KEYCHAIN else None
            spec = await self._with_key(spec, key)
        try:
            await self._store.save_provider(spec)
        except StoreError:
            if key:
                await self._forget(spec.id, before)
            raise
        return spec

    async def remove(self, provider_id: str) -> None:
        """Remove a provider and its key."""
        spec = await self._provider(provider_id)
        if spec.key_source is KeySource.KEYCHAIN:
            await self._secrets.delete(provider_id)
        await self._store.delete_provider(provider_id)

    async def keep_keys(self, place: KeyPlace) -> None:
        """Choose where keys are kept from now on."""
        self._key_place = place
        if place is not KeyPlace.THIS_RUN:
            await self._settings.set("key_place", place.value)

    async def key_state(self) -> KeyKeeping:
        """Return what the keychain says and where keys are kept."""
        return KeyKeeping(keychain=await self._secrets.state(), place=self._key_place)

    async def check(
        self, provider_id: str, *, on_step: Callable[[CheckStep], None] = lambda _step: None
    ) -> tuple[CheckStep, ...]:
        """Try a provider step by step: name, connection, key, models. The user asked for it."""
        spec = await self._provider(provider_id)
        return await check_provider(spec, key=await self._key(spec), on_step=on_step)

    async def refresh(self, provider_id: str) -> tuple[str, ...]:
        """Ask a provider for its models and remember them; raises `ProviderError`."""
        spec = await self._provider(provider_id)
        models = await self._catalogue.models_of(spec, key=await self._key(spec))
        if models:
            await self._store.save_provider(replace(spec, models=models))
        return models

    async def choices(self) -> tuple[ModelChoice, ...]:
        """Return what the model picker lists, provider by provider; the guide is always there."""
        favourites = set(self._settings.names("favourite_models"))
        recent = {address: rank for rank, address in enumerate(self._settings.names("recent_models"))}
        found = [
            (f"{spec.id}/{model}", model, spec.name, spec.is_local)
            for spec in await self._store.providers()
            if spec.enabled
            for model in spec.models
        ]
        if self._demo:
            found.append((SCRIPTED_ADDRESS, _("Demo"), _("Scripted"), True))
        found.append((GUIDE_ADDRESS, _("Guide (offline)"), _("Built in"), True))
        return tuple(
            ModelChoice(
                address=address,
                name=name,
                provider_name=provider,
                is_favourite=address in favourites,
                is_local=local,
                recent_rank=recent.get(address),
            )
            for address, name, provider, local in found
        )

    async def set_favourite(self, address: str, on: bool) -> None:
        """Mark a model as a favourite, or no longer."""
        others = tuple(known for known in self._settings.names("favourite_models") if known != address)
        await self._settings.set("favourite_models", (*others, address) if on else others)

    async def note_use(self, address: str) -> None:
        """Remember that a model was used: it is recent, and new sessions begin with it."""
        if not self._remembers:
            return
        others = tuple(known for known in self._settings.names("recent_models") if known != address)
        await self._settings.set("recent_models", (address, *others)[:RECENT_KEPT])
        if split_address(address)[0] not in (DIRECT, SCRIPTED):
            await self._settings.set("default_model", address)

    async def begin_with(self, provider_id: str) -> str:
        """Let new sessions begin with a provider that was just added; return the model's address, "" without one."""
        spec = await self._provider(provider_id)
        address = first_address(spec)
        if address:
            await self._settings.set("default_model", address)
        return address

    async def default_model(self) -> str:
        """Return the address that new sessions use: the last one used, else the first there is, else the guide."""
        if self._demo:
            return SCRIPTED_ADDRESS
        chosen = self._settings.text("default_model")
        providers = {spec.id: spec for spec in await self._store.providers()}
        if chosen and (split_address(chosen)[0] in providers or chosen == GUIDE_ADDRESS):
            return chosen
        for spec in providers.values():
            if spec.enabled and (address := first_address(spec)):
                return address
        return GUIDE_ADDRESS

    async def resolve(self, address: str, session: Session) -> tuple[ModelSpec, Secret | None]:
        """Return the model behind an address and its key; raises `ProviderError` with NO_PROVIDER or NO_KEY."""
        provider_id, name = split_address(address)
        if provider_id in (GUIDE, SCRIPTED):
            return ModelSpec(provider_id=provider_id, kind=provider_id, name=name, provider_name=provider_id), None
        if provider_id == DIRECT:
            return self._direct(name, str(session.params.get("api_base", "")))
        for spec in await self._store.providers():
            if spec.id == provider_id:
                key = await self._key(spec)
                if key is None and spec.key_source is not KeySource.NONE:
                    raise ProviderError(Fault(kind=FaultKind.NO_KEY, where=spec.name))
                return self._spec(spec, name), key
        if self._demo:
            return ModelSpec(provider_id=provider_id, kind=SCRIPTED, name=name, provider_name=provider_id), None
        return self._by_kind(provider_id, name, address)

    async def describe(self, address: str, session: Session) -> ModelSpec:
        """Return the model behind an address without looking for its key; of an unknown one, what its name says."""
        provider_id, name = split_address(address)
        if provider_id in (GUIDE, SCRIPTED) or self._demo:
            return ModelSpec(provider_id=provider_id, kind=provider_id, name=name, provider_name=provider_id)
        if provider_id == DIRECT:
            base = str(session.params.get("api_base", ""))
            kind, model = kind_and_name(name, base)
            return ModelSpec(provider_id=DIRECT, kind=kind, name=model, provider_name=kind, api_base=base)
        for spec in await self._store.providers():
            if spec.id == provider_id:
                return self._spec(spec, name)
        window = self._catalogue.window_of(provider_id, name)
        return ModelSpec(provider_id=provider_id, kind=provider_id, name=name, provider_name=provider_id, window=window)

    def _spec(self, provider: ProviderSpec, name: str) -> ModelSpec:
        return ModelSpec(
            provider_id=provider.id,
            kind=provider.kind,
            name=name,
            provider_name=provider.name,
            api_base=provider.api_base,
            window=self._catalogue.window_of(provider.kind, name),
        )

    def _direct(self, name: str, base: str) -> tuple[ModelSpec, Secret | None]:
        """Return a model named together with its base URL.

        A key is only sent where the user named its variable just now: whoever names an address says nothing about
        keys that happen to lie around.
        """
        kind, model = kind_and_name(name, base)
        spec = ModelSpec(provider_id=DIRECT, kind=kind, name=model, provider_name=kind, api_base=base)
        key = None
        if self._direct_variable and base == self._direct_base:
            key = self._environment_key((self._direct_variable,))
            if key is None:
                raise ProviderError(Fault(kind=FaultKind.NO_KEY, where=self._direct_variable))
        return spec, key

    def _by_kind(self, kind: str, name: str, address: str) -> tuple[ModelSpec, Secret | None]:
        """Return a model of a provider that was never added, if LiteLLM knows it and its key is in the environment."""
        if kind not in self._catalogue.kinds():
            raise ProviderError(Fault(kind=FaultKind.NO_PROVIDER, where=address))
        key = self._environment_key(self._catalogue.key_variables(kind))
        if key is None and self._catalogue.key_variables(kind):
            raise ProviderError(Fault(kind=FaultKind.NO_KEY, where=self._catalogue.name_of(kind)))
        provider_name = self._catalogue.name_of(kind)
        window = self._catalogue.window_of(kind, name)
        return ModelSpec(provider_id=kind, kind=kind, name=name, provider_name=provider_name, window=window), key

    def _environment_key(self, variables: tuple[str, ...]) -> Secret | None:
        return next((Secret(self._environment[name]) for name in variables if self._environment.get(name)), None)

    async def _key(self, spec: ProviderSpec) -> Secret | None:
        if spec.key_source is KeySource.ENVIRONMENT:
            return self._environment_key((spec.key_variable,))
        if spec.key_source is KeySource.KEYCHAIN:
            return await self._secrets.get(spec.id)
        return None

    async def _with_key(self, spec: ProviderSpec, key: Secret) -> ProviderSpec:
        try:
            await self._secrets.set(spec.id, key, place=self._key_place)
        except KeychainLocked as error:
            raise KeychainMissing(str(error)) from error
        value = key.reveal()
        kept = self._key_place is not KeyPlace.THIS_RUN  # of a key that leaves no trace, no sign is written either
        hint = value[-HINT_LENGTH:] if kept and len(value) >= HINT_LENGTH * 3 else ""
        return replace(spec, key_source=KeySource.KEYCHAIN, key_variable="", key_hint=hint)

    async def _forget(self, provider_id: str, before: Secret | None) -> None:
        """Take back a key whose provider could not be saved; what the place for keys says to that comes second."""
        with suppress(StoreError):
            if before is None:
                await self._secrets.delete(provider_id)
            else:
                await self._secrets.set(provider_id, before, place=self._key_place)

    async def _provider(self, provider_id: str) -> ProviderSpec:
        for spec in await self._store.providers():
            if spec.id == provider_id:
                return spec
        raise NotFound(_("There is no provider called {name}.").format(name=provider_id))

    async def _free_id(self, name: str) -> str:
        """Return an id made from a name that no provider and nothing built in has."""
        wished = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "provider"
        taken = {spec.id for spec in await self._store.providers()} | {GUIDE, SCRIPTED, DIRECT}
        if wished not in taken:
            return wished
        number = 2
        while f"{wished}-{number}" in taken:
            number += 1
        return f"{wished}-{number}"


def first_address(spec: ProviderSpec) -> str:
    """Return the address of the model that one begins to talk to, nothing where none is known."""
    kind = "" if spec.api_base else spec.kind  # what a server of one's own calls its models says nothing
    name = first_choice(kind, spec.models)
    return f"{spec.id}/{name}" if name else ""
