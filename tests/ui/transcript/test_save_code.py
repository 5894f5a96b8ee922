"""Saving code is a wish that goes up: the transcript asks nothing and writes nothing."""

from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from tests.ui.transcript.hands import code_block
from tests.ui.transcript.reading import Reading, message


def test_saving_tells_the_code_and_a_name(reading: Reading, qtbot: QtBot) -> None:
    """The code goes up as it is, with a name that fits its language."""
    reading.show([message(1, "```python\na = 'ä'\n\tb\n```")])
    with qtbot.waitSignal(reading.view.save_code_requested) as wished:
        reading.click(code_block(reading).save_button)
    assert wished.args == ["a = 'ä'\n\tb", "code.py"]
    assert not reading.view.findChildren(QFileDialog)
