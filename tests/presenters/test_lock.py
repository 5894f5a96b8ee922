"""The lock: it opens to the right words alone, and waits after wrong ones."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.organising import Profile
from desktop.presenters.bridge import Bridge
from desktop.presenters.lock import LONGEST_S, LockPresenter, pause_s
from desktop.services.backend import Backend


async def locked_profile(backend: Backend) -> Profile:
    made = await backend.profiles.create("Ana")
    return await backend.profiles.set_passphrase(made.id, "open")


class Door:
    """A lock on real services, and what it tells."""

    def __init__(self, bridge: Bridge, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        made: list[Profile] = []

        async def make() -> None:
            made.append(await bridge.call(locked_profile))

        bridge.start_task(make())
        qtbot.waitUntil(lambda: bool(made), timeout=30_000)
        self.profile = made[0]
        self.lock = LockPresenter(bridge=bridge, parent=bridge)
        self.told: list[str] = []
        self.waits: list[int] = []
        self.lock.opened.connect(lambda: self.told.append("opened"))
        self.lock.cancelled.connect(lambda: self.told.append("cancelled"))
        self.lock.refused.connect(self.told.append)
        self.lock.waiting.connect(self.waits.append)

    def try_open(self, words: str) -> None:
        count = len(self.told)
        self.lock.try_open(words)
        self._qtbot.waitUntil(lambda: len(self.told) > count, timeout=30_000)


@pytest.fixture
def door(qapp: QApplication, bridge: Bridge, qtbot: QtBot) -> Door:
    return Door(bridge, qtbot)


@pytest.mark.parametrize(("failures", "seconds"), [(0, 0), (2, 0), (3, 2), (4, 4), (5, 8), (99, LONGEST_S)])
def test_one_waits_longer_after_each_failure(failures: int, seconds: int) -> None:
    """The first few are free, since anybody mistypes; it never gets out of hand."""
    assert pause_s(failures) == seconds


def test_the_right_words_open(door: Door) -> None:
    """And it is locked until then."""
    door.lock.lock(door.profile)
    assert door.lock.is_locked
    door.try_open("open")
    assert (door.told, door.lock.is_locked) == (["opened"], False)


def test_wrong_words_do_not(door: Door) -> None:
    """They are told in a sentence."""
    door.lock.lock(door.profile)
    door.try_open("shut")
    assert (door.told, door.lock.is_locked) == (["That is not the passphrase."], True)


def test_after_several_failures_nothing_is_looked_at_for_a_while(door: Door) -> None:
    """The right words neither; then they open."""
    door.lock.lock(door.profile)
    for _number in range(3):
        door.try_open("shut")
    assert door.waits[-1] == 2
    assert not door.lock.may_try
    door.lock.try_open("open")
    assert door.told[-1] != "opened"
    door.lock.tick()
    door.lock.tick()
    assert door.waits[-1] == 0
    door.try_open("open")
    assert door.told[-1] == "opened"


def test_leaving_the_question_does_not_shorten_the_wait(door: Door) -> None:
    """Who asks again waits as before."""
    door.lock.lock(door.profile, can_cancel=True)
    for _number in range(3):
        door.try_open("shut")
    door.lock.cancel()
    door.lock.lock(door.profile, can_cancel=True)
    assert not door.lock.may_try


def test_only_a_question_before_an_open_profile_can_be_left(door: Door) -> None:
    """The lock of the profile that is shown cannot."""
    door.lock.lock(door.profile)
    door.lock.cancel()
    assert (door.told, door.lock.is_locked) == ([], True)
    door.lock.lock(door.profile, can_cancel=True)
    door.lock.cancel()
    assert (door.told, door.lock.is_locked) == (["cancelled"], False)


def test_at_the_start_it_waits_for_the_profile_to_be_known(door: Door) -> None:
    """Words before that are no try."""
    door.lock.lock(None)
    assert not door.lock.may_try
    door.lock.try_open("open")
    assert door.lock.is_locked
    door.lock.lock(door.profile)
    assert door.lock.may_try
