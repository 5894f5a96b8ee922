"""Texts of strangers on a terminal."""

import io

import pytest

from desktop.services.exchange.terminal import for_stream, one_line, visible


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain\n\twords é 日本 🙂 \u200d", "plain\n\twords é 日本 🙂 \u200d"),
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("\x1b[2J", "␛[2J"),
        ("a\r\nb", "a\r\nb"),
        ("a\rb\x00\x7f", "a␍b␀␡"),
        ("\x9b2J", "<U+009B>2J"),
        ("\u202eexe.txt", "<RIGHT-TO-LEFT OVERRIDE>exe.txt"),
        ("\u2066x\u2069", "<LEFT-TO-RIGHT ISOLATE>x<POP DIRECTIONAL ISOLATE>"),
    ],
)
def test_what_commands_a_terminal_is_shown_by_name(text: str, shown: str) -> None:
    """Everything else stays as it is."""
    assert visible(text) == shown


def test_only_a_terminal_gets_signs() -> None:
    """A file gets the text byte for byte."""
    assert for_stream("\x1b[2J", io.StringIO()) == "\x1b[2J"
    assert for_stream("\x1b[2J", Terminal()) == "␛[2J"


def test_a_line_is_always_safe_and_one() -> None:
    """A title with line ends, tabs and an escape does not leave its line."""
    assert one_line(" a\n\tb\u2028c \x1bd") == "a b c ␛d"
