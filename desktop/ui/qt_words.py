"""Qt's own words in the language in use: key names in menus ("Mayús", "Supr") and the menus of text fields.

Everything else is translated by gettext; only Qt knows what it calls its keys. Of these the usual ones are called
here what is printed on them, and what the manual calls them.
"""

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.i18n import language

_PRINTED = {"es": {"Ctrl": "Ctrl", "Shift": "Mayús", "PgUp": "RePág", "PgDown": "AvPág", "Del": "Supr"}}


class _Words(QTranslator):
    def __init__(self, *, keys: dict[str, str], parent: QApplication) -> None:
        super().__init__(parent)
        self._keys = keys

    def translate(self, context: str, source: str, note: str | None = None, n: int = -1) -> str:
        """Return the words; those of the source where there are none, since Qt takes "" for a translation."""
        if context == "QShortcut" and source in self._keys:
            return self._keys[source]
        return super().translate(context, source, note, n) or source


def use_qt_words() -> None:
    """Have Qt speak the language in use; English is what it speaks by itself, and costs nothing."""
    app = QApplication.instance()
    spoken = language()
    if not isinstance(app, QApplication) or spoken == "en" or app.property("spoken") == spoken:
        return
    words = _Words(keys=_PRINTED.get(spoken, {}), parent=app)
    if words.load(f"qtbase_{spoken}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)
        app.setProperty("spoken", spoken)
