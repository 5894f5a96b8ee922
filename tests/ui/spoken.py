"""What assistive technology is told of a window: every name, text and value that can be reached in it."""

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

_KINDS = (QAccessible.Text.Name, QAccessible.Text.Value, QAccessible.Text.Description)


def spoken(window: QWidget) -> str:
    """Return all of it, whether or not it says that it is seen."""
    words: list[str] = []
    waiting: list[QAccessibleInterface | None] = [QAccessible.queryAccessibleInterface(window)]
    while waiting:
        one = waiting.pop()
        if one is not None and one.isValid():
            words += [one.text(kind) for kind in _KINDS]
            waiting += [one.child(at) for at in range(one.childCount())]
    return "\n".join(filter(None, words))
