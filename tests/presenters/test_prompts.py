"""Prompts as a list that is kept in step with what is on disk."""

import random

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from desktop.domain.saved_prompts import Prompt
from desktop.presenters.bridge import Bridge
from desktop.presenters.prompts import PROMPT_ROLE, PromptListModel, PromptsPresenter, suggested_name

PATIENCE_MS = 20_000


def prompt(number: int, name: str = "", text: str = "text") -> Prompt:
    return Prompt(id=number, name=name or f"prompt {number}", text=text)


def watched() -> PromptListModel:
    model = PromptListModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    return model


def shown(model: PromptListModel) -> list[Prompt]:
    return [model.index(row).data(PROMPT_ROLE) for row in range(model.rowCount())]


def test_a_list_becomes_any_other_list(qtbot: QtBot) -> None:
    """Whatever was there before: rows are removed, inserted, moved and changed until it is so."""
    model, dice = watched(), random.Random(5)
    for _ in range(60):
        numbers = dice.sample(range(1, 9), dice.randrange(9))
        wanted = [prompt(number, name=dice.choice("abc")) for number in numbers]
        model.show(wanted)
        assert shown(model) == wanted


def test_a_renamed_prompt_moves_and_the_others_stay(qtbot: QtBot) -> None:
    """The list does not begin anew because one name changed."""
    model = watched()
    model.show([prompt(1), prompt(2), prompt(3)])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignals([model.rowsMoved, model.dataChanged]):
        model.show([prompt(3, name="a"), prompt(1), prompt(2)])


def test_rows_that_are_not_there_hold_no_prompt(qtbot: QtBot) -> None:
    """Neither below the list nor above it."""
    model = watched()
    model.show([prompt(1)])
    assert [model.prompt(row) for row in (-1, 0, 1)] == [None, prompt(1), None]


@pytest.fixture
def presenter(qtbot: QtBot, bridge: Bridge) -> PromptsPresenter:
    return PromptsPresenter(bridge=bridge)


def keep(qtbot: QtBot, presenter: PromptsPresenter, name: str, text: str) -> Prompt:
    with qtbot.waitSignal(presenter.saved, timeout=PATIENCE_MS) as saved:
        presenter.save(name, text)
    found: Prompt = saved.args[0]
    return found


def test_what_is_kept_is_read_by_another_window(qtbot: QtBot, bridge: Bridge, presenter: PromptsPresenter) -> None:
    """A prompt is on disk when it is told to be saved, and the list holds it by then."""
    made = keep(qtbot, presenter, "Greeting", "Hello")
    assert (presenter.prompts, shown(presenter.model)) == ((made,), [made])
    other = PromptsPresenter(bridge=bridge)
    with qtbot.waitSignal(other.changed, timeout=PATIENCE_MS):
        other.load()
    assert other.prompts == (made,)


def test_a_text_without_a_name_is_called_by_its_beginning(qtbot: QtBot, presenter: PromptsPresenter) -> None:
    """Nobody has to think of a name."""
    assert keep(qtbot, presenter, " ", "\n Say it shorter \nplease").name == "Say it shorter"


def test_a_long_beginning_is_cut_between_words() -> None:
    """A name fits a line of the list."""
    assert suggested_name("word " * 30) == "word word word word word word word word word word…"
    assert suggested_name("x" * 80) == "x" * 50 + "…"
    assert suggested_name(" \n ") == ""


def test_a_change_and_its_way_back(qtbot: QtBot, presenter: PromptsPresenter) -> None:
    """Changed, removed, and saved again from what was told."""
    made = keep(qtbot, presenter, "One", "1")
    with qtbot.waitSignal(presenter.saved, timeout=PATIENCE_MS) as saved:
        presenter.change(made.id, "Uno", "eins")
    with qtbot.waitSignal(presenter.removed, timeout=PATIENCE_MS) as removed:
        presenter.remove(made.id)
    assert removed.args == saved.args
    assert presenter.prompts == ()
    gone = removed.args[0]
    again = keep(qtbot, presenter, gone.name, gone.text)
    assert (again.name, again.text) == ("Uno", "eins")


def test_a_name_that_is_taken_is_refused_with_a_sentence(qtbot: QtBot, presenter: PromptsPresenter) -> None:
    """And both prompts stay as they were."""
    made = keep(qtbot, presenter, "One", "1")
    with qtbot.waitSignal(presenter.refused, timeout=PATIENCE_MS) as refused:
        presenter.save("One", "2")
    assert "“One”" in refused.args[0]
    assert presenter.prompts == (made,)
