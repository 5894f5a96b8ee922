"""The model of the open session: precise signals, slices, runs."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.markdown import parse
from desktop.domain.markdown_blocks import CodeFence, block_text
from desktop.domain.messages import Message, Role, Status
from desktop.domain.runs import RunLoading, RunSaving, RunSent, RunWaiting
from desktop.presenters.transcript import RunPhase, RunState, TranscriptListModel, TranscriptRole

FAULT = Fault(kind=FaultKind.RATE_LIMIT, status=429, words="slow down")


def message(number: int, content: str = "", *, role: Role = Role.ASSISTANT, **facts: object) -> Message:
    return Message(
        id=number,
        uid=str(number),
        session_id="s",
        parent_id=number - 1 or None,
        depth=number - 1,
        role=role,
        content=content,
        created_at=0,
        **facts,  # type: ignore[arg-type]
    )


def writing(number: int, content: str = "") -> Message:
    return message(number, content, status=Status.STREAMING)


class Clock:
    """Stands still, or goes on by `step` seconds each time it is read."""

    def __init__(self) -> None:
        self.now = 0.0
        self.step = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def model(qtbot: QtBot, clock: Clock) -> Iterator[TranscriptListModel]:
    made = TranscriptListModel(now=clock)
    made.tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)  # type: ignore[attr-defined]
    yield made
    made.deleteLater()  # its timers end in this thread, wherever the collector runs


def blocks_of(model: TranscriptListModel, row: int) -> list[str]:
    return [block_text(block) for block in model.index(row).data(TranscriptRole.BLOCKS)]


def test_a_session_is_shown_in_order(model: TranscriptListModel) -> None:
    """Rows are messages; their text and their facts are told by role."""
    asked = message(1, "hi", role=Role.USER)
    model.show([asked, message(2, "hello")], has_older=True)
    assert [model.index(row).data() for row in range(2)] == ["hi", "hello"]
    assert model.index(0).data(TranscriptRole.MESSAGE) == asked
    assert model.index(1).data(TranscriptRole.STATE) is None
    assert model.index(1).data(TranscriptRole.THINKING) == ""
    assert model.index(1).data(TranscriptRole.ITEM) is model.item(1)
    assert model.index(1).data(Qt.ItemDataRole.DecorationRole) is None
    assert model.index(5).data() is None
    assert model.has_older
    assert (model.first(), model.last()) == (asked, model.message(2))


def test_an_empty_model_has_neither_first_nor_last(model: TranscriptListModel) -> None:
    """Nothing shown, nothing to tell."""
    assert (model.first(), model.last(), model.message(1), model.row_of(1)) == (None, None, None, -1)


def test_older_messages_go_above(model: TranscriptListModel, qtbot: QtBot) -> None:
    """A page of older messages is inserted in one range, and every row is still found."""
    model.show([message(3), message(4)], has_older=True)
    with qtbot.waitSignal(model.rowsInserted) as inserted, qtbot.waitSignal(model.has_older_changed):
        model.prepend([message(1), message(2)], has_older=False)
    assert inserted.args is not None
    assert inserted.args[1:] == [0, 1]
    assert [model.row_of(number) for number in (1, 2, 3, 4)] == [0, 1, 2, 3]


def test_an_empty_page_only_ends_the_search(model: TranscriptListModel, qtbot: QtBot) -> None:
    """Where there is nothing older, no rows change."""
    model.show([message(3)], has_older=True)
    with qtbot.assertNotEmitted(model.rowsInserted):
        model.prepend([], has_older=False)
    assert not model.has_older


def test_a_branch_takes_the_place_of_another(model: TranscriptListModel) -> None:
    """What stood below the parent goes, the rest stays."""
    model.show([message(1), message(2), message(3)], has_older=False)
    model.prepend([message(10)], has_older=False)
    model.branch(1, [message(4), message(5)])
    assert [model.item(row).key for row in range(model.rowCount())] == [10, 1, 4, 5]
    assert [model.row_of(number) for number in (10, 1, 4, 5, 2, 3)] == [0, 1, 2, 3, -1, -1]


def test_a_branch_below_the_leaf_is_added(model: TranscriptListModel, qtbot: QtBot) -> None:
    """Sending removes nothing."""
    model.show([message(1)], has_older=False)
    with qtbot.assertNotEmitted(model.rowsRemoved):
        model.branch(1, [message(2)])
    assert model.rowCount() == 2


def test_a_branch_without_a_parent_is_the_whole_path(model: TranscriptListModel) -> None:
    """The first message of a session has no parent."""
    model.show([message(1)], has_older=False)
    model.branch(None, [message(2)])
    assert model.last() == message(2)
    model.branch(None, [])
    assert model.rowCount() == 0


def test_stored_text_is_read_when_it_is_wanted(model: TranscriptListModel, qtbot: QtBot) -> None:
    """A message is Markdown only from when a view comes near it."""
    model.show([message(1, "# a\n\nb")], has_older=False)
    assert blocks_of(model, 0) == []
    with qtbot.waitSignal(model.blocks_changed) as changed:
        model.want(0)
    assert changed.args == [0, 0]
    assert blocks_of(model, 0) == ["a", "b"]


def test_text_is_read_once(model: TranscriptListModel, qtbot: QtBot) -> None:
    """Wanting a message again costs nothing."""
    model.show([message(1, "a")], has_older=False)
    model.want(0)
    with qtbot.assertNotEmitted(model.blocks_changed):
        model.want(0)


def test_a_large_message_is_read_in_slices(model: TranscriptListModel, clock: Clock, qtbot: QtBot) -> None:
    """A message of half a megabyte is there in the end, block by block."""
    clock.step = 0.001
    text = "some words of text\n\n" * 25_000
    model.show([message(1, text)], has_older=False)
    model.want(0)
    assert 0 < model.item(0).count < 25_000
    qtbot.waitUntil(lambda: model.item(0).is_parsed, timeout=20_000)
    assert model.item(0).count == 25_000


def test_reading_stops_for_messages_that_are_gone(model: TranscriptListModel, clock: Clock, qtbot: QtBot) -> None:
    """Slices of a message that is not shown any more are not read."""
    clock.step = 0.001
    model.show([message(1, "a"), message(2, "text\n\n" * 30_000)], has_older=False)
    model.want(1)
    item = model.item(1)
    model.branch(1, [])
    qtbot.waitUntil(lambda: not model._timer.isActive())
    assert not item.is_parsed


def test_what_people_write_is_not_markdown(model: TranscriptListModel) -> None:
    """A user's message is shown as it was written."""
    model.show([message(1, "# a *b*\nc", role=Role.USER)], has_older=False)
    model.want(0)
    assert blocks_of(model, 0) == ["# a *b*\nc"]


