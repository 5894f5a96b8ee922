"""Pages of a long session on real services: both ways, anywhere, and while an answer is written."""

import threading
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.domain.messages import NewMessage, Role
from desktop.domain.sessions import NewSession
from desktop.providers.scripted import Hold, Say, Script, Step
from tests.presenters.stage import Stage, playing

LENGTH = 300


def long_session(stage: Stage, length: int = LENGTH, session_id: str = "s") -> list[int]:
    """Write a session, open it, and return the ids of its messages."""

    async def write(backend: object) -> list[int]:
        store = backend.library._store  # type: ignore[attr-defined]
        await store.create_session(NewSession(id=session_id, model="scripted/demo"))
        new = [NewMessage(role=(Role.USER, Role.ASSISTANT)[n % 2], content=f"m{n}") for n in range(length)]
        return [message.id for message in await store.add_messages(session_id, None, new)]

    ids = stage.ask(write)
    opened(stage, session_id)
    return ids


def opened(stage: Stage, session_id: str) -> None:
    stage.chat.open(session_id)
    stage.until(lambda: stage.chat.session_id == session_id)


def shown(stage: Stage) -> tuple[str, str, int, int]:
    """Return the first and the last text of the window, and what is counted around it."""
    texts = stage.texts()
    return texts[0], texts[-1], stage.transcript.before, stage.transcript.after


def test_any_page_is_loaded(qapp: QApplication, tmp_path: Path) -> None:
    """The page around a place takes the place of the one that was held."""
    with playing(qapp, tmp_path) as stage:
        long_session(stage)
        stage.chat.pages.load_at(100)
        stage.until(lambda: stage.transcript.has_newer)
        assert shown(stage) == ("m75", "m124", 75, 175)


def test_pages_come_at_both_ends(qapp: QApplication, tmp_path: Path) -> None:
    """Without a seam, until the beginning and the end are reached."""
    with playing(qapp, tmp_path) as stage:
        long_session(stage, 160)
        stage.chat.pages.load_at(70)
        stage.until(lambda: stage.transcript.has_newer)
        while stage.transcript.has_newer or stage.transcript.has_older:
            before = stage.transcript.rowCount()
            (stage.chat.pages.load_older if stage.transcript.has_older else stage.chat.pages.load_newer)()
            stage.until(lambda before=before: stage.transcript.rowCount() > before)  # type: ignore[misc]
        assert stage.texts() == [f"m{n}" for n in range(160)]


def test_the_place_that_was_wanted_last_counts(qapp: QApplication, tmp_path: Path) -> None:
    """A handle that is dragged far asks for many pages, and one is shown."""
    with playing(qapp, tmp_path) as stage:
        long_session(stage)
        resets: list[int] = []
        stage.transcript.rowsInserted.connect(lambda _parent, first, _last: resets.append(first))
        for place in (10, 60, 110, 160, 210):
            stage.chat.pages.load_at(place)
        stage.rest()
        assert shown(stage)[:2] == ("m185", "m234")
        assert len(resets) == 1


def test_the_end_is_loaded(qapp: QApplication, tmp_path: Path) -> None:
    """From anywhere; where it is loaded nothing happens."""
    with playing(qapp, tmp_path) as stage:
        long_session(stage)
        stage.chat.pages.load_at(0)
        stage.until(lambda: stage.transcript.before == 0)
        stage.chat.pages.load_end()
        stage.until(lambda: not stage.transcript.has_newer)
        assert shown(stage) == ("m250", "m299", 250, 0)


def test_any_message_is_gone_to(qapp: QApplication, tmp_path: Path) -> None:
    """It is loaded if it has to be, and then it is told."""
    with playing(qapp, tmp_path) as stage:
        ids = long_session(stage)
        arrived: list[int] = []
        stage.chat.pages.arrived.connect(arrived.append)
        stage.chat.pages.go_to(ids[-1])
        assert arrived == [ids[-1]]
        stage.chat.pages.go_to(ids[3])
        stage.until(lambda: arrived[-1] == ids[3])
        assert stage.transcript.row_of(ids[3]) >= 0


def test_a_message_of_another_version_is_gone_to(qapp: QApplication, tmp_path: Path) -> None:
    """The path that it is on is shown, and what both have in common stays."""
    with playing(qapp, tmp_path) as stage:
        ids = long_session(stage)

        async def write(backend: object) -> int:
            store = backend.library._store  # type: ignore[attr-defined]
            other = await store.add_messages("s", ids[9], [NewMessage(role=Role.USER, content="other")])
            await store.choose_version(ids[-1])
            return int(other[0].id)

        other = stage.ask(write)
        arrived: list[int] = []
        stage.chat.pages.arrived.connect(arrived.append)
        stage.chat.pages.go_to(other)
        stage.until(lambda: arrived == [other])
        stage.rest()
        assert stage.texts()[-2:] == ["m9", "other"]
        stage.chat.pages.go_to(ids[200])
        stage.until(lambda: arrived[-1] == ids[200])
        stage.rest()
        assert stage.transcript.total == LENGTH


