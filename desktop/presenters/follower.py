"""Keeps the shown part of a session true to its runs: nothing added twice, nothing left out.

A page read from the database may lag behind a run by half a second. So the text that the run holds is asked for in the
same breath, and every report says at which place its text begins: what is there already is dropped.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop.domain.messages import Message, Role, Status
from desktop.domain.runs import LiveText, RunEnded, RunStarted, RunText, RunUpdate

if TYPE_CHECKING:
    from desktop.presenters.transcript import TranscriptListModel
    from desktop.services.backend import Backend
    from desktop.services.library import Opened


WAITING_USER, WAITING_ANSWER = -2, -1
"""The ids of a question and its answer that are shown before they are stored."""


@dataclass(frozen=True, slots=True)
class Page:
    """A session as read, with the text of the runs in it."""

    opened: Opened
    live: tuple[LiveText, ...]

    def messages(self) -> tuple[Message, ...]:
        """Return the messages with all the text that has arrived."""
        found = {each.message_id: each for each in self.live}
        return tuple(
            replace(message, content=found[message.id].text, thinking=found[message.id].thinking)
            if message.id in found
            else message
            for message in self.opened.messages
        )


async def read_page(backend: Backend, session_id: str) -> Page:
    """Read a session and, without a pause between, the text of its runs."""
    return await with_live(backend, await backend.library.open(session_id))


async def with_live(backend: Backend, opened: Opened) -> Page:
    """Add to a page the text of its runs."""
    writing = [message.id for message in opened.messages if message.status is Status.STREAMING]
    found = [await backend.chat.live(message_id) for message_id in writing]
    return Page(opened, tuple(live for live in found if live is not None))


def waiting_turn(text: str, *, session_id: str, after: Message | None, model: str) -> tuple[Message, Message]:
    """Return a question and its answer as they are shown before they are stored."""
    depth, now = (after.depth + 1 if after else 0), time.time_ns() // 1_000_000
    asked = Message(
        id=WAITING_USER,
        uid="",
        session_id=session_id,
        parent_id=after.id if after else None,
        depth=depth,
        role=Role.USER,
        content=text,
        created_at=now,
    )
    answer = Message(
        id=WAITING_ANSWER,
        uid="",
        session_id=session_id,
        parent_id=WAITING_USER,
        depth=depth + 1,
        role=Role.ASSISTANT,
        content="",
        created_at=now,
        model=model,
        status=Status.STREAMING,
    )
    return asked, answer


def unseen(text: str, offset: int, have: int) -> str:
    """Return the part of a piece of text that begins at `offset` which goes beyond the `have` characters held."""
    return text[max(0, have - offset) :]


class RunFollower:
    """Applies pages and reports to the transcript of the open session."""

    def __init__(self, *, model: TranscriptListModel) -> None:
        self._model = model
        self._held: dict[int, tuple[int, int]] = {}

    def clear(self) -> None:
        """Show nothing."""
        self._held = {}
        self._model.show((), has_older=False)

    def show(self, page: Page) -> None:
        """Show a page in place of whatever was there."""
        messages = page.messages()
        self._held = {}
        self._hold(messages)
        self._model.show(messages, has_older=page.opened.has_older)

    def merge(self, page: Page) -> None:
        """Bring what is shown up to a page of the same session, and touch only what is another."""
        messages = page.messages()
        if not any(self._model.row_of(message.id) >= 0 for message in messages):
            self.show(page)
            return
        for at, message in enumerate(messages):
            if self._model.row_of(message.id) < 0:
                self._hold(messages[at:])
                self._model.branch(message.parent_id, messages[at:])
                return
            if message.id not in self._held and message != self._model.message(message.id):
                self._model.replace(message)
        self._model.branch(messages[-1].id, ())

    def begin(self, user: Message | None, assistant: Message) -> None:
        """Show the messages of a turn below their parent; a second time changes nothing."""
        if self._model.row_of(assistant.id) < 0:
            fresh = (assistant,) if user is None else (user, assistant)
            self._hold(fresh)
            self._model.branch(fresh[0].parent_id, fresh)

    def apply(self, update: RunUpdate) -> None:
        """Follow one report about the open session."""
        match update:
            case RunStarted():
                self.begin(update.user, update.assistant)
            case RunText():
                self._add(update)
            case RunEnded():
                self._held.pop(update.message_id, None)
                self._model.replace(update.message)
            case _:
                self._model.follow(update)

    def _hold(self, messages: tuple[Message, ...]) -> None:
        for message in messages:
            if message.status is Status.STREAMING:
                self._held[message.id] = (len(message.content), len(message.thinking))

    def _add(self, update: RunText) -> None:
        have = self._held.get(update.message_id)
        if have is None:
            return
        text = unseen(update.text, update.offset, have[0])
        thinking = unseen(update.thinking, update.thinking_offset, have[1])
        if text or thinking:
            self._held[update.message_id] = (have[0] + len(text), have[1] + len(thinking))
            self._model.add_text(update.message_id, text=text, thinking=thinking)
