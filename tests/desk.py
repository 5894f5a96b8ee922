"""Bridges for tests of presenters and widgets: one whose services never open, and one to a real data folder."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import qasync
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from desktop.domain.runs import Update
from desktop.presenters.bridge import Bridge

if TYPE_CHECKING:
    from desktop.services.backend import Backend


def _bridge(app: QApplication, folder: Path) -> Iterator[Bridge]:
    async def open_backend(notify: Callable[[Update], None]) -> "Backend":
        from desktop.services.backend import Backend
        from desktop.services.options import Options

        return await Backend.open(options=Options(folder=folder, warm=False), notify=notify)

    loop = qasync.QEventLoop(app, already_running=False)
    asyncio.set_event_loop(loop)
    bridge = Bridge(loop=loop, open_backend=open_backend)
    yield bridge
    loop.run_until_complete(bridge.close())
    bridge.deleteLater()  # here, not by the collector in whichever thread it happens to run
    app.sendPostedEvents(bridge, QEvent.Type.DeferredDelete.value)
    loop.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def idle_bridge(qapp: QApplication, tmp_path: Path) -> Iterator[Bridge]:
    """A bridge that was not started: whoever calls, waits. For what is shown before the services are open."""
    yield from _bridge(qapp, tmp_path)


@pytest.fixture
def bridge(qapp: QApplication, tmp_path: Path) -> Iterator[Bridge]:
    """A bridge to services on an empty data folder."""
    for made in _bridge(qapp, tmp_path):
        made.start()
        yield made
