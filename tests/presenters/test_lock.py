"""The lock: it opens to the right words alone, and waits after wrong ones."""

from dataclasses import replace

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
        self.lock.opened.connect(self._on_opened)
        self.trouble = ""
        self.lock.cancelled.connect(lambda: self.told.append("cancelled"))
        self.lock.refused.connect(self.told.append)
        self.lock.waiting.connect(self.waits.append)

    def _on_opened(self) -> None:
        self.told.append("opened")
        if self.trouble:
            self.lock.refuse(self.trouble)
        else:
            self.lock.release()

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


def test_right_words_that_cannot_open_can_be_said_again(door: Door) -> None:
    """As when what is behind the door cannot be read: it stays locked, says why, and one is not shut out."""
    door.trouble = "The disk is full."
    door.lock.lock(door.profile, can_cancel=True)
    door.try_open("open")
    assert (door.told, door.lock.is_locked, door.lock.may_try) == (["opened", "The disk is full."], True, True)
    door.trouble = ""
    door.try_open("open")
    assert not door.lock.is_locked


def test_between_the_right_words_and_the_open_window_nothing_is_taken(door: Door) -> None:
    """Neither other words nor Cancel."""
    door.lock.opened.disconnect(door._on_opened)
    door.lock.opened.connect(lambda: door.told.append("right"))
    door.lock.lock(door.profile, can_cancel=True)
    door.try_open("open")
    door.lock.cancel()
    assert (door.told, door.lock.is_locked, door.lock.may_try) == (["right"], True, False)


def test_a_profile_that_is_gone_is_said_at_the_door(door: Door) -> None:
    """Not behind it, where nobody reads it."""
    door.lock.lock(replace(door.profile, id=77), can_cancel=True)
    door.try_open("open")
    assert (door.told, door.lock.may_try) == (["This profile is not there any more."], True)


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
    needed: list[bool] = []
    door.lock.needed.connect(lambda: needed.append(True))
    door.lock.lock(None)
    assert not door.lock.may_try
    door.lock.try_open("open")
    assert (door.lock.is_locked, needed) == (True, [True])
    door.lock.lock(door.profile)
    assert door.lock.may_try
