"""What is put into the clipboard."""

import subprocess
import sys

import pytest
from PySide6.QtWidgets import QApplication

from desktop.ui.mime import clipboard_data

_COPY = """
from PySide6.QtWidgets import QApplication
app = QApplication([])
{how}
print(QApplication.clipboard().text())
"""
_WAYS = {
    "message": (
        "from desktop.domain.taking import Taken; from desktop.ui.transcript.clipboard import copy_taken; "
        "copy_taken(Taken(plain='words', markdown='words', html='words', count=1))"
    ),
    "composer": (
        "from desktop.ui.composer.text_input import TextInput; "
        "box = TextInput(); box.set_text('words'); box.selectAll(); box.copy()"
    ),
}


def test_it_holds_the_text_alone(qapp: QApplication) -> None:
    """One kind of data, and nothing of how it was made."""
    data = clipboard_data("words")
    assert (data.formats(), data.text()) == (["text/plain"], "words")


@pytest.mark.parametrize("way", list(_WAYS))
def test_a_program_that_has_copied_ends_in_good_order(way: str) -> None:
    """What lies in the clipboard does not crash the program at its end."""
    code = _COPY.format(how=_WAYS[way])
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout) == (0, "words\n")
