"""The prompts that are kept, as a list to show, and what can be done with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from desktop.domain.runs import ProfileChanged, SessionsChanged, Update

if TYPE_CHECKING:
    from desktop.domain.faults import SobremesaError
    from desktop.domain.saved_prompts import Prompt
    from desktop.presenters.bridge import Bridge

_NOWHERE = QModelIndex()
LONGEST_NAME = 100
PROMPT_ROLE = Qt.ItemDataRole.UserRole


class PromptListModel(QAbstractListModel):
    """Prompts by their names; `PROMPT_ROLE` is the whole `Prompt`."""

    def __init__(self, *, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shown: list[Prompt] = []

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        prompt = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return prompt.name
        return prompt if role == PROMPT_ROLE else None

    def prompt(self, row: int) -> Prompt | None:
        """Return the prompt of a row, None where there is no such row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def row_of(self, prompt_id: int) -> int:
        """Return where a prompt stands, or -1."""
        return next((row for row, prompt in enumerate(self._shown) if prompt.id == prompt_id), -1)

    def show(self, prompts: Sequence[Prompt]) -> None:
        """Show these, and touch only the rows that are others."""
        wanted = {prompt.id for prompt in prompts}
        for row in range(len(self._shown) - 1, -1, -1):
            if self._shown[row].id not in wanted:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._shown[row]
                self.endRemoveRows()
        for row, prompt in enumerate(prompts):
            before = self.row_of(prompt.id)
            if before < 0:
                self.beginInsertRows(QModelIndex(), row, row)
                self._shown.insert(row, prompt)
                self.endInsertRows()
            elif before != row:
                self.beginMoveRows(QModelIndex(), before, before, QModelIndex(), row)
                self._shown.insert(row, self._shown.pop(before))
                self.endMoveRows()
            if self._shown[row] != prompt:
                self._shown[row] = prompt
                self.dataChanged.emit(self.index(row), self.index(row))


class PromptsPresenter(QObject):
    """`PromptsPresenter(bridge=…)`, then `load`; `prompts` are those of the profile in use, `model` shows them."""

    changed = Signal()
    saved = Signal(object)
    """A `Prompt`, new or changed, that is on disk now."""
    removed = Signal(object)
    """What the `Prompt` was that is gone."""
    refused = Signal(str)
    """Why one was not kept."""

    def __init__(self, *, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.prompts: tuple[Prompt, ...] = ()
        self.model = PromptListModel(parent=self)
        bridge.updated.connect(self._on_updated)

    @Slot()
    def load(self) -> None:
        """Read what is kept; where that fails there is nothing to offer."""
        self._bridge.start_task(self._load(), on_error=lambda _error: None)

    def save(self, name: str, text: str) -> None:
        """Keep a text, under the beginning of it where no name is given."""
        name = name if name.strip() else suggested_name(text)
        self._bridge.start_task(self._save(0, name, text), on_error=self._on_error)

    def change(self, prompt_id: int, name: str, text: str) -> None:
        """Give a prompt another name and text."""
        name = name if name.strip() else suggested_name(text)
        self._bridge.start_task(self._save(prompt_id, name, text), on_error=self._on_error)

    def remove(self, prompt_id: int) -> None:
        """Remove a prompt; `save` takes it back."""
        self._bridge.start_task(self._remove(prompt_id), on_error=self._on_error)

    async def _load(self) -> None:
        found = await self._bridge.call(lambda backend: backend.prompts.all())
        if found != self.prompts:
            self.prompts = found
            self.model.show(found)
            self.changed.emit()

    async def _save(self, prompt_id: int, name: str, text: str) -> None:
        if prompt_id:
            kept = await self._bridge.call(lambda backend: backend.prompts.change(prompt_id, name, text))
        else:
            kept = await self._bridge.call(lambda backend: backend.prompts.save(name, text))
        await self._load()
        self.saved.emit(kept)

    async def _remove(self, prompt_id: int) -> None:
        gone = await self._bridge.call(lambda backend: backend.prompts.remove(prompt_id))
        await self._load()
        self.removed.emit(gone)

    @Slot(object)
    def _on_updated(self, updates: Iterable[Update]) -> None:
        """Read again what another profile has, or another process may have changed."""
        if any(
            isinstance(update, ProfileChanged) or (isinstance(update, SessionsChanged) and update.elsewhere)
            for update in updates
        ):
            self.load()

    def _on_error(self, error: SobremesaError) -> None:
        self.refused.emit(str(error))


def suggested_name(text: str) -> str:
    """Return the beginning of a text as a name for it."""
    line = next((line for line in map(str.strip, text.splitlines()) if line), "")
    return line if len(line) <= LONGEST_NAME // 2 else line[: LONGEST_NAME // 2].rsplit(" ", 1)[0] + "…"
