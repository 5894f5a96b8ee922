from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.presenters.bridge import Bridge
from desktop.presenters.models import ModelsPresenter, PickerRole
from desktop.services.models import ModelChoice
from desktop.ui.picker.button import ModelPicker
from desktop.ui.picker.delegate import star_rect
from desktop.ui.picker.popup import PickerPopup

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)


def choice(address: str, provider: str, *, favourite: bool = False) -> ModelChoice:
    name = address.partition("/")[2]
    return ModelChoice(address=address, name=name, provider_name=provider, is_favourite=favourite)


CHOICES = (
    choice("anthropic/sonnet", "Anthropic"),
    choice("anthropic/opus", "Anthropic", favourite=True),
    choice("ollama/qwen3:32b", "Ollama"),
)


@pytest.fixture
def picker(qtbot: QtBot, idle_bridge: Bridge) -> Iterator[ModelPicker]:
    """A picker in a window, with three models."""
    host = QWidget()
    qtbot.addWidget(host)
    presenter = ModelsPresenter(bridge=idle_bridge, parent=host)
    presenter.rows.set_choices(CHOICES)
    made = ModelPicker(presenter=presenter)
    QVBoxLayout(host).addWidget(made)
    host.show()
    yield made
    popup = made.popup()
    if popup is not None:
        popup.hide()


def opened(picker: ModelPicker) -> PickerPopup:
    picker.open_list()
    popup = picker.popup()
    assert popup is not None
    return popup


def row_index(popup: PickerPopup, text: str) -> QModelIndex:
    model = popup.list.model()
    return next(model.index(row, 0) for row in range(model.rowCount()) if model.index(row, 0).data() == text)


def test_button_names_the_current_model(picker: ModelPicker) -> None:
    """The button shows the model's name, and a screen reader is told what it is."""
    picker.set_current("ollama/qwen3:32b")
    assert picker.text() == "qwen3:32b ▾"
    assert picker.accessibleName() == "Model: qwen3:32b"
    assert picker.objectName() == "modelPicker"


def test_a_long_name_is_cut_in_the_middle(picker: ModelPicker) -> None:
    """A name that would push Send away is shortened where names differ least."""
    picker.set_current("x/" + "a" * 200 + "-end")
    assert "…" in picker.text()
    assert picker.text().endswith("-end ▾")


def test_the_list_is_built_when_it_is_first_opened(picker: ModelPicker) -> None:
    """A start without a choice of model does not pay for the list."""
    assert picker.popup() is None
    assert opened(picker).isVisible()


def test_the_list_opens_at_the_current_model(picker: ModelPicker) -> None:
    """The keyboard begins where the session is."""
    picker.set_current("ollama/qwen3:32b")
    assert opened(picker).list.currentIndex().data() == "qwen3:32b"


def test_typing_and_enter_choose(qtbot: QtBot, picker: ModelPicker) -> None:
    """Some letters and Enter are enough, without the mouse."""
    popup = opened(picker)
    qtbot.keyClicks(popup.field, "qwen")
    with qtbot.waitSignal(picker.chosen) as chosen:
        qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert chosen.args == ["ollama/qwen3:32b"]
    assert popup.isHidden()
    assert picker.text() == "qwen3:32b ▾"


def test_an_address_can_be_typed(qtbot: QtBot, picker: ModelPicker) -> None:
    """A model that no list knows is chosen by its address."""
    popup = opened(picker)
    qtbot.keyClicks(popup.field, "openrouter/meta/llama")
    with qtbot.waitSignal(picker.chosen) as chosen:
        qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert chosen.args == ["openrouter/meta/llama"]


def test_arrows_pass_over_the_names_of_groups(qtbot: QtBot, picker: ModelPicker) -> None:
    """Down goes from the last model of one group to the first of the next."""
    popup = opened(picker)
    assert popup.list.currentIndex().data() == "opus"
    qtbot.keyClick(popup.field, Qt.Key.Key_Down)
    assert popup.list.currentIndex().data() == "sonnet"
    qtbot.keyClick(popup.field, Qt.Key.Key_Up)
    qtbot.keyClick(popup.field, Qt.Key.Key_Up)
    assert popup.list.currentIndex().data() == "opus"


def test_page_down_stops_at_the_end(qtbot: QtBot, picker: ModelPicker) -> None:
    """A page beyond the end is the last row, which adds a provider."""
    popup = opened(picker)
    qtbot.keyClick(popup.field, Qt.Key.Key_PageDown)
    with qtbot.waitSignal(picker.provider_wanted):
        qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert popup.isHidden()


def test_a_click_chooses(qtbot: QtBot, picker: ModelPicker) -> None:
    """A click on a row chooses its model."""
    popup = opened(picker)
    place = popup.list.visualRect(row_index(popup, "sonnet")).center()
    with qtbot.waitSignal(picker.chosen) as chosen:
        qtbot.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == ["anthropic/sonnet"]


def test_a_click_on_a_header_does_nothing(qtbot: QtBot, picker: ModelPicker) -> None:
    """The name of a group is not a choice."""
    popup = opened(picker)
    place = popup.list.visualRect(row_index(popup, "Anthropic")).center()
    with qtbot.assertNotEmitted(picker.chosen):
        qtbot.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert popup.isVisible()


def test_a_click_on_the_star_does_not_choose(qtbot: QtBot, picker: ModelPicker) -> None:
    """The star's place belongs to the star."""
    popup = opened(picker)
    index = row_index(popup, "sonnet")
    place = star_rect(popup.list.visualRect(index)).center()
    with qtbot.assertNotEmitted(picker.chosen), qtbot.waitSignal(popup.list.starred) as starred:
        qtbot.mouseClick(popup.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert starred.args[0].data(PickerRole.ADDRESS) == "anthropic/sonnet"
    assert popup.isVisible()


def test_opening_again_forgets_what_was_typed(qtbot: QtBot, picker: ModelPicker) -> None:
    """The list is whole whenever it opens."""
    popup = opened(picker)
    qtbot.keyClicks(popup.field, "qwen")
    popup.hide()
    assert opened(picker).field.text() == ""
    assert row_index(popup, "sonnet").isValid()


def test_the_list_stays_on_the_screen(picker: ModelPicker) -> None:
    """Wherever the button is, all of the list can be seen."""
    popup = opened(picker)
    assert popup.screen().availableGeometry().contains(popup.geometry())
