"""Fills a new data folder with the demo's sessions, for `--demo` and the pictures."""

from datetime import datetime
from pathlib import Path

from desktop.domain.deeds import AddRow, Kind, MarkSessions
from desktop.domain.messages import NewMessage, Outcome, Role, Status
from desktop.domain.organising import GUEST
from desktop.domain.sessions import NewSession
from desktop.services.demo_sessions import FOLDERS, DemoAnswer, DemoSession, DemoTurn, demo_sessions
from desktop.storage.store import Store

ANSWER_LAG_MS = 8_000


class _Clock:
    """A clock that is set by hand: sessions of last month are written as if it were last month."""

    def __init__(self) -> None:
        self.now_ms = 0

    def __call__(self) -> int:
        return self.now_ms


async def write_demo(folder: Path, *, now: datetime) -> bool:
    """Write the demo's sessions into the database in `folder`; one that has sessions already is left alone.

    `now` is a local time that knows its zone. Returns whether anything was written; raises `StoreError`.
    """
    clock = _Clock()
    sessions = sorted(demo_sessions(now), key=lambda session: session.at)
    clock.now_ms = sessions[0].at
    store = await Store.open(folder=folder, clock=clock)
    try:
        if store.read_only or await store.count_sessions() or await store.count_sessions(trashed=True):
            return False
        await _write_folders(store)
        for session in sessions:
            clock.now_ms = session.at
            await _write(store, session)
        return True
    finally:
        await store.close()


async def _write(store: Store, session: DemoSession) -> None:
    new = NewSession(
        title=session.title, title_is_auto=False, model=session.model, created_at=session.at - 2 * ANSWER_LAG_MS
    )
    written = await store.create_session(new)
    leaf: int | None = None
    for turn in session.turns:
        leaf = await _write_turn(store, written.id, leaf, turn, session)
    await store.update_session(
        written.id,
        pinned=session.pinned,
        is_active=not session.archived,
        is_resolved=session.resolved,
        folder_id=next((one.id for one in (await store.places(GUEST)).folders if one.name == session.folder), None),
    )
    for name in session.tags:
        tag = await store.tag_named(GUEST, name)
        if tag is None:
            await store.do(GUEST, (AddRow(Kind.TAG, {"name": name}),))
            tag = await store.tag_named(GUEST, name)
        assert tag is not None, "it was just written"
        await store.do(GUEST, (MarkSessions(tag.id, True, (written.id,)),))


async def _write_folders(store: Store) -> None:
    numbers: dict[str, int | None] = {"": None}
    for name, parent, colour in FOLDERS:
        values = {"name": name, "parent_id": numbers[parent], "colour": colour, "created_at": 0}
        await store.do(GUEST, (AddRow(Kind.FOLDER, values),))
        numbers |= {folder.name: folder.id for folder in (await store.places(GUEST)).folders}


async def _write_turn(
    store: Store, session_id: str, parent_id: int | None, turn: DemoTurn, session: DemoSession
) -> int:
    """Write a question and all versions of its answer; return the id of the one that is shown."""
    question = NewMessage(role=Role.USER, content=turn.question, created_at=session.at - ANSWER_LAG_MS)
    answers: list[int] = []
    asked: int | None = None
    for answer in turn.answers:
        begun = await store.begin_turn(
            session_id=session_id,
            parent_id=parent_id if asked is None else asked,
            user=question if asked is None else None,
            assistant=NewMessage(
                role=Role.ASSISTANT, status=Status.STREAMING, model=session.model, created_at=session.at
            ),
        )
        if begun.user is not None:
            asked = begun.user.id
        await store.finish(begun.assistant.id, _outcome(answer, session.model))
        answers.append(begun.assistant.id)
    shown = answers[turn.chosen]
    if len(answers) > 1:
        await store.choose_version(shown)
    return shown


def _outcome(answer: DemoAnswer, model: str) -> Outcome:
    return Outcome(
        status=Status.COMPLETE,
        content=answer.text,
        thinking=answer.thinking,
        model=model,
        usage=answer.usage,
        cost=answer.cost,
        response_time_ms=answer.response_time_ms,
        finish_reason="stop",
        metadata={"thinking_ms": answer.thinking_ms} if answer.thinking else {},
    )
