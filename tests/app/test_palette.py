"""The palette at the real window: from the key to what was picked, and back to where one was."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.domain.messages import NewMessage, Role
from desktop.domain.sessions import NewSession
from desktop.presenters.palette_rows import Kind, PaletteRow
from desktop.ui.palette.palette import Palette
from desktop.ui.settings.dialog import SettingsDialog
from desktop.ui.transcript.view import TranscriptView
from tests.app.conftest import Come
from tests.app.person import Person

LONG = "A paragraph about nothing in particular, and rather long for what it says.\n\n" * 40


@pytest.fixture
def person(come: Come) -> Person:
    """Someone with two sessions: one long, with a word in its middle, and a short one."""
    made = come(None, "--demo")
    texts = [f"question {number}" if number % 2 == 0 else LONG for number in range(80)]
    texts[21] = LONG + "Here is the wombat.\n\n" + LONG
    write(made, "far", "Of animals", *texts)
    write(made, "near", "Of plants", "where is the fern", "In the shade.")
    made.until(lambda: palette_is_connected(made), "the palette")
    return made


def activate(person: Person) -> None:
    """Give the window the keyboard, as a click on it would; one that was closed before may have taken it along."""

    def is_active() -> bool:
        person.window.activateWindow()
        return person.window.isActiveWindow()

    person.until(is_active, "the active window")


def palette_is_connected(person: Person) -> bool:
    person.action("palette").trigger()
    found = person.window.findChild(Palette)
    if isinstance(found, Palette):
        found.leave()
    return isinstance(found, Palette)


def write(person: Person, session_id: str, title: str, *texts: str) -> None:
    """Write a session of one path."""

    async def work(backend: object) -> None:
        store = backend.store  # type: ignore[attr-defined]
        await store.create_session(NewSession(id=session_id, title=title, title_is_auto=False))
        new = [NewMessage(role=Role.ASSISTANT if at % 2 else Role.USER, content=text) for at, text in enumerate(texts)]
        await store.add_messages(session_id, None, new)

    person.ask(work)


def opens(person: Person, action: str = "searchSessions") -> Palette:
    """Open the palette with its key's command."""
    activate(person)
    person.trigger(action)
    palette = person.widget(Palette)
    person.until(lambda: focused(person) is palette.field, "the keyboard in the palette")
    return palette


def rows(palette: Palette) -> list[PaletteRow]:
    return list(palette.rows._rows.rows())


def types(person: Person, palette: Palette, text: str, title: str) -> None:
    """Type a text, and wait until the current row has a title."""
    QTest.keyClicks(palette.field, text)
    person.until(
        lambda: palette.rows.currentIndex().data() == title, f"{title}; {[row.title for row in rows(palette)]}"
    )


def enter(palette: Palette) -> None:
    QTest.keyClick(palette.field, Qt.Key.Key_Return)


def marked(person: Person) -> list[str]:
    """Return the texts of the marks in sight."""
    found = []
    view = person.widget(TranscriptView)
    for block in view.blocks():
        found += [str(hit) for hit in block.hits]
    return found


def focused(person: Person) -> QWidget | None:
    return person.window.focusWidget()


def test_it_is_built_before_it_is_wanted(come: Come) -> None:
    """The first opening shows what is there already, and the keyboard is not kept waiting."""
    person = come(None, "--demo")
    person.until(lambda: person.window.findChild(Palette) is not None, "the palette")
    assert person.widget(Palette).isHidden()


def test_a_word_is_found_and_opened_where_it_stands(person: Person) -> None:
    """Type, Enter: the session opens at the message, the match is in sight and marked, until Escape."""
    palette = opens(person)
    QTest.keyClicks(palette.field, "wombat")
    person.until(lambda: any(row.kind is Kind.MESSAGE for row in rows(palette)), "the hit")
    assert rows(palette)[0].title == "Of animals"
    enter(palette)
    person.until(lambda: person.desktop.chat.session_id == "far", "the session")
    assert palette.isHidden()
    person.until(lambda: len(marked(person)) == 1, "the mark")
    person.until(lambda: "Here is the wombat." in person.shown(), "the match in sight")
    activate(person)
    person.window.composer.input.setFocus()
    QTest.keyClick(person.window.composer.input, Qt.Key.Key_Escape)
    person.until(lambda: marked(person) == [], "no marks")


