from pathlib import Path

import pytest

from desktop.paths import resource
from desktop.providers.guide_words import ENGLISH, LANGUAGES
from desktop.providers.manual import Manual, Section, parse_chapter, read_manual

CHAPTER = """# Cooking

Not part of a section.

## Boiling eggs
<!-- also: breakfast, timer -->

Six minutes.

```
## not a section
# not a chapter
```

## Rice

Twice the water.
"""


def section(number: int, name: str, text: str = "", also: str = "") -> Section:
    return Section(number=number, chapter="Chapter", name=name, text=text, also=also)


def manual(*sections: Section) -> Manual:
    return Manual(sections=sections, words=ENGLISH)


def names(found: Manual, *terms: str) -> list[str]:
    return [hit.section.name for hit in found.search(dict.fromkeys(terms, 1.0))]


def test_a_chapter_is_split_at_its_sections() -> None:
    """Each second heading opens a section that knows its chapter and its number."""
    eggs, rice = parse_chapter(CHAPTER, 7)
    assert (eggs.number, eggs.reference) == (7, "Cooking › Boiling eggs")
    assert (rice.number, rice.reference, rice.text) == (8, "Cooking › Rice", "Twice the water.")


def test_headings_in_code_are_text() -> None:
    """A line of code that begins with # opens nothing."""
    assert "## not a section" in parse_chapter(CHAPTER)[0].text


def test_other_names_are_searched_and_not_quoted() -> None:
    """The words of the comment belong to the section and do not show."""
    eggs = parse_chapter(CHAPTER)[0]
    assert eggs.also == "breakfast, timer"
    assert "timer" not in eggs.text


def test_chapters_are_read_in_the_order_of_their_file_names(tmp_path: Path) -> None:
    """The numbers in the file names give the order, and sections are counted through."""
    (tmp_path / "02-b.md").write_text("# B\n\n## Two\n\nb\n", encoding="utf-8")
    (tmp_path / "01-a.md").write_text("# A\n\n## One\n\na\n", encoding="utf-8")
    assert [(part.number, part.reference) for part in read_manual(tmp_path)] == [(0, "A › One"), (1, "B › Two")]


def test_a_name_weighs_more_than_a_text() -> None:
    """The section named after the word comes before the one that mentions it."""
    found = manual(section(0, "Rice", "goes well with an egg"), section(1, "Egg", "six minutes"))
    assert names(found, "egg") == ["Egg", "Rice"]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    """What few sections hold tells more than what all of them hold."""
    parts = [section(number, f"Water {number}", "water") for number in range(5)]
    found = manual(*parts, section(5, "Tea", "saffron"))
    assert names(found, "water", "saffron")[0] == "Tea"


def test_a_misspelt_word_finds_its_neighbour() -> None:
    """One wrong letter is forgiven, at less weight."""
    found = manual(section(0, "Database"), section(1, "Kitchen"))
    assert names(found, "databse") == ["Database"]
    assert found.search({"databse": 1.0})[0].score < found.search({"databas": 1.0})[0].score


def test_a_short_unknown_word_is_not_stretched_to_a_known_one() -> None:
    """Three letters are too few to guess by."""
    assert names(manual(section(0, "Data")), "dat") == []


def test_coverage_tells_how_much_of_the_question_was_found() -> None:
    """A question with an unknown word is covered in part, one with known words wholly."""
    found = manual(section(0, "Rice"), section(1, "Egg"))
    assert found.search({"egg": 1.0})[0].coverage == pytest.approx(1.0)
    assert found.search({"egg": 1.0, "telescope": 1.0})[0].coverage < 0.5


def test_what_was_spoken_about_before_is_nearer() -> None:
    """A factor decides between sections that fit equally well."""
    found = manual(section(0, "Egg one"), section(1, "Egg two"))
    assert found.search({"egg": 1.0}, {1: 1.2})[0].section.number == 1


def test_equal_sections_stay_in_the_order_of_the_manual() -> None:
    """The same question always gives the same answer."""
    assert names(manual(section(0, "Egg one"), section(1, "Egg two")), "egg") == ["Egg one", "Egg two"]


def test_an_empty_manual_finds_nothing() -> None:
    """No sections, no hits, no division by zero."""
    assert manual().search({"egg": 1.0}) == []


def test_a_section_is_found_by_its_reference() -> None:
    """What an answer quoted can be found again."""
    found = manual(section(0, "Egg"))
    assert found.find("Chapter › Egg") is found.sections[0]
    assert found.find("Chapter › Milk") is None


def test_both_languages_have_the_same_chapters_and_sections() -> None:
    """The Spanish manual is complete: same files, as many sections in each."""
    english, spanish = (sorted(resource("manual", language).glob("*.md")) for language in ("en", "es"))
    assert [path.name for path in english] == [path.name for path in spanish]
    for one, other in zip(english, spanish, strict=True):
        counts = [len(parse_chapter(path.read_text(encoding="utf-8"))) for path in (one, other)]
        assert counts[0] == counts[1], one.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_of_the_shipped_manual_is_whole(language: str) -> None:
    """Each has a text, other names to be found by, and a reference of its own."""
    sections = read_manual(resource("manual", language))
    assert len(sections) > 50
    assert all(part.text and part.also for part in sections)
    assert len({part.reference for part in sections}) == len(sections)
