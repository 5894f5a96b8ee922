"""Keeps the shown part of a session true to its runs: nothing added twice, nothing left out.

A page read from the database may lag behind a run by half a second. So the text that the run holds is asked for in the
same breath, and every report says at which place its text begins: what is there already is dropped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desktop.domain.messages import Message, Role, Status
from desktop.domain.runs import LiveText, RunEnded, RunLoading, RunSent, RunStarted, RunText, RunUpdate, RunWaiting

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


async def read_page(backend: Backend, session_id: str, message_id: int | None = None) -> Page:
    """Read a session, around a message of it where one is named, and, without a pause between, the text of its runs."""
    library = backend.library
    return await with_live(backend, await (library.reveal(message_id) if message_id else library.open(session_id)))


async def read_own_page(backend: Backend, session_id: str, message_id: int | None = None) -> Page:
    """Read a session of the current profile, as `read_page`; raises `NotFound` for another one's."""
    await backend.library.check_own(session_id)
    return await read_page(backend, session_id, message_id)


async def read_window(backend: Backend, session_id: str, window: tuple[int, int] | None) -> Page:
    """Read again what is held of a session: so many messages of its path from a depth on, or its newest page."""
    if window is None:
        return await read_page(backend, session_id)
    page = await with_live(backend, await backend.library.span(session_id, *window))
    return page if page.opened.messages else await read_page(backend, session_id)


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
    """Applies pages and reports to the transcript of the open session.

    It also remembers what the runs of the other sessions are doing, so that coming back shows it at once.
    """

    def __init__(self, *, model: TranscriptListModel, now_s: Callable[[], float] = time.monotonic) -> None:
        self._model = model
        self._now_s = now_s
        self._held: dict[int, tuple[int, int]] = {}
        self._doing: dict[int, tuple[RunUpdate, float]] = {}
        self._waits = 0
        self._passed: list[RunText | RunEnded] = []

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Keep what is reported while a page is read: what its messages missed on the way is made up for."""
        self._waits += 1
        try:
            yield
        finally:
            self._waits -= 1
            if not self._waits:
                self._passed.clear()

    def clear(self) -> None:
        """Show nothing."""
        self._held = {}
        self._model.show((), has_older=False)

    def show(self, page: Page) -> None:
        """Show a page in place of whatever was there."""
        self._held = {}
        messages = page.messages()
        self._model.show(messages, has_older=page.opened.has_older, after=page.opened.after)
        self._hold(messages)

    def turn_to(self, page: Page) -> None:
        """Hold another part of the same session's path."""
        self._held = {}
        messages = page.messages()
        self._model.turn_to(messages, has_older=page.opened.has_older, after=page.opened.after)
        self._hold(messages)

    def prepend(self, messages: tuple[Message, ...], *, has_older: bool) -> bool:
        """Add an older page above; return False where it does not belong there."""
        first = self._model.first()
        if first is None or (messages and messages[-1].id != first.parent_id):
            return False
        self._model.prepend(messages, has_older=has_older)
        self._hold(messages)
        return True

    def append(self, page: Page) -> bool:
        """Add a newer page below; return False where it does not belong there."""
        messages, last = page.messages(), self._model.last()
        if last is None or not messages or messages[0].parent_id != last.id:
            return False
        self._model.append(messages, after=page.opened.after)
        self._hold(messages)
        return True

    def merge(self, page: Page, *, keeps_place: bool = False) -> None:
        """Bring what is shown up to a page of the same session, and touch only what is another.

        A page that has nothing in common with what is shown takes its place.
        """
        messages = page.messages()
        known = next((at for at, message in enumerate(messages) if self.shows(message.id)), None)
        if known is None:
            self.turn_to(page) if keeps_place else self.show(page)
            return
        for at, message in enumerate(messages[known:], known):
            if not self.shows(message.id):
                self._branch(messages[at:], after=page.opened.after, keeps_place=keeps_place)
                return
            self._take(message)
        last = self._model.last()
        if last is None:
            return
        if not page.opened.after and last.id != messages[-1].id:
            self._model.branch(messages[-1].id, ())
        else:
            self._model.grow(messages[-1].depth + 1 + page.opened.after)

    def _take(self, message: Message) -> None:
        held = message.id in self._held
        if held and message.status is Status.STREAMING:
            # Another process may be writing it, which sends no reports: the page is all there is.
            self._add_unseen(message.id, text=message.content, thinking=message.thinking)
            return
        shown = self._model.message(message.id)
        # A page that was read before the end is out of date.
        late = shown is not None and message.status is Status.STREAMING and shown.status is not Status.STREAMING
        if message != shown and not late:
            self._held.pop(message.id, None)
            self._model.replace(message)

    def shows(self, message_id: int) -> bool:
        """Whether a message is in the loaded part."""
        return self._model.row_of(message_id) >= 0

    def begin(self, user: Message | None, assistant: Message) -> None:
        """Show the messages of a turn below their parent; a second time changes nothing.

        Where the end of the path is not loaded it is only known to be longer.
        """
        if self.shows(assistant.id):
            return
        first, last = user or assistant, self._model.last()
        if first.parent_id is None or self.shows(first.parent_id):
            self._branch((assistant,) if user is None else (user, assistant))
        elif last is not None and self._model.has_newer and first.depth > last.depth:
            self._model.grow(assistant.depth + 1)

    def take_back(self) -> None:
        """Show no longer the question that waits to be stored."""
        waiting = self._model.message(WAITING_USER)
        if waiting is not None:
            self._model.branch(waiting.parent_id, ())

    def note(self, update: RunUpdate) -> None:
        """Remember what a run is doing, whichever session it is in."""
        match update:
            case RunLoading() | RunSent() | RunWaiting():
                self._doing[update.message_id] = (update, self._now_s())
            case RunText() | RunEnded():
                self._doing.pop(update.message_id, None)

    def apply(self, update: RunUpdate) -> None:
        """Follow one report about the open session."""
        if self._waits and isinstance(update, (RunText, RunEnded)):
            self._passed.append(update)
        self._apply(update)

    def _apply(self, update: RunUpdate) -> None:
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

    def _branch(self, messages: tuple[Message, ...], *, after: int = 0, keeps_place: bool = False) -> None:
        parent_id = messages[0].parent_id
        if parent_id is None or self.shows(parent_id):
            self._model.branch(parent_id, messages, after=after, keeps_place=keeps_place)
            self._hold(messages)

    def _hold(self, messages: tuple[Message, ...]) -> None:
        for message in messages:
            if message.status is Status.STREAMING:
                self._held[message.id] = (len(message.content), len(message.thinking))
                if message.id in self._doing:
                    self._model.follow(self._still(*self._doing[message.id]))
        fresh = {message.id for message in messages if message.status is Status.STREAMING}
        for update in [update for update in self._passed if update.message_id in fresh]:
            self._apply(update)

    def _still(self, update: RunUpdate, since_s: float) -> RunUpdate:
        if isinstance(update, RunWaiting):
            return replace(update, seconds=max(0.0, update.seconds - (self._now_s() - since_s)))
        return update

    def _add(self, update: RunText) -> None:
        self._add_unseen(
            update.message_id,
            text=update.text,
            thinking=update.thinking,
            offset=update.offset,
            thinking_offset=update.thinking_offset,
        )

    def _add_unseen(
        self, message_id: int, *, text: str, thinking: str, offset: int = 0, thinking_offset: int = 0
    ) -> None:
        """Add what goes beyond the text that is held of a message."""
        have = self._held.get(message_id)
        if have is None:
            return
        if not self.shows(message_id):  # dropped, as far from what is looked at: its page brings the text again
            del self._held[message_id]
            return
        text, thinking = unseen(text, offset, have[0]), unseen(thinking, thinking_offset, have[1])
        if text or thinking:
            self._held[message_id] = (have[0] + len(text), have[1] + len(thinking))
            self._model.add_text(message_id, text=text, thinking=thinking)