def test_marks_go_when_something_is_written(person: Person) -> None:
    """The next letter in the message box takes them away."""
    palette = opens(person)
    types(person, palette, "fern", "Of plants")
    enter(palette)
    person.until(lambda: len(marked(person)) == 1, "the mark")
    QTest.keyClicks(person.window.composer.input, "a")
    person.until(lambda: marked(person) == [], "no marks")


def test_every_word_of_the_search_is_marked(person: Person) -> None:
    """Filters are no words; all others are marked, in the message alone that was found."""
    palette = opens(person)
    types(person, palette, "fern where role:user", "Of plants")
    enter(palette)
    person.until(lambda: len(marked(person)) == 2, "both marks")


def test_a_filter_is_completed_and_narrows(person: Person) -> None:
    """Tab takes the value that is offered; only messages of that role are left."""
    palette = opens(person)
    types(person, palette, "shade", "Of plants")
    QTest.keyClicks(palette.field, " role:us")
    person.until(palette.completions.isVisible, "the list of values")
    QTest.keyClick(palette.field, Qt.Key.Key_Tab)
    assert palette.field.text() == "shade role:user "
    person.until(lambda: not any(row.kind is Kind.MESSAGE for row in rows(palette)), "no hit of the user's")
    assert focused(person) is palette.field


