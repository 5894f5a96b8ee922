"""`sobremesa context`: what would be sent, and why."""

import asyncio
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.cli import main
from desktop.commands.context import reason_text
from desktop.domain.context import Reason
from desktop.domain.models import DIRECT, ModelSpec
from desktop.domain.prices import Price
from desktop.domain.spending import Charge
from desktop.services.backend import Backend
from desktop.services.options import Options
from tests.wire.openai import OpenAIWire
from tests.wire.picky import ALTERNATE
from tests.wire.script import Script
from tests.wire.server import WireServer

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the test's folder; return its exit code, output and sentences."""

    def run_it(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        code = main([*words, "--data-dir", str(tmp_path / "data")])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_it


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer(OpenAIWire(), Script(tokens=None)) as server:
        yield server


def test_what_is_shown_is_what_is_sent(run: Run, server: WireServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The messages of the request are those that the server then receives, and no key is among it."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
    where = ("--model", "wire-1", "--api-base", server.base)
    run("ask", "--session", "s", "--create", "First?", *where)
    code, out, _err = run("context", "s", "And", "now?", "--json")
    assert code == 0
    assert "canary" not in out
    values = json.loads(out)
    run("ask", "--session", "s", "And now?")
    assert values["request"]["messages"] == server.answers[-1].body["messages"]
    assert values["request"]["model"] == "openai/wire-1"
    assert [row["reason"] for row in values["sent"]] == ["system", "recent", "recent", "newest"]
    assert values["tokens"] == sum(row["tokens"] for row in values["sent"]) + 3
    assert values["left_out"] == []


def test_people_read_lines(run: Run) -> None:
    """A figure, and each message with its tokens and the reason."""
    run("ask", "--session", "s", "--create", "How do I export?", "--model", "guide/manual")
    code, out, _err = run("context", "s")
    assert code == 0
    first, *rest = out.splitlines()
    assert first.startswith("guide/manual: ≈ ")
    assert [line.split()[1] for line in rest] == ["system", "user", "assistant"]


def test_what_is_not_sent_has_its_reason(run: Run, server: WireServer) -> None:
    """A draft over the budget says so, and what it pushes out is listed."""
    where = ("--model", "wire-1", "--api-base", server.base)
    run("ask", "--session", "s", "--create", "First?", *where)
    code, out, _err = run("context", "s", "word " * 40_000)
    assert code == 0
    assert "does not fit" in out.splitlines()[0]
    assert "Not sent:" in out
    assert out.count("beyond the budget") == 2


def test_an_unknown_session_is_not_found(run: Run) -> None:
    """Exit code 3."""
    run("ask", "--session", "nobody", "Hi")  # the database is there now
    code, out, err = run("context", "nobody")
    assert (code, out) == (3, "")
    assert "There is no session nobody." in err


def test_a_repair_is_said(run: Run, server: WireServer) -> None:
    """Beside the answer, which is whole."""
    where = ("--model", "wire-1", "--api-base", server.base)
    server.script = Script(fault=None, window=1, tokens=None)
    run("ask", "--session", "s", "--create", "First?", *where)
    server.script = Script(picky=(ALTERNATE,), tokens=None)
    code, out, err = run("ask", "--session", "s", "And now?")
    assert code == 0
    assert "Paris" in out
    assert "joined with the one before" in err
    assert '"repaired":[{"change":"joined","count":1}]' in run("export", "s", "-o", "-")[1]


@pytest.mark.parametrize("reason", list(Reason))
def test_each_reason_has_words(reason: Reason) -> None:
    """None is a bare name."""
    assert reason_text(reason.value)


def test_every_piece_has_its_price(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In dollars, adding up to the whole but for the few tokens that begin the answer; people read the sum."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nobody-0123456789")
    run("ask", "--session", "s", "--create", "How do I export?", "--model", "guide/manual")
    code, out, _err = run("context", "s", "And now?", "--model", "openai/gpt-4o", "--json")
    assert code == 0
    values = json.loads(out)
    assert values["price_source"] == "listed"
    assert values["price"] == pytest.approx(values["tokens"] * 2.5e-6)
    assert sum(row["price"] for row in values["sent"]) == pytest.approx((values["tokens"] - 3) * 2.5e-6)
    _code, out, _err = run("context", "s", "And now?", "--model", "openai/gpt-4o")
    assert f"about ${values['price']:.4f} and the answer" in out
    _code, out, _err = run("context", "s", "--model", "nobody/knows", "--json")
    assert (json.loads(out)["price"], json.loads(out)["price_source"]) == (None, "unknown")


def test_a_spent_budget_is_not_gone_over_by_itself(
    run: Run, server: WireServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fails with a sentence and writes nothing; the option says that it may cost more."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nobody-0123456789")
    run("ask", "--session", "s", "--create", "First?", "--model", "guide/manual")
    asyncio.run(_spend(tmp_path / "data", server.base))
    where = ("--model", "wire-1", "--api-base", server.base)
    code, out, err = run("ask", "--session", "s", "More?", *where)
    assert (code, out) == (1, "")
    assert "budget is spent" in err
    assert "--over-budget" in err
    code, _out, _err = run("ask", "--session", "new", "--create", "More?", *where)
    assert code == 1
    assert run("show", "new")[0] == 3
    assert server.answers == []
    code, out, _err = run("ask", "--session", "s", "More?", "--over-budget", *where)
    assert (code, len(server.answers)) == (0, 1)
    assert run("ask", "--session", "s", "What is free?", "--model", "guide/manual")[0] == 0


async def _spend(folder: Path, base: str) -> None:
    """Spend a month's budget, and let the server's model have a price."""
    backend = await Backend.open(options=Options(folder=folder, warm=False))
    model = ModelSpec(provider_id=DIRECT, kind="openai", name="wire-1", api_base=base)
    await backend.inspection.set_price(model, Price(input=1e-6, output=1e-6))
    await backend.settings.set("monthly_budget", 1)
    await backend.store.charge("s", Charge(model="a/b", cost=2.0))
    await backend.close()
