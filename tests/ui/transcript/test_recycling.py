"""What was put away and comes back is shown as it was."""

from desktop.ui.transcript.blocks.text import TextBlock
from tests.ui.transcript.reading import Reading, asked, message


def test_text_that_comes_back_into_sight_is_there(reading: Reading) -> None:
    """A widget that is used again for the very part it showed before lays it out again."""
    reading.model.show([asked(1), message(2, "a list\n\n" + "- a point to make\n" * 120)], has_older=False)
    reading.bot.waitUntil(lambda: reading.model.item(1).is_parsed)
    bar = reading.view.verticalScrollBar()
    for value in (0, bar.maximum(), 0, bar.maximum() // 2, 0, bar.maximum()):
        bar.setValue(value)
        reading.view._lay_out()
        empty = [block for block in reading.view.blocks() if isinstance(block, TextBlock) and block._flow is None]
        assert empty == []
