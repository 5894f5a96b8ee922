"""The keys of the window's commands: read from the settings, shown as a table, changed without two of one kind."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QKeyCombination,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeySequence

from desktop.domain.folding import fold
from desktop.domain.shortcuts import MOST_KEYS, Command, Keys, changes_of, entries_of, holder
from desktop.i18n import _

if TYPE_CHECKING:
    from desktop.presenters.settings import SettingsPresenter

SETTING = "shortcuts"
_NOWHERE = QModelIndex()
_PORTABLE = QKeySequence.SequenceFormat.PortableText
_Key = QKeySequence.StandardKey
_OF_TEXT = (
    *(_Key.Copy, _Key.Cut, _Key.Paste, _Key.SelectAll, _Key.Undo, _Key.Redo, _Key.Cancel),
    *(_Key.MoveToNextWord, _Key.MoveToPreviousWord, _Key.MoveToStartOfDocument, _Key.MoveToEndOfDocument),
    *(_Key.SelectNextWord, _Key.SelectPreviousWord, _Key.SelectStartOfDocument, _Key.SelectEndOfDocument),
    *(_Key.DeleteStartOfWord, _Key.DeleteEndOfWord, _Key.InsertParagraphSeparator, _Key.InsertLineSeparator),
)
_ELSEWHERE = ("Ctrl+Return", "Ctrl+Enter", "Ctrl+Up", "Ctrl+Down")
"""What texts and the conversation take themselves, without a standard name."""
_OF_DESKTOP = (
    *("F10", "Shift+F10", "Menu", "Alt+F4", "Alt+Tab", "Alt+Shift+Tab", "Alt+Shift+Backtab", "Alt+Space", "Alt+Esc"),
    *("Ctrl+Tab", "Ctrl+Shift+Tab", "Ctrl+Shift+Backtab", "Ctrl+Esc", "Ctrl+Alt+Del", "Print"),
)
"""What window managers and menus take before the window sees it, and what steps out of a text or to the next tab."""
_TYPING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class Column(IntEnum):
    """What stands where in the table."""

    COMMAND = 0
    KEY = 1
    ALTERNATIVE = 2


COMMAND_ROLE = Qt.ItemDataRole.UserRole
"""The `Command` of a row; None where the row names a menu."""
CHANGED_ROLE = Qt.ItemDataRole.UserRole + 1


def portable(key: str) -> str:
    """Return how a key is written everywhere, "" where it is none, or several one after the other."""
    sequence = QKeySequence(key, _PORTABLE)
    is_key = sequence.count() == 1 and _pressed(sequence).key() not in (0, Qt.Key.Key_unknown)
    return sequence.toString(_PORTABLE) if is_key else ""


def native(key: str) -> str:
    """Return how a key is written on this system, in the language in use."""
    return QKeySequence(key, _PORTABLE).toString(QKeySequence.SequenceFormat.NativeText)


def usable(entries: Iterable[str], known: Iterable[str]) -> tuple[dict[str, Keys], tuple[str, ...]]:
    """Return the changes that can be made, and a sentence for each entry that means nothing here."""
    names = set(known)
    changes: dict[str, Keys] = {}
    notices = []
    for name, keys in changes_of(entries).items():
        if name not in names:
            notices.append(_("There is no command “{name}” for a shortcut of the settings.").format(name=name))
            continue
        broken = [key for key in keys if not portable(key)]
        notices += [_("“{key}” is no key for “{name}”.").format(key=key, name=name) for key in broken]
        good = tuple(filter(None, map(portable, keys)))[:MOST_KEYS]
        if good or not keys:
            changes[name] = good
    return changes, tuple(notices)


def refusal(key: str) -> str:
    """Say why a key cannot call a command, "" where it can."""
    sequence = QKeySequence(key, _PORTABLE)
    needed = {one.toString(_PORTABLE) for standard in _OF_TEXT for one in QKeySequence.keyBindings(standard)}
    if key in needed or key in _ELSEWHERE:
        return _("{key} is needed for writing and reading text.").format(key=native(key))
    combined = _pressed(sequence)
    of_system = sys.platform != "darwin" and combined.keyboardModifiers() & Qt.KeyboardModifier.MetaModifier
    if key in _OF_DESKTOP or of_system:
        return _("{key} belongs to the desktop, or opens menus.").format(key=native(key))
    is_function = Qt.Key.Key_F1 <= combined.key() <= Qt.Key.Key_F35
    if not is_function and not combined.keyboardModifiers() & ~_TYPING:
        return _("{key} alone is needed for writing. Press it together with Ctrl or Alt.").format(key=native(key))
    return ""


class ShortcutsModel(QAbstractTableModel):
    """Commands below their menus: the command, its key, its alternative. Only keys of commands can be edited."""

    typed = Signal(str, int, str)
    """Name of the command, 0 or 1 for the main or the alternative key, and the key ("" for none)."""

    def __init__(self, *, commands: Sequence[Command], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands = list(commands)
        self._wanted = ""
        self._rows: list[Command | str] = self._fitting()

    @property
    def commands(self) -> tuple[Command, ...]:
        """All commands with the keys they have now, whichever are shown."""
        return tuple(self._commands)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return (_("Command"), _("Keys"), _("Also"))[section] if 0 <= section < len(Column) else None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self._rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() else flags

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if isinstance(row, str):
            return row if role == Qt.ItemDataRole.DisplayRole and not column else None
        if role == COMMAND_ROLE:
            return row
        if role == CHANGED_ROLE:
            return row.keys != row.defaults
        key = row.keys[column - 1] if 0 < column <= len(row.keys) else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return native(key) if column else row.title
        if role == Qt.ItemDataRole.EditRole:
            return QKeySequence(key, _PORTABLE) if column else row.title
        if role == Qt.ItemDataRole.AccessibleTextRole and column:
            return _("{command}: {key}").format(command=row.title, key=native(key) or _("no shortcut"))
        return None

    def setData(
        self, index: QModelIndex | QPersistentModelIndex, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Tell what was typed; the row changes when `show` says so."""
        row = self._rows[index.row()] if index.isValid() else ""
        if isinstance(row, str) or not index.column() or role != Qt.ItemDataRole.EditRole:
            return False
        self.typed.emit(row.name, index.column() - 1, value.toString(_PORTABLE))
        return True

    def show(self, keys: Mapping[str, Keys]) -> None:
        """Show other keys of some commands."""
        for at, command in enumerate(self._commands):
            if keys.get(command.name, command.keys) != command.keys:
                self._commands[at] = replace(command, keys=keys[command.name])
        for number, row in enumerate(self._rows):
            if isinstance(row, Command) and keys.get(row.name, row.keys) != row.keys:
                self._rows[number] = replace(row, keys=keys[row.name])
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(Column) - 1))

    @Slot(str)
    def narrow(self, wanted: str) -> None:
        """Show the commands whose words or keys hold what is wanted."""
        self._wanted = fold(wanted).strip()
        rows = self._fitting()
        kept = set(map(_id, rows))
        for number in range(len(self._rows) - 1, -1, -1):
            if _id(self._rows[number]) not in kept:
                self.beginRemoveRows(QModelIndex(), number, number)
                del self._rows[number]
                self.endRemoveRows()
        for number, row in enumerate(rows):
            if number >= len(self._rows) or _id(self._rows[number]) != _id(row):
                self.beginInsertRows(QModelIndex(), number, number)
                self._rows.insert(number, row)
                self.endInsertRows()

    def _fitting(self) -> list[Command | str]:
        rows: list[Command | str] = []
        group = ""
        for command in self._commands:
            words = fold(" ".join((command.title, command.group, *map(native, command.keys))))
            if self._wanted in words:
                if command.group != group:
                    group = command.group
                    rows.append(group)
                rows.append(command)
        return rows


