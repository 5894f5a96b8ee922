"""What is kept of changed keys, and who has a key."""

from desktop.domain.shortcuts import Command, changes_of, entries_of, holder, settled

DEFAULTS = {"new": ("Ctrl+N",), "next": ("F3", "Ctrl+G"), "quit": ("Ctrl+Q",), "theme": ()}


def test_changes_are_kept_as_entries_and_read_again() -> None:
    """One entry a key, and one without a key for a command that shall have none."""
    changes = {"new": ("Ctrl+=", "Ctrl+,"), "quit": (), "theme": ("F7",)}
    entries = entries_of(changes)
    assert entries == ("new=Ctrl+=", "new=Ctrl+,", "quit=", "theme=F7")
    assert changes_of(entries) == changes


def test_an_entry_without_a_sign_names_a_command_without_keys() -> None:
    """Whatever stands in the file is read."""
    assert changes_of(["", "new"]) == {"": (), "new": ()}


def test_without_changes_all_is_as_it_was_made() -> None:
    """Every command has its own keys."""
    assert settled(DEFAULTS, {}) == DEFAULTS


def test_a_chosen_key_is_taken_from_whoever_has_it_by_itself() -> None:
    """A key calls one command, even if a later version gives it to another one."""
    assert settled(DEFAULTS, {"theme": ("Ctrl+G",)}) == {**DEFAULTS, "next": ("F3",), "theme": ("Ctrl+G",)}


def test_of_two_that_chose_a_key_the_first_has_it() -> None:
    """And no command has it twice."""
    found = settled(DEFAULTS, {"theme": ("F7", "F7"), "new": ("F7", "F8")})
    assert (found["theme"], found["new"]) == (("F7",), ("F8",))


def test_commands_that_are_not_there_take_no_key() -> None:
    """What another version knows does not disturb this one."""
    assert settled(DEFAULTS, {"palette": ("Ctrl+N",)}) == DEFAULTS


def test_the_holder_of_a_key_is_another_command() -> None:
    """Main and alternative keys count, the command itself does not."""
    commands = [
        Command(name="new", title="New", group="File", keys=("Ctrl+N",)),
        Command(name="next", title="Find next", group="Edit", keys=("F3", "Ctrl+G")),
    ]
    assert holder(commands, "Ctrl+G", besides="new") == commands[1]
    assert holder(commands, "Ctrl+G", besides="next") is None
    assert holder(commands, "F9", besides="new") is None
