"""Keys that extend the selection: Shift with the arrows, Home and End."""

import unicodedata
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent

from desktop.ui.transcript.scroll import ScrollController
from desktop.ui.transcript.selection import Selection, word_at
from desktop.ui.transcript.spots import Spot

_JOINERS = "\u200d\ufe0e\ufe0f"
_LINES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENDS = {Qt.Key.Key_Home: -1, Qt.Key.Key_End: 1}


def extend_by_key(event: QKeyEvent, selection: Selection, scroll: ScrollController, height: int) -> bool:
    """Extend the selection from where the reader clicked or dragged to last; return whether the key meant that."""
    head = selection.head
    key = Qt.Key(event.key())
    if head is None or not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
        return False
    far = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    wanted: Spot | None = None
    if key in _STEPS:
        text = selection.text_of(head)
        offset = _word_step(text, head.offset, _STEPS[key]) if far else _step(text, head.offset, _STEPS[key])
        wanted = replace(head, offset=offset) if offset != head.offset else selection.next_part(head, _STEPS[key])
    elif key in _ENDS and not far:
        wanted = replace(head, offset=0 if _ENDS[key] < 0 else len(selection.text_of(head)))
    elif key in _LINES:
        wanted = _line(selection, scroll, head, _LINES[key], height)
    if wanted is None:
        return key in _STEPS or key in _LINES
    selection.extend_to(wanted)
    return True


def _line(selection: Selection, scroll: ScrollController, head: Spot, by: int, height: int) -> Spot | None:
    """Return the spot a line above or below, which is scrolled into sight."""
    rect = selection.rect_of(head)
    if rect is None:
        return selection.next_part(head, by)
    step = rect.height()
    if rect.center().y() + by * 2 * step < 0 or rect.center().y() + by * 2 * step > height:
        scroll.scroll_by(round(by * 2 * step))
        rect = selection.rect_of(head) or rect
    for lines in (1.0, 1.6, 2.4):
        found = selection.spot_at(QPointF(rect.left(), rect.center().y() + by * lines * step))
        if found is not None and (found > head if by > 0 else found < head):
            return found
    return selection.next_part(head, by)


def _step(text: str, offset: int, by: int) -> int:
    """Return the offset one character on, not within what is seen as one."""
    at = offset + by
    while 0 < at < len(text) and (
        unicodedata.combining(text[at]) or text[at] in _JOINERS or text[at - 1] == _JOINERS[0]
    ):
        at += by
    return max(0, min(at, len(text)))


def _word_step(text: str, offset: int, by: int) -> int:
    at = offset
    while at + min(by, 0) >= 0 and at + max(by, 0) <= len(text):
        at += by
        edge = word_at(text, at)[0 if by < 0 else 1]
        if edge != at or (at != offset and word_at(text, at)[0] != word_at(text, at)[1]):
            return edge
    return max(0, min(at, len(text)))
