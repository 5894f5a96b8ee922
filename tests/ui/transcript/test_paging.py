"""A long session on the screen: a bar over the whole path, a page wherever the reader goes, no jump when it comes."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.domain.messages import Message
from desktop.ui.theme import Theme
from tests.ui.transcript.reading import Reading, asked, message, talk, writing

LENGTH = 2_000


class Store:
    """Answers what the view wants, when it is told to."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.messages: list[Message] = talk(LENGTH)
        self.pages: list[int] = []
        self.places: list[int] = []
        self.is_open = True
        view = reading.view
        view.page_wanted.connect(self.page)
        view.place_wanted.connect(self.place)
        view.end_wanted.connect(lambda: self.turn(len(self.messages) - 25))
        view.older_wanted.connect(self.older)
        view.newer_wanted.connect(self.newer)
        view.far_rows.connect(reading.model.trim)

    def open(self) -> None:
        self.reading.show(self.messages[-50:], has_older=True)

    def page(self, number: int) -> None:
        self.pages.append(number)
        if self.is_open:
            self.turn(number)

    def place(self, message_id: int) -> None:
        self.places.append(message_id)
        self.turn(message_id - 1)
        self.reading.view.show_message(message_id)

    def turn(self, number: int) -> None:
        first = max(0, number - 25)
        page = self.messages[first : first + 50]
        self.reading.model.turn_to(page, has_older=first > 0, after=len(self.messages) - first - len(page))

    def older(self) -> None:
        before = self.reading.model.before
        if self.is_open:
            self.reading.model.prepend(self.messages[max(0, before - 50) : before], has_older=before > 50)

    def newer(self) -> None:
        end = self.reading.model.before + self.reading.model.rowCount()
        page = self.messages[end : end + 50]
        if self.is_open:
            self.reading.model.append(page, after=len(self.messages) - end - len(page))


@pytest.fixture
def store(qtbot: QtBot, theme: Theme) -> Iterator[Store]:
    reading = Reading(qtbot=qtbot, theme=theme)
    made = Store(reading)
    made.open()
    yield made
    reading.close()


def first_key(reading: Reading) -> int:
    """Return the message at the top of the viewport."""
    return next(iter(reading.tops()))[0]


def test_the_bar_covers_the_whole_path(store: Store) -> None:
    """Forty pages that were never loaded make it forty times as long."""
    reading = store.reading
    loaded = reading.view._geometry.loaded
    assert reading.at_end()
    assert reading.view.verticalScrollBar().maximum() > 30 * loaded


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_a_dragged_handle_brings_the_page_there(store: Store, share: float) -> None:
    """About the message that stands at that share of the path."""
    reading = store.reading
    reading.scroll_to(round(share * reading.view.verticalScrollBar().maximum()))
    assert abs(first_key(reading) - share * LENGTH) < 0.02 * LENGTH + 2
    assert not reading.view.following


def test_what_is_not_there_yet_is_blank(store: Store) -> None:
    """The bar stays where it was put, and the page is asked for once."""
    reading, bar = store.reading, store.reading.view.verticalScrollBar()
    store.is_open = False
    wanted = bar.maximum() // 2
    reading.scroll_to(wanted)
    assert reading.view.blocks() == ()
    assert abs(bar.value() - wanted) < 1_000
    reading.view.resize(801, 600)
    reading.settle()
    assert len(store.pages) == 1
    store.is_open = True
    store.turn(store.pages[-1])
    reading.settle()
    assert reading.view.blocks()


def test_a_held_handle_stays_under_the_pointer(store: Store) -> None:
    """While it is dragged, no better estimate changes the bar's range."""
    reading, bar = store.reading, store.reading.view.verticalScrollBar()
    before = bar.maximum()
    bar.setSliderDown(True)
    for share in (0.8, 0.6, 0.4):
        reading.scroll_to(round(share * before))
        assert (bar.maximum(), bar.value()) == (before, round(share * before))
        assert abs(first_key(reading) - share * LENGTH) < 0.03 * LENGTH
    bar.setSliderDown(False)


def test_any_message_of_the_path_is_shown(store: Store) -> None:
    """A message that is not loaded is asked for and then stands at the top."""
    reading = store.reading
    reading.view.show_message(701)
    reading.settle()
    assert store.places == [701]
    assert "question 701" in reading.texts()
    assert first_key(reading) in (700, 701)


