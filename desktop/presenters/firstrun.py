"""The first page: who could be talked to right now. What is found on this computer is offered, one click each.

All cards come at once: what was found first, then the two that always work. If looking around takes longer than
`PATIENCE_MS`, those two come alone and the found ones are put after them. So no card ever moves while it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal, Slot

from desktop.domain.faults import SobremesaError
from desktop.domain.models import GUIDE, FoundKey, FoundServer, ProviderSpec, split_address
from desktop.i18n import _, ngettext
from desktop.presenters.providers import OPENAI_COMPATIBLE, keys_sentence, sentence

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.models import Discovery

MODELS_NAMED = 3
PATIENCE_MS = 600


class CardKind(StrEnum):
    """What a card does when it is chosen."""

    PROVIDER = "provider"
    SERVER = "server"
    KEY = "key"
    ADD = "add"
    GUIDE = "guide"


class CardRole(IntEnum):
    """What a card shows beside its title."""

    TEXT = Qt.ItemDataRole.UserRole + 1
    ACTION = Qt.ItemDataRole.UserRole + 2
    KIND = Qt.ItemDataRole.UserRole + 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card: a title, a text in muted ink, and the words of what a click does.

    `found` is what was discovered, or the provider that was added.
    """

    kind: CardKind
    title: str
    text: str
    action: str
    found: FoundServer | FoundKey | ProviderSpec | None = None


def greeting(hour: int) -> str:
    """Return the page's headline for the hour (0 to 23) on the user's clock."""
    if 5 <= hour < 12:
        return _("Good morning. Who would you like to talk to?")
    if 12 <= hour < 18:
        return _("Good afternoon. Who would you like to talk to?")
    return _("Good evening. Who would you like to talk to?")


def _models(models: Sequence[str]) -> str:
    count = len(models)
    if not count:
        return _("It has no models yet.")
    names = ", ".join(models[:MODELS_NAMED]) + ("…" if count > MODELS_NAMED else "")
    return ngettext("{count} model: {names}", "{count} models: {names}", count).format(count=count, names=names)


def provider_card(spec: ProviderSpec) -> Card:
    """Return the card of a provider that was added."""
    return Card(kind=CardKind.PROVIDER, title=spec.name, text=_models(spec.models), action=_("Use it"), found=spec)


def server_card(server: FoundServer) -> Card:
    """Return the card of a server that answered on this computer."""
    return Card(
        kind=CardKind.SERVER,
        title=_("{name} is running here").format(name=server.name),
        text=_models(server.models),
        action=_("Use it"),
        found=server,
    )


def key_card(key: FoundKey) -> Card:
    """Return the card of a key in the environment."""
    return Card(
        kind=CardKind.KEY,
        title=_("A key was found: {variable}").format(variable=key.variable),
        text=_("From your environment. It is not copied anywhere."),
        action=_("Use it"),
        found=key,
    )


def provider_of(card: Card, specs: Sequence[ProviderSpec]) -> ProviderSpec | None:
    """Return the provider that a card stands for, if it was added already."""
    found = card.found
    if isinstance(found, FoundServer):
        return next((spec for spec in specs if spec.api_base == found.api_base), None)
    if isinstance(found, FoundKey):
        return next((spec for spec in specs if spec.key_variable == found.variable), None)
    return found


def standing_cards(keys: str = "") -> tuple[Card, ...]:
    """Return the cards that are there before anything is found; `keys` is a sentence about where keys are kept."""
    return (
        Card(
            kind=CardKind.ADD,
            title=_("Paste an API key"),
            text=" ".join(filter(None, (_("OpenAI, Anthropic, Gemini, Mistral, OpenRouter and 100 more."), keys))),
            action=_("Add a provider…"),
        ),
        Card(
            kind=CardKind.GUIDE,
            title=_("Guide, offline"),
            text=_("Answers from the manual. Not a language model: try the window before you have a key."),
            action=_("Ask the guide"),
        ),
    )


