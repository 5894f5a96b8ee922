"""Brings widgets to their places; while an answer is followed, what moves together is moved as pixels.

Setting the geometry of each widget paints all of them again with every new line. The wheel does that all the same:
with it, moving pixels brought single frames of 75 to 95 ms where painting takes 25 at most.
"""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from desktop.ui.transcript.stage import Placed


def put(placed: Sequence[Placed], area: QWidget, *, left: int, width: int, as_pixels: bool) -> None:
    """Bring the widgets of a layout to their places in `area`, `as_pixels` where most of them move together."""
    wanted = [QRect(left, round(each.y), width, each.height) for each in placed]
    by = _common_move(placed, wanted) if as_pixels else 0
    if by and abs(by) < area.height():
        area.scroll(0, by)
    for each, rect in zip(placed, wanted, strict=True):
        if each.widget.geometry() != rect:
            each.widget.setGeometry(rect)
        if each.widget.isHidden():
            each.widget.show()


def _common_move(placed: Sequence[Placed], wanted: Sequence[QRect]) -> int:
    """Return by how much most of what is shown already moves, counted in pixels of height."""
    votes: Counter[int] = Counter()
    for each, rect in zip(placed, wanted, strict=True):
        if not each.widget.isHidden():
            votes[rect.top() - each.widget.y()] += rect.height()
    return votes.most_common(1)[0][0] if votes else 0
