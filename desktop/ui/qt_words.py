"""Qt's own words in the language in use: key names in menus ("Mayúsculas", "Suprimir") and the menus of text fields.

Everything else is translated by gettext; only Qt knows what it calls its keys.
"""

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from desktop.i18n import language


def use_qt_words() -> None:
    """Have Qt speak the language in use; English is what it speaks by itself, and costs nothing."""
    app = QApplication.instance()
    spoken = language()
    if app is None or spoken == "en" or app.property("spoken") == spoken:
        return
    words = QTranslator(app)
    if words.load(f"qtbase_{spoken}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)
        app.setProperty("spoken", spoken)
