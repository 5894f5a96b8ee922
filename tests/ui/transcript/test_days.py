"""Where one day ends and the next begins."""

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from desktop.domain.messages import Message
from desktop.presenters.figures import Times, clock_text, moment_text
from desktop.presenters.transcript import TranscriptListModel
from desktop.ui.transcript.blocks.day import DayBlock
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.days import Days
from tests.ui.transcript.reading import Reading, asked, message


def at(day: int, hour: int = 12) -> int:
    """Return a local time in November 2020 in milliseconds."""
    return round(time.mktime((2020, 11, day, hour, 0, 0, 0, 0, -1)) * 1000)


def said(*times: int) -> list[Message]:
    """Return a message for each time."""
    return [replace(asked(number, f"text {number}"), created_at=time) for number, time in enumerate(times, 1)]


def lines(reading: Reading) -> list[tuple[int, str]]:
    """Return the days in sight, with the message each stands above."""
    found = [block for block in reading.view.blocks() if isinstance(block, DayBlock)]
    return [(block.item.key, block.accessibleName()) for block in found if block.item is not None]


def above(reading: Reading) -> list[int]:
    return [key for key, _text in lines(reading)]


def test_a_line_stands_between_two_days(reading: Reading) -> None:
    """Messages of one day stand together; the first of another has a line above, named by its date."""
    reading.show(said(at(2), at(2, 23), at(3, 0), at(5)))
    assert above(reading) == [1, 3, 4]
    assert all("2020" in text for _key, text in lines(reading))


def test_messages_without_a_time_begin_no_day(reading: Reading) -> None:
    """What an import could not date stands where it stands."""
    reading.show(said(0, at(2), 0, at(2)))
    assert above(reading) == []


def test_a_session_of_today_begins_without_a_line(reading: Reading) -> None:
    """A new conversation does not need to say that it is today."""
    reading.view._days.times = Times(now_ms=at(2))
    reading.show(said(at(2), at(2, 13)))
    assert above(reading) == []


def test_a_page_that_comes_above_settles_what_began_a_day(reading: Reading) -> None:
    """The oldest loaded message has a line as soon as it is known that it begins a day, and only then."""
    whole = said(at(2), at(2), at(3), at(4))
    reading.show(whole[2:], has_older=True)
    before = above(reading)
    reading.model.prepend(whole[:2], has_older=False)
    reading.settle()
    reading.scroll_to(0)
    assert (before, above(reading)) == ([4], [1, 3, 4])


def test_a_page_of_the_same_day_brings_no_line(reading: Reading) -> None:
    """Where the page above ends on the same day, nothing begins."""
    whole = said(at(2), at(3), at(3), at(4))
    reading.show(whole[2:], has_older=True)
    reading.model.prepend(whole[:2], has_older=False)
    reading.settle()
    reading.scroll_to(0)
    assert above(reading) == [1, 2, 4]


def test_answers_have_the_line_above_their_header(reading: Reading) -> None:
    """The name of the model stands below the day."""
    reading.show([*said(at(2)), replace(message(2, "answer", model="a/b"), created_at=at(3))])
    kinds = [type(block).__name__ for block in reading.view.blocks() if block.item is not None and block.item.key == 2]
    assert kinds[:3] == ["DayBlock", "HeaderBlock", "TextBlock"]


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def model() -> TranscriptListModel:
    return TranscriptListModel()


def names(days: Days, model: TranscriptListModel, messages: Sequence[Message]) -> list[str]:
    model.show(messages, has_older=False)
    return [days.above(model.item(row)) for row in range(model.rowCount())]


def test_today_is_yesterday_after_midnight(qtbot: QtBot, model: TranscriptListModel) -> None:
    """When the clock passes midnight, the names of days are told to be others."""
    clock = Clock(at(4, 23))
    days = Days(model=model, now_ms=clock)
    messages = said(at(2), at(3), at(4))
    assert names(days, model, messages)[1:] == ["Yesterday", "Today"]
    clock.now_ms = at(5, 0)
    with qtbot.waitSignal(days.changed):
        days._timer.start(0)
    assert names(days, model, messages)[2] == "Yesterday"
    days._timer.stop()


def test_the_view_names_days_anew(reading: Reading) -> None:
    """What is in sight follows when a day has passed."""
    reading.show(said(at(2), at(3)))
    reading.view._days.times = Times(now_ms=at(3))
    reading.view._days.changed.emit()
    reading.settle()
    assert lines(reading)[-1] == (2, "Today")


def test_the_time_is_told_to_the_second_on_hovering(reading: Reading) -> None:
    """The line below a message has its time as a tooltip, and for a screen reader in its name."""
    reading.show(said(at(2)))
    footer = reading.find(FooterBlock)
    QApplication.sendEvent(footer, QHelpEvent(QEvent.Type.ToolTip, QPoint(2, 2), footer.mapToGlobal(QPoint(2, 2))))
    assert QToolTip.text() == moment_text(at(2))
    assert moment_text(at(2)) in footer.accessibleName()
    QToolTip.hideText()


def test_the_time_is_seen_while_the_pointer_is_there(reading: Reading) -> None:
    """It takes its place beside the numbers, which stay where they are."""
    reading.show(said(at(2)))
    footer = reading.find(FooterBlock)
    assert isinstance(footer, FooterBlock)
    before = footer.numbers()
    footer.set_active(True)
    assert (before, footer.numbers()) == ([], [clock_text(at(2))])