def test_a_stream_grows_by_blocks(model: TranscriptListModel) -> None:
    """Each report names the first block that changed; closed ones are not among them."""
    model.show([writing(1)], has_older=False)
    changes: list[tuple[int, int]] = []
    model.blocks_changed.connect(lambda row, first: changes.append((row, first)))
    for piece in ("one", " more\n\n", "two", " three"):
        model.add_text(1, text=piece)
    assert changes == [(0, 0), (0, 0), (0, 1), (0, 1)]
    assert blocks_of(model, 0) == ["one more", "two three"]
    assert model.index(0).data() == "one more\n\ntwo three"


def test_what_had_arrived_before_is_shown(model: TranscriptListModel) -> None:
    """A run that is looked at later starts with the text so far."""
    model.show([writing(1, "so far")], has_older=False)
    model.want(0)
    model.add_text(1, text=" so good")
    assert blocks_of(model, 0) == ["so far so good"]


def test_a_late_definition_changes_an_earlier_block(model: TranscriptListModel) -> None:
    """A block that is given out again is told about."""
    model.show([writing(1)], has_older=False)
    model.add_text(1, text="[a] one\n\ntwo\n\n")
    changes: list[int] = []
    model.blocks_changed.connect(lambda _row, first: changes.append(first))
    model.add_text(1, text="[a]: https://x.org\n\nthree")
    assert changes == [0]
    assert blocks_of(model, 0) == ["a one", "two", "three"]


