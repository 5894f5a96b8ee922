"""Qt's own words."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from desktop.i18n import language, use_language
from desktop.ui.qt_words import use_qt_words


@pytest.fixture
def app(qapp: QApplication) -> Iterator[QApplication]:
    """What is installed is taken away again."""
    before = language()
    yield qapp
    use_language(before)
    for words in qapp.findChildren(QTranslator):
        qapp.removeTranslator(words)
        words.deleteLater()
    qapp.setProperty("spoken", None)


def shown(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def test_keys_have_spanish_names(app: QApplication) -> None:
    """What is printed on a Spanish keyboard stands in a Spanish menu."""
    use_language("es")
    use_qt_words()
    assert (shown("Ctrl+Shift+F"), shown("Del")) == ("Ctrl+Mayús+F", "Supr")
    assert (shown("Ctrl+PgUp"), shown("Alt+Down")) == ("Ctrl+RePág", "Alt+Abajo")


def test_what_has_no_translation_stays_as_it_is(app: QApplication) -> None:
    """Words of others than Qt are not lost."""
    use_language("es")
    use_qt_words()
    assert app.translate("somewhere", "No such words") == "No such words"
    assert app.translate("QLineEdit", "&Undo") == "&Deshacer"


def test_english_needs_no_translator(app: QApplication) -> None:
    """Qt speaks English by itself."""
    use_language("en")
    use_qt_words()
    assert app.findChildren(QTranslator) == []


def test_it_is_installed_once(app: QApplication) -> None:
    """A second window does not load it again."""
    use_language("es")
    use_qt_words()
    use_qt_words()
    assert len(app.findChildren(QTranslator)) == 1
