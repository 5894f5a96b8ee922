"""`sobremesa stats` and `sobremesa branches`: figures with days, months, models and the budget; the shape of a tree."""

import asyncio
import json
from pathlib import Path

import pytest

from desktop.cli import main
from desktop.domain.messages import NewMessage, Outcome, Role, Status, Usage
from desktop.domain.sessions import NewSession
from desktop.services.backend import Backend
from desktop.services.options import Options

USAGE = Usage(input_tokens=10, output_tokens=5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session with one question and two answers, one of unknown price, and a budget that is nearly spent."""

    async def fill() -> None:
        backend = await Backend.open(options=Options(folder=tmp_path, warm=False))
        store = backend.store
        await backend.settings.set("monthly_budget", 2.0)
        await store.create_session(NewSession(id="s", title="Harbours"))
        turn = await store.begin_turn(
            session_id="s",
            parent_id=None,
            user=NewMessage(role=Role.USER, content="A question\nof \x1b[31mtwo lines"),
            assistant=NewMessage(role=Role.ASSISTANT, status=Status.STREAMING, model="openai/big"),
        )
        await store.finish(
            turn.assistant.id, Outcome(status=Status.COMPLETE, content="The first", usage=USAGE, cost=1.75)
        )
        second = await store.begin_turn(
            session_id="s",
            parent_id=turn.assistant.parent_id,
            user=None,
            assistant=NewMessage(role=Role.ASSISTANT, status=Status.STREAMING, model="mine/small"),
        )
        await store.finish(second.assistant.id, Outcome(status=Status.COMPLETE, content="The second", usage=USAGE))
        await backend.close()

    asyncio.run(fill())
    return tmp_path


def test_machines_get_days_months_models_and_the_budget(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object with all that is known."""
    assert main(["stats", "--json", "--data-dir", str(folder)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["budget"] == {"limit": 2.0, "spent": 1.75, "state": "near"}
    assert [(use["model"], use["cost"]) for use in found["models"]] == [("mine/small", None), ("openai/big", 1.75)]
    assert [use["messages"] for use in (*found["days"], *found["months"])] == [2, 2]
    assert (found["cost"], found["unpriced"], found["messages"]) == (1.75, 1, 3)
    assert "price_date" in found


def test_people_get_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is unknown is said to be, and the budget is told where there is one."""
    assert main(["stats", "--data-dir", str(folder)]) == 0
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "1.7500  of this month's budget of 2.0000 spent" in lines
    assert "openai/big: 1 answers, 10 tokens in, 5 tokens out, cost 1.7500" in lines
    assert "mine/small: 1 answers, 10 tokens in, 5 tokens out, cost unknown" in lines


async def _opened(folder: Path) -> None:
    await (await Backend.open(options=Options(folder=folder, warm=False))).close()


def test_an_empty_folder_has_figures_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Zeros, without tables."""
    asyncio.run(_opened(tmp_path))
    assert main(["stats", "--data-dir", str(tmp_path)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6


def test_the_branches_of_a_session_are_listed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The shown path first and marked, each with what it hangs on, on one line whatever the text."""
    assert main(["branches", "s", "--data-dir", str(folder)]) == 0
    out = capsys.readouterr().out
    assert [line[:1] for line in out.splitlines()] == ["*", "*", " "]
    assert "\x1b" not in out
    assert main(["branches", "s", "--json", "--data-dir", str(folder)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["session"], found["messages"], found["endings"]) == ("s", 3, 2)
    assert [branch["on_path"] for branch in found["branches"]] == [True, False, True]


def test_branches_of_an_unknown_session_are_not_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3 and a sentence."""
    assert main(["branches", "nowhere", "--data-dir", str(tmp_path)]) == 3
    assert capsys.readouterr().err
