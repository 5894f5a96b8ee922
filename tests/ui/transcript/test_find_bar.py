"""The bar that says what is looked for: typing, counting, stepping, leaving."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from desktop.presenters.find import FindState
from desktop.ui.theme import Theme, load_theme
from desktop.ui.transcript.find_bar import FindBar, state_text


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme) -> FindBar:
    made = FindBar(theme=theme)
    qtbot.addWidget(made)
    made.resize(800, 44)
    made.show()
    return made


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (FindState(), ""),
        (FindState(active=True, complete=False), "Searching…"),
        (FindState(active=True, complete=False, total=128, number=3), "128+ …"),
        (FindState(active=True, total=128, number=3), "3 of 128"),
        (FindState(active=True, total=12_800, number=1_300), "1,300 of 12,800"),
        (FindState(active=True, total=1), "1 match"),
        (FindState(active=True, total=2), "2 matches"),
        (FindState(active=True), "No matches"),
    ],
)
def test_how_far_a_search_is(state: FindState, text: str) -> None:
    """A count that still grows says so."""
    assert state_text(state) == text


def test_each_key_looks(bar: FindBar, qtbot: QtBot) -> None:
    """What is typed is looked for at once, and again when case counts."""
    looked: list[tuple[str, bool]] = []
    bar.looked_for.connect(lambda text, case: looked.append((text, case)))
    bar.begin()
    qtbot.keyClicks(bar.field, "ab")
    qtbot.mouseClick(bar.case, Qt.MouseButton.LeftButton)
    assert looked == [("", False), ("a", False), ("ab", False), ("ab", True)]


def test_enter_goes_on_and_shift_enter_back(bar: FindBar, qtbot: QtBot) -> None:
    """Without leaving the field; the buttons do the same."""
    steps: list[int] = []
    bar.stepped.connect(steps.append)
    bar.show_state(FindState(active=True, total=2, number=1))
    bar.begin()
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.mouseClick(bar.next, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(bar.previous, Qt.MouseButton.LeftButton)
    assert steps == [1, -1, 1, -1]


@pytest.mark.parametrize("name", ["field", "next", "case", "close_button"])
def test_escape_closes_from_wherever_the_keyboard_is(bar: FindBar, qtbot: QtBot, name: str) -> None:
    """Field or button."""
    bar.show_state(FindState(active=True, total=2, number=1))
    part = getattr(bar, name)
    part.setFocus()
    with qtbot.waitSignal(bar.closed):
        qtbot.keyClick(part, Qt.Key.Key_Escape)


def test_there_is_nowhere_to_go_without_a_match(bar: FindBar) -> None:
    """The arrows rest, and a word says why."""
    bar.show_state(FindState(active=True))
    assert not bar.next.isEnabled()
    assert not bar.previous.isEnabled()
    assert bar.count.text() == "No matches"
    bar.show_state(FindState(active=True, total=1, number=1))
    assert bar.next.isEnabled()


def test_the_text_before_is_there_again(bar: FindBar) -> None:
    """Opened anew, the bar offers what was looked for, ready to be typed over."""
    bar.begin("word")
    assert bar.field.selectedText() == "word"
    bar.begin()
    assert bar.field.text() == "word"
    assert bar.field.selectedText() == "word"


def test_every_part_has_a_name(bar: FindBar) -> None:
    """For screen readers and for who hovers."""
    for button in bar.findChildren(QToolButton):
        assert button.accessibleName()
        assert button.toolTip()
    assert bar.field.accessibleName()


def test_it_wears_each_theme_and_grows_with_the_letters(bar: FindBar) -> None:
    """At twice the size everything is still there."""
    before = bar.sizeHint().height()
    bar.set_theme(load_theme("dark"))
    font = bar.font()
    font.setPixelSize(28)
    bar.setFont(font)
    assert bar.sizeHint().height() > before
    assert bar.next.iconSize().width() > 16
