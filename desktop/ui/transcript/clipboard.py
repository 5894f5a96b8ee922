"""What a copy leaves in the clipboard: plain text, Markdown and rich text at once, or plain text alone."""

from PySide6.QtGui import QGuiApplication

from desktop.domain.taking import RICH_CHARS, Taken
from desktop.ui.mime import clipboard_data


def copy_plain(text: str) -> None:
    """Put plain text into the clipboard."""
    QGuiApplication.clipboard().setText(text)


def copy_taken(taken: Taken) -> None:
    """Put a part of the conversation into the clipboard: plain, as Markdown, and rich for a word processor."""
    data = clipboard_data(taken.plain)
    if len(taken.markdown) <= RICH_CHARS:  # beyond that it is the plain text, and would only take time twice
        data.setData("text/markdown", taken.markdown.encode("utf-8", "replace"))
    if taken.html:
        data.setHtml(taken.html)
    QGuiApplication.clipboard().setMimeData(data)
