"""The folder and the tags of the open session, beside its title."""

from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from desktop.domain.organising import Folder, Labels, Tag
from desktop.ui.chips import Chip, Chips
from desktop.ui.theme import Theme


def _chips(qtbot: QtBot, theme: Theme, labels: Labels) -> list[Chip]:
    made = Chips(theme=theme)
    qtbot.addWidget(made)
    made.resize(600, 40)
    made.show()
    qtbot.waitExposed(made)
    made.show_labels(labels)
    return [chip for chip in made.findChildren(Chip) if chip.isVisible()]


def test_words_have_as_much_room_at_the_right_as_at_the_left(qtbot: QtBot, theme: Theme) -> None:
    """What Qt adds behind words that follow an icon is left out; the words still fit."""
    (chip,) = _chips(qtbot, theme, Labels(folder=Folder(id=1, name="Work"), tags=()))
    metrics = chip.fontMetrics()
    blanks = 2 * metrics.horizontalAdvance(" ")
    assert chip.sizeHint().width() == QToolButton.sizeHint(chip).width() - blanks
    assert chip.width() >= chip.iconSize().width() + metrics.horizontalAdvance("Work")


def test_a_tag_is_one_line_that_turns_nothing_around(qtbot: QtBot, theme: Theme) -> None:
    """However its name was written."""
    (chip,) = _chips(qtbot, theme, Labels(folder=None, tags=(Tag(id=7, name="one\u202etwo"),)))
    assert chip.text() == "#one\u200btwo"
