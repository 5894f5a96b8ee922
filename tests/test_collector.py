import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from desktop.collector import Collector


class Loop:
    """Garbage that only a collection ends; it notes on which thread it ended."""

    def __init__(self, ended_on: list[threading.Thread]) -> None:
        self._me = self
        self._ended_on = ended_on

    def __del__(self) -> None:
        self._ended_on.append(threading.current_thread())


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[Collector]:
    gc.enable()  # as in a program that begins
    made = Collector()
    made.start()
    yield made
    made.stop()
    gc.disable()


def work() -> None:
    """Make so many objects that Python would collect several times."""
    kept = [[number] for number in range(5_000)]
    del kept


def test_garbage_ends_on_the_windows_thread(qtbot: QtBot, collector: Collector) -> None:
    """However much another thread allocates, a cycle ends on the thread that runs the window's loop."""
    ended_on: list[threading.Thread] = []
    Loop(ended_on)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert ended_on == []

    kept = [[number] for number in range(1_000)]
    qtbot.waitUntil(lambda: bool(ended_on))
    assert ended_on == [threading.main_thread()]
    del kept


def test_nothing_is_collected_while_the_threshold_is_zero(qtbot: QtBot, collector: Collector) -> None:
    """Who loads a big library sets the threshold to 0, and no collection stalls the window meanwhile."""
    ended_on: list[threading.Thread] = []
    thresholds = gc.get_threshold()
    Loop(ended_on)
    kept = [[number] for number in range(1_000)]
    gc.set_threshold(0)
    try:
        collector._collect()
        assert ended_on == []
    finally:
        gc.set_threshold(*thresholds)
    collector._collect()
    assert ended_on == [threading.main_thread()]
    del kept


def test_full_collections_rest_in_proportion_to_their_cost(collector: Collector) -> None:
    """A full collection is not made again before two hundred times its duration has passed."""
    fulls: list[int] = []

    def note(phase: str, facts: dict[str, int]) -> None:
        if phase == "start" and facts["generation"] == 2:
            fulls.append(1)

    thresholds = gc.get_threshold()
    gc.collect()
    gc.set_threshold(1, 0, 0)
    gc.callbacks.append(note)
    try:
        for _ in range(20):
            kept = [[number] for number in range(100)]
            collector._collect()
    finally:
        gc.callbacks.remove(note)
        gc.set_threshold(*thresholds)
    assert len(fulls) == 1
    del kept


def test_stop_gives_the_collection_back(qtbot: QtBot) -> None:
    """Afterwards Python collects as it did before."""
    gc.enable()
    try:
        collector = Collector()
        collector.start()
        assert not gc.isenabled()
        collector.stop()
        assert gc.isenabled()
    finally:
        gc.disable()
