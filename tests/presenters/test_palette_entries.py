from desktop.domain.organising import SavedSearch
from desktop.domain.saved_prompts import Prompt
from desktop.domain.settings import SECTIONS, SETTINGS
from desktop.presenters.palette_entries import (
    Command,
    command_rows,
    has_filter,
    meant,
    model_rows,
    prompt_rows,
    ranked,
    search_rows,
    setting_rows,
    without_filters,
)
from desktop.presenters.palette_rows import Kind, PaletteRow
from desktop.services.models import ModelChoice

ROWS = command_rows(
    (
        Command(name="newSession", path=("File",), text="New session", help="Begins a conversation", shortcut="Ctrl+N"),
        Command(name="nextSession", path=("Session",), text="Next session"),
        Command(name="inspect", path=("Session",), text="What will be sent…", help="Shows the price of the request"),
        Command(name="themeDark", path=("View", "Theme"), text="Dark"),
    )
)


def names(typed: str, used: dict[str, float] | None = None) -> list[str]:
    return [row.value for row in ranked(ROWS, typed, used or {}, limit=9)]


def marks(row: PaletteRow) -> list[str]:
    return [row.title[start:end] for start, end in row.title_marks]


def test_a_command_is_found_by_its_name() -> None:
    """The row says where the command stands, what it does and its keys, and what was meant is marked."""
    row = ranked(ROWS, "new", {}, limit=1)[0]
    assert row.title == "File ▸ New session"
    assert (row.detail, row.side, row.shortcut) == ("Begins a conversation", "Command", "Ctrl+N")
    assert marks(row) == ["New"]


def test_a_command_is_found_by_its_menu() -> None:
    """The name with its menus is a poorer fit than the name alone."""
    assert names("session")[:2] == ["newSession", "nextSession"]
    assert names("view dark") == ["themeDark"]


def test_a_command_is_found_by_what_it_does() -> None:
    """What it does counts for less than any name, and is marked in its own line."""
    row = ranked(ROWS, "price", {}, limit=1)[0]
    assert row.value == "inspect"
    assert row.title_marks == ()
    assert [row.detail[start:end] for start, end in row.detail_marks] == ["price"]
    sure, others = meant(ROWS, "price", {})
    assert (sure, [each.value for each in others]) == ([], ["inspect"])


def test_what_is_used_most_comes_first() -> None:
    """Of rows that fit alike, habit decides; nothing typed leaves it to habit alone."""
    assert names("ne se")[0] == "newSession"
    assert names("ne se", {"command:nextSession": 9})[0] == "nextSession"
    assert names("", {"command:themeDark": 1})[0] == "themeDark"


def test_habit_does_not_beat_a_name_that_was_typed() -> None:
    """A thing used daily does not stand above the one whose name one types."""
    assert names("dark", {"command:inspect": 1000})[0] == "themeDark"


def test_every_setting_that_is_shown_can_be_found() -> None:
    """Each names its page, and those that are not shown are left out."""
    pages = {name for name, _label in SECTIONS}
    shown = {f"{each.section}/{each.name}" for each in SETTINGS if each.section in pages}
    assert {row.value for row in setting_rows()} == shown | {"providers/", "privacy/"}
    assert all(row.kind is Kind.SETTING for row in setting_rows())


def test_models_prompts_and_searches_have_rows() -> None:
    """Each row holds what is chosen by it, and hostile names stand on one line."""
    choice = ModelChoice(address="a/b", name="bee\u202e\n", provider_name="A")
    assert [(row.value, row.title) for row in model_rows([choice])] == [("a/b", "bee\u200b ")]
    assert [row.value for row in prompt_rows([Prompt(id=3, name="Be short", text="In one line:\n")])] == [
        "In one line:\n"
    ]
    assert [row.value for row in search_rows([SavedSearch(id=1, name="Mine", query="role:user x")])] == ["role:user x"]


def test_filters_are_told_from_words() -> None:
    """What stands behind a name and a colon is no word that a command is looked up by."""
    assert without_filters('context role:user -in:"My folder" window') == "context window"
    assert has_filter("role:")
    assert not has_filter("a b: c :d")
    assert has_filter("x before:2026")
