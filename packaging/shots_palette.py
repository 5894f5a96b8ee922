"""The states of the palette for `dev.py shots`: everything, commands, hits, hits by session, and empty lists."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


async def palette(window: Any, both: Callable[[str], Awaitable[None]]) -> None:
    """Take the palette's pictures over `window`; `both` takes one in either theme."""
    from desktop.ui.palette.palette import Palette

    def open_with(action: Any, text: str) -> Palette:
        action.trigger()
        made: Palette = window.findChild(Palette)
        made.field.setText(text)
        return made

    commands = window.commands
    states = (
        ("empty", commands.palette, ""),
        ("anything", commands.palette, "what"),
        ("commands", commands.palette, ">th"),
        ("search", commands.search_sessions, ""),
        ("hits", commands.search_sessions, "token before:2030"),
        ("completions", commands.search_sessions, "token role:"),
        ("nothing", commands.search_sessions, "zzzzz"),
    )
    for name, action, text in states:
        made = open_with(action, text)
        await asyncio.sleep(0.5)
        await both(f"palette-{name}")
        made.leave()
    made = open_with(commands.search_sessions, "the")
    await asyncio.sleep(0.3)
    made.foot.hints.group.click()
    await asyncio.sleep(0.3)
    await both("palette-grouped")
    made.leave()
