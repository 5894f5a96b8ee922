"""What the command line finds out before it acts, and how it names what it found."""

from pathlib import Path
from typing import Any

import pytest

from desktop.cli import main
from desktop.commands.sessions import found_lines


@pytest.mark.parametrize(
    "words",
    [("list",), ("models",), ("stats",), *((command, "x") for command in ("show", "search", "export", "context"))],
)
def test_reading_makes_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    """A folder that was mistyped is said, and is not there afterwards."""
    folder = tmp_path / "typo"
    code = main([*words, "--data-dir", str(folder)])
    out, err = capsys.readouterr()
    assert (code, out) == (3, "")
    assert str(folder) in err
    assert not folder.exists()


def test_a_session_is_found_once() -> None:
    """With the newest place in a message, and how many more there are."""
    hits: list[dict[str, Any]] = [
        {"session": "a", "title": "One", "message": None, "snippet": "**One**"},
        {"session": "b", "title": "Two", "message": 3, "snippet": "**two**"},
        {"session": "a", "title": "One", "message": 2, "snippet": "number **one**"},
    ]
    assert found_lines(hits) == ["a  One  + 1 more", "    number **one**", "b  Two", "    **two**"]
