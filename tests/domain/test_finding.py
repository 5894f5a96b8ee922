"""Finding against a naive reference, in texts of every script, and the sieve that must never lose a match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.finding import Needle, Sieve, find, fold, matches, may_match, needle
from desktop.domain.markdown import parse
from desktop.domain.markdown_plain import shown_text
from desktop.domain.markdown_written import written
from desktop.domain.thoughts import thought_pieces

TRICKY = st.text(st.sampled_from("aAáÁsSßẞiIİıﬁfe\u0301\u0327 \n\t\xa0éÉσςΣйИñ가각😀🏽\u200d漢.*_"), max_size=14)
WORDS = ["bold", "Straße", "sesión", "a", "foo_bar", "x1", "año", "and", "漢字", "B1os", "n\u0303andu"]
MARKS = [
    "**",
    "*",
    "_",
    "`",
    "~~",
    "[",
    "](http://a.b/c%C3%B1x)",
    "](http://ñandú.es/é)",
    "][r]",
    "![",
    "](i.png)",
    "\\",
]
MARKS += ["\n", "\n\n", " ", "&amp;", "&ntilde;", "<b>", "<http://a.es/%C3%B1o>", "\n[r]: http://é.es/q 'T'\n", "\n# "]
MARKS += [
    "\n- ",
    "\n1. ",
    "\n> ",
    "\n```py\n",
    "\n| a | b |\n|---|---|\n| ",
    " | ",
    "[www.a.com](http://é.org/b c)",
    "$",
]
MARKS += [
    "\\(",
    "\\)",
    "[^1]",
    "\n[^1]: ",
    "![x][r]",
    "[r]",
    "\x00",
    "\ud800",
    "\r\n",
    "&#x41;",
    "[xn--a]",
    "https://é.com/ñ",
]
MARKS += ['[a.com](http://b.org/"x"{y})', "[www.a.com][r]", "<http://ñ.es>", "<a@ñ.es>", "[a.com](<http://b.org/x y>)"]
MARKS += [" www.ñandú.es ", "[a.com](http://b.org/x\\*y)", "[a.com](http://b.org/x[1])", "[a.com](http://b.org/(x)b)"]
SOURCES = st.lists(st.sampled_from(WORDS + MARKS), max_size=14).map("".join)


def naive(text: str, wanted: Needle) -> list[tuple[int, int]]:
    """Try every range of whole characters; the longest that matches takes the accents that follow it."""
    seen = clear if wanted.match_case else fold
    found: list[tuple[int, int]] = []
    at = 0
    while wanted and at < len(text):
        ends = [end for end in range(at + 1, len(text) + 1) if seen(text[at:end]) == wanted.key]
        if ends and seen(text[at]):
            found.append((at, ends[-1]))
            at = ends[-1]
        else:
            at += 1
    return found


def clear(text: str) -> str:
    return "".join(" " if char.isspace() else char for char in text)


@given(TRICKY, TRICKY, st.booleans())
def test_finding_equals_trying_every_range(text: str, looked_for: str, match_case: bool) -> None:
    """Whatever folding does to lengths, the matches are those that a search without any cleverness finds."""
    wanted = needle(looked_for, match_case=match_case)
    assert list(find(text, wanted)) == naive(text, wanted)


@given(st.text(max_size=30), st.integers(0, 30))
def test_folding_may_be_done_in_pieces(text: str, cut: int) -> None:
    """What a text folds to does not depend on where it is cut."""
    assert fold(text[:cut]) + fold(text[cut:]) == fold(text)


@given(st.text(max_size=40), st.integers(0, 40), st.integers(1, 6))
def test_every_part_of_a_text_is_found_in_it(text: str, start: int, length: int) -> None:
    """In any script, a piece of the text is found where it stands, or earlier."""
    wanted = needle(text[start : start + length], match_case=True)
    if wanted:
        found = find(text, wanted)
        assert found
        assert found[0][0] <= start


@pytest.mark.parametrize(
    ("text", "looked_for", "found"),
    [
        ("Straße und STRASSE", "strasse", [(0, 6), (11, 18)]),
        ("straße", "ss", [(4, 5)]),
        ("straße", "s", [(0, 1)]),
        ("İstanbul ist", "ist", [(0, 3), (9, 12)]),
        ("e\u0301te\u0301 ete", "ete", [(0, 5), (6, 9)]),
        ("La Sesión", "sesion", [(3, 9)]),
        ("a sesion", "SESIÓN", [(2, 8)]),
        ("one\ntwo", "one two", [(0, 7)]),
        ("aaaa", "aa", [(0, 2), (2, 4)]),
        ("ΟΔΟΣ οδος", "οδοσ", [(0, 4), (5, 9)]),
        ("👍🏽 👍", "👍", [(0, 1), (3, 4)]),
        ("anything", " ", []),
        ("anything", "\u0301", []),
    ],
)
def test_matches_are_ranges_of_the_text_as_it_is(text: str, looked_for: str, found: list[tuple[int, int]]) -> None:
    """Offsets count the code points of the text, not of what it was folded to."""
    assert list(find(text, needle(looked_for))) == found


def test_matching_case_means_every_letter_as_written() -> None:
    """Neither case nor accents are folded then."""
    assert find("Año año ano", needle("año", match_case=True)) == ((4, 7),)


@given(SOURCES, st.data(), st.booleans())
def test_the_sieve_never_loses_a_match(source: str, data: st.DataObject, match_case: bool) -> None:
    """Whatever piece of the shown text is looked for, its source may match."""
    for blocks in (parse(source), written(source)):
        for text in filter(None, map(shown_text, blocks)):
            start = data.draw(st.integers(0, len(text) - 1))
            length = data.draw(st.integers(1, 12))
            wanted = needle(text[start : start + length], match_case=match_case)
            if find(text, wanted):
                assert may_match(source, wanted), (source, text, wanted)


@given(SOURCES, st.data())
def test_a_source_may_be_fed_in_pieces(source: str, data: st.DataObject) -> None:
    """A long message goes through the sieve bit by bit, and no match is lost at a cut."""
    for text in filter(None, map(shown_text, parse(source))):
        wanted = needle(data.draw(st.sampled_from([text, text[: len(text) // 2], text[-3:]])))
        sieve = Sieve(wanted)
        at = 0
        while at < len(source):
            size = data.draw(st.integers(1, 6))
            sieve.feed(source[at : at + size])
            at += size
        if find(text, wanted):
            assert sieve.may_match, (source, text, wanted)


@pytest.mark.parametrize(
    ("source", "looked_for"),
    [
        ("Nothing of **this** kind, see [the page](http://example.org/a) and `code_here`.", "other"),
        ("An answer\n\n- with items\n- and *more*", "without"),
        ("f(x) = 2", "→"),
    ],
)
def test_the_sieve_spares_what_cannot_match(source: str, looked_for: str) -> None:
    """Most messages need not be read as Markdown."""
    assert not may_match(source, needle(looked_for))


def test_matches_of_a_message_come_as_they_are_read() -> None:
    """Thinking first, then the blocks; markup does not come between letters, and table cells stand apart."""
    blocks = parse("one in**ter**national\n\n| inter | national |\n|---|---|\n| x | international |\n")
    found = list(matches(["not international", "x"], blocks, needle("international")))
    assert found == [(True, 0, (4, 17)), (False, 0, (4, 17)), (False, 1, (17, 30))]


def test_the_end_of_a_thought_is_not_shown() -> None:
    """A line feed at the end of a thought is nothing to be found."""
    assert list(matches(["a \n"], (), needle("a  "))) == []


@given(st.text(st.sampled_from("ab \n"), max_size=40), st.integers(1, 200))
def test_thinking_is_cut_without_losing_a_letter(text: str, factor: int) -> None:
    """The pieces of long thinking are the whole of it, and none is long."""
    pieces = thought_pieces(text * factor)
    assert "".join(pieces) == text * factor
    assert all(0 < len(piece) <= 2_000 for piece in pieces)
