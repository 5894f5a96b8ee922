"""kill -9 at any instant: nothing that was acknowledged is lost, nothing is there twice, the database is sound."""

import asyncio
import random
from pathlib import Path

import pytest
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.messages import Status
from desktop.storage.store import Store
from tests.storage.children import Child
from tests.storage.conftest import OpenStore
from tests.storage.making import begin, done, talk, texts, user

STREAMS = """
    async def main():
        store = await Store.open(folder=folder)
        await store.create_session(NewSession(id="s"))
        turn = await store.begin_turn(
            session_id="s",
            parent_id=None,
            user=NewMessage(role=Role.USER, content="the question"),
            assistant=NewMessage(role=Role.ASSISTANT, status=Status.STREAMING),
        )
        text = ""
        for n in range(100_000):
            print(len(text), flush=True)
            text += f"word {n} "
            await store.checkpoint(turn.assistant.id, content=text, thinking=text)
    asyncio.run(main())
"""

SENDS = """
    async def main():
        store = await Store.open(folder=folder)
        await store.create_session(NewSession(id="s"))
        parent = None
        for n in range(100_000):
            print("sending", n, flush=True)
            turn = await store.begin_turn(
                session_id="s",
                parent_id=parent,
                user=NewMessage(role=Role.USER, content=f"message {n}"),
                assistant=NewMessage(role=Role.ASSISTANT, status=Status.STREAMING),
                title="message 0",
            )
            print("sent", n, flush=True)
            await store.finish(turn.assistant.id, Outcome(status=Status.COMPLETE, content=f"answer {n}"))
            parent = turn.assistant.id
    asyncio.run(main())
"""

FINISHES = """
    async def main():
        store = await Store.open(folder=folder)
        turn = await store.begin_turn(
            session_id="s",
            parent_id=None,
            user=NewMessage(role=Role.USER, content="by the command line"),
            assistant=NewMessage(role=Role.ASSISTANT, status=Status.STREAMING),
        )
        print(turn.assistant.id, flush=True)
        sys.stdin.read()
        await store.finish(turn.assistant.id, Outcome(status=Status.COMPLETE, content="its answer"))
        await store.close()
    asyncio.run(main())
"""

WRITES = """
    async def main():
        store = await Store.open(folder=folder)
        for n in range(40):
            await store.add_messages("theirs", None, [NewMessage(role=Role.USER, content=f"theirs {n}")])
        await store.close()
    asyncio.run(main())
"""


CHECK_WORDS = [
    f"INSERT INTO {table}({table}) VALUES ('integrity-check')" for table in ("message_words", "session_words")
]


def check_words(db: APSWDatabase) -> None:
    """Let FTS5 look at its indexes; it raises what it finds."""
    for statement in CHECK_WORDS:
        db.execute_sql(statement)


async def sound(store: Store) -> bool:
    """Whether SQLite finds nothing wrong, in the tables, the references and the full-text indexes."""
    checks = await store.read(
        lambda db: [
            *db.execute_sql("PRAGMA integrity_check").fetchall(),
            *db.execute_sql("PRAGMA foreign_key_check").fetchall(),
        ]
    )
    await store.call(check_words)
    return checks == [("ok",)]


def killed_somewhere(program: str, folder: Path, seed: int) -> list[str]:
    """Run `program`, kill it after some of its lines, and return all that it had printed."""
    with Child(program, folder) as child:
        seen = [child.line() for _ in range(random.Random(seed).randrange(1, 60))]
        return seen + child.kill()


@pytest.mark.parametrize("seed", range(6))
async def test_a_killed_stream_keeps_its_text_up_to_the_last_checkpoint(
    open_store: OpenStore, folder: Path, seed: int
) -> None:
    """Question and answer are there, the answer at least as far as was acknowledged, marked as interrupted."""
    acknowledged = int(killed_somewhere(STREAMS, folder, seed)[-1])
    store = await open_store()
    question, reply = await store.path("s")
    assert await store.recover() == (reply.id,)
    reply = await store.message(reply.id)
    whole = "".join(f"word {n} " for n in range(100_000))
    assert (question.content, reply.status) == ("the question", Status.INTERRUPTED)
    assert len(reply.content) >= acknowledged
    assert whole.startswith(reply.content)
    assert reply.thinking == reply.content
    assert await sound(store)
    turn = await begin(store, "s", "going on", reply)
    await store.finish(turn.assistant.id, done("of course"))
    assert len(await store.path("s")) == 4


@pytest.mark.parametrize("seed", range(6))
async def test_a_message_killed_while_sending_is_there_exactly_once(
    open_store: OpenStore, folder: Path, seed: int
) -> None:
    """Every message that was shown as sent is there once; the one in between is there with its answer, or not."""
    lines = killed_somewhere(SENDS, folder, seed)
    sending = sum(line.startswith("sending") for line in lines)
    sent = sum(line.startswith("sent") for line in lines)
    store = await open_store()
    await store.recover()
    path = [message async for page in store.whole_path("s") for message in page]
    asked = [message.content for message in path[::2]]
    assert sent <= len(asked) <= sending
    assert asked == [f"message {n}" for n in range(len(asked))]
    assert len(path) == 2 * len(asked)
    assert {message.status for message in path[1:-1:2]} <= {Status.COMPLETE}
    session = await store.session("s")
    assert session.message_count == len(path)
    assert session.title == ("message 0" if asked else "")
    assert await sound(store)


async def test_a_command_line_beside_a_window_is_not_disturbed(open_store: OpenStore, folder: Path) -> None:
    """A window that starts while another process streams leaves its message alone, and sees it become final."""
    store = await open_store()
    await talk(store, id="s")
    with Child(FINISHES, folder) as child:
        message = int(child.line())
        assert await store.recover() == ()
        assert (await store.message(message)).status is Status.STREAMING
        assert child.end() == 0
    found = await store.message(message)
    assert (found.content, found.status) == ("its answer", Status.COMPLETE)


async def test_what_another_process_wrote_is_noticed(open_store: OpenStore, folder: Path) -> None:
    """The version changes with the writes of others, and never with one's own."""
    store = await open_store()
    await talk(store, id="s")
    before = await store.data_version()
    await talk(store, "my own", "words")
    assert await store.data_version() == before
    with Child(FINISHES, folder) as child:
        child.line()
        during = await store.data_version()
        assert during != before
        assert child.end() == 0
    assert await store.data_version() != during
    assert texts(await store.path("s")) == ["by the command line", "its answer"]


async def test_two_processes_write_into_one_folder(open_store: OpenStore, folder: Path) -> None:
    """Both write at once, nothing is lost or mixed, and nobody is refused."""
    store = await open_store()
    await talk(store, id="theirs")
    await talk(store, id="mine")
    with Child(WRITES, folder) as child:
        for n in range(40):
            await store.add_messages("mine", None, [user(f"mine {n}")])
        assert await asyncio.to_thread(child.end) == 0
    for name in ("mine", "theirs"):
        session = await store.session(name)
        assert session.message_count == 40
        assert session.active_leaf is not None
        ids = await store.siblings(session.active_leaf)
        assert [(await store.message(id_)).content for id_ in ids] == [f"{name} {n}" for n in range(40)]
    assert await sound(store)
