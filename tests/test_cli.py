"""The command line, in this process: what is printed, what is kept, and the exit codes."""

import io
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desktop.cli import main
from tests.services.talking import public_folder, rows
from tests.storage.places import freeze, without_rights
from tests.wire.openai import OpenAIWire
from tests.wire.script import Fault, Mode, Script, Tokens
from tests.wire.server import WireServer

QUESTION = "How do I export a session?"


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Done]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command on the test's folder."""

    def run_it(*words: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = main([*words, "--data-dir", str(folder)])
        return Done(code, *capsys.readouterr())

    return run_it


@pytest.fixture
def server() -> Iterator[WireServer]:
    with WireServer(OpenAIWire(), Script(tokens=Tokens(input=20, output=9))) as server:
        yield server


@pytest.fixture(scope="module")
def talked_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two sessions, made once."""
    folder = tmp_path_factory.mktemp("cli") / "data"
    for name, text in (("one", QUESTION), ("two", "Where do quetzals live?")):
        assert main(["ask", "--session", name, "--create", text, "--data-dir", str(folder)]) == 0
    return folder


@pytest.fixture
def asked(run: Command, talked_in: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """Commands on a folder with two sessions that were talked in."""
    shutil.copytree(talked_in, folder)
    capsys.readouterr()
    return run


def test_a_question_gets_its_answer_on_stdout(run: Command, folder: Path) -> None:
    """Without any choice the guide answers; stderr names the new session alone, and both messages are kept."""
    done = run("ask", QUESTION)
    assert (done.code, done.err) == (0, f"Session: {run('list', '--json').json[0]['id']}\n")
    assert "Markdown" in done.out
    assert done.out.endswith("\n")
    assert [row[:2] for row in rows(folder)] == [("user", "complete"), ("assistant", "complete")]
    assert rows(folder)[1][2].rstrip("\n") == done.out.rstrip("\n")


def test_several_words_are_one_message(run: Command, folder: Path) -> None:
    """Quotes are not needed."""
    run("ask", "How", "do", "I", "export?")
    assert rows(folder)[0][2] == "How do I export?"


@pytest.mark.parametrize("words", [(), ("-",)])
def test_a_message_is_read_from_stdin(run: Command, folder: Path, words: tuple[str, ...]) -> None:
    """Without a text, or with a dash, whatever is piped in is asked."""
    assert run("ask", *words, stdin="How do I\nexport?").code == 0
    assert rows(folder)[0][2] == "How do I\nexport?"


def test_nothing_to_send_is_wrong_use(run: Command, folder: Path) -> None:
    """No session is made for it."""
    done = run("ask", stdin=" \n")
    assert (done.code, done.out) == (2, "")
    assert "nothing to send" in done.err
    assert not folder.exists()


def test_a_base_needs_a_model(run: Command, folder: Path) -> None:
    """The sentence asks for what is missing."""
    done = run("ask", "--api-base", "http://localhost/v1", "Hi")
    assert done.code == 2
    assert "--model" in done.err
    assert not folder.exists()


def test_ctrl_c_while_reading_ends_quietly(run: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is open yet, so nothing has to be ended."""

    class Interrupted(io.StringIO):
        def read(self, size: int | None = -1, /) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", Interrupted())
    assert main(["ask", "--data-dir", str(tmp_path / "none")]) == 1
    assert not (tmp_path / "none").exists()


def test_a_session_goes_on(run: Command, folder: Path) -> None:
    """The second message stands below the first answer."""
    run("ask", "--session", "mine", "--create", QUESTION)
    run("ask", "--session", "mine", "And as a file?")
    found = run("show", "mine", "--json").json
    assert [message["content"] for message in found["messages"]][::2] == [QUESTION, "And as a file?"]
    assert found["session"]["title"] == QUESTION


def test_an_unknown_session_is_not_found(run: Command) -> None:
    """Without --create nothing is made, and exit code 3 says why."""
    run("ask", "--session", "x", "Hi")  # the database is there now
    for command in (("ask", "--session", "x", "Hi"), ("show", "x"), ("export", "x"), ("stats", "x")):
        done = run(*command)
        assert (done.code, done.out) == (3, "")
        assert "There is no session x." in done.err
    assert run("list", "--json").json == []


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "--colour"),
        ("show",),
        ("list", "--limit", "many"),
        ("list", "--limit", "0"),
        ("export", "x", "--format", "xml"),
        ("dance",),
        (),
    ],
)
def test_wrong_words_are_wrong_use(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Argparse says what was expected."""
    assert main(words) == 2
    assert "usage: sobremesa" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--help",), ("ask", "--help"), ("--version",)])
def test_help_is_no_failure(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """It goes to stdout."""
    assert main(words) == 0
    assert "sobremesa" in capsys.readouterr().out


def test_a_server_of_ones_own_answers(run: Command, server: WireServer) -> None:
    """A name and a base URL are enough; the session remembers both."""
    script = server.script
    done = run("ask", "--session", "s", "--create", "--model", "wire-1", "--api-base", server.base, "Capital?")
    assert (done.code, done.out, done.err) == (0, script.whole + "\n", "")
    again = run("ask", "--session", "s", "Sure?")
    assert (again.code, again.out) == (0, script.whole + "\n")
    assert len(server.answers[1].body["messages"]) == 4


def test_a_session_can_change_its_model(run: Command, server: WireServer) -> None:
    """From the message on with which it was named."""
    run("ask", "--session", "s", "--create", QUESTION)
    done = run("ask", "--session", "s", "--model", "wire-1", "--api-base", server.base, "Capital?")
    assert done.out == server.script.whole + "\n"
    models = [message["model"] for message in run("show", "s", "--json").json["messages"]]
    assert models[1::2] == ["guide/manual", "direct/wire-1"]


def test_an_answer_as_json_is_one_object(run: Command, server: WireServer) -> None:
    """Nothing is streamed between; usage is what the provider said."""
    done = run("ask", "--json", "--model", "wire-1", "--api-base", server.base, "Capital?")
    assert done.code == 0
    assert done.json["message"]["content"] == server.script.whole
    assert (done.json["message"]["status"], done.json["message"]["usage"]["input_tokens"]) == ("complete", 20)
    assert done.json["session"]["id"]


def test_a_failure_is_said_on_stderr_with_the_providers_words(run: Command, server: WireServer, folder: Path) -> None:
    """Exit code 1; the question is kept."""
    server.script = Script(fault=Fault(mode=Mode.STATUS, status=401, words="This key is stale."))
    done = run("ask", "--model", "wire-1", "--api-base", server.base, "Capital?")
    assert (done.code, done.out) == (1, "")
    assert "The key was refused (401)" in done.err
    assert "This key is stale." in done.err
    assert rows(folder)[0][:2] == ("user", "complete")


def test_a_model_that_nobody_has_is_a_failure(run: Command) -> None:
    """The sentence names the model, and what to do."""
    done = run("ask", "--model", "nobody/nothing", "Hi")
    assert done.code == 1
    assert "No provider here has the model nobody/nothing" in done.err


def test_a_retry_is_announced(run: Command, server: WireServer) -> None:
    """Whoever waits knows why and for how long; the answer is not touched by it."""
    fault = Fault(mode=Mode.STATUS, status=429, headers={"Retry-After": "0"}, first=1)
    server.script = Script(fault=fault)
    done = run("ask", "--model", "wire-1", "--api-base", server.base, "Capital?")
    assert (done.code, done.out) == (0, server.script.whole + "\n")
    assert "Trying again in 0 s, attempt 2 of 4." in done.err


def test_half_an_answer_is_printed_and_said_to_be_half(run: Command, server: WireServer) -> None:
    """What arrived is on stdout, why it ended on stderr."""
    server.script = Script(fault=Fault(mode=Mode.CUT, after=4))
    done = run("ask", "--model", "wire-1", "--api-base", server.base, "Capital?")
    assert (done.code, done.out) == (1, "The capital of \n")
    assert done.err


def test_an_answer_cut_by_its_provider_is_complete_and_says_so(run: Command, server: WireServer) -> None:
    """The reader knows that there would have been more."""
    server.script = Script(finish="length")
    done = run("ask", "--model", "wire-1", "--api-base", server.base, "Capital?")
    assert done.code == 0
    assert "cut at the longest" in done.err


def test_the_list_names_sessions_newest_first(asked: Command) -> None:
    """For people a line each, for machines an array."""
    found = asked("list", "--json").json
    assert [session["id"] for session in found] == ["two", "one"]
    assert {"id", "title", "model", "updated_at", "message_count"} <= set(found[0])
    lines = asked("list").out.splitlines()
    assert lines[0].startswith("two")
    assert lines[0].endswith("Where do quetzals live?")
    assert [session["id"] for session in asked("list", "--limit", "1", "--json").json] == ["two"]
    assert asked("list", "--trash", "--json").json == []


def test_a_session_is_shown_along_its_path(asked: Command) -> None:
    """The shape for machines is fixed; for people each message has a name above it."""
    found = asked("show", "one", "--json").json
    assert set(found) == {"session", "messages"}
    assert found["session"]["id"] == "one"
    question, answer = found["messages"]
    assert {"id", "parent", "role", "content", "status", "model", "created_at"} <= set(answer)
    assert (question["role"], answer["role"], answer["parent"]) == ("user", "assistant", question["id"])
    shown = asked("show", "one").out
    assert shown.startswith(f"# {QUESTION}\n\n[user]\n{QUESTION}\n")
    assert "[Guide]\n" in shown


def test_an_untitled_session_has_a_word_for_that(run: Command) -> None:
    """Neither list nor show print an empty title."""
    run("ask", "--session", "s", "--create", "\u200b \u2063x")
    assert run("list").out.strip().endswith("x")
    assert run("show", "s").out.startswith("# ")


def test_messages_are_found(asked: Command) -> None:
    """Hits name session and message; the matching words are marked."""
    hits = asked("search", "quetzals", "--json").json
    assert {"session", "message", "snippet"} <= set(hits[0])
    assert {hit["session"] for hit in hits} == {"two"}
    assert any("**quetzals**" in hit["snippet"] for hit in hits)
    assert asked("search", "xyzzy", "--json").json == []
    assert len(asked("search", "--limit", "1", "quetzals", "--json").json) == 1


def test_a_session_is_exported_to_a_file(asked: Command, tmp_path: Path) -> None:
    """Its path is printed; the bytes are the same each time, and the same as on stdout."""
    target = tmp_path / "out.md"
    done = asked("export", "one", "-o", str(target))
    assert (done.code, done.out) == (0, f"{target}\n")
    content = target.read_bytes()
    assert QUESTION.encode() in content
    asked("export", "one", "--output", str(target))
    assert target.read_bytes() == content
    assert asked("export", "one", "-o", "-").out.encode() == content


def test_an_export_without_a_path_is_named_after_its_title(
    asked: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the folder where one is, with a name that every system takes."""
    monkeypatch.chdir(tmp_path)
    done = asked("export", "two")
    name = done.out.strip()
    assert "?" not in name
    assert (tmp_path / name).exists()
    (tmp_path / name).write_text("mine", encoding="utf-8")
    second = asked("export", "two").out.strip()
    assert second != name
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"
    assert (tmp_path / second).exists()


def test_an_export_that_fails_says_why(asked: Command, tmp_path: Path) -> None:
    """Exit code 1, a sentence, and no half file."""
    done = asked("export", "one", "-o", str(tmp_path / "nowhere" / "out.md"))
    assert (done.code, done.out) == (1, "")
    assert "nowhere" in done.err


def test_statistics_count_one_or_all(asked: Command) -> None:
    """For machines an object, for people a table."""
    assert asked("stats", "--json").json["sessions"] == 2
    found = asked("stats", "one", "--json").json
    assert (found["sessions"], found["messages"]) == (1, 2)
    lines = asked("stats").out.splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["2", "4"]


def test_the_data_folder_can_be_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`SOBREMESA_DATA_DIR` holds where no option does."""
    monkeypatch.setenv("SOBREMESA_DATA_DIR", str(tmp_path / "elsewhere"))
    assert main(["list", "--json"]) == 0
    assert capsys.readouterr().out == "[]\n"
    assert (tmp_path / "elsewhere" / "sobremesa.db").exists()


def test_what_is_no_database_is_a_failure(run: Command, folder: Path) -> None:
    """The sentence says what to do, and the file stays as it was."""
    folder.mkdir()
    (folder / "sobremesa.db").write_bytes(b"A shopping list.")
    done = run("list")
    assert (done.code, done.out) == (1, "")
    assert "is not a Sobremesa database" in done.err
    assert (folder / "sobremesa.db").read_bytes() == b"A shopping list."


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_reading_works_where_nothing_can_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    """List, show and export do; a question is refused with a sentence."""

    def run(*words: str) -> Done:
        return Done(main([*words, "--data-dir", str(folder)]), *capsys.readouterr())

    with public_folder() as folder:
        assert run("ask", "--session", "one", "--create", QUESTION).code == 0
        freeze(folder)
        with without_rights():
            assert [session["id"] for session in run("list", "--json").json] == ["one"]
            assert QUESTION in run("show", "one").out
            assert run("export", "one", "-o", "-").code == 0
            refused = run("ask", "--session", "one", "More?")
    assert refused.code == 1
    assert "written" in refused.err


def test_the_demo_answers_by_script(run: Command) -> None:
    """`--demo` needs neither key nor network."""
    done = run("ask", "--demo", "Hello")
    assert done.code == 0
    assert done.out.strip()


def test_the_demo_never_writes_into_the_folder_of_real_conversations(asked: Command, folder: Path) -> None:
    """Named or not, the data folder keeps what it had; the demo's sessions stand beside it."""
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert asked("ask", "--demo", "Hello").code == 0
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert after == before
    assert len(asked("list", "--demo", "--json").json) > 2


def test_a_hostile_answer_commands_no_terminal(
    run: Command, server: WireServer, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """On a terminal its signs are shown by name, in the answer, the session and the list; a pipe gets the bytes."""
    hostile = "\x1b]52;c;aGk=\x07\u202e"
    server.script = Script(text=("Hi ", hostile))
    words = ("--model", "wire-1", "--api-base", server.base, f"Say {hostile}")
    assert run("ask", *words).out == f"Hi {hostile}\n"
    assert "\x1b" in run("show", run("list", "--json").json[0]["id"]).out
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    one = run("list", "--json").json[0]["id"]
    for shown in (run("ask", *words), run("show", one), run("list")):
        assert "\x1b" not in shown.out
        assert "\u202e" not in shown.out
        assert "␛]52" in shown.out
    assert "\u202e" not in run("show", one, "--json").out
