"""Says what the window waits for where the database takes its time: years of messages are indexed anew by an update."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from desktop.i18n import _
from desktop.presenters.bridge import Bridge
from desktop.ui.banner import Banner

if TYPE_CHECKING:
    from desktop.services.backend import Backend

PATIENCE_S = 1.5
"""So long a window may stand empty without a word."""
SHOWN_MS = 24 * 3_600_000


async def tell_of_preparing(*, bridge: Bridge, banner: Banner, patience_s: float = PATIENCE_S) -> None:
    """Say so if the services are not open after a while, until they are; raises the `StoreError` that kept them."""

    async def nothing(_backend: "Backend") -> None:
        pass

    text = _(
        "Preparing the database… A new version does this once; with very many messages it takes minutes. "
        "A copy of the database is kept."
    )
    later = QTimer()  # not asyncio's wait: events may be handled while the loop itself does not run
    later.setSingleShot(True)
    later.timeout.connect(lambda: banner.say(text, shown_ms=SHOWN_MS))
    later.start(round(patience_s * 1000))
    try:
        await bridge.call(nothing)
    finally:
        later.stop()
        if banner.text() == text:
            banner.clear()
