"""What is moved as pixels looks as if it had been painted where it is."""

from random import Random

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.ui.transcript.reading import Reading, asked, message, writing

MIXED = (
    "A paragraph with **strong** words and `code`, long enough to be wrapped once or twice in this window.\n\n"
    "- one point\n- another\n\n> quoted\n\n```python\ndef fit(messages):\n    return messages[-3:]\n```\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
)


class Watch(QObject):
    """Notes which widgets are painted."""

    def __init__(self, painted: list[QObject]) -> None:
        super().__init__()
        self._painted = painted

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._painted.append(watched)
        return False


def on_the_screen(reading: Reading) -> QImage:
    """Return what the window shows with what was marked for painting painted."""
    QApplication.processEvents()
    view = reading.view
    return view.screen().grabWindow(view.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)


def painted_anew(reading: Reading) -> QImage:
    """Return the same, every widget painted from nothing."""
    return reading.view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def differing_rows(reading: Reading) -> list[int]:
    """Return which rows of pixels on the screen are another than they would be if they were painted anew."""
    seen, anew = on_the_screen(reading), painted_anew(reading)
    assert seen.size() == anew.size()
    width, height = seen.width(), seen.height()
    return [y for y in range(height) if seen.copy(0, y, width, 1) != anew.copy(0, y, width, 1)]


def is_true(reading: Reading) -> None:
    """Have the screen show, with what is to be painted anyway, what painting anew would show."""
    reading.bot.waitUntil(lambda: not differing_rows(reading))


def shown(reading: Reading) -> None:
    messages = [asked(n) if n % 2 else message(n, MIXED * (n % 3 + 1), model="maker/model") for n in range(1, 12)]
    reading.show([*messages, writing(12)])
    reading.bot.waitExposed(reading.view)
    assert not on_the_screen(reading).isNull()


@pytest.mark.parametrize("seed", range(4))
def test_scrolling_at_random_leaves_no_stale_pixel(reading: Reading, seed: int) -> None:
    """However far the wheel is turned, also while an answer grows, the screen shows what painting anew would show."""
    shown(reading)
    dice, place, text = Random(seed), 0, MIXED * 8
    for _turn in range(30):
        if dice.random() < 0.5:
            reading.scroll(dice.choice((-700, -240, -60, -3, 3, 60, 240, 700)))
        else:
            size = dice.randrange(1, 120)
            reading.say(12, text[place : place + size])
            place += size
        is_true(reading)


def test_an_answer_that_is_followed_leaves_no_stale_pixel(reading: Reading) -> None:
    """While the view stays at the end, everything above moves up and the screen stays true."""
    shown(reading)
    reading.view.follow()
    for place in range(0, len(MIXED) * 2, 40):
        reading.say(12, (MIXED * 2)[place : place + 40])
        is_true(reading)


def test_what_moves_is_not_painted(reading: Reading) -> None:
    """A new line at the end moves what is above it, and paints nothing of it anew."""
    shown(reading)
    reading.say(12, "words\n\n")
    on_the_screen(reading)
    painted: list[QObject] = []
    above = [block for block in reading.view.blocks() if block.y() > 100 and block.geometry().bottom() < 400]
    assert above
    watch = Watch(painted)
    places = [block.y() for block in above]
    for block in above:
        block.installEventFilter(watch)
    reading.say(12, "more words\n\nand more\n\n")
    on_the_screen(reading)
    assert all(block.y() < place for block, place in zip(above, places, strict=True))
    assert painted == []


def test_the_address_of_a_link_stays_in_its_corner(reading: Reading) -> None:
    """What stands still over the text is not carried along with it."""
    shown(reading)
    target = reading.view._target
    target.show_target("https://example.org/", reading.view._style)
    before = target.geometry()
    reading.say(12, MIXED)
    assert target.geometry() == before
    is_true(reading)