def test_a_message_of_another_session_is_gone_to(qapp: QApplication, tmp_path: Path) -> None:
    """That session is opened first."""
    with playing(qapp, tmp_path) as stage:
        ids = long_session(stage)
        long_session(stage, 4, "other")
        arrived: list[int] = []
        stage.chat.pages.arrived.connect(arrived.append)
        stage.chat.pages.go_to(ids[42])
        stage.until(lambda: arrived == [ids[42]])
        assert stage.chat.session_id == "s"


def test_a_message_that_is_gone_is_said_to_be(qapp: QApplication, tmp_path: Path) -> None:
    """A dead link says so, and the next one works."""
    with playing(qapp, tmp_path) as stage:
        ids = long_session(stage)
        stage.chat.pages.go_to(99_999)
        stage.until(lambda: bool(stage.troubles))
        stage.chat.pages.go_to(ids[0])
        stage.until(lambda: stage.transcript.row_of(ids[0]) >= 0)


def test_an_answer_is_written_below_the_window(qapp: QApplication, tmp_path: Path) -> None:
    """It is counted, and all of its text is there when its page comes: nothing twice, nothing lost."""
    go_on = threading.Event()
    steps: tuple[Step, ...] = (Say("one "), Hold(go_on), *(Say(f"{n} ") for n in range(200)))
    with playing(qapp, tmp_path, [Script(steps=steps)]) as stage:
        long_session(stage)
        stage.send("go")
        stage.until(lambda: stage.texts()[-1] == "one ")
        stage.chat.pages.load_at(20)
        stage.until(lambda: stage.transcript.before == 0)
        assert stage.transcript.total == LENGTH + 2
        go_on.set()
        stage.chat.pages.load_end()
        stage.until(lambda: not stage.transcript.has_newer)
        wanted = "one " + "".join(f"{n} " for n in range(200))
        stage.until(lambda: stage.texts()[-1] == wanted)
        stage.rest()
        assert stage.texts()[-3:] == ["m299", "go", wanted]


def test_sending_from_far_above_shows_the_end(qapp: QApplication, tmp_path: Path) -> None:
    """What was just written is what one looks at."""
    with playing(qapp, tmp_path) as stage:
        long_session(stage)
        stage.chat.pages.load_at(20)
        stage.until(lambda: stage.transcript.before == 0)
        stage.send("new")
        stage.rest()
        assert (stage.texts()[-2:], stage.transcript.after) == (["new", "new"], 0)


def test_another_process_writes_below_the_window(qapp: QApplication, tmp_path: Path) -> None:
    """What is held stays as it is, and the path is known to be longer."""
    with playing(qapp, tmp_path) as stage:
        long_session(stage)
        stage.chat.pages.load_at(20)
        stage.until(lambda: stage.transcript.before == 0)
        held = stage.texts()
        with playing(qapp, tmp_path) as elsewhere:
            opened(elsewhere, "s")
            elsewhere.send("theirs")
            elsewhere.rest()
        stage.until(lambda: stage.transcript.total == LENGTH + 2)
        assert stage.texts() == held


def test_another_session_is_opened_at_a_message(qapp: QApplication, tmp_path: Path) -> None:
    """Its first page is the one around the message; its end, which nobody wanted, is not shown on the way."""
    with playing(qapp, tmp_path) as stage:
        ids = long_session(stage)
        long_session(stage, 5, "t")
        seen: list[str] = []
        arrived: list[int] = []
        transcript = stage.transcript
        transcript.rowsInserted.connect(
            lambda _parent, first, last: seen.extend(transcript.item(row).text for row in range(first, last + 1))
        )
        stage.chat.pages.arrived.connect(arrived.append)
        stage.chat.pages.go_to(ids[100], "s")
        stage.until(lambda: bool(arrived))
        stage.rest()
        assert stage.chat.session_id == "s"
        assert arrived == [ids[100]]
        assert "m299" not in seen
        assert shown(stage)[:2] == ("m75", "m124")


def test_a_session_that_is_opened_later_begins_at_its_end(qapp: QApplication, tmp_path: Path) -> None:
    """The message for which another one was opened is forgotten then."""
    with playing(qapp, tmp_path) as stage:
        ids = long_session(stage)
        long_session(stage, 5, "t")
        stage.chat.pages.go_to(ids[100], "s")
        stage.until(lambda: stage.chat.session_id == "s")
        opened(stage, "t")
        opened(stage, "s")
        assert stage.texts()[-1] == "m299"
