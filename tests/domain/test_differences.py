"""Two texts side by side: nothing is lost, what is the same is the same, what is other is marked."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.differences import Row, compare

TEXTS = st.text(alphabet="ab \nñ", max_size=60)


def test_only_the_words_that_changed_are_marked() -> None:
    """In a changed line the rest stays unmarked."""
    assert compare("one\nthe old word", "one\nthe new word") == (
        Row("one", "one"),
        Row("the old word", "the new word", ((4, 7),), ((4, 7),)),
    )


def test_a_line_that_was_added_stands_alone() -> None:
    """The lines around it stay beside their like."""
    assert compare("a\nc", "a\nb\nc") == (Row("a", "a"), Row(None, "b", new_marks=((0, 1),)), Row("c", "c"))


def test_a_line_that_went_stands_alone() -> None:
    """On the other side."""
    assert compare("a\nb\nc", "a\nc")[1] == Row("b", None, old_marks=((0, 1),))


def test_long_lines_are_marked_as_a_whole() -> None:
    """Comparing thousands of words is not worth the wait."""
    old, new = "a " * 1000, "b " * 1000
    assert compare(old, new) == (Row(old, new, ((0, 2000),), ((0, 2000),)),)


def test_very_long_texts_are_compared_at_the_same_place() -> None:
    """They still come out whole."""
    old, new = "x\n" * 5000, "y\n" + "x\n" * 5000
    rows = compare(old, new)
    assert "\n".join(row.new for row in rows if row.new is not None) == new


@given(TEXTS, TEXTS)
def test_both_texts_are_there_whole(old: str, new: str) -> None:
    """Whatever the texts: each side gives its text, and what is not marked is in both."""
    rows = compare(old, new)
    assert "\n".join(row.old for row in rows if row.old is not None) == old
    assert "\n".join(row.new for row in rows if row.new is not None) == new
    for row in rows:
        if row.old is not None and row.new is not None:
            assert _without(row.old, row.old_marks) == _without(row.new, row.new_marks)
            assert row.is_same == (not row.old_marks and not row.new_marks)


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    """Nothing is marked."""
    assert all(row.is_same for row in compare(text, text))


def _without(line: str, marks: tuple[tuple[int, int], ...]) -> str:
    return "".join(character for at, character in enumerate(line) if not any(a <= at < b for a, b in marks))
