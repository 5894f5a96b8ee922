"""The window of the path that the model holds: pages at both ends, far rows dropped, what lies around it counted."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.domain.messages import Message, Role, Status
from desktop.presenters.transcript import TranscriptListModel

LENGTH = 120


def message(number: int, depth: int, parent: int | None, status: Status = Status.COMPLETE) -> Message:
    return Message(
        id=number, uid=str(number), session_id="s", parent_id=parent, depth=depth, content=f"text {number}",
        role=Role.ASSISTANT if depth % 2 else Role.USER, created_at=0, status=status,
    )  # fmt: skip


class Path:
    """A path as a store would have it, and the model that shows a part of it."""

    def __init__(self) -> None:
        self.model = TranscriptListModel()
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        self.next_id = 1
        self.messages: list[Message] = []
        for _ in range(LENGTH):
            self.add()

    def add(self, status: Status = Status.COMPLETE) -> Message:
        parent = self.messages[-1].id if self.messages else None
        self.messages.append(message(self.next_id, len(self.messages), parent, status))
        self.next_id += 1
        return self.messages[-1]

    def turn_to(self, first: int, count: int = 20) -> None:
        first = min(first, len(self.messages) - 1)
        page = self.messages[first : first + count]
        self.model.turn_to(page, has_older=first > 0, after=len(self.messages) - first - len(page))

    def older(self, count: int) -> None:
        before = self.model.before
        page = self.messages[max(0, before - count) : before]
        self.model.prepend(page, has_older=before - len(page) > 0)

    def newer(self, count: int) -> None:
        end = self.model.before + self.model.rowCount()
        page = self.messages[end : end + count]
        if page:
            self.model.append(page, after=len(self.messages) - end - len(page))

    def branch(self, row: int) -> None:
        row = min(row, self.model.rowCount() - 1)
        depth = self.model.item(row).message.depth
        del self.messages[depth + 1 :]
        self.add()
        answer = self.add(Status.STREAMING)
        self.model.branch(self.messages[depth].id, self.messages[depth + 1 :])
        self.model.add_text(answer.id, text="some *text*")

    def grow(self) -> None:
        self.add()
        if self.model.has_newer:
            self.model.grow(len(self.messages))
        else:
            self.model.branch(self.messages[-2].id, [self.messages[-1]])

    def check(self) -> None:
        model = self.model
        shown = [model.item(row).message.id for row in range(model.rowCount())]
        end = model.before + model.rowCount()
        assert shown == [each.id for each in self.messages[model.before : end]]
        assert (model.total, model.after) == (len(self.messages), len(self.messages) - end)
        assert (model.has_older, model.has_newer) == (model.before > 0, model.after > 0)
        assert [model.row_of(key) for key in shown] == list(range(len(shown)))


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("turn_to"), st.integers(0, LENGTH)),
        st.tuples(st.just("older"), st.integers(1, 30)),
        st.tuples(st.just("newer"), st.integers(1, 30)),
        st.tuples(st.just("branch"), st.integers(0, 40)),
        st.tuples(st.just("grow")),
        st.tuples(st.just("trim"), st.integers(0, 30), st.integers(0, 30)),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_window_is_always_a_part_of_the_path(qapp: object, steps: list[tuple[str, int]]) -> None:
    """Whatever pages come and go, rows are found, counts are right, and every change was announced as it happened."""
    path = Path()
    path.model.show(path.messages[-20:], has_older=True)
    for name, *numbers in steps:
        target = path.model if name == "trim" else path
        getattr(target, name)(*numbers)
        path.check()
    path.tester.deleteLater()
    path.model.deleteLater()


@pytest.fixture
def path(qtbot: QtBot) -> Iterator[Path]:
    made = Path()
    made.model.show(made.messages[-20:], has_older=True)
    yield made
    made.tester.deleteLater()
    made.model.deleteLater()


def test_dropped_rows_are_counted_where_they_were(path: Path) -> None:
    """They are only far away, not gone."""
    path.turn_to(40)
    path.model.trim(5, 7)
    assert (path.model.before, path.model.rowCount(), path.model.after) == (45, 8, LENGTH - 53)


def test_one_row_is_left(path: Path) -> None:
    """A model that holds something never ends up with nothing, which would be an empty session."""
    path.model.trim(1_000, 1_000)
    assert path.model.rowCount() == 1
    path.check()


def test_a_longer_path_is_told(path: Path, qtbot: QtBot) -> None:
    """What is said below the window is counted, and somebody hears of it."""
    path.turn_to(0)
    path.add()
    with qtbot.waitSignal(path.model.grew), qtbot.waitSignal(path.model.reach_changed):
        path.model.grow(LENGTH + 1)
    path.check()


def test_a_shorter_path_is_no_news(path: Path, qtbot: QtBot) -> None:
    """Messages that went into the trash below the window are counted no longer, and nothing is said to be new."""
    path.turn_to(0)
    with qtbot.assertNotEmitted(path.model.grew):
        path.model.grow(LENGTH - 10)
    assert path.model.total == LENGTH - 10


def test_a_version_that_was_asked_for_is_nothing_new(path: Path, qtbot: QtBot) -> None:
    """Only what is said now begins."""
    last = path.messages[-2]
    with qtbot.assertNotEmitted(path.model.began):
        path.model.branch(last.id, [message(900, LENGTH - 1, last.id)], after=4, keeps_place=True)
    assert path.model.after == 4
    with qtbot.waitSignal(path.model.began) as began:
        path.model.branch(last.id, [message(901, LENGTH - 1, last.id)])
    assert began.args == [19, 19]


def test_the_window_is_named_where_the_path_goes_on(path: Path) -> None:
    """At the end of the path the newest page is read again, and nothing else has to be said."""
    assert path.model.window() is None
    path.turn_to(30)
    assert path.model.window() == (30, 20)


def test_a_dropped_answer_takes_no_more_text(path: Path) -> None:
    """What arrives for it is held by its run, and comes with its page."""
    answer = path.add(Status.STREAMING)
    path.model.branch(path.messages[-2].id, [answer])
    path.turn_to(0)
    path.model.add_text(answer.id, text="more")
    path.check()


def test_what_comes_soon_is_read_ahead(path: Path, qtbot: QtBot) -> None:
    """Rows near the viewport are read when nothing else is to be done."""
    path.model.look_ahead(range(3, 6))
    assert not path.model.is_reading
    qtbot.waitUntil(lambda: all(path.model.item(row).is_parsed for row in range(3, 6)))
    assert not path.model.item(9).is_parsed
