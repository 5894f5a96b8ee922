"""The rows of a made database: folders and tags, sessions, and trees of messages with versions, tools and faults."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus_shape import END_MS, FOLDERS, GUEST, TAGS, WORK, Talk, made_id
from corpus_text import Writer

from desktop.domain.organising import COLOURS
from desktop.storage.words import digest

MESSAGE_COLUMNS = (
    "id", "session_id", "parent_id", "depth", "role", "status", "deleted_at", "created_at", "uid", "model",
    "input_tokens", "output_tokens", "cost", "response_time_ms", "finish_reason", "tool_call_id", "digest", "tokens",
    "fault", "metadata", "tool_calls", "thinking", "content",
)  # fmt: skip
SESSION_COLUMNS = (
    "number", "id", "profile_id", "title", "pinned", "is_active", "is_resolved", "deleted_at", "created_at",
    "updated_at", "folder_id", "model",
)  # fmt: skip
NEEDLES = {
    "zephyrquartz": 3,
    "violet harbour lantern": 2,
    "Čajovník": 2,
    "琥珀燈塔": 3,
    "reconcile_ledger_v7": 2,
}
"""Words that stand nowhere else, and in how many messages they stand."""
Step = tuple[str, list[tuple[Any, ...]]]
"""A statement, and the rows for which it is to be done."""
_FAULTS = ('{"kind": "offline"}', '{"kind": "rate_limited", "status": 429}')
_KEPT = 8
"""How far up a path a new version may begin."""


def insert(table: str, columns: Sequence[str]) -> str:
    """Return the statement that writes a row."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


def furniture(writer: Writer, dice: random.Random) -> Iterator[Step]:
    """Yield what stands in a database beside its sessions: a second profile, folders, tags, searches and prompts."""
    began = END_MS - 800 * 86_400_000
    yield insert("profile", ("id", "name", "created_at", "colour")), [(WORK, "Work", began, "blue")]
    folders: list[tuple[Any, ...]] = []
    tags: list[tuple[Any, ...]] = []
    for profile in (GUEST, WORK):
        levels: dict[int, list[int]] = {}
        for level, (above, each) in FOLDERS.items():
            levels[level] = []
            for place in range(each):
                number = len(folders) + 1
                parent = None if above is None else levels[level - 1][place]
                name = writer.title(writer.subject())[:30] or "Folder"
                folders.append((number, profile, parent, name, place, began, dice.choice(COLOURS)))
                levels[level].append(number)
        tags += [
            (len(tags) + place, profile, f"{dice.choice(writer.subject().topics)}-{place}", dice.choice(COLOURS))
            for place in range(1, TAGS + 1)
        ]
        searches = ("has:code", "is:pinned", "role:user after:2026-01")
        yield (
            insert("saved_search", ("profile_id", "name", "query", "position", "created_at")),
            [(profile, query.replace(":", " "), query, place, began) for place, query in enumerate(searches)],
        )
        yield (
            insert("prompt", ("profile_id", "name", "text", "created_at")),
            [(profile, f"Prompt {place}", writer.question(writer.subject()), began) for place in range(10)],
        )
    yield insert("folder", ("id", "profile_id", "parent_id", "name", "position", "created_at", "colour")), folders
    yield insert("tag", ("id", "profile_id", "name", "colour")), tags


def session_rows(talks: list[Talk], titles: list[str]) -> Step:
    """Return the sessions; their leaf and their counts come later, when their messages are there."""
    rows = [
        (
            talk.number, talk.id, talk.profile, title, talk.pinned, not talk.is_archived, talk.is_resolved,
            talk.deleted_at, talk.began, talk.began, talk.folder, talk.model,
        )
        for talk, title in zip(talks, titles, strict=True)
    ]  # fmt: skip
    return insert("session", SESSION_COLUMNS), rows


def session_ends(talks: list[Talk]) -> Step:
    """Return what the messages made of the sessions."""
    return (
        "UPDATE session SET active_leaf = ?, message_count = ?, updated_at = ? WHERE number = ?",
        [(talk.stack[-1][0] if talk.stack else None, talk.live, talk.updated, talk.number) for talk in talks],
    )


