"""The transcript as a screen reader walks it: the parts in sight, in reading order, with names that say what they are.

Real widgets carry all of it. Interfaces made in Python would let a message be a node of its own, but with PySide 6.11
Qt crashes now and then when one of them outlives its widget; so a message begins with a part that names its author,
and a link that Tab has reached is told as the name of its text. Nothing is done where no screen reader runs.
"""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from desktop.i18n import _
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.spoken import spoken


def tell(blocks: Sequence[BlockWidget]) -> None:
    """Have the parts in sight named and ordered for a screen reader, if one listens."""
    if not QAccessible.isActive() or not blocks:
        return
    for block in blocks:
        tell_block(block)
    parent = blocks[0].parentWidget()
    place = {child: number for number, child in enumerate(parent.children())} if parent is not None else {}
    if any(place[one] > place[other] for one, other in pairwise(blocks)):
        # Qt knows children in the order in which they lie above each other; parts do not overlap.
        for block in blocks:
            block.raise_()


def tell_block(block: QWidget) -> None:
    """Name a part: what it is, whose, and its text; or the link in it that the keyboard is on."""
    if not isinstance(block, BlockWidget) or block.part is None or block.item is None:
        return
    link = block.focused_link() if isinstance(block, TextBlock) else None
    name = _("Link: {text}").format(text=link[0]) if link is not None else spoken(block.part, block.item)
    if name and name != block.accessibleName():
        block.setAccessibleName(name)
    if (link[1] if link is not None else "") != block.accessibleDescription():
        block.setAccessibleDescription(link[1] if link is not None else "")
