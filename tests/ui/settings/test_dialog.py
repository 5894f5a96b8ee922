from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLabel, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.settings import SECTIONS, SETTINGS
from desktop.presenters.bridge import Bridge
from desktop.presenters.providers import ProvidersPresenter
from desktop.presenters.settings import SettingsPresenter
from desktop.ui.parts import Lines
from desktop.ui.settings.dialog import SettingsDialog
from desktop.ui.settings.page import DeclaredPage
from desktop.ui.settings.privacy import PrivacyPage


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    """The window the settings belong to."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def make(host: QWidget, bridge: Bridge, folder: Path) -> SettingsDialog:
    settings = SettingsPresenter(bridge=bridge, data_dir=folder, parent=host)
    return SettingsDialog(settings=settings, providers=ProvidersPresenter(bridge=bridge, parent=host), parent=host)


@pytest.fixture
def dialog(host: QWidget, idle_bridge: Bridge, tmp_path: Path) -> SettingsDialog:
    """The settings before the services are open."""
    made = make(host, idle_bridge, tmp_path)
    made.show_section("providers")
    return made


def declared(dialog: SettingsDialog, name: str) -> DeclaredPage:
    page = dialog.page(name)
    assert isinstance(page, DeclaredPage)
    return page


def test_sections_are_what_exists(dialog: SettingsDialog) -> None:
    """The list has the providers, every declared section, and privacy."""
    model = dialog.sections.model()
    titles = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert titles == ["Providers", *(title for _name, title in SECTIONS), "Privacy"]
    assert dialog.objectName() == "settings"


def test_pages_are_built_when_looked_at(dialog: SettingsDialog) -> None:
    """Opening the providers does not build the other pages."""
    assert dialog.pages.count() == 1


def test_arrows_change_the_page(qtbot: QtBot, dialog: SettingsDialog) -> None:
    """The list of sections works by keyboard."""
    qtbot.keyClick(dialog.sections, Qt.Key.Key_Down)
    assert dialog.pages.currentWidget() is dialog.page("models")


def test_escape_closes(qtbot: QtBot, dialog: SettingsDialog) -> None:
    """There is nothing to confirm."""
    qtbot.keyClick(dialog.sections, Qt.Key.Key_Escape)
    assert dialog.isHidden()


@pytest.mark.parametrize("setting", [each for each in SETTINGS if each.section], ids=lambda each: str(each.name))
def test_every_declared_setting_has_a_field(dialog: SettingsDialog, setting: object) -> None:
    """A declaration with a section is on its page, with its name for a screen reader and its default shown."""
    from desktop.domain.settings import Setting

    assert isinstance(setting, Setting)
    field = declared(dialog, setting.section).field(setting.name)
    assert field.widget.accessibleName() == setting.label
    assert field.widget.objectName() == f"setting-{setting.name}"


def test_a_number_keeps_its_range(dialog: SettingsDialog) -> None:
    """A field takes no value that its declaration refuses."""
    box = declared(dialog, "appearance").field("zoom").widget
    assert isinstance(box, QSpinBox)
    assert (box.minimum(), box.maximum(), box.value()) == (50, 300, 100)


def test_what_can_be_off_is_off_one_step_below_the_least(qtbot: QtBot, dialog: SettingsDialog) -> None:
    """The number of days reads "Off" there, and is kept as 0."""
    field = declared(dialog, "sessions").field("archive_after_days")
    assert isinstance(field.widget, QSpinBox)
    told: list[object] = []
    field.edited.connect(lambda _name, value: told.append(value))
    assert field.widget.value() == 90
    field.widget.setValue(30)
    field.widget.stepDown()
    assert (field.widget.text(), told) == ("Off", [30, 0])
    field.put(365)
    field.put(0)
    assert (field.widget.text(), told) == ("Off", [30, 0])


def test_the_wheel_changes_nothing_by_accident(dialog: SettingsDialog) -> None:
    """Scrolling a page with the pointer over a number leaves the number alone."""
    box = declared(dialog, "connection").field("retries").widget
    assert isinstance(box, QSpinBox)
    turn = QWheelEvent(
        QPointF(5, 5),
        box.mapToGlobal(QPointF(5, 5)),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turn)
    assert box.value() == 3


def test_privacy_names_the_file(dialog: SettingsDialog, tmp_path: Path) -> None:
    """Whoever wants to know where everything is can copy its path."""
    page = dialog.page("privacy")
    assert isinstance(page, PrivacyPage)
    page.copy_path.click()
    assert QGuiApplication.clipboard().text() == str(tmp_path / "sobremesa.db")


def test_a_button_closes(qtbot: QtBot, dialog: SettingsDialog) -> None:
    """Not everybody knows that Escape does."""
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


def test_fields_beside_their_words_have_one_left_edge(qtbot: QtBot, dialog: SettingsDialog) -> None:
    """Whatever the field holds; a wide choice stands below its words instead of squeezing them."""
    dialog.show_section("models")
    page = declared(dialog, "models")
    fields = [page.field(setting.name).widget for setting in SETTINGS if setting.section == "models"]
    numbers = [each for each in fields if isinstance(each, QAbstractSpinBox)]
    qtbot.waitUntil(lambda: len({each.x() for each in numbers}) == 1)
    wide = page.field("summaries").widget
    assert wide.x() < numbers[0].x()


def test_a_model_can_be_chosen_or_written(dialog: SettingsDialog) -> None:
    """Known models stand in the list as provider/model; another one can still be written, and stays."""
    dialog.show_section("models")
    field = declared(dialog, "models").field("small_model")
    assert isinstance(field.widget, QComboBox)
    told: list[object] = []
    field.edited.connect(lambda _name, value: told.append(value))
    field.offer(["ollama/a", "ollama/b"])
    field.widget.setEditText("other/model")
    typed = field.widget.lineEdit()
    assert typed is not None
    typed.editingFinished.emit()
    field.offer(["ollama/a", "ollama/b", "ollama/c"])
    assert (field.widget.currentText(), field.widget.count()) == ("other/model", 3)
    field.widget.setCurrentIndex(1)
    field.widget.activated.emit(1)
    assert told == ["other/model", "ollama/b"]


def test_every_label_is_plain_text(dialog: SettingsDialog) -> None:
    """No page guesses whether a text is HTML."""
    for name in ("providers", "models", "appearance", "connection", "privacy"):
        labels = dialog.page(name).findChildren(QLabel)
        assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_a_change_is_stored(qtbot: QtBot, host: QWidget, bridge: Bridge, tmp_path: Path) -> None:
    """A value is kept as soon as it is chosen."""
    dialog = make(host, bridge, tmp_path)
    dialog.show_section("appearance")
    box = declared(dialog, "appearance").field("theme").widget
    assert isinstance(box, QComboBox)
    with qtbot.waitSignal(dialog.settings.changed) as changed:
        box.setCurrentIndex(2)
    assert changed.args == ["theme", "dark"]
    other = SettingsPresenter(bridge=bridge, data_dir=tmp_path, parent=dialog)
    with qtbot.waitSignal(other.loaded):
        other.load()
    assert other.value("theme") == "dark"


def test_a_text_is_stored_when_the_dialog_closes(qtbot: QtBot, host: QWidget, bridge: Bridge, tmp_path: Path) -> None:
    """What was typed last is not lost because the caret was still in it."""
    dialog = make(host, bridge, tmp_path)
    dialog.show_section("models")
    qtbot.waitUntil(dialog.isActiveWindow)
    field = declared(dialog, "models").field("system_prompt").widget
    assert isinstance(field, Lines)
    field.setFocus()
    field.setPlainText("Answer in verse.")
    with qtbot.waitSignal(dialog.settings.changed) as changed:
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert changed.args == ["system_prompt", "Answer in verse."]
    assert dialog.isHidden()


def test_what_does_not_fit_is_said(qtbot: QtBot, dialog: SettingsDialog) -> None:
    """A refused value has its reason beside the field."""
    page = declared(dialog, "connection")
    dialog.settings.set("retries", 99)
    assert any("between 0 and 10" in label.text() for label in page.findChildren(QLabel))


def test_it_opens_at_a_setting(qtbot: QtBot, dialog: SettingsDialog) -> None:
    """Whoever looked for a setting by its name has the keyboard in its field."""
    dialog.activateWindow()
    dialog.show_section("models", "max_turns")
    field = declared(dialog, "models").field("max_turns").widget
    qtbot.waitUntil(field.hasFocus)
    assert not field.visibleRegion().isEmpty()
