"""A person before the window, and servers that answer them; all of it is gone after the test."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.providers.library import Library
from tests.app.person import Person
from tests.wire.openai import OpenAIWire
from tests.wire.script import Script
from tests.wire.server import WireServer

Come = Callable[..., Person]
Serve = Callable[[Script], WireServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A maker of loopback servers that speak as OpenAI does."""
    servers: list[WireServer] = []

    def make(script: Script) -> WireServer:
        servers.append(WireServer(OpenAIWire(), script).start())
        return servers[-1]

    yield make
    for server in servers:
        server.stop()


@pytest.fixture(scope="session")
def library() -> None:
    """Load LiteLLM before any window: what lives while it is loaded is never collected, which only a test minds."""
    Library.load()


@pytest.fixture
def come(qapp: QApplication, tmp_path: Path, serve: Serve, library: None) -> Iterator[Come]:
    """Open the window: `come(server)` on the model of a wire server, `come("--session", …)` with other options."""
    people: list[Person] = []

    def open_window(
        server: WireServer | None = None, *argv: str, folder: Path = tmp_path / "data", wait: bool = True
    ) -> Person:
        model = () if server is None else ("--model", "wire-1", "--api-base", server.base)
        person = Person(*model, *argv, folder=folder)
        people.append(person)
        return person.ready() if wait else person

    yield open_window
    while people:  # the test still holds this fixture, so nobody may stay in its list
        people.pop().leave()
    gc.collect()  # here, on Qt's thread
