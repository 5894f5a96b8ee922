"""`sobremesa archive` and the parts of `sobremesa list`: what is put away, what comes back, and what is named."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.__main__ import main
from desktop.domain.sessions import NewSession
from desktop.services.backend import Backend
from desktop.services.options import Options
from desktop.services.organising import DAY_MS
from desktop.storage.store import system_clock

Run = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sessions of several ages, in folders, tagged, resolved, pinned, in the trash."""

    async def fill() -> None:
        backend = await Backend.open(options=Options(folder=tmp_path, warm=False))
        now = system_clock()
        for name, days in {"new": 0, "old": 91, "ancient": 400, "pinned": 400, "gone": 1}.items():
            await backend.store.create_session(NewSession(id=name, title=name, created_at=now - days * DAY_MS))
        work = (await backend.organising.create_folder("Work")).number
        home = (await backend.organising.create_folder("Home")).number
        python = (await backend.organising.create_folder("Python", parent_id=work)).number
        await backend.organising.create_folder("Python", parent_id=home)
        await backend.organising.pin(["pinned"], True)
        await backend.organising.trash(["gone"])
        await backend.organising.move(["new"], python)
        await backend.organising.tag(["old"], "Café")
        await backend.organising.resolve(["ancient"], True)
        await backend.store.call(lambda db: db.execute_sql("DELETE FROM kept"))  # as if that had been long ago
        await backend.close()

    asyncio.run(fill())
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command for machines: its exit code, what it printed and what it said."""

    def run_one(*words: str) -> tuple[int, Any, str]:
        code = main([*words, "--json", "--data-dir", str(folder)])
        captured = capsys.readouterr()
        return code, json.loads(captured.out) if captured.out else None, captured.err

    return run_one


def listed(run: Run, *words: str) -> list[str]:
    code, found, _said = run("list", *words)
    assert code == 0
    return [line["id"] for line in found]


def test_what_is_old_goes_into_the_archive(run: Run) -> None:
    """As long untouched as the settings say; pinned ones stay."""
    assert run("archive")[:2] == (0, {"archived": ["old", "ancient"], "days": 90, "dry_run": False})
    assert listed(run, "--archived") == ["old", "ancient"]
    assert listed(run) == ["pinned", "new"]


@pytest.mark.parametrize("words", [("ID",), ("ID", "--dry-run"), ("--restore", "ID")])
def test_sessions_of_another_profile_are_not_found(run: Run, folder: Path, words: tuple[str, ...]) -> None:
    """Nothing is said to be done, and nothing is, not even with the one's own that is named beside it."""

    async def fill() -> None:
        backend = await Backend.open(options=Options(folder=folder, warm=False))
        ana = (await backend.profiles.create("Ana")).id
        await backend.store.create_session(NewSession(id="hers", profile_id=ana))
        await backend.close()

    asyncio.run(fill())
    for named in (["hers"], ["new", "hers"]):
        spread = [each for word in words for each in (named if word == "ID" else [word])]
        code, found, said = run("archive", *spread)
        assert (code, found) == (3, None)
        assert "hers" in said
    assert listed(run, "--archived") == []


def test_days_can_be_named(run: Run) -> None:
    """Once, whatever the settings say, and also fewer than they take."""
    assert run("archive", "--days", "100")[1]["archived"] == ["ancient"]
    assert run("archive", "--days", "5")[1] == {"archived": ["old"], "days": 5, "dry_run": False}


def test_a_dry_run_changes_nothing(run: Run) -> None:
    """It says what would be done."""
    assert run("archive", "--dry-run")[1] == {"archived": ["old", "ancient"], "days": 90, "dry_run": True}
    assert listed(run, "--archived") == []


def test_sessions_can_be_named_and_taken_out_again(run: Run) -> None:
    """One that is there already is not named as changed."""
    assert run("archive", "new", "pinned")[1]["archived"] == ["new", "pinned"]
    assert run("archive", "new")[1] == {"archived": [], "days": None, "dry_run": False}
    assert run("archive", "--restore", "new", "old")[1] == {"restored": ["new"]}
    assert listed(run, "--archived") == ["pinned"]


def test_what_was_taken_out_stays_out(run: Run) -> None:
    """It counts as use: the next day does not put it back."""
    run("archive")
    run("archive", "--restore", "old")
    assert run("archive")[1]["archived"] == []


def test_an_unknown_session_is_not_found_and_nothing_is_done(run: Run) -> None:
    """A mistyped id among others changes nothing."""
    code, found, said = run("archive", "new", "never")
    assert (code, found) == (3, None)
    assert "never" in said
    assert listed(run, "--archived") == []


@pytest.mark.parametrize(
    "words",
    [("--days", "0"), ("--days", "soon"), ("new", "--days", "40"), ("--restore", "new", "--dry-run"), ("--restore",)],
)
def test_what_does_not_go_together_is_wrong_use(run: Run, words: tuple[str, ...]) -> None:
    """With a sentence, before anything is done."""
    code, found, said = run("archive", *words)
    assert (code, found) == (2, None)
    assert said


def test_people_get_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """How many it is."""
    for words in (["archive", "--dry-run"], ["archive"], ["archive", "--restore", "old"]):
        assert main([*words, "--data-dir", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 sessions would be archived",
        "2 sessions archived",
        "1 session taken out of the archive",
    ]


def test_nothing_is_made_where_there_is_nothing(tmp_path: Path) -> None:
    """A mistyped folder stays empty."""
    assert main(["archive", "--data-dir", str(tmp_path / "nowhere")]) == 3
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--folder", "work"), ["new"]),
        (("--folder", "Work/Python"), ["new"]),
        (("--folder", "home/python"), []),
        (("--tag", "#cafe"), ["old"]),
        (("--resolved",), ["ancient"]),
        (("--trash",), ["gone"]),
        (("--sort", "title"), ["pinned", "ancient", "new", "old"]),
        (("--sort", "creation"), ["pinned", "new", "old", "ancient"]),
    ],
)
def test_a_list_is_of_a_place_in_an_order(run: Run, words: tuple[str, ...], found: list[str]) -> None:
    """Folders by their path, tags whatever their case; pinned ones first."""
    assert listed(run, *words) == found


@pytest.mark.parametrize(
    ("words", "code"), [(("--folder", "Play"), 3), (("--tag", "x"), 3), (("--folder", "Python"), 2)]
)
def test_a_place_that_is_not_there_or_not_one_is_refused(run: Run, words: tuple[str, ...], code: int) -> None:
    """Not found, or several: with a sentence."""
    found = run("list", *words)
    assert (found[0], found[1]) == (code, None)
    assert found[2]
