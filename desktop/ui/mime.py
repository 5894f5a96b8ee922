"""Data for the clipboard that may outlive Python.

The clipboard keeps what it is given until the application ends, which is after the interpreter. A `QMimeData` made by
Python calls back into it when it is destroyed and crashes the program at its very end (PySide6 6.11.3); one that Qt has
made does not.
"""

from PySide6.QtCore import QMimeData, QStringListModel


def clipboard_data(text: str) -> QMimeData:
    """Return data with `text` as plain text, made by Qt."""
    model = QStringListModel([""])
    data = model.mimeData([model.index(0)])
    for kind in data.formats():
        data.removeFormat(kind)
    data.setText(text)
    return data
