"""Random sequences of what a user can do to a session: the tree stays valid and no word is lost."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.messages import Status
from desktop.domain.sessions import NewSession
from desktop.storage.store import Store
from tests.storage.making import begin, done, search, streaming

PICK = st.integers(min_value=0, max_value=10_000)
Rows = dict[int, dict[str, object]]


def all_rows(db: APSWDatabase) -> Rows:
    cursor = db.execute_sql(
        "SELECT id, session_id, parent_id, depth, status, deleted_at, content FROM message ORDER BY id"
    )
    names = ("id", "session", "parent", "depth", "status", "deleted", "content")
    return {row[0]: dict(zip(names, row, strict=True)) for row in cursor}


class TreeOfMessages(RuleBasedStateMachine):
    """One session, and beside it what must be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="sobremesa-test-"))
        self.texts: dict[int, str] = {}
        self.streaming: list[int] = []
        self.rows: Rows = {}

    @initialize()
    def open(self) -> None:
        self.store = self.runner.run(Store.open(folder=self.folder))
        self.session = self.runner.run(self.store.create_session(NewSession())).id

    def pick(self, number: int, ids: list[int]) -> int:
        return ids[number % len(ids)]

    def living(self) -> list[int]:
        return [id_ for id_, row in self.rows.items() if row["deleted"] is None]

    @rule(number=PICK, below=st.booleans())
    def send(self, number: int, below: bool) -> None:
        living = self.living()
        parent = self.runner.run(self.store.message(self.pick(number, living))) if below and living else None
        text = f"question {len(self.texts)}"
        turn = self.runner.run(begin(self.store, self.session, text, parent))
        assert turn.user is not None
        self.texts[turn.user.id] = text
        self.texts[turn.assistant.id] = ""
        self.streaming.append(turn.assistant.id)

    @rule(number=PICK)
    @precondition(lambda self: self.living())
    def retry(self, number: int) -> None:
        turn = self.runner.run(
            self.store.begin_turn(
                session_id=self.session,
                parent_id=self.pick(number, self.living()),
                user=None,
                assistant=streaming(),
            )
        )
        self.texts[turn.assistant.id] = ""
        self.streaming.append(turn.assistant.id)

    @rule(number=PICK)
    @precondition(lambda self: self.streaming)
    def checkpoint(self, number: int) -> None:
        running = self.pick(number, self.streaming)
        self.texts[running] += f" piece{running}x{len(self.texts[running])}"
        self.runner.run(self.store.checkpoint(running, content=self.texts[running]))

    @rule(number=PICK, status=st.sampled_from([Status.COMPLETE, Status.STOPPED, Status.FAILED, Status.INTERRUPTED]))
    @precondition(lambda self: self.streaming)
    def finish(self, number: int, status: Status) -> None:
        running = self.pick(number, self.streaming)
        self.streaming.remove(running)
        self.runner.run(self.store.finish(running, done(self.texts[running], status)))

    @rule(number=PICK)
    @precondition(lambda self: self.living())
    def choose(self, number: int) -> None:
        self.runner.run(self.store.choose_version(self.pick(number, self.living())))

    @rule(number=PICK)
    @precondition(lambda self: self.rows)
    def trash(self, number: int) -> None:
        self.runner.run(self.store.trash_message(self.pick(number, list(self.rows))))

    @rule(number=PICK)
    @precondition(lambda self: self.rows)
    def restore(self, number: int) -> None:
        self.runner.run(self.store.restore_message(self.pick(number, list(self.rows))))

    @rule()
    def reopen(self) -> None:
        self.runner.run(self.store.close())
        self.store = self.runner.run(Store.open(folder=self.folder))
        assert set(self.runner.run(self.store.recover())) == set(self.streaming)
        self.streaming.clear()

    @invariant()
    def no_word_is_lost(self) -> None:
        self.rows = self.runner.run(self.store.read(all_rows))
        assert {id_: row["content"] for id_, row in self.rows.items()} == self.texts
        assert {id_ for id_, row in self.rows.items() if row["status"] == "streaming"} == set(self.streaming)

    @invariant()
    def the_tree_is_valid(self) -> None:
        for id_, row in self.rows.items():
            above = self.rows.get(row["parent"])  # type: ignore[call-overload]
            assert (above is None) == (row["parent"] is None)
            assert row["session"] == self.session
            assert row["depth"] == (above["depth"] + 1 if above else 0)
            assert above is None or above["id"] < id_
            assert row["deleted"] is not None or above is None or above["deleted"] is None

    @invariant()
    def the_session_fits_its_tree(self) -> None:
        session = self.runner.run(self.store.session(self.session))
        living = self.living()
        assert session.message_count == len(living)
        assert (session.active_leaf is None) == (not living)
        if session.active_leaf is None:
            return
        assert session.active_leaf in living
        path = self.runner.run(self.store.path(self.session, limit=10_000))
        assert path[-1].id == session.active_leaf
        assert [message.depth for message in path] == list(range(len(path)))
        assert [message.parent_id for message in path] == [None, *[message.id for message in path[:-1]]]
        for message in path:
            beside = [id_ for id_ in living if self.rows[id_]["parent"] == message.parent_id]
            assert (message.version, message.versions) == (beside.index(message.id) + 1, len(beside))

    @invariant()
    def what_is_final_is_found(self) -> None:
        found = {hit.message_id for hit in self.runner.run(search(self.store, "question", limit=10_000))}
        assert found == {id_ for id_ in self.living() if self.texts[id_].startswith("question")}

    def teardown(self) -> None:
        self.runner.run(self.store.close())
        self.runner.close()
        shutil.rmtree(self.folder)


TestTreeOfMessages = TreeOfMessages.TestCase
TestTreeOfMessages.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
