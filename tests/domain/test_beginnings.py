"""The first words of a message, without the marks that Markdown puts around them."""

import pytest

from desktop.domain.beginnings import HEAD_CHARS, beginning


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Bread and water\n\nA **first** paragraph", "Bread and water A first paragraph"),
        ("> quoted *words*\n- [x] done\n- open", "quoted words done open"),
        ("```python\nprint(1)\n```", "print(1)"),
        ("see [the docs](https://example.org), `x_y` and snake_case", "see the docs, x_y and snake_case"),
        ("2 * 3 = 6", "2 * 3 = 6"),
        ("plain", "plain"),
        ("___", "___"),
        ("", ""),
    ],
)
def test_marks_are_left_out(text: str, words: str) -> None:
    """Words stay as they are; where there is nothing but marks, these are shown."""
    assert beginning(text) == words


def test_only_the_beginning_is_looked_at() -> None:
    """However long a message is."""
    assert len(beginning("word " * 1000)) <= HEAD_CHARS