def test_a_run_that_ends_closes_its_blocks(model: TranscriptListModel) -> None:
    """The stored message takes the stream's place without reading anything again."""
    model.show([writing(1)], has_older=False)
    model.add_text(1, text="a\n\n```py\nb")
    first = model.item(0).closed[0]
    model.replace(message(1, "a\n\n```py\nb", response_time_ms=5))
    assert model.item(0).closed[0] is first
    assert tuple(model.item(0).closed) == parse("a\n\n```py\nb")
    assert not model.item(0).is_live
    assert model.index(0).data(TranscriptRole.STATE) is None


def test_a_run_that_ends_otherwise_is_read_again(model: TranscriptListModel) -> None:
    """What is stored counts."""
    model.show([writing(1)], has_older=False)
    model.add_text(1, text="a")
    model.replace(message(1, "b"))
    assert blocks_of(model, 0) == ["b"]


def test_new_facts_change_no_blocks(model: TranscriptListModel, qtbot: QtBot) -> None:
    """Another version beside a message changes its footer alone."""
    model.show([message(1, "a")], has_older=False)
    model.want(0)
    with qtbot.assertNotEmitted(model.blocks_changed), qtbot.waitSignal(model.dataChanged):
        model.replace(message(1, "a", versions=2))
    assert model.item(0).message.versions == 2


def test_facts_about_a_living_answer_leave_its_text_alone(model: TranscriptListModel) -> None:
    """A row that lags behind its run does not take text away."""
    model.show([writing(1)], has_older=False)
    model.add_text(1, text="more than stored")
    model.replace(writing(1, "more"))
    assert model.index(0).data() == "more than stored"


def test_a_stored_answer_can_come_alive(model: TranscriptListModel) -> None:
    """A row that is written to again takes text again."""
    model.show([message(1, "a", status=Status.STOPPED)], has_older=False)
    model.want(0)
    model.replace(writing(1, "a"))
    model.add_text(1, text="b")
    assert blocks_of(model, 0) == ["ab"]


def test_reports_about_others_are_nothing(model: TranscriptListModel, qtbot: QtBot) -> None:
    """A message that is not loaded, or not alive, takes no text and no state."""
    model.show([message(1, "a")], has_older=False)
    with qtbot.assertNotEmitted(model.dataChanged):
        model.add_text(1, text="x")
        model.add_text(9, text="x")
        model.replace(message(9))
        model.follow(RunLoading(session_id="s", message_id=9))
        model.follow(RunLoading(session_id="s", message_id=1))


def test_thinking_grows_in_pieces(model: TranscriptListModel, qtbot: QtBot) -> None:
    """Thinking of any length is cut where it can be laid out, and is together what arrived."""
    model.show([writing(1)], has_older=False)
    with qtbot.waitSignal(model.thoughts_changed):
        model.add_text(1, thinking="a")
    for _ in range(100):
        model.add_text(1, thinking="some thought\n" * 10)
    assert model.index(0).data(TranscriptRole.THINKING) == "a" + "some thought\n" * 1_000
    assert max(map(len, model.item(0).thoughts)) <= 2_000
    assert model.item(0).state == RunState(phase=RunPhase.THINKING)


def test_stored_thinking_replaces_what_was_seen(model: TranscriptListModel) -> None:
    """What is stored counts for thinking too."""
    model.show([writing(1)], has_older=False)
    model.add_text(1, thinking="a")
    model.replace(message(1, thinking="b" * 5_000))
    assert model.item(0).thinking == "b" * 5_000


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (RunLoading(session_id="s", message_id=1), RunState(phase=RunPhase.LOADING)),
        (RunSent(session_id="s", message_id=1, attempt=2), RunState(phase=RunPhase.SENT, attempt=2)),
        (RunSaving(session_id="s", message_id=1, saved=False), None),
        (
            RunWaiting(session_id="s", message_id=1, fault=FAULT, seconds=6.5, attempt=2, attempts=3),
            RunState(phase=RunPhase.WAITING, seconds=7, attempt=2, attempts=3, fault=FAULT),
        ),
    ],
)
def test_the_state_of_a_run_is_shown(model: TranscriptListModel, update: object, expected: RunState | None) -> None:
    """What a run does before its first word is told."""
    model.show([writing(1)], has_older=False)
    model.follow(update)  # type: ignore[arg-type]
    assert model.index(0).data(TranscriptRole.STATE) == expected


