"""Says what the window waits for where the database takes its time: years of messages are indexed anew by an update."""

import asyncio
from typing import TYPE_CHECKING

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

    opened = asyncio.ensure_future(bridge.call(nothing))
    try:
        done, _late = await asyncio.wait({opened}, timeout=patience_s)
        if done:
            return
        text = _(
            "Preparing the database… A new version does this once; with very many messages it takes minutes. "
            "A copy of the database is kept."
        )
        banner.say(text, shown_ms=SHOWN_MS)
        try:
            await opened
        finally:
            if banner.text() == text:
                banner.clear()
    finally:
        opened.cancel()
