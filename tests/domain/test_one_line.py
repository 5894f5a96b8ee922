from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.one_line import one_line


@given(st.text())
def test_the_line_has_as_many_characters(text: str) -> None:
    """Marks keep their places."""
    assert len(one_line(text)) == len(text)


@given(st.text(alphabet=st.characters(categories=["Cc", "Cs"])))
def test_nothing_controls_anything(text: str) -> None:
    """No control character is left, nor half of a pair."""
    assert all(char.isprintable() or char == " " for char in one_line(text))


def test_lines_and_directions_are_taken_away() -> None:
    """A line break is a blank; what turns text around has no effect; other controls are shown by their pictures."""
    assert one_line("a\nb\u202ec\x00d\x1b") == "a b\u200bc\u2400d\u241b"
