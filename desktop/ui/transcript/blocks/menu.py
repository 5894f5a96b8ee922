"""The context menu of a block: what can be taken from where the pointer is."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

Entry = tuple[str, Callable[[], object]]


def open_menu(owner: QWidget, place: QPoint, entries: Sequence[Entry]) -> QMenu:
    """Open a menu at a place on the screen; it is gone when it closes."""
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for text, do in entries:
        menu.addAction(text).triggered.connect(lambda _checked=False, do=do: do())
    menu.popup(place)
    return menu
