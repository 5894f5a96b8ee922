"""What the providers page and the form for one provider ask for, and what came of it.

A key arrives here as a `Secret` and leaves for the services as one; it is never a property, a signal's text or a log.
Where no keychain exists, the draft waits here until the user has said where its key may stay.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.domain.explanations import explain
from desktop.domain.faults import NoKeychain, ProviderError, SobremesaError
from desktop.domain.models import KeySource, ProviderOffer, ProviderSpec, Secret, is_loopback
from desktop.i18n import _
from desktop.presenters.provider_list import OffersModel, ProvidersModel, State, StepRow, StepsModel

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.models import CheckStep, KeyKeeping

OPENAI_COMPATIBLE = "openai"
"""LiteLLM's name for any server that speaks the OpenAI protocol: what a base URL alone means."""

IN_KEYCHAIN = "keychain"
THIS_RUN = "this_run"
IN_A_FILE = "file"
"""The places for keys: values of `KeyPlace`. The last two can be chosen where there is no keychain."""

NO_KEYCHAIN = "missing"
"""The value of `KeychainState` where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderDraft:
    """What the form says about a provider; `id` is empty for a new one, `key` None leaves the key as it is."""

    id: str = ""
    kind: str = ""
    name: str = ""
    api_base: str = ""
    key: Secret | None = field(default=None, repr=False)
    key_variable: str = ""
    models: tuple[str, ...] = ()
    fetch: bool = True


def sentence(error: SobremesaError) -> str:
    """Return what to show for an error: of a provider's, what happened, its own words, and what to do."""
    if not isinstance(error, ProviderError):
        return str(error)
    found = explain(error.fault)
    words = f" “{error.fault.words}”" if error.fault.words else ""
    return f"{found.title}.{words} {found.advice}"


def keys_sentence(keeping: KeyKeeping | None) -> str:
    """Say where keys are kept; None where that is not known yet."""
    place = "" if keeping is None else keeping.place.value
    if place == THIS_RUN:
        return _("Keys are kept for this run only, never in the database or a log.")
    if place == IN_A_FILE:
        return _("Keys are kept in a file that only you can read. It is not encrypted.")
    if keeping is not None and keeping.keychain.value == NO_KEYCHAIN:
        return _("There is no system keychain here: you are asked where a key stays.")
    return _("Keys are kept in the system keychain, never in the database or a log.")


def looks_like_url(typed: str) -> bool:
    """Whether `typed` is meant as a base URL rather than a name."""
    text = typed.strip()
    return text.startswith(("http://", "https://")) or (" " not in text and ":" in text and "/" in text)


def model_names(text: str) -> tuple[str, ...]:
    """Return the model names in `text`, one a line or divided by commas, each once and in order."""
    names = (name.strip() for name in text.replace(",", "\n").splitlines())
    return tuple(dict.fromkeys(name for name in names if name))