def test_a_search_is_kept_and_comes_back(person: Person) -> None:
    """Ctrl+S asks for a name in place; an empty search lists what was kept, and Enter takes it up again."""
    palette = opens(person)
    types(person, palette, "wombat", "Of animals")
    QTest.keyClick(palette.field, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(palette.foot.name, "My animal")
    QTest.keyClick(palette.foot.name, Qt.Key.Key_Return)
    person.until(lambda: "My animal" in palette.words.text(), "the words that it is kept")
    places = person.ask(lambda backend: backend.organising.places())
    assert [(each.name, each.query) for each in places.searches] == [("My animal", "wombat")]
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    person.until(lambda: palette.rows.currentIndex().data() == "My animal", "the kept search")
    enter(palette)
    person.until(lambda: palette.rows.currentIndex().data() == "Of animals", "its hits")
    assert palette.field.text() == "wombat"


def test_a_command_runs(person: Person) -> None:
    """A few letters of it and Enter do it, and it stands first the next time."""
    assert person.window.sidebar.isVisible()
    palette = opens(person, "palette")
    types(person, palette, "sideb", "View ▸ Sidebar")
    enter(palette)
    person.until(lambda: not person.window.sidebar.isVisible(), "the sidebar gone")
    person.rest()
    palette = opens(person, "palette")
    person.until(lambda: palette.rows.currentIndex().data() == "View ▸ Sidebar", "what was used")


def test_a_model_is_chosen(person: Person) -> None:
    """The next message goes to it."""
    choices = person.desktop.models.rows.choices()
    other = next(each for each in choices if each.address != person.desktop.picker.current())
    palette = opens(person, "palette")
    types(person, palette, other.name, other.name)
    enter(palette)
    person.until(lambda: person.desktop.picker.current() == other.address, "the model")


def test_a_setting_is_opened_at_its_field(person: Person) -> None:
    """The dialog opens on its page, and the keyboard is in its field."""
    palette = opens(person, "palette")
    types(person, palette, "temperature of", "Models ▸ Temperature of new sessions")
    enter(palette)
    dialog = person.dialog(SettingsDialog)
    page = dialog.page("models")
    person.until(lambda: dialog.focusWidget() is page.field("temperature").widget, "the field")  # type: ignore[attr-defined]
    dialog.reject()


def test_a_session_is_opened_by_its_title(person: Person) -> None:
    """Without a word of its messages."""
    palette = opens(person, "palette")
    types(person, palette, "of plants", "Of plants")
    enter(palette)
    person.until(lambda: person.desktop.chat.session_id == "near", "the session")


def test_escape_gives_the_keyboard_back(person: Person) -> None:
    """Whoever had it before has it again."""
    activate(person)
    box = person.window.composer.input
    box.setFocus()
    palette = opens(person, "palette")
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert palette.isHidden()
    person.until(lambda: focused(person) is box, "the keyboard in the message box")


def test_the_keys_of_the_window_work_again_behind_it(person: Person) -> None:
    """What the palette keeps from the window it keeps only while it is open."""
    activate(person)
    box = person.window.composer.input
    box.setFocus()
    palette = opens(person, "palette")
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    person.until(lambda: focused(person) is box, "the keyboard in the message box")
    sidebar = person.action("showSidebar")
    assert sidebar.isChecked()
    QTest.keyClick(box, Qt.Key.Key_F9)
    assert not sidebar.isChecked()


def test_the_keys_open_it_from_the_message_box(person: Person) -> None:
    """Ctrl+K and Ctrl+Shift+F work while one writes, and the first one closes it again."""
    activate(person)
    box = person.window.composer.input
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = person.widget(Palette)
    assert palette.isVisible()
    QTest.keyClick(palette.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert palette.isHidden()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(box, Qt.Key.Key_F, both)
    assert palette.isVisible()
    assert palette.accessibleName() == "Search everything"


def test_a_hit_in_an_archived_session_opens_too(person: Person) -> None:
    """What left the sidebar is found and read all the same."""
    person.ask(lambda backend: backend.organising.archive(["near"], on=True))
    palette = opens(person)
    types(person, palette, "fern", "Of plants")
    enter(palette)
    person.until(lambda: person.desktop.chat.session_id == "near", "the session")


def test_a_hit_that_is_gone_says_so(person: Person) -> None:
    """The palette stays, tells why nothing opens, and lists what is left."""
    palette = opens(person)
    types(person, palette, "fern", "Of plants")
    person.ask(lambda backend: backend.store.trash_session("near"))
    enter(palette)
    person.until(lambda: "trash" in palette.notice.text(), "the sentence")
    assert palette.isVisible()
    person.until(lambda: not any(row.kind is Kind.MESSAGE for row in rows(palette)), "the list without it")


def test_another_profile_closes_it(person: Person) -> None:
    """What was found for one profile is not left before another's eyes."""
    palette = opens(person)
    types(person, palette, "fern", "Of plants")

    async def switch(backend: object) -> None:
        profiles = backend.profiles  # type: ignore[attr-defined]
        await profiles.switch((await profiles.create("Other")).id)

    person.ask(switch)
    person.until(palette.isHidden, "the palette gone")
    assert rows(palette) == []


CODE = "```python\n" + "\n".join(f"line_{number} = {number}" for number in range(900)) + "\n```\n"
TABLE = "| a | b |\n|---|---|\n" + "".join(f"| row {number} | value |\n" for number in range(300))
HITS = {
    "folded code": LONG + CODE.replace("line_850 =", "line_850 = wombat") + LONG,
    "a table": LONG + TABLE.replace("| row 270 | value", "| row 270 | a wombat") + "\n" + LONG,
    "a very long message": LONG * 60 + "Here is the wombat.\n\n" + LONG * 60,
}


def marks_in_sight(person: Person) -> list[str]:
    """Return the texts that are marked where one sees them, and not only beside what one sees."""
    view = person.widget(TranscriptView)
    room = QRectF(view.viewport().rect())
    found = []
    for block in view.blocks():
        for first, last in block.hits:
            rect = block.rect_of(first)
            at = block.mapTo(view.viewport(), rect.topLeft())
            if block.isVisible() and block.rect().contains(rect.toRect()) and room.contains(QRectF(at, rect.size())):
                found.append(block.shown_text()[first:last])
    return found


@pytest.mark.parametrize("where", HITS)
def test_a_match_is_in_sight_wherever_it_stands(person: Person, where: str) -> None:
    """Code that is folded unfolds, tables and long messages are scrolled to the line of the match."""
    write(person, "deep", "Of depth", "where?", HITS[where])
    palette = opens(person)
    QTest.keyClicks(palette.field, "wombat")
    person.until(lambda: [row.title for row in rows(palette)][:2] == ["Of depth", "Of animals"], "both hits")
    enter(palette)
    person.until(lambda: person.desktop.chat.session_id == "deep", "the session")
    person.until(lambda: marks_in_sight(person) == ["wombat"], f"the mark in {where}")