class CardsModel(QAbstractListModel):
    """The cards of the first page; empty until the first of `set_found` and `stop_waiting`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cards: list[Card] = []
        self._keys = ""

    def card(self, row: int) -> Card:
        """Return the card of a row."""
        return self._cards[row]

    def row_of(self, card: Card) -> int:
        """Return the row of what was found, or -1 if it is gone by now."""
        return next((row for row, known in enumerate(self._cards) if known.found == card.found), -1)

    def set_found(self, cards: Sequence[Card]) -> None:
        """Show what was found: before the standing cards if they are not shown yet, else where found cards stand."""
        if not self._cards:
            self._insert(0, [*cards, *standing_cards(self._keys)])
            return
        for row in range(len(self._cards) - 1, -1, -1):
            if self._cards[row].found is not None and all(card.found != self._cards[row].found for card in cards):
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._cards[row]
                self.endRemoveRows()
        self._insert(
            len(self._cards), [card for card in cards if all(card.found != known.found for known in self._cards)]
        )

    def set_providers(self, cards: Sequence[Card]) -> None:
        """Show the providers there are, new ones at the top: whoever added one comes back to look for it."""
        wanted = {card.found.id: card for card in cards if isinstance(card.found, ProviderSpec)}
        for row in range(len(self._cards) - 1, -1, -1):
            shown = self._cards[row].found
            if not isinstance(shown, ProviderSpec):
                continue
            if (card := wanted.pop(shown.id, None)) is None:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._cards[row]
                self.endRemoveRows()
            elif card.found != shown:
                self._cards[row] = replace(card, action=self._cards[row].action)
                self.dataChanged.emit(self.index(row), self.index(row))
        if self._cards:
            self._insert(0, list(wanted.values()))

    def rows(self) -> Sequence[Card]:
        """Return the cards in their order."""
        return tuple(self._cards)

    def mark_ready(self, row: int) -> None:
        """Say on this card, and on no other, that its model is the one that answers."""
        standing = {card.kind: card.action for card in standing_cards()}
        for number, card in enumerate(self._cards):
            action = _("Ready: write below") if number == row else standing.get(card.kind, _("Use it"))
            if action != card.action:
                self._cards[number] = replace(card, action=action)
                self.dataChanged.emit(self.index(number), self.index(number))

    def stop_waiting(self) -> None:
        """Show the standing cards, if nothing is shown yet."""
        if not self._cards:
            self._insert(0, standing_cards(self._keys))

    def set_keys(self, sentence: str) -> None:
        """Say on the card that asks for a key where keys are kept."""
        self._keys = sentence
        wanted = {card.kind: card.text for card in standing_cards(sentence)}
        for number, card in enumerate(self._cards):
            if wanted.get(card.kind, card.text) != card.text:
                self._cards[number] = replace(card, text=wanted[card.kind])
                self.dataChanged.emit(self.index(number), self.index(number))

    def _insert(self, row: int, cards: Sequence[Card]) -> None:
        if cards:
            self.beginInsertRows(QModelIndex(), row, row + len(cards) - 1)
            self._cards[row:row] = cards
            self.endInsertRows()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._cards)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= self.rowCount():
            return None
        card = self.card(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return card.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{card.title}. {card.text} {card.action}"
            case CardRole.TEXT:
                return card.text
            case CardRole.ACTION:
                return card.action
            case CardRole.KIND:
                return card.kind
            case _:
                return None


class FirstRunPresenter(QObject):
    """The first page's facts and intents. `FirstRunPresenter(bridge=…, now=datetime.now, parent=None)`.

    `now` gives the user's local time.
    """

    found = Signal()
    """Discovery has answered: the cards are final."""
    model_chosen = Signal(str)
    """The address of the model that the next session starts with."""
    provider_wanted = Signal()
    """Open the settings on the providers page."""
    model_wanted = Signal()
    """A provider is ready but told no model: let the user pick or type one."""
    refused = Signal(str)

    def __init__(
        self,
        *,
        bridge: Bridge,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._now = now
        self._busy = False
        self._specs: tuple[ProviderSpec, ...] = ()
        self._discovered: tuple[Card, ...] = ()
        self._model = ""
        self._guide_chosen = False
        self.cards = CardsModel(self)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self.cards.stop_waiting)

    def greeting(self) -> str:
        """Return the headline for this time of day."""
        return greeting(self._now().hour)

    @Slot()
    def look(self) -> None:
        """Ask what this computer has: servers on loopback and keys in the environment."""
        self._patience.start(PATIENCE_MS)
        self._bridge.start_task(self._look())

    @Slot(int)
    def choose(self, row: int) -> None:
        """Do what the card of this row says."""
        card = self.cards.card(row)
        if card.kind is CardKind.ADD:
            self.provider_wanted.emit()
        elif card.kind is CardKind.GUIDE:
            from desktop.services.models import GUIDE_ADDRESS

            self._guide_chosen = True
            self._choose(GUIDE_ADDRESS)
        elif not self._busy:
            self._busy = True
            self._bridge.start_task(self._use(card))

    @Slot(str)
    def show_model(self, address: str) -> None:
        """Say on the card of this model's provider that one can write; the guide's waits until it is asked for."""
        self._model = address
        self._mark()

    @Slot()
    def look_at_providers(self) -> None:
        """Ask again which providers there are, as after a visit to the settings."""
        self._bridge.start_task(self._look_at_providers())

    def _choose(self, address: str) -> None:
        self.show_model(address)
        self.model_chosen.emit(address)

    def _mark(self) -> None:
        provider_id = split_address(self._model)[0]
        ready = -1
        for row, card in enumerate(self.cards.rows()):
            spec = provider_of(card, self._specs)
            is_guide = card.kind is CardKind.GUIDE and provider_id == GUIDE and self._guide_chosen
            if is_guide or (spec is not None and spec.id == provider_id):
                ready = row
        self.cards.mark_ready(ready)

    async def _look(self) -> None:
        self._specs = await self._bridge.call(lambda backend: backend.models.providers())
        discovery: Discovery = await self._bridge.call(lambda backend: backend.models.discover())
        self._discovered = (*map(server_card, discovery.servers), *map(key_card, discovery.keys))
        self.cards.set_found([*self._provider_cards(), *self._discovered])
        self._mark()
        # After the search: a keychain that is slow to answer holds no card up.
        keeping = await self._bridge.call(lambda backend: backend.models.key_state())
        self.cards.set_keys(keys_sentence(keeping))
        self.found.emit()

    async def _look_at_providers(self) -> None:
        self._specs = await self._bridge.call(lambda backend: backend.models.providers())
        self.cards.set_providers(self._provider_cards())
        self._mark()

    def _provider_cards(self) -> tuple[Card, ...]:
        """Return a card for each provider that can be talked to and has no card as something found here."""
        shown = {spec.id for card in self._discovered if (spec := provider_of(card, self._specs))}
        return tuple(
            provider_card(spec) for spec in self._specs if spec.enabled and spec.models and spec.id not in shown
        )

    async def _use(self, card: Card) -> None:
        from desktop.services.models import first_address

        try:
            spec = await self._add(card)
            self._specs = await self._bridge.call(lambda backend: backend.models.providers())
        except SobremesaError as error:
            self.refused.emit(sentence(error))
            return
        finally:
            self._busy = False
        address = next((first_address(known) for known in self._specs if known.id == spec.id), "")
        if split_address(self._model)[0] == spec.id:
            self._choose(self._model)
        elif address:
            self._choose(address)
        else:
            self.model_wanted.emit()

    async def _add(self, card: Card) -> ProviderSpec:
        """Make the found thing a provider, once: a second click on the same card finds the first one's."""
        same = provider_of(card, await self._bridge.call(lambda backend: backend.models.providers()))
        if same is not None:
            return same
        if isinstance(card.found, FoundServer):
            server = card.found
            return await self._bridge.call(
                lambda backend: backend.models.add(
                    kind=OPENAI_COMPATIBLE, name=server.name, api_base=server.api_base, models=server.models
                )
            )
        assert isinstance(card.found, FoundKey)
        key = card.found
        spec = await self._bridge.call(
            lambda backend: backend.models.add(kind=key.kind, name=key.provider_name, key_variable=key.variable)
        )
        try:
            await self._bridge.call(lambda backend: backend.models.refresh(spec.id))
        except SobremesaError as error:
            self.refused.emit(sentence(error))
        return spec
