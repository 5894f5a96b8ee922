"""Tab through what is in sight from top to bottom, then on to whatever comes after the transcript.

Recycled widgets were made in any order, so Qt's own chain would jump about.
"""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QWidget

from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.text import TextBlock


def is_walking(view: QWidget, *, standing: bool) -> bool:
    """Return whether the keyboard is at work in a view: it has a button there, or the view while `standing` in it."""
    focus = QApplication.focusWidget()
    if focus is None:
        return False
    return (focus is view and standing) or (isinstance(focus, QAbstractButton) and view.isAncestorOf(focus))


def step_focus(
    view: QAbstractScrollArea, blocks: Iterable[BlockWidget], *, forward: bool, near: TranscriptItem | None = None
) -> bool:
    """Move the focus one step, from the view itself into the message `near`; return False to let Qt do it."""
    current = QApplication.focusWidget()
    if current is None or not (current is view or view.isAncestorOf(current)):
        view.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True
    if isinstance(current, TextBlock) and current.step_link(forward=forward):
        return True
    found = [(block, stop) for block in blocks for stop in _stops_in(block)]
    stops: list[QWidget] = [view, *(stop for _block, stop in found)]
    at = stops.index(current) if current in stops else 0
    if current is view and forward and near is not None:
        at = next((n for n, (block, _stop) in enumerate(found) if block.item is near), 0)
    wanted = at + (1 if forward else -1)
    if 0 <= wanted < len(stops):
        stop = stops[wanted]
        if isinstance(stop, TextBlock):
            stop.step_link(forward=forward)
        stop.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True
    return _leave(view, forward=forward)


def _stops_in(block: BlockWidget) -> list[QWidget]:
    """Return what takes the focus in a block, from left to right and top to bottom."""
    if block.y() + block.height() < 0:
        return []
    children = [child for child in block.findChildren(QWidget) if _takes_tab(child) and child.isVisibleTo(block)]
    children.sort(key=lambda child: (child.y(), child.x()))
    return [block, *children] if _takes_tab(block) else children


def _takes_tab(widget: QWidget) -> bool:
    return widget.isEnabled() and bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)


def _leave(view: QWidget, *, forward: bool) -> bool:
    """Give the focus to the next widget outside the view."""
    widget: QWidget | None = view
    for _step in range(10_000):
        assert widget is not None, "the focus chain is a ring"
        widget = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
        if widget is view or widget is None:
            return False
        if view.isAncestorOf(widget) or not widget.isVisible() or not _takes_tab(widget):
            continue
        widget.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
        return True
    return False
