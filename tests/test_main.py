from pathlib import Path

import pytest

from desktop.__main__ import COMMANDS, _command_at, main
from desktop.arguments import parser as window_parser
from desktop.commands.parser import parser


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (["list"], 0),
        (["--data-dir", "list", "show", "x"], 2),
        (["--data-dir=x", "list"], 1),
        (["--demo", "ask", "hi"], 1),
        (["--model", "m", "--api-base", "http://x", "ask", "hi"], 4),
        (["--session", "stats", "ask"], 2),
        ([], None),
        (["--demo"], None),
        (["--data-dir", "list"], None),
        (["--model", "list"], None),
        (["--session", "ask"], None),
        (["readme.md", "list"], None),
    ],
)
def test_a_command_stands_first_or_behind_options(words: list[str], place: int | None) -> None:
    """The value of an option is never taken for a command; without one the window opens."""
    assert _command_at(words) == place


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_known_to_the_parser(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What starts the command line is a command there."""
    with pytest.raises(SystemExit) as ended:
        parser().parse_args([command, "--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert command in told
    assert told.split("\n\n")[1][0].isupper()  # a sentence, before the options


def test_options_may_stand_before_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`sobremesa --data-dir X list` is `sobremesa list --data-dir X`."""
    assert main(["--data-dir", str(tmp_path / "data"), "list", "--json"]) == 3
    assert str(tmp_path / "data") in capsys.readouterr().err


def test_a_mistyped_command_names_those_that_exist(capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong use, without a window."""
    with pytest.raises(SystemExit) as ended:
        window_parser().parse_args(["lst"])
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert all(command in told for command in ("lst", *COMMANDS))


def test_help_names_the_commands_and_what_they_do(capsys: pytest.CaptureFixture[str]) -> None:
    """Each has a line of its own."""
    with pytest.raises(SystemExit) as ended:
        window_parser().parse_args(["--help"])
    lines = capsys.readouterr().out.splitlines()
    assert ended.value.code == 0
    first = lines.index("Commands:") + 1
    assert [line.split()[0] for line in lines[first : first + len(COMMANDS)]] == list(COMMANDS)


def test_help_tells_what_may_stand_before_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    """The window's own options do not hold it."""
    with pytest.raises(SystemExit):
        window_parser().parse_args(["--help"])
    assert "--profile NAME" in capsys.readouterr().out


def test_the_words_of_the_process_are_its_arguments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Called as a script it reads the command line."""
    monkeypatch.setattr("sys.argv", ["sobremesa", "list", "--json", "--data-dir", str(tmp_path / "data")])
    assert main() == 3
    assert str(tmp_path / "data") in capsys.readouterr().err
