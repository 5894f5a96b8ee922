import asyncio

import pytest
from pytestqt.qtbot import QtBot

from desktop.presenters.bridge import Bridge
from desktop.ui.banner import Banner
from desktop.ui.theme import load_theme
from desktop.wiring.preparing import tell_of_preparing


@pytest.fixture
def banner(qtbot: QtBot) -> Banner:
    """The line above the composer."""
    made = Banner(theme=load_theme("light"))
    qtbot.addWidget(made)
    return made


async def until_said(banner: Banner) -> None:
    """Wait until something is said."""
    while not banner.text():
        await asyncio.sleep(0.005)


def test_a_window_that_waits_for_its_database_says_so(idle_bridge: Bridge, banner: Banner) -> None:
    """While the database is brought up to date the window says it, and no longer than that."""

    async def walk() -> None:
        telling = idle_bridge.start_task(tell_of_preparing(bridge=idle_bridge, banner=banner, patience_s=0.0))
        await until_said(banner)
        assert "Preparing" in banner.text()
        idle_bridge.start()
        await telling
        assert not banner.text()

    idle_bridge._loop.run_until_complete(walk())


def test_what_was_said_meanwhile_stays(idle_bridge: Bridge, banner: Banner) -> None:
    """Another sentence that came later is not taken away when the database is there."""

    async def walk() -> None:
        telling = idle_bridge.start_task(tell_of_preparing(bridge=idle_bridge, banner=banner, patience_s=0.0))
        await until_said(banner)
        banner.warn("Something else")
        idle_bridge.start()
        await telling
        assert banner.text() == "Something else"

    idle_bridge._loop.run_until_complete(walk())


def test_a_database_that_is_there_is_no_news(bridge: Bridge, banner: Banner) -> None:
    """Where the services open at once nothing is said."""
    said: list[str] = []

    async def walk() -> None:
        await tell_of_preparing(bridge=bridge, banner=banner, patience_s=3600.0)
        said.append(banner.text())

    bridge._loop.run_until_complete(walk())
    assert said == [""]
