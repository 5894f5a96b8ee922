"""The meter as it is seen, pressed and read aloud."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.ui.composer.meter import ContextMeter
from desktop.ui.theme import load_theme


@pytest.fixture
def meter(qtbot: QtBot) -> ContextMeter:
    meter = ContextMeter(theme=load_theme("light"))
    qtbot.addWidget(meter)
    return meter


def colours(meter: ContextMeter) -> set[str]:
    """Return the colours along the middle of the bar."""
    meter.resize(meter.sizeHint())
    image = meter.grab().toImage()
    return {image.pixelColor(x, image.height() // 2).name().upper() for x in range(6, 66)}


def test_it_is_there_when_there_is_something_to_show(meter: ContextMeter) -> None:
    """Without figures there is no meter."""
    assert not meter.isVisible()
    meter.show_reading("11.1k / 32k", 0.3)
    assert meter.isVisible()
    meter.show_reading("")
    assert not meter.isVisible()


def test_it_is_amber_where_it_warns(meter: ContextMeter) -> None:
    """And the theme's accent where all is well."""
    theme = load_theme("light")
    meter.show_reading("1 / 2", 0.5)
    assert theme.accent in colours(meter)
    meter.show_reading("9 / 10", 0.9, warns=True)
    assert theme.warn in colours(meter)
    assert theme.accent not in colours(meter)


def test_it_wears_another_theme(meter: ContextMeter) -> None:
    """Live."""
    meter.show_reading("1 / 2", 0.5)
    meter.set_theme(load_theme("dark"))
    assert load_theme("dark").accent in colours(meter)


def test_it_can_be_read_aloud(meter: ContextMeter) -> None:
    """Its numbers by name, its parts as the description."""
    meter.show_reading("1 / 2", 0.5, tooltip="History: 1\nDraft: 1")
    assert "1 / 2" in meter.accessibleName()
    assert meter.accessibleDescription() == "History: 1\nDraft: 1"
    assert meter.toolTip() == "History: 1<br>Draft: 1"


def test_a_press_offers_what_may_be_sent(qtbot: QtBot, meter: ContextMeter) -> None:
    """What is allowed now is marked; another choice is told."""
    meter.show_reading("1 / 8k", 0.5)
    meter.click()
    meter.set_choices((8192, 32_768), 8192)
    menu = meter.menu()
    choices = [action for action in menu.actions() if action.isCheckable()]
    assert [(action.text(), action.isChecked()) for action in choices] == [("8k", True), ("32k", False)]
    with qtbot.waitSignal(meter.allowed) as told:
        choices[1].trigger()
    assert told.args == [32_768]
    menu.close()
