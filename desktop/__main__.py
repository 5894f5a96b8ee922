"""`sobremesa` and `python -m desktop`: a command on the command line, or the window."""

import sys
from collections.abc import Sequence

COMMANDS = ("ask", "models", "list", "show", "search", "export", "stats", "branches", "context", "doctor", "archive")
WITH_VALUE = ("--data-dir", "--profile", "--model", "--api-base", "--api-key-variable", "--session")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command if one is named, else open the window; return the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["--count-tokens"]:  # a frozen program has no other way to start a script of its own
        from desktop.providers.token_worker import main as count_tokens

        return count_tokens(words[1])
    place = _command_at(words)
    if place is None:
        from desktop.app import main as run_window

        return run_window(words)
    from desktop.cli import main as run_command

    return run_command([words[place], *words[:place], *words[place + 1 :]])


def _command_at(words: Sequence[str]) -> int | None:
    """Return where the command stands: first, or behind the options that every command takes."""
    place = 0
    while place < len(words) and words[place].startswith("-"):
        place += 2 if words[place] in WITH_VALUE else 1
    return place if place < len(words) and words[place] in COMMANDS else None


if __name__ == "__main__":
    sys.exit(main())
