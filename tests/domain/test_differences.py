"""Two texts side by side: nothing is lost, what is the same is the same, what is other is marked."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.differences import Row, compare, shortened

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


def test_lines_that_are_everywhere_are_no_landmarks() -> None:
    """A thousand blank lines between others come out beside each other, without each being held against each."""
    old = "\n".join(f"\nold {number}" for number in range(900))
    rows = compare(old, old.replace("old", "new"))
    assert [row.is_same for row in rows] == [True, False] * 900
    assert rows[1] == Row("old 0", "new 0", ((0, 3),), ((0, 3),))


def test_words_are_compared_up_to_a_limit_in_all() -> None:
    """Thousands of long lines are marked as a whole from some line on, and none is lost."""
    old = "\n".join(" ".join(f"old w{number}" for number in range(20)) for _line in range(1500))
    rows = compare(old, old.replace("old", "new"))
    assert len(rows[0].new_marks) == 20
    assert rows[-1].new_marks == ((0, len(rows[-1].new or "")),)


def test_what_is_looked_at_is_shortened() -> None:
    """Long texts, long lines and many lines end in an ellipsis; others are left as they are."""
    assert shortened("one\ntwo") == "one\ntwo"
    assert shortened("a" * 10_000_000) == "a" * 2000 + "…\n…"
    assert shortened("a\n" * 5000) == "a\n" * 2000 + "…"
    wide = shortened(("b" * 99 + "\n") * 2000)
    assert len(wide) < 110_000
    assert wide.endswith("\n…")


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
