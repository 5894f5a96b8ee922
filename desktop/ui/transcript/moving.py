"""Brings widgets to their places as cheaply as can be: what moves together is moved as pixels and not painted anew.

Setting the geometry of each widget paints all of them again with every turn of the wheel and every new line of an
answer: 6 ms a frame, where moving the picture and painting what has come into sight takes 2.
"""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QWidget

from desktop.ui.transcript.stage import Placed


def put(placed: Sequence[Placed], area: QWidget, *, left: int, width: int, fixed: QWidget) -> None:
    """Bring the widgets of a layout to their places in `area`; `fixed` is a child of it that stays where it is."""
    wanted = [QRect(left, round(each.y), width, each.height) for each in placed]
    by = _common_move(placed, wanted)
    if by and abs(by) < area.height() and fixed.isHidden():
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
