"""What is typed into a search, what stands in the index for a text, and the words around a match."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.search_completion import named_at
from desktop.domain.search_language import (
    LONGEST_TEXT,
    MOST_CLAUSES,
    Field,
    Filter,
    Question,
    Words,
    day_of,
    parse,
    without,
)
from desktop.domain.search_matching import Document, holds_words, ranks, snippet
from desktop.domain.search_words import LONGEST_WORD, code_pieces, folded, has_code, tokens, unfolded_place, units

TODAY = date(2026, 11, 21)


def read(text: str, *, typing: bool = False) -> Question:
    return parse(text, today=TODAY, midnight=lambda day: day.toordinal(), typing=typing)


def finds(text: str, wanted: str) -> bool:
    return all(holds_words(Document(text), words) for words in read(wanted).words)


def test_or_joins_neighbours_and_a_minus_leaves_out() -> None:
    """`a b OR c -d` is a, and b or c, and not d."""
    groups = read("a b OR c -d").groups
    assert [[(one.asks.typed, one.is_not) for one in group if isinstance(one.asks, Words)] for group in groups] == [
        [("a", False)],
        [("b", False), ("c", False)],
        [("d", True)],
    ]


def test_a_filter_takes_words_in_quotes() -> None:
    """`in:"My folder"` names the folder; its value is folded, and `folder:` says the same."""
    (clause,) = read('folder:"My Folder"').clauses
    assert clause.asks == Filter(Field.IN, "my folder")
    assert not without(read('in:"My folder"'), Field.IN)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026", date(2026, 1, 1)),
        ("2026-11", date(2026, 11, 1)),
        ("2026-11-03", date(2026, 11, 3)),
        ("today", TODAY),
        ("yesterday", date(2026, 11, 20)),
        ("7d", date(2026, 11, 14)),
        ("2026-13", None),
        ("9999y", None),
        ("soon", None),
    ],
)
def test_dates_are_years_months_days_and_spans(value: str, day: date | None) -> None:
    """Whatever is none is no date."""
    assert day_of(value, TODAY) == day


def test_while_typing_the_last_word_may_go_on_and_half_a_filter_is_no_mistake() -> None:
    """What is not whole yet is neither searched literally nor complained about."""
    (words,) = read("harbour brid", typing=True).words[1:]
    assert words.is_beginning
    assert read("has:co", typing=True) == Question()
    assert not read("before:20x", typing=True).notices
    assert read("has:co").notices


@pytest.mark.parametrize(
    "text",
    ["a " * 5000, "-ab " * 5000, "in:b " * 3000, " OR ".join(["zz"] * 5000), "NOT " * 20_000, '"' + "ab " * 9000 + '"'],
)
def test_what_is_much_too_long_is_read_to_its_sixty_fourth_clause(text: str) -> None:
    """The rest is left out, and a sentence says so: a newer search would wait for it."""
    question = read(text)
    assert 0 < len(question.clauses) <= MOST_CLAUSES + 1
    assert sum(len(words.typed) for words in question.words) <= LONGEST_TEXT
    assert len(question.notices) == 1
    assert not read("a " * MOST_CLAUSES).notices


@pytest.mark.parametrize("signs", ["->", "::", "()", "[]", "=>", "?.", "!="])
def test_signs_alone_are_looked_for_in_code(signs: str) -> None:
    """Two signs are a part of code as any other; in prose they are none."""
    assert finds(f"so `a{signs}b`", signs)
    assert not finds(f"so a {signs} b, she said", signs) or signs in ("->", "::", "=>", "!=")
    assert not read(signs).notices


@pytest.mark.parametrize("text", ["🎉", "→", "€", "-", "...", "&", "harbour 🎉", "harbour €"])
def test_what_cannot_be_searched_is_said(text: str) -> None:
    """Emoji and single signs have nothing in the index; whoever looks for them is told."""
    assert read(text).notices


@pytest.mark.parametrize("text", ["harbour — bridge", "salt & pepper", "well, yes ...", "thanks :)", ""])
def test_punctuation_beside_words_is_not_worth_a_sentence(text: str) -> None:
    """Nobody looks for the dash in a sentence."""
    assert not read(text).notices
    assert not read("harbour -", typing=True).notices


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Die Straße dort", "STRASSE"),
        ("我们在中国人民大学", "中国人"),
        ("call useHandler(x)", "eHand"),
        ("`resetAll()`", "etAl"),
        ("she said “don’t”", "don't"),
        ("I write C++ daily", "c++"),
        ("to be, or not to be", '"or not"'),
        ("a ‑ b well‑known", "well-known"),
    ],
)
def test_words_phrases_signs_and_parts_of_code_are_found(text: str, wanted: str) -> None:
    """Each as the manual says."""
    assert finds(text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("harbours", "harbour"),
        ("plain C code", "c++"),
        ("not or", '"or not"'),
        ("fragments", "ragm"),
        ("`foo`", '"oo"'),
    ],
)
def test_what_only_looks_alike_is_not_found(text: str, wanted: str) -> None:
    """Outside of code a word is a whole one."""
    assert not finds(text, wanted)


def test_names_are_asked_for_where_a_filter_waits_for_one() -> None:
    """Most letters are typed where no name can stand."""
    assert named_at("harbour IN:my", 13) is Field.IN
    assert named_at("-model:", 7) is Field.MODEL
    assert [named_at(text, len(text)) for text in ("harbour ta", "role:us", "in:my x", "", "a:b")] == [None] * 5


def test_the_index_has_words_of_any_length_once() -> None:
    """Long words are cut; a blob costs what its length is worth."""
    found = tokens("x" * 50_000)
    assert "x" * LONGEST_WORD in found
    assert len(found) < 10


def test_code_is_what_stands_in_fences_and_backticks_and_looks_like_it() -> None:
    """Prose is not taken for code; an open fence goes to the end."""
    assert code_pieces("so `a_b` and\n```py\nx = 1\n") == {"a_b", "x", "=", "1"}
    assert code_pieces("The end. Well-known and/or (this), 3.14!") == set()
    assert (has_code("``` \nx"), has_code("a ` b"), has_code("`b`")) == (True, False, True)


def test_folding_in_parts_is_folding_as_a_whole() -> None:
    """Case, accents, quotes and dashes of all kinds."""
    assert folded("Ärger İm CAFÉ ‘x’ — e\u0301") == "arger im cafe 'x' - e"
    assert units(folded("naïve 北京abc हिन्दी")) == ["naive", "北京", "abc", "हिन्दी"]


def test_a_snippet_shows_the_place_with_most_of_the_words() -> None:
    """Marks stand around the matches, also where folding changed lengths, and the ends are cut."""
    text = "harbour " + "something else " * 40 + "Straße am harbour " + "and on " * 60
    shown = snippet(text, read("strasse harbour").words)
    assert "\ue000Straße\ue001 am \ue000harbour\ue001" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert snippet("no match \ue000here", read("x").words) == "no match here"


def test_more_and_shorter_is_more_relevant() -> None:
    """BM25: the count of a word weighs, and the length against it."""
    many, long, none = ranks([(10, (3,)), (1000, (1,)), (10, (0,))])
    assert many > long > none == 0
    assert ranks([]) == []


@given(st.text(alphabet=st.sampled_from("aZ ß\u0301éİ琥ガカ゛ﬁ’—\n9"), max_size=40))
def test_a_place_in_the_folded_text_leads_back(text: str) -> None:
    """Character by character, also where folding makes two of one or none."""
    origins = [at for at, character in enumerate(text) for _letter in folded(character)]
    assert [unfolded_place(text, place) for place in range(len(origins))] == origins
    assert unfolded_place(text, len(origins) + 1) == len(text)
