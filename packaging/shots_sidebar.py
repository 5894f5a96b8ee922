"""The states of the sidebar for `dev.py shots`: places, several selected, its menu, the archive and the trash."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


async def sidebar(desktop: Any, both: Callable[..., Awaitable[None]]) -> None:
    """Keep the demo's sessions in folders, take the pictures, and put everything back."""
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QMenu

    model, window = desktop.sidebar.model, desktop.window
    ids, view = model.ids(), window.sidebar.view

    async def fill(backend: Any) -> int:
        organising = backend.organising
        work = (await organising.create_folder("Work")).number
        store = (await organising.create_folder("Store layer", parent_id=work)).number
        home = (await organising.create_folder("Home")).number
        deeds = (
            organising.change_folder(work, colour="blue"),
            organising.change_folder(home, colour="green"),
            organising.move(ids[1:3], work),
            organising.move(ids[3:4], store),
            organising.move(ids[5:6], home),
            organising.tag(ids[1:4], "python"),
            organising.tag(ids[4:6], "travel"),
            organising.save_search("Open questions", "role:user has:code"),
            organising.resolve(ids[4:5], True),
            organising.archive(ids[6:8], True),
        )
        for deed in deeds:
            await deed
        return 3 + len(deeds)

    steps = await desktop.bridge.call(fill)
    desktop.chat.open(ids[1])
    await asyncio.sleep(0.8)
    await both("sidebar")
    view.setFocus()
    view.setCurrentIndex(model.index(1))
    for _time in range(2):
        QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    await both("sidebar-several")
    view.menu_wanted.emit(view.mapToGlobal(QPoint(60, 200)))
    menu = window.findChild(QMenu, "sessionMenu")
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

    async def undo(backend: Any) -> None:
        for _step in range(steps):
            await backend.organising.undo()

    await desktop.bridge.call(undo)
    await asyncio.sleep(0.4)
