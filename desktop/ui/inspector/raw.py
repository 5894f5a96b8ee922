"""Foreign JSON to look at: monospaced, and cut softly where Qt would lay out one line for seconds."""

from PySide6.QtGui import QFontDatabase, QGuiApplication, QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.i18n import _, ngettext
from desktop.presenters.figures import count_text
from desktop.ui.parts import button, label

SHOWN_CHARS = 200_000
LONGEST_LINE = 2_000


class RawText(QWidget):
    """A title line and a text; Copy takes all of it, also what is too long to be shown."""

    def __init__(self, *, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.about = label(mark="muted")
        self.field = QPlainTextEdit()
        self.field.setObjectName(name)
        self.field.setAccessibleName(title)
        self.field.setReadOnly(True)
        self.field.setProperty("quote", True)
        self.field.setTabChangesFocus(True)
        self.field.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.field.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.copy = button(_("Copy"), mark="pill", clicked=self._copy)
        self.copy.setObjectName(f"{name}Copy")
        self.copy.setAccessibleName(_("Copy: {what}").format(what=title))
        row = QHBoxLayout()
        row.addWidget(self.about, 1)
        row.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self.field, 1)

    def show_text(self, text: str, about: str = "") -> None:
        """Show a text; where the one that is shown is the same, the reader stays where they are."""
        more = len(text) - SHOWN_CHARS
        if more > 0:
            rest = ngettext("{count} more character is not shown.", "{count} more characters are not shown.", more)
            about = f"{about}\n{rest.format(count=count_text(more))}".lstrip()
        self.about.setText(about)
        self.copy.setVisible(bool(text))
        self.field.setVisible(bool(text))
        if text != self._text:
            self._text = text
            self.field.setPlainText(broken(text[:SHOWN_CHARS]))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)


def broken(text: str) -> str:
    """Return a text without a line that is too long to be laid out."""
    lines = []
    for line in text.split("\n"):
        lines += [line[at : at + LONGEST_LINE] for at in range(0, len(line), LONGEST_LINE)] or [""]
    return "\n".join(lines)
