from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.presenters.bridge import Bridge
from desktop.presenters.models import ModelChoicesModel, ModelsPresenter, PickerRole, RowKind, picker_rows
from desktop.services.models import GUIDE_ADDRESS, ModelChoice


def choice(address: str, provider: str, *, favourite: bool = False, rank: int | None = None) -> ModelChoice:
    name = address.partition("/")[2]
    return ModelChoice(
        address=address, name=name, provider_name=provider, is_favourite=favourite, recent_rank=rank, is_local=False
    )


OPUS = choice("anthropic/opus", "Anthropic", rank=1)
SONNET = choice("anthropic/sonnet", "Anthropic", favourite=True, rank=0)
QWEN = choice("ollama/qwen3:32b", "Ollama", rank=2)
LLAMA = choice("ollama/llama3.3", "Ollama")
ALL = (OPUS, SONNET, QWEN, LLAMA)


def texts(*, typed: str = "", kind: RowKind | None = None) -> list[str]:
    return [row.text for row in picker_rows(ALL, typed) if kind is None or row.kind is kind]


def test_groups_stand_in_order() -> None:
    """Favourites come first, then recent models, then one group for each provider."""
    assert texts(kind=RowKind.HEADER) == ["Favourites", "Recent", "Anthropic", "Ollama"]


def test_recent_models_stand_by_last_use() -> None:
    """The model used last is the first of the recent ones, and favourites are not repeated there."""
    rows = [row.text for row in picker_rows(ALL)]
    assert rows[rows.index("Recent") + 1 : rows.index("Anthropic")] == ["opus", "qwen3:32b"]


def test_every_typed_word_counts() -> None:
    """Only models whose name, provider or address holds every typed word are listed."""
    assert texts(typed="OLLAMA qw", kind=RowKind.MODEL) == ["qwen3:32b", "qwen3:32b"]


def test_typed_address_is_offered_as_it_stands() -> None:
    """An address that is not listed can be used by typing it."""
    rows = [row for row in picker_rows(ALL, " openrouter/meta/llama ") if row.kind is RowKind.TYPED]
    assert [row.address for row in rows] == ["openrouter/meta/llama"]


def test_known_address_is_not_offered_twice() -> None:
    """A typed address that is listed is not offered as a typed one too."""
    assert texts(typed="anthropic/opus", kind=RowKind.TYPED) == []


def test_half_an_address_is_not_offered() -> None:
    """A slash with nothing on one of its sides is no address."""
    assert texts(typed="anthropic/", kind=RowKind.TYPED) == []
    assert texts(typed="/opus", kind=RowKind.TYPED) == []


def test_nothing_found_is_said() -> None:
    """Where no model fits, a note says so, and a provider can still be added."""
    assert [row.kind for row in picker_rows(ALL, "zzz")] == [RowKind.NOTE, RowKind.ADD]


def test_a_provider_can_always_be_added() -> None:
    """The last row leads to the providers, even before there is any model."""
    assert picker_rows(())[-1].kind is RowKind.ADD


def test_headers_cannot_be_chosen(qapp: object) -> None:
    """The keyboard and the mouse pass over the names of groups."""
    model = ModelChoicesModel()
    model.set_choices(ALL)
    assert model.index(0).data() == "Favourites"
    assert model.index(0).flags() == Qt.ItemFlag.NoItemFlags
    assert model.first_selectable() == 1


def test_rows_say_what_they_are(qapp: object) -> None:
    """A screen reader hears the provider and the star of a row."""
    model = ModelChoicesModel()
    model.set_choices(ALL)
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "sonnet, Anthropic, favourite"


def test_setting_a_star_never_resets(qtbot: QtBot) -> None:
    """A new favourite changes the rows around it and leaves the list standing."""
    model = ModelChoicesModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    model.set_choices(ALL)
    with qtbot.assertNotEmitted(model.modelReset):
        model.set_choices((OPUS, SONNET, QWEN, choice("ollama/llama3.3", "Ollama", favourite=True)))
    assert model.index(2).data() == "llama3.3"
    assert model.index(2).data(PickerRole.FAVOURITE)


@given(st.lists(st.sampled_from(["", "o", "an", "ollama", "x/y", "sonnet", "zzz", "a b", "/"]), max_size=8))
def test_narrowing_always_shows_what_fits(typed: list[str]) -> None:
    """After any sequence of typing the model holds exactly the rows of the last text, in valid steps."""
    model = ModelChoicesModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    model.set_choices(ALL)
    for text in typed:
        model.set_typed(text)
    shown = [(model.index(n).data(), model.index(n).data(PickerRole.KIND)) for n in range(model.rowCount())]
    assert shown == [(row.text, row.kind) for row in picker_rows(ALL, typed[-1] if typed else "")]


def test_an_unlisted_model_is_named_by_its_address(idle_bridge: Bridge) -> None:
    """A session's model whose provider is gone still has a name on the button."""
    presenter = ModelsPresenter(bridge=idle_bridge)
    assert presenter.label("gone/model/with/slashes") == "model/with/slashes"
    assert presenter.label("") == "Choose a model"


def test_the_guide_is_always_listed(qtbot: QtBot, bridge: Bridge) -> None:
    """With no provider at all there is still somebody to talk to."""
    presenter = ModelsPresenter(bridge=bridge)
    with qtbot.waitSignal(presenter.loaded):
        presenter.load()
    assert [found.address for found in presenter.rows.choices()] == [GUIDE_ADDRESS]
    assert presenter.label(GUIDE_ADDRESS) == "Guide (offline)"


def test_a_star_is_kept(qtbot: QtBot, bridge: Bridge) -> None:
    """A favourite is stored, so that another list finds it."""
    presenter = ModelsPresenter(bridge=bridge)
    with qtbot.waitSignal(presenter.loaded):
        presenter.set_favourite(GUIDE_ADDRESS, on=True)
    other = ModelsPresenter(bridge=bridge)
    with qtbot.waitSignal(other.loaded):
        other.load()
    assert other.rows.choices()[0].is_favourite
