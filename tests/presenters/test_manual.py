import pytest

from desktop.presenters.manual import KEYBOARD, chapters, matching


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_chapter_can_be_read(language: str) -> None:
    """Each has a title and a page, without the words that are there for the guide alone."""
    found = chapters(language)
    assert KEYBOARD in [chapter.name for chapter in found]
    for chapter in found:
        assert chapter.title
        assert f"<h1>{chapter.title}</h1>" in chapter.html()
        assert "also:" not in chapter.html()


def test_a_language_without_a_manual_reads_the_english_one() -> None:
    """Nobody is left without."""
    assert chapters("xx") == chapters("en")


def test_chapters_are_found_by_all_their_words() -> None:
    """The words for the guide count too; words that are nowhere find nothing."""
    known = chapters("en")
    assert KEYBOARD in [chapter.name for chapter in matching(known, "HOTKEY")]
    assert matching(known, "hotkey quetzal") == ()
    assert matching(known, " ") == known
