"""Which of the prompts that are kept a few letters mean."""

from desktop.domain.saved_prompts import Prompt, matching

PROMPTS = tuple(
    Prompt(id=number, name=name, text=name) for number, name in enumerate(("Résumé", "A summary", "Translate"), 1)
)


def test_names_are_found_without_accents_and_case() -> None:
    """`resu` finds Résumé."""
    assert [prompt.name for prompt in matching(PROMPTS, "rESU")] == ["Résumé"]


def test_what_begins_like_this_stands_first() -> None:
    """A name that holds the letters further on comes after, and else the order stays."""
    backwards = tuple(reversed(PROMPTS))
    assert [prompt.name for prompt in matching(backwards, "a")] == ["A summary", "Translate"]
    assert [prompt.name for prompt in matching(backwards, "su")] == ["A summary", "Résumé"]


def test_nothing_typed_finds_all() -> None:
    """The whole list stands there before a letter is typed."""
    assert matching(PROMPTS, " ") == PROMPTS


def test_what_no_name_holds_finds_nothing() -> None:
    """The texts are not looked at."""
    assert matching(PROMPTS, "zebra") == ()
