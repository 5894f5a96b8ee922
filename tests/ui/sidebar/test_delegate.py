"""How a session is painted and renamed in place."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop.presenters.session_list import SessionListModel
from desktop.ui.sidebar.session_view import SessionView
from desktop.ui.theme import Theme

Maker = Callable[..., SessionListModel]


@pytest.fixture
def view(qtbot: QtBot, theme: Theme, listed: Maker) -> SessionView:
    made = SessionView(theme=theme, model=listed("One", "Two", "Three"))
    qtbot.addWidget(made)
    made.resize(272, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_title_that_is_being_typed_outlives_another_one(qtbot: QtBot, view: SessionView) -> None:
    """The session gets a title by itself meanwhile: what somebody writes is not lost."""
    view.rename("s1")
    editor = view.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "Mine")
    listing = view._sessions.listing("s1")
    assert listing is not None
    view._sessions.apply({"s1": replace(listing, title="Of its own")})
    assert editor.text() == "Mine"


@pytest.mark.parametrize(("title", "line"), [("One\ntwo", "One two"), ("One\u202etwo", "One\u200btwo")])
def test_a_title_is_one_line_that_turns_nothing_around(view: SessionView, title: str, line: str) -> None:
    """However it was written: it looks like the words without their steering."""
    listing = view._sessions.listing("s1")
    assert listing is not None
    pictures = []
    for each in (title, line):
        view._sessions.apply({"s1": replace(listing, title=each)})
        pictures.append(view.grab().toImage())
    assert pictures[0] == pictures[1]
