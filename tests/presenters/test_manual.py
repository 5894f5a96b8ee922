import pytest

from desktop.domain.shortcuts import Command, Keys
from desktop.presenters.manual import KEYBOARD, Chapter, chapters, matching, with_keys


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


def keyboard(*commands: Command) -> Chapter:
    """Return the English chapter on keys, as it reads with these commands."""
    shown = {key: key for command in commands for key in (*command.keys, *command.defaults)}
    return next(chapter for chapter in with_keys(chapters("en"), commands, shown) if chapter.name == KEYBOARD)


def command(name: str, defaults: Keys, keys: Keys) -> Command:
    return Command(name=name, title=name.title(), group="File", defaults=defaults, keys=keys)


def rows(chapter: Chapter) -> list[str]:
    return [line for line in chapter.text.splitlines() if line.startswith("|")]


def test_the_manual_is_as_it_was_written_where_nothing_was_changed() -> None:
    """Commands with their own keys rewrite nothing."""
    known = chapters("en")
    assert with_keys(known, [command("new", ("Ctrl+N",), ("Ctrl+N",))], {"Ctrl+N": "Ctrl+N"}) == known


def test_the_chapter_on_keys_tells_the_keys_as_they_are() -> None:
    """In the table, and in a table of what was changed above it; two that were exchanged are not mixed up."""
    chapter = keyboard(command("new", ("Ctrl+N",), ("Ctrl+.",)), command("stop", ("Ctrl+.",), ("Ctrl+N", "F7")))
    lines = rows(chapter)
    assert "| Ctrl+. | new session |" in lines
    assert "| Ctrl+N | stop the answer |" in lines
    assert "| Ctrl+N, F7 | Stop |" in lines
    assert "<td>Ctrl+N, F7</td>" in chapter.html()


def test_longer_keys_are_not_taken_for_shorter_ones() -> None:
    """F3 is no part of Shift+F3, nor Ctrl+F of Ctrl+Shift+F."""
    lines = rows(keyboard(command("next", ("F3",), ("F7",)), command("find", ("Ctrl+F",), ("Ctrl+H",))))
    assert any(line.startswith("| F7, Shift+F3 |") for line in lines)
    assert "| Ctrl+H | find in the session |" in lines
    assert any(line.startswith("| Ctrl+Shift+F |") for line in lines)


def test_keys_that_are_spelled_out_are_found() -> None:
    """The manual writes plus and minus as words."""
    lines = rows(keyboard(command("bigger", ("Ctrl++",), ("F7",)), command("smaller", ("Ctrl+-",), ())))
    assert any(line.startswith("| F7, –, Ctrl+0 |") for line in lines)


def test_signs_of_tables_do_not_break_them() -> None:
    """A bar is a key like others."""
    assert "<td>Ctrl+|</td>" in keyboard(command("new", ("Ctrl+N",), ("Ctrl+|",))).html()


def test_what_was_changed_is_found_by_its_words() -> None:
    """As everything in the manual."""
    chapter = keyboard(command("zebra", (), ("F7",)))
    assert matching([chapter], "zebra f7") == (chapter,)
