"""What the model picker lists: favourites, recently used models, then every provider's, narrowed by what is typed.

The list is worked out by one pure function and handed to Qt as the smallest change, so that a star that is set or a
letter that is typed never resets a view somebody is reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from desktop.domain.models import split_address
from desktop.i18n import _

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.services.models import ModelChoice

RECENT_SHOWN = 5


class RowKind(IntEnum):
    """What a row of the picker is; headers and notes cannot be chosen."""

    HEADER = 0
    MODEL = 1
    TYPED = 2
    NOTE = 3
    ADD = 4


class PickerRole(IntEnum):
    """What a row knows beside its text."""

    KIND = Qt.ItemDataRole.UserRole + 1
    ADDRESS = Qt.ItemDataRole.UserRole + 2
    PROVIDER = Qt.ItemDataRole.UserRole + 3
    FAVOURITE = Qt.ItemDataRole.UserRole + 4
    LOCAL = Qt.ItemDataRole.UserRole + 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PickerRow:
    """One row of the picker; `address` is empty for rows that are not models."""

    kind: RowKind
    text: str
    address: str = ""
    provider: str = ""
    favourite: bool = False
    local: bool = False

    @property
    def selectable(self) -> bool:
        """Whether the row does something."""
        return self.kind in (RowKind.MODEL, RowKind.TYPED, RowKind.ADD)


def picker_rows(choices: Sequence[ModelChoice], typed: str = "") -> tuple[PickerRow, ...]:
    """Return the rows for `choices`, of which only those that hold every word of `typed` are shown.

    A favourite stands at the top and with its provider; a recent model that is a favourite is not listed twice at
    the top. `typed` with a slash that is no known address is offered as it stands.
    """
    words = typed.casefold().split()
    found = [
        choice
        for choice in choices
        if all(word in f"{choice.name} {choice.provider_name} {choice.address}".casefold() for word in words)
    ]
    rows: list[PickerRow] = []
    rows += _group(_("Favourites"), [choice for choice in found if choice.is_favourite], with_provider=True)
    recent = [choice for choice in found if choice.recent_rank is not None and not choice.is_favourite]
    recent.sort(key=lambda choice: choice.recent_rank or 0)
    rows += _group(_("Recent"), recent[:RECENT_SHOWN], with_provider=True)
    by_provider: dict[tuple[str, str], list[ModelChoice]] = {}
    for choice in found:
        by_provider.setdefault((split_address(choice.address)[0], choice.provider_name), []).append(choice)
    for (_provider_id, name), models in by_provider.items():
        rows += _group(name, models, with_provider=False)
    address = typed.strip()
    provider, model = split_address(address)
    if provider and model and all(choice.address != address for choice in choices):
        rows.append(PickerRow(kind=RowKind.TYPED, text=_("Use “{model}”").format(model=address), address=address))
    elif not rows and words:
        rows.append(PickerRow(kind=RowKind.NOTE, text=_("No model is called “{text}”").format(text=address)))
    rows.append(PickerRow(kind=RowKind.ADD, text=_("Add a provider…")))
    return tuple(rows)


def _group(title: str, choices: Sequence[ModelChoice], *, with_provider: bool) -> list[PickerRow]:
    if not choices:
        return []
    return [PickerRow(kind=RowKind.HEADER, text=title)] + [
        PickerRow(
            kind=RowKind.MODEL,
            text=choice.name,
            address=choice.address,
            provider=choice.provider_name if with_provider else "",
            favourite=choice.is_favourite,
            local=choice.is_local,
        )
        for choice in choices
    ]


class ModelChoicesModel(QAbstractListModel):
    """The rows of the picker, narrowed by `set_typed`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices: tuple[ModelChoice, ...] = ()
        self._typed = ""
        self._rows = picker_rows(())

    def choices(self) -> tuple[ModelChoice, ...]:
        """Return all models, narrowed or not."""
        return self._choices

    def set_choices(self, choices: Sequence[ModelChoice]) -> None:
        """Show these models."""
        self._choices = tuple(choices)
        self._show(picker_rows(self._choices, self._typed))

    def set_typed(self, typed: str) -> None:
        """Show only what holds every word of `typed`."""
        self._typed = typed
        self._show(picker_rows(self._choices, typed))

    def choice(self, address: str) -> ModelChoice | None:
        """Return the model at `address`, if it is listed."""
        return next((choice for choice in self._choices if choice.address == address), None)

    def row_of(self, address: str) -> int:
        """Return the first row that holds the model, or -1."""
        return next((number for number, row in enumerate(self._rows) if row.address == address), -1)

    def first_selectable(self) -> int:
        """Return the first row that does something; there always is one, for a provider can always be added."""
        return next(number for number, row in enumerate(self._rows) if row.selectable)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return _spoken(row)
            case PickerRole.KIND:
                return int(row.kind)
            case PickerRole.ADDRESS:
                return row.address
            case PickerRole.PROVIDER:
                return row.provider
            case PickerRole.FAVOURITE:
                return row.favourite
            case PickerRole.LOCAL:
                return row.local
            case _:
                return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if not index.isValid() or not self._rows[index.row()].selectable:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def _show(self, rows: tuple[PickerRow, ...]) -> None:
        """Change what differs between the common beginning and the common end, and nothing else."""
        old = self._rows
        start = 0
        while start < min(len(old), len(rows)) and old[start] == rows[start]:
            start += 1
        end = 0
        while end < min(len(old), len(rows)) - start and old[-1 - end] == rows[-1 - end]:
            end += 1
        gone, new = len(old) - start - end, len(rows) - start - end
        kept = min(gone, new)
        if gone > kept:
            self.beginRemoveRows(QModelIndex(), start + kept, start + gone - 1)
            self._rows = old[: start + kept] + old[start + gone :]
            self.endRemoveRows()
        if new > kept:
            self.beginInsertRows(QModelIndex(), start + kept, start + new - 1)
            self._rows = self._rows[: start + kept] + rows[start + kept : start + new] + self._rows[start + kept :]
            self.endInsertRows()
        self._rows = rows
        if kept:
            self.dataChanged.emit(self.index(start), self.index(start + kept - 1))


