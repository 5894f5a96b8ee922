"""`--profile NAME`: whose sessions a command asks, lists, counts and finds."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.cli import main
from desktop.domain.organising import Profile
from desktop.storage.store import Store

QUESTION = "How do I export a session?"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a folder in which Guest and Ana have each asked once."""

    async def make() -> None:
        store = await Store.open(folder=tmp_path)
        await store.create_profile(Profile(id=0, name="Ana", location="Cádiz"))
        await store.close()

    def run_it(*words: str) -> tuple[int, str, str]:
        code = main([*words, "--data-dir", str(tmp_path)])
        out, err = capsys.readouterr()
        return code, out, err

    asyncio.run(make())
    assert run_it("ask", "--session", "mine", "--create", QUESTION)[0] == 0
    assert run_it("ask", "--profile", "ána", "--session", "hers", "--create", QUESTION)[0] == 0
    return run_it


def ids(found: tuple[int, str, str], name: str = "id") -> set[Any]:
    return {one[name] for one in json.loads(found[1])}


def test_each_profile_lists_and_finds_its_own(run: Run) -> None:
    """Without a name it is the profile that the window shows; Guest has a name here too."""
    assert ids(run("list", "--json")) == {"mine"}
    assert ids(run("list", "--json", "--profile", "guest")) == {"mine"}
    assert ids(run("list", "--json", "--profile", "Ana")) == {"hers"}
    assert ids(run("search", "--json", "--profile", "Ana", "export"), "session") == {"hers"}
    assert ids(run("search", "--json", "export"), "session") == {"mine"}


def test_each_profile_counts_its_own(run: Run) -> None:
    """Of the sessions and of what was written in them."""
    run("ask", "--profile", "Ana", QUESTION)
    assert json.loads(run("stats", "--json", "--profile", "Ana")[1])["sessions"] == 2
    assert json.loads(run("stats", "--json")[1])["sessions"] == 1


def test_a_message_bears_the_name_of_its_profile(run: Run) -> None:
    """Guest's has none."""
    messages = json.loads(run("show", "hers", "--json")[1])["messages"]
    assert messages[0]["author"] == "Ana"


def test_what_the_model_is_told_of_a_profile_can_be_looked_at(run: Run) -> None:
    """It goes out with the system prompt, and is shown where that is."""
    assert "Cádiz" in run("context", "hers", "--json")[1]
    assert "Cádiz" not in run("context", "mine", "--json")[1]


def test_an_unknown_name_is_not_found(run: Run) -> None:
    """With the exit code of all that is not there, and nothing is made."""
    code, out, err = run("ask", "--profile", "Bea", QUESTION)
    assert (code, out) == (3, "")
    assert "Bea" in err
    assert ids(run("list", "--json")) == {"mine"}
