"""Finding in the open session, on real services: counts, the current match, and what a change of the path does."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop.domain.finding import Match
from desktop.domain.messages import Message, NewMessage, Role
from desktop.domain.path_map import PathMap
from desktop.domain.sessions import NewSession
from desktop.presenters.find import FindPresenter, FindState
from desktop.providers.scripted import Hold, Say, Script
from tests.presenters.stage import Stage, playing

if TYPE_CHECKING:
    from desktop.services.backend import Backend


class Finding:
    """A session that is looked through."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.presenter = FindPresenter(bridge=stage.bridge)
        self.states: list[FindState] = [FindState()]
        self.gone: list[Match] = []
        self.maps: list[PathMap] = []
        self.words: list[tuple[int, str]] = []
        self.presenter.state_changed.connect(self.states.append)
        self.presenter.go_wanted.connect(self.gone.append)
        self.presenter.path_changed.connect(self.maps.append)
        self.presenter.words_told.connect(lambda depth, words: self.words.append((depth, words)))
        stage.chat.session_changed.connect(self.presenter.open_session)

    @property
    def state(self) -> FindState:
        return self.states[-1]

    def write(self, *texts: str, session_id: str = "s") -> list[Message]:
        """Write a session of one path, and open it."""

        async def work(backend: Backend) -> list[Message]:
            session = await backend.store.create_session(NewSession(id=session_id))
            new = [
                NewMessage(role=Role.ASSISTANT if at % 2 else Role.USER, content=text) for at, text in enumerate(texts)
            ]
            return list(await backend.store.add_messages(session.id, None, new))

        written = self.stage.ask(work)
        self.open(session_id, len(texts))
        return written

    def open(self, session_id: str, length: int) -> None:
        """Open a session, and wait for its map."""
        self.stage.chat.open(session_id)
        self.stage.until(lambda: self.stage.chat.session_id == session_id and len(self.presenter.path) == length)

    def look(self, text: str, *, top: int = 0, match_case: bool = False) -> None:
        """Look for a text to the end."""
        self.presenter.look_for(text, match_case=match_case, top=top)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is under way."""
        self.stage.rest()

    def step(self, by: int, *, top: int = 0) -> tuple[int, int]:
        """Go to another match; return the number that is shown and where it is gone to."""
        self.gone.clear()
        self.presenter.step(by, top=top)
        self.stage.until(lambda: bool(self.gone))
        return self.state.number, self.gone[-1].depth


@contextmanager
def finding(qapp: QApplication, folder: Path, *scripts: Script) -> Iterator[Finding]:
    with playing(qapp, folder, list(scripts)) as stage:
        yield Finding(stage)


def test_matches_of_the_whole_session_are_counted(qapp: QApplication, tmp_path: Path) -> None:
    """Far more than is loaded, and the first in sight is gone to."""
    with finding(qapp, tmp_path) as found:
        found.write(*["a word and a word", "no match"] * 150)
        assert found.stage.transcript.rowCount() < 300
        found.look("word", top=250)
        assert found.state == FindState(total=300, number=251, complete=True, active=True)
        assert (found.gone[-1].depth, found.gone[-1].start) == (250, 2)


def test_steps_go_round(qapp: QApplication, tmp_path: Path) -> None:
    """After the last match comes the first, and before the first the last."""
    with finding(qapp, tmp_path) as found:
        found.write("word word", "nothing", "word", "nothing")
        found.look("word")
        assert found.state.number == 1
        assert [found.step(1) for _ in range(3)] == [(2, 0), (3, 2), (1, 0)]
        assert [found.step(-1) for _ in range(3)] == [(3, 2), (2, 0), (1, 0)]


def test_without_a_match_in_sight_the_nearest_above_is_taken(qapp: QApplication, tmp_path: Path) -> None:
    """The reader is moved as little as may be."""
    with finding(qapp, tmp_path) as found:
        found.write("word", "word word", "x", "x", "x", "x")
        found.look("word", top=4)
        assert found.state.number == 3
        assert (found.gone[-1].depth, found.gone[-1].start) == (1, 5)


def test_in_a_long_message_the_search_begins_where_one_reads(qapp: QApplication, tmp_path: Path) -> None:
    """Not at its first match far above; and below its last one, with the next message."""
    with finding(qapp, tmp_path) as found:
        found.write("?", "word\n\nword\n\nx\n\nword", "word")
        found.presenter.look_for("word", match_case=False, top=1, part=(1, 2))
        found.settle()
        assert (found.state.number, found.gone[-1].index) == (3, 3)
        found.presenter.stop()
        found.presenter.look_for("word", match_case=False, top=1, part=(2, 0))
        found.settle()
        assert (found.state.number, found.gone[-1].depth) == (4, 2)


def test_what_is_below_the_page_is_counted_too(qapp: QApplication, tmp_path: Path) -> None:
    """A search that begins in the middle goes down first, and then up from where it began."""
    with finding(qapp, tmp_path) as found:
        found.write(*["word"] * 10)
        found.look("word", top=3)
        assert (found.state.total, found.state.number) == (10, 4)
        assert [hit[0] for hit in found.presenter.hits()] == list(range(10))


def test_the_next_key_cancels_the_search_before(qapp: QApplication, tmp_path: Path) -> None:
    """Only the last text counts, and results of others never come in between."""
    with finding(qapp, tmp_path) as found:
        found.write(*["word worm"] * 60)
        for text in ("w", "wo", "wor", "worm"):
            found.presenter.look_for(text, match_case=False, top=0)
        found.settle()
        assert (found.state.total, found.state.complete) == (60, True)
        assert {(match.start, match.end) for match in found.gone} <= {(5, 9)}


def test_case_may_count(qapp: QApplication, tmp_path: Path) -> None:
    """The same text with another meaning is another search."""
    with finding(qapp, tmp_path) as found:
        found.write("Word word WORD")
        found.look("word")
        assert found.state.total == 3
        found.look("word", match_case=True)
        assert found.state.total == 1


def test_nothing_is_found_where_nothing_is(qapp: QApplication, tmp_path: Path) -> None:
    """It is said, and there is nowhere to go."""
    with finding(qapp, tmp_path) as found:
        found.write("a", "b")
        found.look("zebra")
        assert found.state == FindState(total=0, number=0, complete=True, active=True)
        found.presenter.step(1, top=0)
        found.settle()
        assert found.gone == []
        found.presenter.stop()
        assert found.state == FindState()
        assert found.presenter.needle is None


def test_an_answer_is_searched_when_it_has_ended(qapp: QApplication, tmp_path: Path) -> None:
    """It adds to the count, and moves nobody."""
    go = threading.Event()
    with finding(qapp, tmp_path, Script(steps=(Say("a wo"), Hold(go), Say("rd and a word")))) as found:
        found.write("word", "word")
        found.look("word", top=1)
        assert (found.state.total, found.state.number) == (2, 2)
        found.gone.clear()
        found.stage.send("a word?")
        found.stage.until(lambda: len(found.presenter.path) == 4)
        go.set()
        found.stage.until(lambda: found.state.total == 5 and found.state.complete)
        assert found.state.number == 2
        assert found.gone == []


def test_another_version_is_another_path(qapp: QApplication, tmp_path: Path) -> None:
    """What is below the fork is searched anew; what was current and is gone is no longer."""
    with finding(qapp, tmp_path) as found:
        written = found.write("word", "word one", "word", "word")

        async def branch(backend: Backend) -> None:
            other = [NewMessage(role=Role.ASSISTANT, content="word word two")]
            await backend.store.add_messages("s", written[0].id, other)

        found.look("word", top=3)
        assert (found.state.total, found.state.number) == (4, 4)
        found.stage.ask(branch)
        found.presenter.open_session("s")
        found.stage.until(lambda: found.state.total == 3 and found.state.complete)
        assert found.state.number == 0
        assert list(found.maps[-1].branches) == [0, 2]
        assert found.step(1) == (1, 0)


def test_another_session_is_counted_and_nobody_is_moved(qapp: QApplication, tmp_path: Path) -> None:
    """The bar stays open over sessions."""
    with finding(qapp, tmp_path) as found:
        found.write("word", "word", session_id="s")
        found.write("nothing", "nothing", "a word", session_id="t")
        found.open("s", 2)
        found.look("word")
        found.gone.clear()
        found.open("t", 3)
        found.stage.until(lambda: found.state.complete and found.state.total == 1)
        assert found.gone == []
        assert found.step(1) == (1, 2)


def test_a_session_that_is_not_stored_has_nothing_to_find(qapp: QApplication, tmp_path: Path) -> None:
    """And an empty map."""
    with finding(qapp, tmp_path) as found:
        found.write("word")
        found.look("word")
        found.stage.chat.new_session()
        found.settle()
        assert found.state.total == 0
        assert found.state.complete
        assert len(found.presenter.path) == 0


def test_the_map_tells_how_a_message_begins(qapp: QApplication, tmp_path: Path) -> None:
    """By its depth; beyond the path there is nothing to tell."""
    with finding(qapp, tmp_path) as found:
        found.write("first\nwords", "answer")
        found.presenter.ask_words(0)
        found.presenter.ask_words(7)
        found.settle()
        assert found.words == [(0, "first words")]


def test_the_first_match_in_sight_is_taken(qapp: QApplication, tmp_path: Path) -> None:
    """Also where the message below it is so long that it takes a while to be searched."""
    with finding(qapp, tmp_path) as found:
        found.write("a word?", "word\n\n" * 2_000)
        found.look("word", top=0)
        assert (found.state.total, found.state.number) == (2_001, 1)
        assert [match.depth for match in found.gone] == [0]


def test_next_is_the_next_in_the_path_while_little_is_counted(qapp: QApplication, tmp_path: Path) -> None:
    """From the top down, however fast one steps: nobody is moved to what happens to be counted already."""
    with finding(qapp, tmp_path) as found:
        texts = ["hay"] * 3_000
        for depth in (900, 1_700, 2_500, 2_999):
            texts[depth] = "word"
        found.write(*texts)
        found.presenter.look_for("word", match_case=False, top=10)
        for _ in range(3):
            found.presenter.step(1, top=10)
        found.stage.until(lambda: bool(found.gone) and found.gone[-1].depth == 2_999)
        found.settle()
        assert (found.state.number, found.state.total, found.state.complete) == (4, 4, True)


def test_the_one_before_the_first_is_looked_for_from_the_end(qapp: QApplication, tmp_path: Path) -> None:
    """It is the last of the session, whether or not what lies between has been counted."""
    with finding(qapp, tmp_path) as found:
        texts = ["hay"] * 3_000
        for depth in (5, 20, 2_990):
            texts[depth] = "word"
        found.write(*texts)
        found.presenter.look_for("word", match_case=False, top=0)
        found.presenter.step(-1, top=0)
        found.stage.until(lambda: bool(found.gone) and found.gone[-1].depth == 2_990)
        found.settle()
        assert (found.state.number, found.state.total) == (3, 3)


def test_an_empty_session_has_nothing_to_find_and_says_so_once_it_is_read(qapp: QApplication, tmp_path: Path) -> None:
    """While its path is not known, nobody says that there are no matches; then it is not searched for ever."""

    async def empty(backend: Backend) -> None:
        await backend.store.create_session(NewSession(id="e"))

    with finding(qapp, tmp_path) as found:
        found.write("word")
        found.look("word")
        found.stage.ask(empty)
        found.states.clear()
        found.presenter.open_session("e")
        assert not any(state.complete for state in found.states)
        found.settle()
        assert found.state == FindState(total=0, number=0, complete=True, active=True)
