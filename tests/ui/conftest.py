"""What the tests of widgets share: a theme that is worn, and sessions to list."""

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from desktop.domain.sessions import SessionListing
from desktop.presenters.session_list import SessionListModel
from desktop.ui.theme import Theme, load_theme

NOON = 1_795_262_400_000
"""2026-11-21 12:00 UTC, in milliseconds."""
HOUR = 3_600_000


@pytest.fixture
def theme() -> Theme:
    return load_theme("light")


@pytest.fixture
def listed(qtbot: QtBot) -> Callable[..., SessionListModel]:
    """Return a maker of models with a session for each of the given titles, an hour apart, newest first."""

    def make(*titles: str) -> SessionListModel:
        model = SessionListModel(now_ms=lambda: NOON)
        model.append(
            [
                SessionListing(
                    id=f"s{at}", title=title, model="", updated_at=NOON - at * HOUR, pinned=False, message_count=2
                )
                for at, title in enumerate(titles)
            ],
            has_more=False,
        )
        return model

    return make
