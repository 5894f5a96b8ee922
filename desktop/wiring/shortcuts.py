"""The keys of the window's commands as the user wants them: put on at the start, and changed from the settings.

A command remembers the keys it was made with in a property, from the first change on. Only commands of the menus have
keys to change: what dialogs and lists take themselves (Escape, Ctrl+D in a list) stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from desktop.domain.shortcuts import Command, Keys, settled
from desktop.presenters.shortcuts import SETTING, ShortcutsPresenter, usable

if TYPE_CHECKING:
    from desktop.presenters.bridge import Bridge
    from desktop.presenters.settings import SettingsPresenter
    from desktop.services.backend import Backend
    from desktop.ui.settings.keyboard import KeyboardPage
    from desktop.ui.window import MainWindow

DEFAULTS = "defaultKeys"
_PORTABLE = QKeySequence.SequenceFormat.PortableText


def load_shortcuts(*, bridge: Bridge, window: MainWindow) -> None:
    """Give the commands of a window their keys as soon as the settings can be read; say what of them is not usable."""

    async def stored(backend: Backend) -> tuple[str, ...]:
        return backend.settings.names(SETTING)

    async def load() -> None:
        entries = await bridge.call(stored)
        if entries and (notices := apply_shortcuts(window.menuBar(), entries)):
            window.banner.warn("\n".join(notices))

    bridge.start_task(load(), on_error=lambda _error: None)  # a database that does not open has a page of its own


def apply_shortcuts(bar: QMenuBar, entries: Sequence[str]) -> tuple[str, ...]:
    """Give the commands of the menus the keys of a setting; return sentences about what of it means nothing."""
    actions = {action.objectName(): action for action, _group, _title in _commands(bar)}
    changes, notices = usable(entries, actions)
    _put(actions, settled({name: _defaults(action) for name, action in actions.items()}, changes))
    return notices


def keyboard_page(bar: QMenuBar, settings: SettingsPresenter) -> KeyboardPage:
    """Return the page of the settings on which the keys are changed; what is changed there counts at once."""
    from desktop.ui.settings.keyboard import KeyboardPage

    menus = {QKeySequence.mnemonic(top.text()).toString(_PORTABLE): _plain(top.text()) for top in bar.actions()}
    presenter = ShortcutsPresenter(settings=settings, commands=commands_of(bar), menus=menus, parent=settings)
    actions = {action.objectName(): action for action, _group, _title in _commands(bar)}
    presenter.changed.connect(lambda keys: _put(actions, keys))
    return KeyboardPage(presenter=presenter)


def commands_of(bar: QMenuBar) -> tuple[Command, ...]:
    """Return the commands of the menus in their order, with the keys they have."""
    return tuple(
        Command(name=action.objectName(), title=title, group=group, defaults=_defaults(action), keys=_written(action))
        for action, group, title in _commands(bar)
    )


def _commands(bar: QMenuBar) -> Iterator[tuple[QAction, str, str]]:
    """Yield each command with a name, the title of its menu, and its own, that of a menu within the menu before it."""
    for top in bar.actions():
        menu = top.menu()
        if isinstance(menu, QMenu):
            for action, title in _within(menu):
                yield action, _plain(top.text()), title


def _within(menu: QMenu) -> Iterator[tuple[QAction, str]]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            for each, title in _within(inner):
                yield each, f"{_plain(action.text())} ▸ {title}"
        elif action.objectName() and not action.isSeparator():
            yield action, _plain(action.text())


def _put(actions: Mapping[str, QAction], keys: Mapping[str, Keys]) -> None:
    for name, wanted in keys.items():
        action = actions[name]
        if wanted != _written(action):
            if action.property(DEFAULTS) is None:
                action.setProperty(DEFAULTS, list(_written(action)))
            action.setShortcuts([QKeySequence(key) for key in wanted])


def _defaults(action: QAction) -> Keys:
    remembered = action.property(DEFAULTS)
    return _written(action) if remembered is None else tuple(remembered)


def _written(action: QAction) -> Keys:
    return tuple(key.toString(_PORTABLE) for key in action.shortcuts())


def _plain(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")
