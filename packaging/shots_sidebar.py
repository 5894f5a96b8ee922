"""The states of the sidebar for `dev.py shots`: places, several selected, its menu, the archive and the trash."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


async def sidebar(desktop: Any, both: Callable[..., Awaitable[None]]) -> None:
    """Take the pictures of the demo's sessions, which are kept in folders and under tags."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QMenu

    model, window = desktop.sidebar.model, desktop.window
    ids, view = model.ids(), window.sidebar.view

    desktop.chat.open(ids[1])
    await asyncio.sleep(0.8)
    await both("sidebar")
    view.setFocus()
    view.setCurrentIndex(model.index(1))
    for _time in range(2):
        QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    await both("sidebar-several")
    view.menu_wanted.emit(view.mapToGlobal(QPoint(60, 200)))
    menu = window.sidebar.findChild(QMenu, "sessionMenu")
    await both("sidebar-menu", menu)
    menu.close()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    window.commands.sessions.show_archive.trigger()
    await asyncio.sleep(0.4)
    await both("sidebar-archive")
    window.sidebar.leave_place()
    window.sidebar.search.setText("zzzz")
    await asyncio.sleep(0.4)
    await both("sidebar-nothing")
    window.sidebar.search.clear()
    await asyncio.sleep(0.4)
