"""The open session read again because it has changed: beside what the reader does in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop.domain.messages import NewMessage, Role
from desktop.domain.sessions import NewSession
from desktop.presenters.follower import RunFollower
from desktop.presenters.refresher import Refresher
from tests.presenters.stage import playing

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from desktop.services.backend import Backend


async def _forked(backend: Backend, *, below: int) -> tuple[str, int, int]:
    """Write a session whose first answer has two versions, one of them with many messages below it."""
    session = await backend.store.create_session(NewSession())
    (question,) = await backend.store.add_messages(session.id, None, [NewMessage(role=Role.USER, content="Why?")])
    new = [NewMessage(role=Role.ASSISTANT, content=f"long {number}") for number in range(below)]
    long = await backend.store.add_messages(session.id, question.id, new)
    (short,) = await backend.store.add_messages(
        session.id, question.id, [NewMessage(role=Role.ASSISTANT, content="short")]
    )
    await backend.store.choose_version(long[0].id)
    return session.id, long[0].id, short.id


def test_a_version_is_switched_in_its_place(qapp: QApplication, tmp_path: Path) -> None:
    """Also where one version ends the session and the other one goes on far below what is loaded."""
    with playing(qapp, tmp_path) as stage:
        session_id, long, short = stage.ask(partial(_forked, below=120))
        stage.chat.open(session_id)
        stage.until(lambda: stage.chat.session_id == session_id)
        stage.chat.pages.go_to(long)
        stage.until(lambda: stage.transcript.row_of(long) >= 0)
        for _ in range(4):
            stage.chat.choose_version(long, 1)
            stage.until(lambda: stage.transcript.row_of(short) >= 0)
            stage.rest()
            stage.chat.choose_version(short, -1)
            stage.rest()
            assert stage.transcript.row_of(long) >= 0


def test_nothing_is_taken_up_while_another_page_is_on_its_way(qapp: QApplication, tmp_path: Path) -> None:
    """A page that knows the reader's place is not forestalled by the newest one; afterwards it is read as ever."""
    with playing(qapp, tmp_path) as stage:
        session_id, _long, _short = stage.ask(partial(_forked, below=3))
        busy = [True]
        read: list[str] = []
        refresher = Refresher(
            bridge=stage.bridge,
            transcript=stage.transcript,
            follower=RunFollower(model=stage.transcript),
            session_id=lambda: session_id,
            is_busy=lambda: busy[0],
            parent=stage.chat,
        )
        refresher.read.connect(lambda page, _session_id: read.extend(each.content for each in page.messages()))
        refresher.refresh()
        stage.rest()
        assert read == []
        busy[0] = False
        refresher.refresh()
        stage.rest()
        assert read == ["Why?", "long 0", "long 1", "long 2"]


def test_what_was_left_aside_is_caught_up(qapp: QApplication, tmp_path: Path) -> None:
    """A change that came while another page was on its way is read when that one is there, and only then."""
    with playing(qapp, tmp_path) as stage:
        session_id, _long, _short = stage.ask(partial(_forked, below=3))
        busy = [True]
        read: list[str] = []
        refresher = Refresher(
            bridge=stage.bridge,
            transcript=stage.transcript,
            follower=RunFollower(model=stage.transcript),
            session_id=lambda: session_id,
            is_busy=lambda: busy[0],
            parent=stage.chat,
        )
        refresher.read.connect(lambda _page, session_id: read.append(session_id))
        refresher.catch_up()
        stage.rest()
        assert read == []
        refresher.refresh()
        stage.rest()
        assert read == []
        busy[0] = False
        refresher.catch_up()
        refresher.catch_up()
        stage.rest()
        assert read == [session_id]


def test_a_jump_into_another_version_shows_its_page_alone(qapp: QApplication, tmp_path: Path) -> None:
    """The end of the other version, which nobody wanted to see, is never shown on the way."""
    with playing(qapp, tmp_path) as stage:
        session_id, long, short = stage.ask(partial(_forked, below=300))
        stage.chat.open(session_id)
        stage.until(lambda: stage.chat.session_id == session_id)
        stage.chat.pages.go_to(short)
        stage.until(lambda: stage.transcript.row_of(short) >= 0)
        stage.rest()
        seen: list[str] = []
        transcript = stage.transcript
        transcript.rowsInserted.connect(
            lambda _parent, first, last: seen.extend(transcript.item(row).text for row in range(first, last + 1))
        )
        stage.chat.pages.go_to(long)
        stage.until(lambda: transcript.row_of(long) >= 0)
        stage.rest()
        assert "long 299" not in seen
        assert not stage.chat.pages.is_jumping