def test_the_wheel_never_jumps_across_pages(store: Store) -> None:
    """Pages come and go on the way, and each turn moves all that stays in sight by the same distance."""
    reading = store.reading
    reading.view.show_message(1_001)
    reading.settle()
    for step in [-97] * 120 + [97] * 120:
        before = reading.tops()
        reading.scroll(step)
        after = reading.tops()
        assert {after[key] - before[key] for key in before.keys() & after.keys()} == {-step}
        assert reading.model.rowCount() < 260


def test_a_page_that_is_late_is_waited_for(store: Store) -> None:
    """A reader who scrolls beyond what is loaded sees nothing there, and the text in its place when it comes."""
    reading = store.reading
    store.is_open = False
    store.turn(1_000)
    reading.view.show_message(976)
    reading.settle()
    before = reading.tops()[(976, "BLOCKS", 0)]
    reading.scroll(-300)
    assert reading.tops()[(976, "BLOCKS", 0)] == before + 300
    store.is_open = True
    store.older()
    reading.settle()
    assert reading.tops()[(976, "BLOCKS", 0)] == before + 300
    assert first_key(reading) < 976


def test_home_and_end_reach_the_ends_of_the_path(store: Store) -> None:
    """Not only of what is loaded."""
    reading = store.reading
    reading.bot.keyClick(reading.view, Qt.Key.Key_Home)
    reading.settle()
    assert first_key(reading) == 1
    assert reading.view.verticalScrollBar().value() == 0
    reading.bot.keyClick(reading.view, Qt.Key.Key_End)
    reading.settle()
    assert reading.at_end()
    assert reading.view.following


def test_far_rows_are_given_away(store: Store) -> None:
    """What is held stays small, wherever the reader has been."""
    reading = store.reading
    for _ in range(300):
        reading.scroll(-500)
    assert reading.model.rowCount() < 260
    assert reading.model.has_newer
    assert len(reading.view._geometry._messages) <= reading.model.rowCount()


def test_what_is_said_below_the_window_is_announced(store: Store) -> None:
    """The pill leads to it."""
    reading = store.reading
    reading.view.show_message(500)
    reading.settle()
    assert not reading.view._pill.isVisible()
    store.messages += [asked(LENGTH + 1), writing(LENGTH + 2)]
    reading.model.grow(LENGTH + 2)
    assert reading.view._pill.isVisible()
    reading.click(reading.view._pill)
    reading.settle()
    assert reading.view._stage.placed[-1].place.item.key == LENGTH + 2


def test_a_version_with_its_head_in_sight_stays_there(store: Store) -> None:
    """Its top does not move, although the other version is longer."""
    reading = store.reading
    reading.view.show_message(702)
    reading.settle()
    item = reading.model.item(reading.model.row_of(702))
    top = reading.tops()[(702, "HEAD", 0)]
    reading.view._scroll.hold(item, reading.view._stage.placed)
    reading.model.branch(701, [message(9_001, "long answer\n\n" * 90), asked(9_002)], after=70, keeps_place=True)
    reading.settle()
    assert reading.tops()[(9_001, "HEAD", 0)] == top


def test_a_version_with_its_foot_in_sight_stays_there(store: Store) -> None:
    """The arrows that were clicked stay under the pointer, although the other version is shorter."""
    reading = store.reading
    parent = store.messages[700]
    reading.view.show_message(parent.id)
    long = message(9_001, "long answer\n\n" * 90)
    reading.model.branch(parent.id, [long, *talk(30, first=9_100)], after=70, keeps_place=True)
    reading.settle()
    item = reading.model.item(reading.model.row_of(9_001))
    while not any(key == 9_001 and section == "FOOT" for key, section, _index in reading.tops()):
        reading.scroll(200)
    bottom = reading.tops()[(9_001, "FOOT", 0)]
    reading.view._scroll.hold(item, reading.view._stage.placed)
    reading.model.branch(parent.id, [message(9_002, "short"), *talk(30, first=9_200)], after=70, keeps_place=True)
    reading.settle()
    assert abs(reading.tops()[(9_002, "FOOT", 0)] - bottom) <= 1


def test_a_view_without_its_anchor_asks_for_the_place(store: Store) -> None:
    """When the page that is looked at is exchanged for another, the view stays where it was and asks for it again."""
    reading = store.reading
    reading.view.show_message(1_000)
    reading.settle()
    store.turn(100)
    reading.settle()
    assert abs(first_key(reading) - 1_000) <= 2
