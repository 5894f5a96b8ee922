import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.folding import fold
from desktop.domain.fuzzy import fit

NAMES = st.text(alphabet=string.ascii_letters + "áÉñß 日本 -▸", max_size=40)
WORDS = st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=6)


def score(typed: str, name: str) -> float:
    found = fit(typed, name)
    assert found is not None, (typed, name)
    return found.score


def meant(typed: str, name: str) -> list[str]:
    found = fit(typed, name)
    return [] if found is None else [name[start:end] for start, end in found.ranges]


def test_names_are_better_the_earlier_they_have_the_word() -> None:
    """The beginning of the name comes before that of a word, that before the middle of one, that before letters."""
    assert score("con", "Context of all") > score("con", "The context") > score("con", "A beacon of it")
    assert score("con", "A beacon of it") > score("con", "Change options now")


def test_of_two_names_the_shorter_is_meant() -> None:
    """What is typed is more of a shorter name."""
    assert score("export", "Export") > score("export", "Export everything there is")


def test_every_word_must_be_there() -> None:
    """The order of the words does not count, but each of them does."""
    assert meant("session new", "New session") == ["New", "session"]
    assert fit("new folder", "New session") is None


def test_letters_are_found_at_the_beginnings_of_words() -> None:
    """Initials are enough, and they are what is marked."""
    assert meant("nwse", "New session") == []
    assert meant("nese", "New session") == ["Ne", "se"]
    assert meant("ns", "New session") == ["N", "s"]


def test_letters_strewn_about_are_no_fit() -> None:
    """A name that only happens to hold the letters is not what is meant."""
    assert fit("zebra", "Zoom everything bigger right away") is None


@pytest.mark.parametrize(("typed", "name"), [("sesion", "Sesión"), ("STRASSE", "Straße"), ("cafe", "CAFÉ")])
def test_case_and_accents_do_not_count(typed: str, name: str) -> None:
    """What one types is compared as in every other search."""
    assert meant(typed, name) == [name]


def test_nothing_typed_fits_everything() -> None:
    """An empty field leaves the order to whoever asks."""
    found = fit("  ", "Settings")
    assert found is not None
    assert found.score == 0
    assert found.ranges == ()


@given(NAMES, st.data())
def test_any_part_of_a_name_fits_it(name: str, data: st.DataObject) -> None:
    """What stands in the name is found, and the marks spell it."""
    folded = fold(name)
    words = folded.split()
    if not words:
        return
    word = data.draw(st.sampled_from(words))
    start = data.draw(st.integers(0, len(word) - 1))
    typed = word[start : data.draw(st.integers(start + 1, len(word)))]
    assert fold(typed) in fold("".join(meant(typed, name))) or len(typed) != len(fold(typed))


@given(st.text(alphabet=string.ascii_lowercase, min_size=2, max_size=20))
def test_more_of_a_name_fits_it_better(name: str) -> None:
    """Each further letter of a name brings it nearer, never farther."""
    scores = [score(name[:length], name) for length in range(1, len(name) + 1)]
    assert scores == sorted(scores)


@given(NAMES, WORDS)
def test_marks_are_what_was_typed(name: str, word: str) -> None:
    """The marked ranges are in order, do not touch each other, and hold exactly the letters that were typed."""
    found = fit(word, name)
    if found is None:
        return
    assert all(start < end for start, end in found.ranges)
    assert all(one[1] < other[0] for one, other in zip(found.ranges, found.ranges[1:], strict=False))
    if name.isascii():
        assert fold("".join(name[start:end] for start, end in found.ranges)) == word


@given(NAMES, WORDS, WORDS)
def test_a_further_word_never_finds_more(name: str, one: str, other: str) -> None:
    """What does not fit one word does not fit it with another beside it."""
    if fit(f"{one} {other}", name) is not None:
        assert fit(one, name) is not None
        assert fit(other, name) is not None
