"""How much of a text is read at once."""

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.domain.messages import Message, Role
from desktop.presenters.slices import CHEAP_S, LEAST_CHARS, SLOW_S, SliceReader, next_chars
from desktop.presenters.transcript_item import PARSE_SLICE_CHARS, TranscriptItem


class DearItem(TranscriptItem):
    """An answer whose every character takes a tenth of a millisecond to read, on a clock of its own."""

    def __init__(self, chars: int) -> None:
        super().__init__(Message(
            id=1, uid="1", session_id="s", parent_id=None, depth=0, role=Role.ASSISTANT, content="a" * chars,
            created_at=0,
        ))  # fmt: skip
        self.now_s = 0.0
        self.slices: list[int] = []

    def parse_slice(self, chars: int = PARSE_SLICE_CHARS) -> int:
        """Read a slice and let the time pass that it costs."""
        self.slices.append(chars)
        self.now_s += chars / 10_000
        return super().parse_slice(chars)


@pytest.mark.parametrize(
    ("chars", "took_s", "expected"),
    [
        (1_000, SLOW_S * 2, 250),
        (LEAST_CHARS, 1.0, LEAST_CHARS),
        (250, (SLOW_S + CHEAP_S) / 2, 250),
        (250, CHEAP_S / 2, 500),
        (PARSE_SLICE_CHARS, 0.0, PARSE_SLICE_CHARS),
    ],
)
def test_the_next_slice_is_as_long_as_the_last_one_was_cheap(chars: int, took_s: float, expected: int) -> None:
    """A slow slice is followed by a quarter of it, a cheap one by the double, within limits."""
    assert next_chars(chars, took_s) == expected


def test_text_that_is_dear_is_read_in_short_slices(qtbot: QtBot) -> None:
    """After the first slice has shown what the text costs, none takes as long again."""
    item = DearItem(4_000)
    owner = QObject()
    reader = SliceReader(now=lambda: item.now_s, row_of=lambda _key: 0, parent=owner)
    reader.want(item, 0)
    qtbot.waitUntil(lambda: item.is_parsed)
    assert item.slices[0] == PARSE_SLICE_CHARS
    assert max(item.slices[2:]) <= PARSE_SLICE_CHARS // 10
    assert len(item.slices) > 30
    owner.deleteLater()
