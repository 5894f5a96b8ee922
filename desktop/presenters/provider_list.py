"""The lists of the providers page as Qt models: the providers there are, those that can be added, the steps of a test.

A row changes alone: testing one provider repaints one line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.domain.models import KeySource, ProviderOffer, ProviderSpec
from desktop.i18n import _, ngettext

Index = QModelIndex | QPersistentModelIndex


class State(StrEnum):
    """What is known of a provider since the program started."""

    NO_KEY = "no key"
    UNTESTED = "untested"
    TESTING = "testing"
    WORKS = "works"
    FAILED = "failed"


class ProviderRole(IntEnum):
    """What a row of the providers page knows beside its name."""

    ID = Qt.ItemDataRole.UserRole + 1
    DETAIL = Qt.ItemDataRole.UserRole + 2
    STATE = Qt.ItemDataRole.UserRole + 3
    SPEC = Qt.ItemDataRole.UserRole + 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """A provider and how its last test went; `words` is the sentence of a test that failed."""

    spec: ProviderSpec
    state: State
    words: str = ""


def key_words(spec: ProviderSpec, *, in_keychain: bool = True) -> str:
    """Say where the key of a provider is, without the key."""
    if spec.key_source is KeySource.ENVIRONMENT:
        return _("key from {variable}").format(variable=spec.key_variable)
    if spec.key_source is KeySource.NONE:
        return "" if spec.is_local else _("no key")
    if not spec.key_hint:  # a short key, or one of which nothing is written down
        return _("key in keychain") if in_keychain else _("key")
    hint = f"····{spec.key_hint}"
    if in_keychain:
        return _("key {hint} in keychain").format(hint=hint)
    return _("key {hint}").format(hint=hint)


def detail(row: ProviderRow, *, in_keychain: bool = True) -> str:
    """Return the line beside a provider's name: what went wrong, or where it is and what it has."""
    if row.state is State.TESTING:
        return _("testing…")
    if row.words:
        return row.words
    spec = row.spec
    count = len(spec.models)
    parts = [spec.api_base, key_words(spec, in_keychain=in_keychain)]
    if count:
        parts.append(ngettext("{count} model", "{count} models", count).format(count=count))
    return " · ".join(part for part in parts if part)


def first_state(spec: ProviderSpec) -> State:
    """Return what can be said of a provider before any test."""
    if spec.key_source is KeySource.NONE and not spec.api_base:
        return State.NO_KEY
    return State.UNTESTED


class ProvidersModel(QAbstractListModel):
    """The providers the user has, with their state."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ProviderRow] = []
        self._in_keychain = True

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.spec.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.spec.name}, {self._detail(row)}"
            case ProviderRole.ID:
                return row.spec.id
            case ProviderRole.DETAIL:
                return self._detail(row)
            case ProviderRole.STATE:
                return row.state
            case ProviderRole.SPEC:
                return row.spec
            case _:
                return None

    def spec(self, provider_id: str) -> ProviderSpec | None:
        """Return the provider with this id, if it is listed."""
        return next((row.spec for row in self._rows if row.spec.id == provider_id), None)

    def set_providers(self, specs: Sequence[ProviderSpec]) -> None:
        """Show these providers in this order; what is known of a provider that stays unchanged is kept."""
        wanted = {spec.id for spec in specs}
        for number in range(len(self._rows) - 1, -1, -1):
            if self._rows[number].spec.id not in wanted:
                self.beginRemoveRows(QModelIndex(), number, number)
                del self._rows[number]
                self.endRemoveRows()
        for number, spec in enumerate(specs):
            at = next((place for place, row in enumerate(self._rows) if row.spec.id == spec.id), -1)
            if at < 0:
                self.beginInsertRows(QModelIndex(), number, number)
                self._rows.insert(number, ProviderRow(spec=spec, state=first_state(spec)))
                self.endInsertRows()
                continue
            if at != number:
                self.beginMoveRows(QModelIndex(), at, at, QModelIndex(), number)
                self._rows.insert(number, self._rows.pop(at))
                self.endMoveRows()
            if self._rows[number].spec != spec:
                same_place = replace(spec, models=()) == replace(self._rows[number].spec, models=())
                state = self._rows[number].state if same_place else first_state(spec)
                words = self._rows[number].words if same_place else ""
                self._change(number, ProviderRow(spec=spec, state=state, words=words))

    def set_state(self, provider_id: str, state: State, words: str = "") -> None:
        """Note how a test goes."""
        for number, row in enumerate(self._rows):
            if row.spec.id == provider_id:
                self._change(number, replace(row, state=state, words=words))

    def set_in_keychain(self, in_keychain: bool) -> None:
        """Note whether keys are in the system's keychain or elsewhere: the rows say so."""
        if in_keychain != self._in_keychain:
            self._in_keychain = in_keychain
            if self._rows:
                self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def _detail(self, row: ProviderRow) -> str:
        return detail(row, in_keychain=self._in_keychain)

    def _change(self, number: int, row: ProviderRow) -> None:
        self._rows[number] = row
        self.dataChanged.emit(self.index(number), self.index(number))


class OffersModel(QAbstractListModel):
    """The providers that can be added by name, well-known ones first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._offers: tuple[ProviderOffer, ...] = ()

    def set_offers(self, offers: Sequence[ProviderOffer]) -> None:
        """Offer these; they are asked once, so the list is exchanged as a whole."""
        self.beginResetModel()
        self._offers = tuple(offers)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._offers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._offers):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._offers[index.row()].name
        return None

    def find(self, typed: str) -> ProviderOffer | None:
        """Return the offer that `typed` names, by its name or by LiteLLM's."""
        wanted = typed.strip().casefold()
        return next((offer for offer in self._offers if wanted in (offer.name.casefold(), offer.kind.casefold())), None)

    def offer(self, kind: str) -> ProviderOffer | None:
        """Return the offer of a LiteLLM provider name."""
        return next((offer for offer in self._offers if offer.kind == kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step of a test: `ok` is None while it runs."""

    name: str
    ok: bool | None
    milliseconds: float | None = None
    words: str = ""


class StepRole(IntEnum):
    """What a step knows beside its line."""

    OK = Qt.ItemDataRole.UserRole + 1


def step_line(row: StepRow) -> str:
    """Return a step as one line, its outcome as a sign in front."""
    sign = {True: "✓", False: "×", None: "…"}[row.ok]
    line = f"{sign} {row.name}"
    if row.words:
        line = f"{sign} {row.words}" if row.ok is False else f"{line}, {row.words}"
    if row.ok and row.milliseconds is not None:
        line += "   " + _("{count} ms").format(count=round(row.milliseconds))
    return line


class StepsModel(QAbstractListModel):
    """The steps of the test that was started last, as they come."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[StepRow] = []

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return step_line(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                outcome = {True: _("passed"), False: _("failed"), None: _("under way")}[row.ok]
                return f"{step_line(row)[2:]}, {outcome}"
            case StepRole.OK:
                return row.ok
            case _:
                return None

    def clear(self) -> None:
        """Forget the last test."""
        if self._rows:
            self.beginRemoveRows(QModelIndex(), 0, len(self._rows) - 1)
            self._rows.clear()
            self.endRemoveRows()

    def put(self, row: StepRow) -> None:
        """Add a step, or say how the step of that name went."""
        for number, old in enumerate(self._rows):
            if old.name == row.name:
                self._rows[number] = row
                self.dataChanged.emit(self.index(number), self.index(number))
                return
        self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows))
        self._rows.append(row)
        self.endInsertRows()
