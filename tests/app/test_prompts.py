"""Prompts at the real window: kept from what is written, offered at a slash, gone with the profile."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.ui.composer.prompt_list import PromptList
from desktop.ui.prompts.dialog import PromptsDialog
from tests.app.conftest import Come
from tests.app.person import Person


def keep(person: Person, name: str) -> None:
    """Keep what is written under a name."""
    person.until(person.action("savePrompt").isEnabled, "the command")
    person.trigger("savePrompt")
    dialog = person.dialog(PromptsDialog)
    dialog.name.setText(name)
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    person.until(lambda: name in person.window.banner.text(), "the news that it is kept")


def empty(person: Person) -> None:
    """Remove what is written."""
    person.window.composer.input.selectAll()
    person.press(Qt.Key.Key_Delete)


def test_what_is_written_is_kept_and_used_again(come: Come) -> None:
    """From the composer into the list at the slash, also after the next start."""
    person = come()
    assert not person.action("savePrompt").isEnabled()
    assert "/" not in person.window.composer.input.placeholderText()
    person.type("Say it shorter, please.")
    keep(person, "Shorter")
    empty(person)
    person.type("/sh")
    assert person.widget(PromptList).isVisible()
    person.press(Qt.Key.Key_Return)
    assert person.window.composer.text() == "Say it shorter, please."
    assert "/" in person.window.composer.input.placeholderText()
    empty(person)
    person.leave()

    person = come()
    person.until(lambda: "/" in person.window.composer.input.placeholderText(), "the prompts of the last time")
    person.type("/")
    assert person.widget(PromptList).isVisible()
    person.press(Qt.Key.Key_Escape)
    assert person.window.composer.text() == "/"


def test_a_prompt_is_written_in_the_dialog_and_put_into_the_message(come: Come) -> None:
    """Tools ▸ Prompts."""
    person = come()
    person.trigger("prompts")
    dialog = person.dialog(PromptsDialog)
    QTest.keyClicks(dialog.name, "Greeting")
    QTest.keyClicks(dialog.text, "Good morning")
    QTest.mouseClick(dialog.insert, Qt.MouseButton.LeftButton)
    person.until(lambda: person.window.composer.text() == "Good morning", "the text in the message")
    kept = person.ask(lambda backend: backend.prompts.all())
    assert [prompt.name for prompt in kept] == ["Greeting"]


def test_another_profile_has_its_own(come: Come) -> None:
    """What Guest keeps is not offered there."""
    person = come()
    person.type("A secret of Guest's")
    keep(person, "Secret")
    empty(person)
    work = person.ask(lambda backend: backend.profiles.create("Work"))
    person.ask(lambda backend: backend.profiles.switch(work.id))
    person.until(lambda: "/" not in person.window.composer.input.placeholderText(), "the prompts of the other profile")
    person.type("/")
    assert not person.widget(PromptList).isVisible()
