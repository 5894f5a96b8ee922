"""A store of one process's memory, for conversations that shall leave no trace on the disk."""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from desktop.domain.context import Mark, PathRow, Walk
from desktop.domain.faults import NotFound
from desktop.domain.messages import Message, NewMessage, Outcome, Role, Status, Turn
from desktop.domain.requests import ContextMessage
from desktop.domain.sessions import NewSession, Session
from desktop.domain.spending import Charge
from desktop.domain.summaries import StoredSummary, SummaryState
from desktop.i18n import _


class MemoryStore:
    """Keeps sessions and messages as long as it lives; the conversation part of `storage.store.Store`."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}
        self._messages: dict[int, Message] = {}
        self._beside: dict[tuple[str, int | None], list[int]] = {}
        self._marks: dict[int, Mark] = {}
        self._facts: dict[str, dict[str, tuple[float, float]]] = {}
        self._summaries: list[StoredSummary] = []
        self.charges: list[tuple[str, Charge]] = []
        """What was asked beside the answers, with the session it was for."""

    async def folder_defaults(self, folder_id: int) -> tuple[str, str]:
        """Raise `NotFound`: there are no folders here."""
        raise NotFound(_("There is no folder {number}.").format(number=folder_id))

    async def create_session(self, new: NewSession) -> Session:
        """Begin a session."""
        now = _now_ms()
        session = Session(
            id=new.id or str(uuid.uuid4()),
            title=new.title,
            created_at=now,
            updated_at=now,
            title_is_auto=new.title_is_auto,
            system_prompt=new.system_prompt,
            model=new.model,
            params=new.params,
            context=new.context,
            language=new.language,
        )
        self._sessions[session.id] = session
        return session

    async def session(self, session_id: str) -> Session:
        """Return a session; raises `NotFound`."""
        if session_id not in self._sessions:
            raise NotFound(_("There is no session {id}.").format(id=session_id))
        return self._sessions[session_id]

    async def message(self, message_id: int) -> Message:
        """Return a message; raises `NotFound`."""
        if message_id not in self._messages:
            raise NotFound(_("There is no message {id}.").format(id=message_id))
        message = self._messages[message_id]
        beside = self._beside[message.session_id, message.parent_id]
        return replace(message, version=beside.index(message_id) + 1, versions=len(beside))

    async def add_messages(
        self, session_id: str, parent_id: int | None, new: Sequence[NewMessage]
    ) -> tuple[Message, ...]:
        """Append messages below `parent_id`, each below the one before it."""
        await self.session(session_id)
        added: list[Message] = []
        for one in new:
            added.append(self._add(session_id, added[-1].id if added else parent_id, one))
        return tuple(added)

    async def begin_turn(
        self,
        *,
        session_id: str,
        parent_id: int | None,
        user: NewMessage | None,
        assistant: NewMessage,
        title: str | None = None,
    ) -> Turn:
        """Write the user's message and the answer's empty row."""
        session = await self.session(session_id)
        if title is not None:
            self._sessions[session_id] = replace(session, title=title)
        question = self._add(session_id, parent_id, user) if user is not None else None
        answer = self._add(session_id, question.id if question else parent_id, assistant)
        return Turn(user=question, assistant=answer)

    async def path(
        self, session_id: str, *, leaf: int | None = None, limit: int = 50, before_depth: int | None = None
    ) -> tuple[Message, ...]:
        """Return a page of the path that ends at `leaf`, root to leaf."""
        place = leaf if leaf is not None else (await self.session(session_id)).active_leaf
        found: list[Message] = []
        while place is not None and len(found) < limit:
            message = await self.message(place)
            if before_depth is None or message.depth < before_depth:
                found.append(message)
            place = message.parent_id
        return tuple(reversed(found))

    async def excluded(self, _session_id: str) -> frozenset[int]:
        """Return the messages that are kept out of the context: here nobody marks any."""
        return frozenset()

    async def summaries(self, session_id: str, leaf: int | None) -> tuple[StoredSummary, ...]:
        """Return the newest summary for each end it has on the path to `leaf`, the furthest first."""
        found: dict[int, StoredSummary] = {}
        place = leaf
        while self._summaries and place is not None:
            for one in self._summaries:
                if one.last_id == place and one.session_id == session_id:
                    found[place] = one
            place = self._messages[place].parent_id
        return tuple(found.values())

    async def summary(self, summary_id: int) -> StoredSummary:
        """Return a summary; raises `NotFound`."""
        if not 0 < summary_id <= len(self._summaries):
            raise NotFound(_("There is no summary {id}.").format(id=summary_id))
        return self._summaries[summary_id - 1]

    async def add_summary(self, *, first_id: int, last_id: int, text: str, model: str) -> StoredSummary:
        """Keep a summary of the messages between two of a path."""
        first, last = await self.message(first_id), await self.message(last_id)
        made = StoredSummary(
            id=len(self._summaries) + 1,
            session_id=last.session_id,
            first_depth=first.depth,
            last_depth=last.depth,
            last_id=last_id,
            text=text,
            model=model,
            is_edited=False,
            state=SummaryState.NONE,
            created_at=_now_ms(),
        )
        self._summaries.append(made)
        return made

    async def edit_summary(self, summary_id: int, text: str) -> StoredSummary:
        """Keep another summary in the place of one, by the user's hand; raises `NotFound`."""
        made = replace(await self.summary(summary_id), id=len(self._summaries) + 1, text=text, model="", is_edited=True)
        self._summaries.append(made)
        return made

    async def set_summary_state(self, summary_id: int, state: SummaryState) -> StoredSummary:
        """Pin a summary, switch it off, or neither; raises `NotFound`."""
        made = self._summaries[summary_id - 1] = replace(await self.summary(summary_id), state=state)
        return made

    async def update_session(self, session_id: str, **changes: Any) -> Session:
        """Change facts of a session."""
        made = self._sessions[session_id] = replace(await self.session(session_id), **changes)
        return made

    async def charge(self, session_id: str, spent: Charge) -> None:
        """Keep what was asked beside the answers."""
        self.charges.append((session_id, spent))

    async def walk(self, _session_id: str, leaf: int, *, encoding: str, enough: Callable[[PathRow], bool]) -> Walk:
        """Return the path to `leaf` from its end until `enough` says so, and what is pinned further up."""
        newest: list[PathRow] = []
        place: int | None = leaf
        while place is not None and (not newest or not enough(newest[-1])):
            newest.append(self._row(place, encoding))
            place = self._messages[place].parent_id
        pinned: list[PathRow] = []
        while place is not None:
            pinned.append(self._row(place, encoding))
            place = self._messages[place].parent_id
        if not any(row.mark is Mark.PINNED for row in pinned):
            pinned.clear()
        return Walk(tuple(newest), tuple(reversed(pinned)))

    async def words(self, ids: Sequence[int]) -> dict[int, ContextMessage]:
        """Return what would be sent of messages, by id."""
        return {
            one.id: ContextMessage(
                role=one.role, content=one.content, tool_calls=one.tool_calls, tool_call_id=one.tool_call_id
            )
            for one in map(self._messages.__getitem__, ids)
        }

    async def mark_message(self, message_id: int, mark: Mark) -> None:
        """Pin a message to the context, keep it out of it, or neither."""
        self._marks[message_id] = mark

    async def model_facts(self, address: str) -> Mapping[str, tuple[float, float]]:
        """Return what a model taught: a value and its weight by name."""
        return self._facts.get(address, {})

    async def learn(self, address: str, name: str, value: float, weight: float = 0.0) -> None:
        """Keep what a model taught."""
        self._facts.setdefault(address, {})[name] = (value, weight)

    def _row(self, message_id: int, encoding: str) -> PathRow:
        one = self._messages[message_id]
        text = one.content + "".join(call.name + call.arguments for call in one.tool_calls)
        return PathRow(
            one.id,
            one.depth,
            one.role,
            len(text.encode("utf-8", "replace")),
            one.tokens.get(encoding),
            bool(one.content),
            one.role is not Role.SYSTEM and one.status is not Status.STREAMING,
            tuple(call.id for call in one.tool_calls),
            one.tool_call_id,
            self._marks.get(message_id, Mark.NONE),
        )

    async def remember_tokens(self, encoding: str, counts: Mapping[int, int]) -> None:
        """Keep the token lengths of messages (by id) in one encoding."""
        for message_id, tokens in counts.items():
            known = self._messages[message_id]
            self._messages[message_id] = replace(known, tokens={**known.tokens, encoding: tokens})

    async def checkpoint(self, message_id: int, *, content: str, thinking: str) -> None:
        """Keep the text so far; a message that is final is left as it is."""
        known = await self.message(message_id)
        if known.status is Status.STREAMING:
            self._messages[message_id] = replace(known, content=content, thinking=thinking)

    async def finish(self, message_id: int, outcome: Outcome) -> Message:
        """Make a message final."""
        known = await self.message(message_id)
        self._messages[message_id] = replace(
            known,
            status=outcome.status,
            content=outcome.content,
            thinking=outcome.thinking,
            tool_calls=outcome.tool_calls,
            usage=outcome.usage,
            cost=outcome.cost,
            response_time_ms=outcome.response_time_ms,
            finish_reason=outcome.finish_reason,
            fault=outcome.fault,
            metadata=outcome.metadata,
        )
        return await self.message(message_id)

    def _add(self, session_id: str, parent_id: int | None, new: NewMessage) -> Message:
        parent = self._messages[parent_id] if parent_id is not None else None
        beside = self._beside.setdefault((session_id, parent_id), [])
        message = Message(
            id=len(self._messages) + 1,
            uid=str(uuid.uuid4()),
            session_id=session_id,
            parent_id=parent_id,
            depth=parent.depth + 1 if parent is not None else 0,
            role=new.role,
            content=new.content,
            created_at=new.created_at if new.created_at is not None else _now_ms(),
            author=new.author,
            thinking=new.thinking,
            status=new.status,
            tool_calls=new.tool_calls,
            tool_call_id=new.tool_call_id,
            model=new.model,
            metadata=new.metadata,
            version=len(beside) + 1,
            versions=len(beside) + 1,
        )
        beside.append(message.id)
        self._messages[message.id] = message
        session = self._sessions[session_id]
        self._sessions[session_id] = replace(
            session, active_leaf=message.id, message_count=session.message_count + 1, updated_at=_now_ms()
        )
        return message


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
