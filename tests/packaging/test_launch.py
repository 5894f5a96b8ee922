from pathlib import Path

import pytest

from tasks import launch

TOUR = Path("build") / "tour"


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_linux_has_a_display_when_a_variable_says_so(name: str) -> None:
    """Either display server, or a platform chosen by hand, counts as a display."""
    assert launch.has_display("linux", {name: ":0"})
    assert not launch.has_display("linux", {name: ""})


def test_other_systems_always_have_a_display() -> None:
    """Windows and macOS need no variable."""
    assert launch.has_display("win32", {})
    assert launch.has_display("darwin", {})


def test_with_a_display_the_options_pass_through_unchanged() -> None:
    """What stands after -- reaches the program as it was written."""
    assert launch.window_arguments(["--data-dir", "x"], display=True, tour=TOUR) == ["--data-dir", "x"]


def test_without_a_display_the_window_becomes_the_tour() -> None:
    """The same window runs off screen and keeps the options it was given."""
    expected = ["--tour", str(TOUR), "--data-dir", "x"]
    assert launch.window_arguments(["--data-dir", "x"], display=False, tour=TOUR) == expected


@pytest.mark.parametrize("options", [["ask", "hello"], ["--tour", "here"], ["--tour=here"], ["--version"], ["--help"]])
def test_commands_and_questions_need_no_display(options: list[str]) -> None:
    """The command line, a chosen tour and questions about the program are never turned into the tour."""
    assert launch.window_arguments(options, display=False, tour=TOUR) == options
