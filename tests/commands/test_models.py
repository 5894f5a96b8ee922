"""The command line and models: what may be named, where keys go, and what is left behind when it fails."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.cli import main
from desktop.services.backend import Backend
from desktop.services.options import Options
from desktop.storage.settings_file import SettingsFile
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Mode, Script
from tests.wire.server import WireServer

Run = Callable[..., tuple[int, str, str]]
CANARY = "sk-canary-0123456789"


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer(OpenAIWire(), Script()) as server:
        yield server


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the test's folder; return the exit code, stdout and stderr."""

    def run_it(*words: str) -> tuple[int, str, str]:
        code = main([*words, "--data-dir", str(tmp_path / "data")])
        return (code, *capsys.readouterr())

    return run_it


def test_a_question_leaves_the_default_model_alone(run: Run, server: WireServer, tmp_path: Path) -> None:
    """What a script asks somewhere is not what the window begins its next session with."""
    assert run("ask", "--model", "wire-1", "--api-base", server.base, "Hi")[0] == 0
    assert run("ask", "--model", "guide/manual", "How do I export?")[0] == 0
    values = SettingsFile(folder=tmp_path / "data").load().values
    assert "default_model" not in values
    assert "recent_models" not in values


def test_a_model_that_nobody_has_leaves_no_session(run: Run) -> None:
    """Exit code 1, a sentence that tells how to find the right name, and nothing to tidy up."""
    code, out, err = run("ask", "--model", "nobody/nothing", "Hi")
    assert (code, out) == (1, "")
    assert "No provider here has the model nobody/nothing. `sobremesa models` lists" in err
    assert json.loads(run("list", "--json")[1]) == []


def test_a_model_that_the_server_does_not_know_leaves_no_session(run: Run, server: WireServer) -> None:
    """Not even in the trash; a session that was there before stays as it was."""
    server.script = Script(fault=Fault(mode=Mode.STATUS, status=404, words="no such model"))
    code, _out, err = run("ask", "--model", "typo", "--api-base", server.base, "Hi")
    assert code == 1
    assert "no such model" in err
    assert [json.loads(run("list", "--json", *more)[1]) for more in ((), ("--trash",))] == [[], []]
    run("ask", "--session", "mine", "--create", "How do I export?")
    run("ask", "--session", "mine", "--model", "typo", "--api-base", server.base, "Hi")
    assert [listed["id"] for listed in json.loads(run("list", "--json")[1])] == ["mine"]


def test_no_key_goes_to_an_address_unasked(run: Run, server: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that lies in the environment stays there until its variable is named."""
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    words = ("--model", "wire-1", "--api-base", server.base, "Hi")
    assert run("ask", *words)[0] == 0
    assert CANARY not in server.answers[0].key
    assert run("ask", "--api-key-variable", "OPENAI_API_KEY", *words)[0] == 0
    assert server.answers[1].key == CANARY


def test_a_variable_without_a_key_is_said(run: Run, server: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked without the key that was meant, and the advice knows no buttons."""
    monkeypatch.delenv("MY_KEY", raising=False)
    code, _out, err = run("ask", "--api-key-variable", "MY_KEY", "--model", "wire-1", "--api-base", server.base, "Hi")
    assert (code, server.answers) == (1, [])
    assert "environment variable" in err
    assert "Settings" not in err


def test_a_variable_needs_an_address(run: Run) -> None:
    """A key without a place to go is wrong use."""
    code, _out, err = run("ask", "--api-key-variable", "MY_KEY", "Hi")
    assert code == 2
    assert "--api-base" in err


def test_models_are_listed_for_people_and_machines(run: Run) -> None:
    """Each can be given to --model as it stands; one is the default."""
    run("ask", "--model", "nobody/nothing", "Hi")  # the database is there now
    code, out, _err = run("models")
    assert (code, out) == (0, "guide/manual  Built in\n")
    (guide,) = json.loads(run("models", "--json")[1])
    assert (guide["model"], guide["default"], guide["local"]) == ("guide/manual", True, True)


def test_a_model_is_found_without_its_provider(run: Run, server: WireServer, tmp_path: Path) -> None:
    """Where one provider alone has it; several are named, and nothing is sent."""

    async def add() -> None:
        backend = await Backend.open(options=Options(folder=tmp_path / "data", warm=False))
        await backend.models.add(kind="openai", name="127.0.0.1", api_base=server.base, models=("wire-1", "both"))
        await backend.models.add(kind="openai", name="Other", api_base=server.base, models=("both",))
        await backend.close()

    asyncio.run(add())
    assert run("ask", "--session", "s", "--create", "--model", "wire-1", "Hi")[0] == 0
    code, _out, err = run("ask", "--model", "both", "Hi")
    assert (code, len(server.answers)) == (2, 1)
    assert "127-0-0-1/both, other/both" in err
    assert "[wire-1 · 127.0.0.1]" in run("show", "s")[1]
    assert "· 127.0.0.1/wire-1 ·" in run("export", "s", "-o", "-")[1]


def test_what_failed_is_shown_with_the_session(run: Run, server: WireServer) -> None:
    """Neither show nor export leave a blank where an answer failed."""
    server.script = Script(fault=Fault(mode=Mode.STATUS, status=401, words="stale key"))
    run("ask", "--session", "s", "--create", "--model", "wire-1", "--api-base", server.base, "Hi")
    assert "[failed: The key was refused (401). “stale key”]" in run("show", "s")[1]
    assert "*failed: authentication (401)*" in run("export", "s", "-o", "-")[1]


def test_an_export_is_told_to_machines(run: Run, tmp_path: Path) -> None:
    """With --json the path, or the text itself, stands in an object."""
    run("ask", "--session", "s", "--create", "How do I export?")
    target = tmp_path / "out.md"
    assert json.loads(run("export", "s", "-o", str(target), "--json")[1]) == {"session": "s", "path": str(target)}
    inline = json.loads(run("export", "s", "-o", "-", "--json")[1])
    assert inline == {"session": "s", "markdown": target.read_text(encoding="utf-8")}


@pytest.mark.parametrize("fault", [Mode.CUT, Mode.RESET])
def test_advice_on_the_command_line_speaks_of_no_buttons(run: Run, server: WireServer, fault: Mode) -> None:
    """Half an answer is kept, and nobody is told to press Continue."""
    server.script = Script(fault=Fault(mode=fault, after=4))
    _code, _out, err = run("ask", "--model", "wire-1", "--api-base", server.base, "Hi")
    assert "The text so far is kept. Try again in a while." in err
    assert "Continue" not in err