def _spoken(row: PickerRow) -> str:
    parts = [row.text]
    if row.provider:
        parts.append(row.provider)
    if row.favourite:
        parts.append(_("favourite"))
    if row.local:
        parts.append(_("on this computer"))
    return ", ".join(parts)


class ModelsPresenter(QObject):
    """Keeps the picker's list true. `ModelsPresenter(bridge=…, parent=None)`; call `load` once the window stands."""

    loaded = Signal()
    """The list is here, or has changed: labels of models may read differently now."""

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.rows = ModelChoicesModel(self)

    @Slot()
    def load(self) -> None:
        """Ask again which models there are."""
        self._bridge.start_task(self._load())

    @Slot(str, bool)
    def set_favourite(self, address: str, on: bool) -> None:
        """Give a model its star, or take it."""
        self._bridge.start_task(self._set_favourite(address, on))

    def label(self, address: str) -> str:
        """Return what a button shows for the model at `address`."""
        choice = self.rows.choice(address)
        if choice is not None:
            return choice.name
        return split_address(address)[1] or _("Choose a model")

    def provider_names(self) -> dict[str, str]:
        """Return what the providers of the listed models are called, by their ids."""
        return {split_address(choice.address)[0]: choice.provider_name for choice in self.rows.choices()}

    async def _load(self) -> None:
        self.rows.set_choices(await self._bridge.call(lambda backend: backend.models.choices()))
        self.loaded.emit()

    async def _set_favourite(self, address: str, on: bool) -> None:
        await self._bridge.call(lambda backend: backend.models.set_favourite(address, on))
        await self._load()
