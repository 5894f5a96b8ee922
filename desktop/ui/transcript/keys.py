"""Which keys move the transcript."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar

from desktop.ui.transcript.scroll import ScrollController


def scroll_by_key(key: Qt.Key, scroll: ScrollController, bar: QScrollBar) -> bool:
    """Move as a key says; return whether it says anything."""
    match key:
        case Qt.Key.Key_PageUp:
            scroll.scroll_by(-bar.pageStep() + bar.singleStep())
        case Qt.Key.Key_PageDown | Qt.Key.Key_Space:
            scroll.scroll_by(bar.pageStep() - bar.singleStep())
        case Qt.Key.Key_Up:
            scroll.scroll_by(-2 * bar.singleStep())
        case Qt.Key.Key_Down:
            scroll.scroll_by(2 * bar.singleStep())
        case Qt.Key.Key_Home:
            scroll.to_start()
        case Qt.Key.Key_End:
            scroll.follow()
        case _:
            return False
    return True
