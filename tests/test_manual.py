"""The manual speaks of the program as it is: what it names is compared with what is there."""

import argparse
import contextlib
import io
import re
from pathlib import Path

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop import arguments, cli
from desktop.commands import parser
from desktop.domain.sessions import DEFAULT_MAX_CONTEXT, DEFAULT_SYSTEM_PROMPT
from desktop.domain.settings import BY_NAME
from desktop.paths import resource
from desktop.providers.discovery import PROBES
from desktop.ui.actions import Actions
from tests.wire.openai import OpenAIWire
from tests.wire.script import Call, Script
from tests.wire.server import WireServer

LANGUAGES = ("en", "es")
SPANISH_KEYS = {"Mayús": "Shift", "Intro": "Enter", "RePág": "PgUp", "AvPág": "PgDown", "Supr": "Del"}


def chapter(language: str, number: int) -> str:
    return next(resource("manual", language).glob(f"{number:02}-*.md")).read_text(encoding="utf-8")


def options(parser: argparse.ArgumentParser) -> set[str]:
    found = set(parser._option_string_actions)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                found |= options(command)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_python_example_runs_as_it_stands(language: str) -> None:
    """Whoever copies the example gets an answer, offline."""
    example = re.search(r"```python\n(.*?)```", chapter(language, 11), re.DOTALL)
    assert example is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(example[1], {"__name__": "example"})
    assert "Markdown…" in printed.getvalue()
    assert re.search(r"^user \d+\nassistant \d+\n\d+$", printed.getvalue(), re.MULTILINE)


@pytest.mark.parametrize(
    "path", sorted(resource("manual").glob("*/*.md")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_every_option_that_is_named_exists(path: Path) -> None:
    """An option in the manual is one of the window or of a command."""
    named = set(re.findall(r"`[^`]*`", path.read_text(encoding="utf-8")))
    spoken = {option for code in named for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", code)}
    assert spoken <= options(arguments.parser()) | options(parser.parser())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_with_a_tool_runs_too(language: str) -> None:
    """With the address of a server that is there, and a model that calls."""
    example = re.findall(r"```python\n(.*?)```", chapter(language, 11), re.DOTALL)[1]
    call = Call(name="weather", arguments=('{"city":', ' "Paris"}'))
    script = Script(text=(), calls=(call,), finish="tool_calls", afterwards=("It is sunny.",))
    printed = io.StringIO()
    with WireServer(OpenAIWire(), script) as server, contextlib.redirect_stdout(printed):
        exec(example.replace("http://127.0.0.1:11434/v1", server.base), {"__name__": "example"})
    asked, again = (each.body for each in server.answers)
    assert printed.getvalue() == "It is sunny.\n['user', 'assistant', 'tool', 'assistant']\n"
    assert asked["tools"][0]["function"]["name"] == "weather"
    assert again["messages"][-1]["content"] == '{"city": "Paris", "sun": true, "degrees": 21}'


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_is_described(language: str) -> None:
    """The chapter on the command line names each command."""
    commands = next(action for action in parser.parser()._actions if isinstance(action, argparse._SubParsersAction))
    assert [name for name in commands.choices if f"sobremesa {name}" not in chapter(language, 10)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shortcuts_are_those_of_the_menus(qtbot: QtBot, language: str) -> None:
    """Every key with Ctrl or F in the table belongs to an action."""
    parent = QWidget()
    qtbot.addWidget(parent)
    actions = Actions(parent=parent)
    known = {
        key.toString(QKeySequence.SequenceFormat.PortableText)
        for action in vars(actions).values()
        if isinstance(action, QAction)
        for key in action.shortcuts()
    }
    text = chapter(language, 15)
    for spanish, english in SPANISH_KEYS.items():
        text = text.replace(spanish, english)
    text = re.sub("Ctrl\\+(plus|más)", "Ctrl++", re.sub("Ctrl\\+(minus|menos)", "Ctrl+-", text))
    named = {key for row in re.findall(r"^\| (.*?) \|", text, re.MULTILINE) for key in row.split(", ")}
    told = {key for key in named if re.match(r"Ctrl\+|F\d", key)}
    assert len(told) > 15
    assert told <= known


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_time_limits_are_the_defaults(language: str) -> None:
    """The numbers of seconds in the chapters are those of the settings."""
    for name in ("connect_timeout_s", "first_token_timeout_s", "local_first_token_timeout_s", "silence_timeout_s"):
        for number in (7, 16):
            assert re.search(rf"\b{BY_NAME[name].default}\b", chapter(language, number)), (name, number)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_defaults_of_a_session_are_told(language: str) -> None:
    """System prompt and context are as the program begins with."""
    for number in (5, 11):
        assert DEFAULT_SYSTEM_PROMPT in chapter(language, number)
        assert str(DEFAULT_MAX_CONTEXT) in chapter(language, number)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_local_servers_are_those_that_are_looked_for(language: str) -> None:
    """Name and port of each server stand in the table, and no others."""
    told = dict(re.findall(r"^\| ([\w. ]+) \| (\d+) \|$", chapter(language, 3), re.MULTILINE))
    assert told == {server.name: str(server.port) for server in PROBES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_exit_codes_are_those_of_the_command_line(language: str) -> None:
    """The table has each code once."""
    told = re.findall(r"^\| (\d) \|", chapter(language, 10), re.MULTILINE)
    assert told == [str(code) for code in (cli.DONE, cli.FAILED, cli.WRONG, cli.MISSING)]