class ShortcutsPresenter(QObject):
    """`ShortcutsPresenter(settings=…, commands=…)`: `model` to show, `put`, `take`, `reset`, `reset_all` to change.

    `menus` are the titles of menus by the keys that open them.
    """

    changed = Signal(object)
    """The keys of the commands that have others now, by their names (`Mapping[str, Keys]`)."""
    refused = Signal(str)
    """Why a key was not taken."""
    asked = Signal(str)
    """Another command has the key: a sentence that names it. `take` takes the key away from it."""
    settled = Signal()
    """There is nothing to say any more."""

    def __init__(
        self,
        *,
        settings: SettingsPresenter,
        commands: Sequence[Command],
        menus: Mapping[str, str] = MappingProxyType({}),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._menus = menus
        self._asked: tuple[str, int, str] | None = None
        self.model = ShortcutsModel(commands=commands, parent=self)
        self.model.typed.connect(self.put)

    @Slot(str, int, str)
    def put(self, name: str, slot: int, key: str) -> None:
        """Give a command a key; one that is needed is refused, one that another command has is asked about."""
        self._asked = None
        command = self._command(name)
        if key == _at(command.keys, slot):
            self.settled.emit()
            return
        if key and key not in command.defaults and (sentence := refusal(key)):
            self.refused.emit(sentence)
            return
        if key in self._menus:
            self.refused.emit(_("{key} opens the menu “{menu}”.").format(key=native(key), menu=self._menus[key]))
            return
        other = holder(self.model.commands, key, besides=name) if key else None
        if other is not None:
            self._asked = name, slot, key
            self.asked.emit(_("{key} is “{command}”.").format(key=native(key), command=other.title))
            return
        self._keep({name: _with(command.keys, slot, key)})

    @Slot()
    def take(self) -> None:
        """Take the key that was asked about away from the command that has it."""
        if self._asked is not None:
            name, slot, key = self._asked
            keys = {name: _with(self._command(name).keys, slot, key)}
            for each in self.model.commands:
                if key in each.keys and each.name != name:
                    keys[each.name] = tuple(one for one in each.keys if one != key)
            self._keep(keys)

    @Slot()
    def leave(self) -> None:
        """Let the other command keep the key that was asked about."""
        self._asked = None
        self.settled.emit()

    def reset(self, name: str) -> None:
        """Give a command its own keys again; one that another command has meanwhile is asked about."""
        self._asked = None
        command = self._command(name)
        free = tuple(key for key in command.defaults if holder(self.model.commands, key, besides=name) is None)
        self._keep({name: free})
        for slot, key in enumerate(command.defaults):
            if key not in free:
                self.put(name, min(slot, len(free)), key)
                return

    @Slot()
    def reset_all(self) -> None:
        """Give every command its own keys again."""
        self._keep({command.name: command.defaults for command in self.model.commands})

    def _keep(self, keys: Mapping[str, Keys]) -> None:
        self._asked = None
        self.model.show(keys)
        self.changed.emit(keys)
        known = {command.name for command in self.model.commands}
        foreign = {name: keys for name, keys in self._stored().items() if name not in known}
        mine = {command.name: command.keys for command in self.model.commands if command.keys != command.defaults}
        self._settings.set(SETTING, entries_of({**foreign, **mine}))
        self.settled.emit()

    def _stored(self) -> Mapping[str, Keys]:
        stored = self._settings.wished(SETTING)
        return changes_of(stored) if isinstance(stored, tuple) else {}

    def _command(self, name: str) -> Command:
        return next(command for command in self.model.commands if command.name == name)


def _pressed(sequence: QKeySequence) -> QKeyCombination:
    found: QKeyCombination = sequence[0]  # type: ignore[index]  # the stubs leave out what Qt has
    return found


def _id(row: Command | str) -> tuple[bool, str]:
    return (True, row) if isinstance(row, str) else (False, row.name)


def _at(keys: Keys, slot: int) -> str:
    return keys[slot] if slot < len(keys) else ""


def _with(keys: Keys, slot: int, key: str) -> Keys:
    """Return the keys with another one in a place; an empty place is none, and no key stands there twice."""
    places = [*keys, "", ""][: max(MOST_KEYS, len(keys))]
    places[slot] = key
    return tuple(dict.fromkeys(filter(None, places)))
