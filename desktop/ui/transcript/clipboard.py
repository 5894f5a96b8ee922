"""What a copied message leaves in the clipboard: its original Markdown, as Markdown and as plain text."""

from PySide6.QtGui import QGuiApplication

from desktop.domain.taking import Taken
from desktop.ui.mime import clipboard_data


def copy_plain(text: str) -> None:
    """Put plain text into the clipboard."""
    QGuiApplication.clipboard().setText(text)


def copy_taken(taken: Taken) -> None:
    """Put a part of the conversation into the clipboard: plain, as Markdown, and rich for a word processor."""
    data = clipboard_data(taken.plain)
    data.setData("text/markdown", taken.markdown.encode("utf-8", "replace"))
    if taken.html:
        data.setHtml(taken.html)
    QGuiApplication.clipboard().setMimeData(data)


def copy_markdown(text: str) -> None:
    """Put a message into the clipboard for whatever takes it: an editor for Markdown, or for plain text."""
    data = clipboard_data(text)
    data.setData("text/markdown", text.encode("utf-8", "replace"))
    QGuiApplication.clipboard().setMimeData(data)
