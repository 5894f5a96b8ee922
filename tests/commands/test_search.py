"""`sobremesa search` and `sobremesa doctor` on a folder with a session."""

import asyncio
import json
from pathlib import Path

import pytest

from desktop.cli import main
from desktop.storage.store import Store
from tests.storage.making import talk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    async def fill() -> None:
        store = await Store.open(folder=tmp_path)
        await talk(store, "where is the harbour?", "call `find_harbour()`", id="s")
        await store.close()

    asyncio.run(fill())
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], folder: Path, *words: str) -> tuple[int, str, str]:
    code = main([*words, "--data-dir", str(folder)])
    return code, *capsys.readouterr()


def test_the_whole_language_is_understood(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Filters, parts of code and relevance work as in the window; hits are JSON for machines."""
    code, out, _err = run(capsys, folder, "search", "d_harb", "role:assistant", "--json")
    (hit,) = json.loads(out)
    assert (code, hit["session"], hit["snippet"]) == (0, "s", "call `fin**d_harb**our()`")
    assert len(json.loads(run(capsys, folder, "search", "harbour", "--relevance", "--json")[1])) == 2


def test_a_minus_stands_behind_two_of_them(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """In a terminal a word with a minus would be an option: `NOT word` and `-- -word` say the same."""
    for words in (("harbour", "NOT", "call"), ("--", "harbour", "-call"), ("--", "-call", "harbour")):
        assert main(["search", "--data-dir", str(folder), "--json", *words]) == 0
        (hit,) = json.loads(capsys.readouterr().out)
        assert hit["role"] == "user"


def test_what_cannot_be_searched_is_said_on_stderr(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Nothing is found, and whoever asked learns why."""
    code, out, err = run(capsys, folder, "search", "🎉", "--json")
    assert (code, json.loads(out), "🎉" in err) == (0, [], True)


def test_a_filter_that_cannot_be_is_said_on_stderr(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """The answer stays machine-readable."""
    code, out, err = run(capsys, folder, "search", "harbour", "before:soon", "--json")
    assert (code, json.loads(out), "before:" in err) == (0, [], True)


def test_a_sound_database_passes(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Each check is a line, and nothing is wrong."""
    code, out, _err = run(capsys, folder, "doctor")
    assert code == 0
    assert [line[:3] for line in out.splitlines()] == ["ok "] * 6


def spoil(folder: Path, sql: str) -> None:
    async def work() -> None:
        store = await Store.open(folder=folder)
        await store.call(lambda db: db.execute_sql(sql))
        await store.close()

    asyncio.run(work())


def test_a_broken_index_is_seen_and_made_anew(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Exit code 1 until `--repair` has rebuilt it, after a copy."""
    spoil(folder, "INSERT INTO message_words(rowid, tokens) VALUES (1, 'nonsense')")
    assert run(capsys, folder, "doctor")[0] == 1
    code, out, _err = run(capsys, folder, "doctor", "--repair", "--json")
    told = json.loads(out)
    assert (code, told["sound"], Path(told["backup"]).exists()) == (0, True, True)
    assert run(capsys, folder, "doctor")[0] == 0


def test_words_that_were_overwritten_are_seen_and_not_touched(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """What cannot be made anew stays as it is, and the exit code says so."""
    spoil(folder, "UPDATE message SET content = 'other words' WHERE id = 1")
    code, out, err = run(capsys, folder, "doctor", "--repair")
    assert code == 1
    assert [line for line in out.splitlines() if line.startswith("BAD")]
    assert "backups" in err