def seconds_of(model: TranscriptListModel) -> Callable[[], int | None]:
    return lambda: state.seconds if (state := model.item(0).state) is not None else None


def test_a_wait_counts_down(model: TranscriptListModel, clock: Clock, qtbot: QtBot) -> None:
    """The seconds until the next attempt run down to nothing, and end with the attempt."""
    model.show([writing(1)], has_older=False)
    model.follow(RunWaiting(session_id="s", message_id=1, fault=FAULT, seconds=3, attempt=2, attempts=3))
    clock.now = 1.2
    qtbot.waitUntil(lambda: seconds_of(model)() == 2)
    clock.now = 9.0
    qtbot.waitUntil(lambda: seconds_of(model)() == 0)
    model.follow(RunSent(session_id="s", message_id=1, attempt=2))
    assert model.item(0).state == RunState(phase=RunPhase.SENT, attempt=2)
    model.add_text(1, text="Here")
    qtbot.waitUntil(lambda: not model._clock.isActive())


@pytest.mark.parametrize("end", ["show", "branch", "replace", "text"])
def test_a_wait_ends_with_its_message(model: TranscriptListModel, qtbot: QtBot, end: str) -> None:
    """No clock runs for a message that is gone or goes on."""
    model.show([message(1), writing(2)], has_older=False)
    model.follow(RunWaiting(session_id="s", message_id=2, fault=FAULT, seconds=300, attempt=2, attempts=3))
    match end:
        case "show":
            model.show([], has_older=False)
        case "branch":
            model.branch(1, [])
        case "replace":
            model.replace(message(2))
        case "text":
            model.add_text(2, text="a")
    qtbot.waitUntil(lambda: not model._clock.isActive())


def test_the_pace_is_measured(model: TranscriptListModel, clock: Clock) -> None:
    """After a second of writing the tokens per second are told."""
    model.show([writing(1)], has_older=False)
    model.add_text(1, text="x" * 200)
    assert model.item(0).state == RunState(phase=RunPhase.WRITING)
    clock.now = 2.0
    model.add_text(1, text="x" * 200)
    assert model.item(0).state == RunState(phase=RunPhase.WRITING, tokens_per_s=50.0)


def test_a_large_piece_is_read_in_slices(model: TranscriptListModel, clock: Clock, qtbot: QtBot) -> None:
    """A megabyte in one piece does not hold the window up, and an end in between loses nothing."""
    clock.step = 0.001
    text = "words of text\n\n" * 30_000
    model.show([writing(1)], has_older=False)
    model.add_text(1, text=text)
    assert 0 < model.item(0).count < 30_000
    model.replace(message(1, text))
    qtbot.waitUntil(lambda: model.item(0).is_parsed, timeout=20_000)
    assert model.item(0).count == 30_000


def test_a_block_is_found_by_its_number(model: TranscriptListModel) -> None:
    """Closed blocks come first, then the tail."""
    model.show([writing(1)], has_older=False)
    model.add_text(1, text="a\n\n```\nb")
    item = model.item(0)
    assert (block_text(item.block(0)), item.block(1)) == ("a", CodeFence("", "b", closed=False))
    assert item.blocks() == (item.block(0), item.block(1))


def test_a_long_silence_is_told(qtbot: QtBot, model: TranscriptListModel, clock: Clock) -> None:
    """After ten seconds without a word the reader sees that the provider is still being waited for, and how long."""
    model.show([message(1, "Hi", role=Role.USER), writing(2)], has_older=False)
    model.follow(RunSent(session_id="s", message_id=2, attempt=1))
    clock.now = 12.4
    qtbot.waitUntil(lambda: model.item(1).state == RunState(phase=RunPhase.SENT, seconds=12))
    model.add_text(2, text="Here")
    clock.now = 30.0
    qtbot.waitUntil(lambda: not model._clock.isActive())
    state = model.item(1).state
    assert state is not None
    assert state.phase is RunPhase.WRITING
