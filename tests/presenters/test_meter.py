"""How full the context is."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.domain.gauge import Gauge
from desktop.domain.messages import Message, Role, Usage
from desktop.domain.sessions import Session
from desktop.presenters.meter import MeterPresenter, MeterReading, choices_of, meter_text, reading_of, short_count
from desktop.providers.scripted import Hold, Say, Script
from tests.presenters.stage import Stage, playing

ANSWER = Message(
    id=1,
    uid="u",
    session_id="s",
    parent_id=None,
    depth=0,
    role=Role.ASSISTANT,
    content="",
    created_at=0,
    usage=Usage(input_tokens=11_000, output_tokens=84),
)


@pytest.mark.parametrize(
    ("tokens", "text"),
    [(0, "0"), (999, "999"), (1000, "1k"), (11_084, "11.1k"), (32_000, "32k"), (999_499, "999k"), (1_234_567, "1.2M")],
)
def test_counts_are_short(tokens: int, text: str) -> None:
    """A count takes a few characters, whatever its size."""
    assert short_count(tokens) == text


def test_an_empty_session_has_used_nothing() -> None:
    """0 of the default."""
    assert meter_text((), None) == "0 / 32k"


def test_the_last_answer_tells_what_is_used() -> None:
    """What its request and itself held, of what the session allows."""
    session = Session(id="s", title="", created_at=0, updated_at=0, params={"max_context": 128_000})
    assert meter_text((ANSWER,), session) == "11.1k / 125k"


def test_an_estimate_is_marked() -> None:
    """Figures that the provider did not send are never shown as its own."""
    assert ANSWER.usage is not None
    guessed = replace(ANSWER, usage=replace(ANSWER.usage, estimated=True))
    assert meter_text((guessed,), None) == "≈ 11.1k / 32k"


def test_without_figures_there_is_no_meter() -> None:
    """Nothing is guessed."""
    assert meter_text((replace(ANSWER, usage=None),), None) == ""


def test_a_gauge_reads_as_two_numbers_in_one_measure() -> None:
    """32,090 of 32,768 is not 32.1k of 32k."""
    reading = reading_of(Gauge(used=32_090, budget=32_768))
    assert (reading.text, reading.warns) == ("31.3k / 32k", True)
    assert reading_of(Gauge(used=12_000, budget=100_000)).text == "12k / 100k"
    assert reading_of(Gauge(used=10, budget=1_048_576)).text == "10 / 1M"


@pytest.mark.parametrize(("used", "warns"), [(0, False), (799, False), (800, True), (1200, True)])
def test_the_meter_warns_at_four_fifths(used: int, warns: bool) -> None:
    """And the bar is never longer than itself."""
    reading = reading_of(Gauge(used=used, budget=1000))
    assert reading.warns is warns
    assert reading.share == min(1.0, used / 1000)


def test_the_parts_are_explained() -> None:
    """What would be sent, of what it consists, and what stays."""
    gauge = Gauge(used=1500, budget=4000, system=100, history=1000, draft=397, reserve=96, left_out=12)
    assert reading_of(gauge).tooltip.splitlines() == [
        "Would be sent: 1,500 of at most 4,000 tokens",
        "System prompt: 100",
        "History: 1,000",
        "Draft: 397",
        "Kept for the answer: 96",
        "12 older messages will not be sent",
    ]


def test_an_estimate_says_how_far_it_may_be_off() -> None:
    """In percent, beside the sign."""
    reading = reading_of(Gauge(used=500, budget=4000, margin=0.2, left_out=1, fits=False))
    assert reading.text.startswith("≈ 500")
    assert "within 20 %" in reading.tooltip
    assert "1 older message will not be sent" in reading.tooltip
    assert "Shorten it" in reading.tooltip


def test_choices_stay_within_the_window() -> None:
    """With what is allowed now, and the window itself."""
    assert choices_of(Gauge(budget=1, allowed=10_000, window=20_000)) == (8192, 10_000, 16_384, 20_000)
    assert choices_of(Gauge(budget=1, allowed=32_768))[-1] == 1_048_576


class Readings:
    """A meter that follows a stage."""

    def __init__(self, stage: Stage) -> None:
        self.all: list[MeterReading] = []
        self.choices: list[tuple[tuple[int, ...], int]] = []
        self.presenter = MeterPresenter(bridge=stage.bridge, read=lambda: stage.box.text)
        self.presenter.changed.connect(self.all.append)
        self.presenter.choices_changed.connect(lambda *found: self.choices.append(found))

    def last(self) -> str:
        return self.all[-1].text if self.all else ""


def test_a_draft_is_counted_once_its_writer_rests(qapp: QApplication, tmp_path: Path) -> None:
    """In a session that does not exist yet, too."""
    with playing(qapp, tmp_path) as stage:
        meter = Readings(stage)
        meter.presenter.set_session("")
        stage.until(lambda: meter.last() == "0 / 32k")
        stage.box.text = "one two three"
        meter.presenter.edited()
        stage.until(lambda: meter.last().startswith("≈ "))
        assert "Draft: 7" in meter.all[-1].tooltip


def test_the_meter_follows_the_session(qapp: QApplication, tmp_path: Path) -> None:
    """What was said counts, and what may be sent can be changed."""
    with playing(qapp, tmp_path) as stage:
        meter = Readings(stage)
        stage.send("Hello")
        stage.until(lambda: bool(stage.chat.session_id))
        stage.rest()
        meter.presenter.set_session(stage.chat.session_id)
        stage.until(lambda: "History" in (meter.all[-1].tooltip if meter.all else ""))
        meter.presenter.allow(8192)
        stage.until(lambda: meter.last().endswith("/ 8k"))
        assert meter.choices[-1][1] == 8192


def test_what_is_being_written_moves_the_meter(qapp: QApplication, tmp_path: Path) -> None:
    """By an estimate, which gives way to the count when the answer is there."""
    hold = Hold(threading.Event())
    with playing(qapp, tmp_path, [Script(steps=(Say("word " * 4000), hold))]) as stage:
        meter = Readings(stage)
        stage.send("Hello")
        stage.until(lambda: bool(stage.chat.session_id))
        meter.presenter.set_session(stage.chat.session_id)
        stage.until(lambda: bool(meter.all) and meter.all[-1].share > 0.1)
        assert meter.last().startswith("≈ ")
        hold.released.set()
        stage.rest()
        stage.until(lambda: not meter.presenter._coming)


def test_an_estimate_of_what_is_coming_is_marked() -> None:
    """It is added to what was counted."""
    shown = reading_of(Gauge(used=100, budget=1000, history=100), coming=50)
    assert shown.text.startswith("≈ 150 ")
    assert shown.share == 0.15


def test_a_session_that_is_gone_has_no_meter(qapp: QApplication, tmp_path: Path) -> None:
    """Rather nothing than a wrong figure."""
    with playing(qapp, tmp_path) as stage:
        meter = Readings(stage)
        meter.presenter.set_session("nobody")
        stage.until(lambda: bool(meter.all))
        assert meter.last() == ""


def test_asking_often_counts_once_more(qapp: QApplication, tmp_path: Path) -> None:
    """What changes while a count is under way is counted after it, not beside it."""
    with playing(qapp, tmp_path) as stage:
        meter = Readings(stage)
        for _time in range(5):
            meter.presenter.set_model("guide/manual")
        stage.rest()
        assert 1 <= len(meter.all) <= 2


def test_nothing_is_counted_while_an_answer_begins(qapp: QApplication, tmp_path: Path) -> None:
    """The count with the draft holds; the end of the answer, or a refusal, counts anew."""
    hold = Hold(threading.Event())
    with playing(qapp, tmp_path, [Script(steps=(hold, Say("word")))]) as stage:
        meter = Readings(stage)
        meter.presenter.set_session("")
        stage.until(lambda: len(meter.all) == 1)
        meter.presenter.sent()
        stage.send("Hello")
        stage.until(lambda: bool(stage.chat.session_id))
        meter.presenter.set_session(stage.chat.session_id)
        meter.presenter.refresh()
        assert not meter.presenter._reading
        hold.released.set()
        stage.rest()
        stage.until(lambda: "History" in meter.all[-1].tooltip)
        before = len(meter.all)
        meter.presenter.sent()
        meter.presenter.not_sent()
        stage.until(lambda: len(meter.all) > before)