@dataclass(slots=True, kw_only=True)
class Rows:
    """Makes the rows of messages, and remembers what is to be written beside them."""

    talks: list[Talk]
    writer: Writer
    dice: random.Random
    total: int
    text_bytes: int = 0
    needles: dict[str, list[int]] = field(default_factory=dict)
    _tags: list[tuple[str, int]] = field(default_factory=list)
    _attachments: list[tuple[Any, ...]] = field(default_factory=list)
    _hidden: list[str] = field(default_factory=list)
    _next: int = 0
    """The message into which the next needle goes; where a search must not find it, one of those behind it."""

    def __post_init__(self) -> None:
        self._hidden = [text for text, times in NEEDLES.items() for _time in range(times)]
        self._next = self.total // (len(self._hidden) + 1)

    def some(self, times: list[tuple[int, int]], first: int) -> Iterator[Step]:
        """Yield messages in the order of writing, with the tags and attachments that come with them."""
        rows = [self._message(first + number, at, self.talks[place]) for number, (at, place) in enumerate(times)]
        yield insert("message", MESSAGE_COLUMNS), rows
        yield insert("session_tag", ("session_id", "tag_id")), self._tags
        yield insert("attachment", ("message_id", "name", "media_type", "digest", "size")), self._attachments
        self._tags, self._attachments = [], []

    def _message(self, number: int, at: int, talk: Talk) -> tuple[Any, ...]:
        random_ = self.dice.random
        stack = talk.stack
        if not stack:
            self._tag(talk)
        # One message in 25 is another version of one of the newest; a third of those were thrown away again.
        is_version = len(stack) > 1 and random_() < 0.04
        is_trashed = is_version and random_() < 0.33
        if is_version and not is_trashed:
            del stack[-1 - int(random_() * (len(stack) - 1)) :]
        elif is_trashed:
            stack = stack[:-1]
        parent = stack[-1] if stack else (None, -1, "assistant")
        role, calls, call_id, thinking = "assistant", "[]", "", ""
        spent: tuple[Any, ...] = (None, None, None, None, "")
        status, fault, metadata, tokens, model = "complete", None, "{}", "{}", ""
        subject = talk.subject
        if parent[2] == "assistant":
            role = "user"
            content = self.writer.question(subject)
        elif parent[2] == "call":
            role, call_id = "tool", f"call_{number - 1}"
            content = self.writer.tool_result(subject)
        else:
            model = talk.model
            content = self.writer.answer(subject)
            status, fault, calls = self._ending(number)
            if fault:
                content = ""
            if random_() < 0.12:
                thinking = self.writer.thought(subject)
            length = len(content) // 4
            spent = (1000 + length, length, round(length * 1e-5, 6), 1500 + length * 12, "stop")
            metadata = '{"first_token_ms": 640}'
        if role != "tool":
            tokens = f'{{"o200k_base": {len(content) // 4}}}'
        if role == "user" and random_() < 0.01:
            self._attachments.append((number, "notes.txt", "text/plain", made_id(self.dice).replace("-", ""), 2048))
        is_found = status == "complete" and not is_trashed and talk.profile == GUEST and talk.deleted_at is None
        if self._hidden and number >= self._next and is_found:
            content = self._hide(number, content)
        self._remember(talk, (number, parent[1] + 1, "call" if calls != "[]" else role), at, is_trashed)
        self.text_bytes += len(content.encode()) + len(thinking.encode())
        return (
            number, talk.id, parent[0], parent[1] + 1, role, status, at if is_trashed else None, at,
            made_id(self.dice), model, *spent, call_id, digest(content, thinking), tokens, fault, metadata, calls,
            thinking, content,
        )  # fmt: skip

    def _ending(self, number: int) -> tuple[str, str | None, str]:
        """Return how an answer ended: its status, its fault and the tools it called."""
        chance = self.dice.random()
        if chance < 0.04:
            return "complete", None, json.dumps([{"id": f"call_{number}", "name": "search_files", "arguments": "{}"}])
        if chance < 0.05:
            return "interrupted", None, "[]"
        return ("failed", _FAULTS[number % 2], "[]") if chance < 0.055 else ("complete", None, "[]")

    def _remember(self, talk: Talk, node: tuple[int, int, str], at: int, is_trashed: bool) -> None:
        talk.updated = max(talk.updated, at)
        if is_trashed:
            return
        talk.live += 1
        talk.stack.append(node)
        if len(talk.stack) > 2 * _KEPT:
            del talk.stack[:_KEPT]

    def _tag(self, talk: Talk) -> None:
        if self.dice.random() < 0.3:
            chosen = {int(TAGS * self.dice.random() ** 2) for _tag in range(self.dice.randint(1, 3))}
            self._tags += [(talk.id, (talk.profile - 1) * TAGS + 1 + tag) for tag in sorted(chosen)]

    def _hide(self, number: int, content: str) -> str:
        """Return `content` with the next needle in it."""
        text = self._hidden.pop(0)
        self.needles.setdefault(text, []).append(number)
        self._next = number + (self.total - number) // (len(self._hidden) + 1)
        return f"{content}\n\nHere: {text}({number}) 在{text}旁"
