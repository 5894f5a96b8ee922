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
from desktop.domain.models import FoundKey, FoundServer, ProviderSpec
from desktop.i18n import _, ngettext
from desktop.presenters.providers import OPENAI_COMPATIBLE, keys_sentence, sentence

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.models import Discovery

MODELS_NAMED = 3
PATIENCE_MS = 600


class CardKind(StrEnum):
    """What a card does when it is chosen."""

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
    """One card: a title, a text in muted ink, and the words of what a click does. `found` is what was discovered."""

    kind: CardKind
    title: str
    text: str
    action: str
    found: FoundServer | FoundKey | None = None


def greeting(hour: int) -> str:
    """Return the page's headline for the hour (0 to 23) on the user's clock."""
    if 5 <= hour < 12:
        return _("Good morning. Who would you like to talk to?")
    if 12 <= hour < 18:
        return _("Good afternoon. Who would you like to talk to?")
    return _("Good evening. Who would you like to talk to?")


def server_card(server: FoundServer) -> Card:
    """Return the card of a server that answered on this computer."""
    count = len(server.models)
    text = _("It has no models yet.")
    if count:
        names = ", ".join(server.models[:MODELS_NAMED]) + ("…" if count > MODELS_NAMED else "")
        text = ngettext("{count} model: {names}", "{count} models: {names}", count).format(count=count, names=names)
    return Card(
        kind=CardKind.SERVER,
        title=_("{name} is running here").format(name=server.name),
        text=text,
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

            self.cards.mark_ready(row)
            self.model_chosen.emit(GUIDE_ADDRESS)
        elif not self._busy:
            self._busy = True
            self._bridge.start_task(self._use(card))

    async def _look(self) -> None:
        discovery: Discovery = await self._bridge.call(lambda backend: backend.models.discover())
        self.cards.set_found(
            [server_card(server) for server in discovery.servers] + [key_card(key) for key in discovery.keys]
        )
        # After the search: a keychain that is slow to answer holds no card up.
        keeping = await self._bridge.call(lambda backend: backend.models.key_state())
        self.cards.set_keys(keys_sentence(keeping))
        self.found.emit()

    async def _use(self, card: Card) -> None:
        try:
            spec = await self._add(card)
            choices = await self._bridge.call(lambda backend: backend.models.choices())
        except SobremesaError as error:
            self.refused.emit(sentence(error))
            return
        finally:
            self._busy = False
        address = next((choice.address for choice in choices if choice.address.startswith(f"{spec.id}/")), "")
        if address:
            self.cards.mark_ready(self.cards.row_of(card))
            self.model_chosen.emit(address)
        else:
            self.model_wanted.emit()

    async def _add(self, card: Card) -> ProviderSpec:
        """Make the found thing a provider, once: a second click on the same card finds the first one's."""
        known = await self._bridge.call(lambda backend: backend.models.providers())
        if isinstance(card.found, FoundServer):
            server = card.found
            same = next((spec for spec in known if spec.api_base == server.api_base), None)
            if same is not None:
                return same
            return await self._bridge.call(
                lambda backend: backend.models.add(
                    kind=OPENAI_COMPATIBLE, name=server.name, api_base=server.api_base, models=server.models
                )
            )
        assert isinstance(card.found, FoundKey)
        key = card.found
        same = next((spec for spec in known if spec.key_variable == key.variable), None)
        if same is not None:
            return same
        spec = await self._bridge.call(
            lambda backend: backend.models.add(kind=key.kind, name=key.provider_name, key_variable=key.variable)
        )
        try:
            await self._bridge.call(lambda backend: backend.models.refresh(spec.id))
        except SobremesaError as error:
            self.refused.emit(sentence(error))
        return spec