class ProvidersPresenter(QObject):
    """The providers page's facts and intents. `ProvidersPresenter(bridge=…, environment=os.environ, parent=None)`.

    `environment` is asked for names of keys only.
    """

    loaded = Signal()
    drafted = Signal(object)
    """A `ProviderDraft` for the form to show: a new provider, or one to edit."""
    saving = Signal(bool)
    saved = Signal(str)
    """The id of a provider that was added or changed; its models have been asked for if that was wished."""
    offered = Signal(str)
    """The address of a model that can be talked to now: a provider was added, or has told its first models."""
    refused = Signal(str)
    """Why the form's content was not taken, or not wholly: a sentence."""
    key_place_wanted = Signal()
    """There is no keychain: `keep_keys` or `give_up` must follow."""
    removed = Signal(str)
    test_started = Signal(str, str)
    """Id and name of the provider."""
    test_ended = Signal(str, bool)
    _step_came = Signal(object)

    def __init__(
        self, *, bridge: Bridge, environment: Mapping[str, str] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._environment = os.environ if environment is None else environment
        self._waiting: ProviderDraft | None = None
        self._testing = ""
        self._keeping: KeyKeeping | None = None
        self.providers = ProvidersModel(self)
        self.offers = OffersModel(self)
        self.steps = StepsModel(self)
        # The steps of a test are told on the engine's thread; a queued signal brings them here in order.
        self._step_came.connect(self._on_step_came, Qt.ConnectionType.QueuedConnection)

    # ---------------------------------------------------------------------------------------------------- intents

    @Slot()
    def load(self) -> None:
        """Ask for the providers there are and those that can be added."""
        self._bridge.start_task(self._load())

    @Slot(str)
    def begin(self, typed: str) -> None:
        """Start a draft from what was typed: a provider's name or a base URL."""
        text = typed.strip()
        offer = self.offers.find(text)
        if offer is not None:
            self.drafted.emit(ProviderDraft(kind=offer.kind, name=offer.name, key_variable=self._variable(offer)))
        elif looks_like_url(text):
            url = text if "://" in text else f"http://{text}"
            name = urlsplit(url).hostname or text
            self.drafted.emit(ProviderDraft(kind=OPENAI_COMPATIBLE, name=name, api_base=url))
        else:
            self.refused.emit(_("No provider is called “{name}”. Paste its base URL instead.").format(name=text))

    @Slot(str)
    def edit(self, provider_id: str) -> None:
        """Show the form for a provider there is."""
        self._edit(provider_id)

    def _edit(self, provider_id: str, *, fetch: bool = False) -> None:
        spec = self.providers.spec(provider_id)
        if spec is not None:
            self.drafted.emit(
                ProviderDraft(
                    id=spec.id,
                    kind=spec.kind,
                    name=spec.name,
                    api_base=spec.api_base,
                    key_variable=spec.key_variable,
                    models=spec.models,
                    fetch=fetch,
                )
            )

    @Slot(object)
    def save(self, draft: ProviderDraft) -> None:
        """Add the provider of the draft, or change it."""
        self._bridge.start_task(self._save(draft))

    @Slot(str)
    def keep_keys(self, place: str) -> None:
        """Keep keys there (`THIS_RUN` or `IN_A_FILE`) from now on, and save the draft that waited for the answer."""
        self._bridge.start_task(self._keep_keys(place))

    @Slot()
    def give_up(self) -> None:
        """Forget the draft that waited for a place for its key."""
        self._waiting = None
        self.saving.emit(False)

    @Slot(str)
    def remove(self, provider_id: str) -> None:
        """Remove a provider and its key. The sessions that used it stay."""
        self._bridge.start_task(self._remove(provider_id))

    @Slot(str)
    def test(self, provider_id: str) -> None:
        """Try a provider step by step; one test at a time."""
        spec = self.providers.spec(provider_id)
        if spec is not None and not self._testing:
            self._testing = provider_id
            self.steps.clear()
            self.providers.set_state(provider_id, State.TESTING)
            self.test_started.emit(provider_id, spec.name)
            self._bridge.start_task(self._test(provider_id))

    # ------------------------------------------------------------------------------------------------------ facts

    def keys_sentence(self) -> str:
        """Say where keys are kept on this computer, as far as is known yet."""
        return keys_sentence(self._keeping)

    def needs_base(self, draft: ProviderDraft) -> bool:
        """Whether the provider cannot be reached without a base URL."""
        offer = self.offers.offer(draft.kind)
        return bool(draft.api_base) or (offer is not None and offer.needs_base)

    def console_url(self, draft: ProviderDraft) -> str:
        """Return the page where the provider hands out keys, or nothing."""
        offer = self.offers.offer(draft.kind)
        return "" if offer is None or draft.api_base else offer.console_url

    def key_words(self, draft: ProviderDraft) -> str:
        """Say what an empty key field means for this draft."""
        spec = self.providers.spec(draft.id)
        if draft.key_variable:
            return _("Empty: read from {variable} each time").format(variable=draft.key_variable)
        if spec is not None and spec.key_hint:
            return _("Empty: keep the key ····{hint}").format(hint=spec.key_hint)
        if spec is not None and spec.key_source is KeySource.KEYCHAIN:
            return _("Empty: keep the key that is there")
        return _("Not needed on this computer") if is_loopback(draft.api_base) else _("Paste the key here")

    # ------------------------------------------------------------------------------------------------------ tasks

    def _variable(self, offer: ProviderOffer) -> str:
        return next((name for name in offer.key_variables if self._environment.get(name)), "")

    async def _load(self) -> None:
        specs = await self._bridge.call(lambda backend: backend.models.providers())
        # Known before the rows are shown: not even for a moment may one name the wrong place of a key.
        self._keeping = await self._bridge.call(lambda backend: backend.models.key_state())
        self.providers.set_in_keychain(self._keeping.place.value == IN_KEYCHAIN)
        self.providers.set_providers(specs)
        self.loaded.emit()
        if not self.offers.rowCount():
            self.offers.set_offers(await self._bridge.call(lambda backend: backend.models.offers()))
            self.loaded.emit()

    async def _save(self, draft: ProviderDraft) -> None:
        self.saving.emit(True)
        try:
            spec = await self._write(draft)
        except NoKeychain:  # the form stays busy until there is an answer
            self._waiting = draft
            self.key_place_wanted.emit()
            return
        except SobremesaError as error:
            self._refuse(error)
            return
        before = self.providers.spec(spec.id)
        trouble = await self._fetch(spec) if draft.fetch else ""
        address = ""
        try:
            await self._load()
            if before is None or not before.models:
                address = await self._bridge.call(lambda backend: backend.models.begin_with(spec.id))
        except SobremesaError as error:  # what is saved stays saved, and the form must not add it once more
            trouble = trouble or sentence(error)
        self.saving.emit(False)
        self.saved.emit(spec.id)
        if address:
            self.offered.emit(address)
        if trouble:
            if not draft.models:  # else there is something to talk to, and no need of more
                self._edit(spec.id, fetch=draft.fetch)
            self.refused.emit(trouble)

    def _refuse(self, error: SobremesaError) -> None:
        self.saving.emit(False)
        self.refused.emit(sentence(error))

    async def _write(self, draft: ProviderDraft) -> ProviderSpec:
        if draft.id:
            return await self._bridge.call(
                lambda backend: backend.models.edit(
                    draft.id, name=draft.name, api_base=draft.api_base, key=draft.key, models=draft.models
                )
            )
        return await self._bridge.call(
            lambda backend: backend.models.add(
                kind=draft.kind,
                name=draft.name,
                api_base=draft.api_base,
                key=draft.key,
                key_variable="" if draft.key else draft.key_variable,
                models=draft.models,
            )
        )

    async def _fetch(self, spec: ProviderSpec) -> str:
        """Ask the provider for its models; return a sentence if it did not tell."""
        try:
            await self._bridge.call(lambda backend: backend.models.refresh(spec.id))
        except SobremesaError as error:
            return _("The provider is saved, but its models could not be asked for. {why}").format(why=sentence(error))
        return ""

    async def _keep_keys(self, place: str) -> None:
        from desktop.services.models import KeyPlace

        draft, self._waiting = self._waiting, None  # taken out first: a key never waits here longer than it must
        try:
            await self._bridge.call(lambda backend: backend.models.keep_keys(KeyPlace(place)))
        except SobremesaError as error:
            self._refuse(error)
            return
        if draft is not None:
            await self._save(draft)

    async def _remove(self, provider_id: str) -> None:
        await self._bridge.call(lambda backend: backend.models.remove(provider_id))
        await self._load()
        self.removed.emit(provider_id)

    async def _test(self, provider_id: str) -> None:
        try:
            steps = await self._bridge.call(
                lambda backend: backend.models.check(provider_id, on_step=self._step_came.emit)
            )
        except SobremesaError as error:
            self._end_test(provider_id, sentence(error))
            return
        finally:
            self._testing = ""
        self._end_test(provider_id, next((step.words or step.name for step in steps if step.ok is False), ""))

    def _end_test(self, provider_id: str, words: str) -> None:
        self.providers.set_state(provider_id, State.FAILED if words else State.WORKS, words)
        self.test_ended.emit(provider_id, not words)

    @Slot(object)
    def _on_step_came(self, step: CheckStep) -> None:
        words = f"{step.words}. {explain(step.fault).advice}" if step.fault is not None else step.words
        self.steps.put(StepRow(name=step.name, ok=step.ok, milliseconds=step.ms, words=words))
