"""A person keeps sessions in order: folders, tags, archive, many at once, and everything can be undone."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QToolButton

from desktop.domain.organising import EVERYTHING, PlaceKind
from desktop.domain.sessions import NewSession
from desktop.presenters.places import Kind, rows_of
from desktop.presenters.session_list import SESSIONS_MIME
from desktop.services.backend import Backend
from desktop.ui.dialogs.export import ExportFolderDialog
from desktop.ui.sidebar.folder_dialog import BeginningDialog, NameDialog
from desktop.ui.sidebar.places_view import PlacesView
from desktop.ui.sidebar.tags_popup import TagsDialog
from desktop.wiring.organising import Organising
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.wire.script import Script

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def _fill(person: Person, *titles: str) -> None:
    """Write sessions, the first title newest, and wait until the sidebar lists them."""

    async def write(backend: Backend) -> None:
        for at, title in enumerate(titles):
            new = NewSession(id=title.lower(), title=title, created_at=1_790_000_000_000 - at * 1000)
            await backend.store.create_session(new)

    person.ask(write)
    person.desktop.sidebar.refresh()
    person.until(lambda: person.titles() == list(titles), "the sessions")


def _select(person: Person, *titles: str) -> None:
    """Select neighbours in the list with the keyboard."""
    view = person.window.sidebar.view
    view.setFocus()
    view.setCurrentIndex(view.model().index(person.titles().index(titles[0]), 0))
    for _title in titles[1:]:
        QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    person.until(lambda: view.selected_ids() == tuple(title.lower() for title in titles), "the selection")


def _organising(person: Person) -> Organising:
    found = person.desktop.dialogs.organising
    assert found is not None
    return found


def _places(person: Person) -> list[str]:
    model = _organising(person).places.model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def _choose(person: Person, kind: Kind, name: str) -> None:
    """Click a place by its name."""
    person.until(lambda: name in _places(person), f"the place {name}")
    view = person.widget(PlacesView)
    index = view.model().index(_places(person).index(name), 0)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
    person.until(lambda: person.desktop.sidebar.place.kind.value == kind.value, f"the place {name}")


def _new_folder(person: Person, name: str) -> None:
    person.trigger("newFolder")
    dialog = person.dialog(NameDialog)
    QTest.keyClicks(dialog.field, name)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    person.until(lambda: name in _places(person), f"the folder {name}")


def _listed(person: Person, titles: Sequence[str]) -> None:
    person.until(lambda: person.titles() == list(titles), f"the list {titles}")


def test_the_banner_undoes_what_it_says(come: Come) -> None:
    """Though a folder got another colour since, which says nothing of its own."""
    person = come()
    _fill(person, "One", "Two")
    _new_folder(person, "Work")
    _select(person, "One")
    person.trigger("archiveSession")
    _listed(person, ["Two"])
    banner = person.window.banner
    person.until(lambda: banner.text() == "1 session archived", "the offer")
    organising = _organising(person)
    row = next(each for each in rows_of(organising.places.model.places) if each.name == "Work")
    organising.deeds.colour(row, "red")
    person.until(lambda: organising.places.model.places.folders[0].colour == "red", "the colour")
    assert banner.text() == "1 session archived"
    banner.action.click()
    _listed(person, ["One", "Two"])
    assert organising.places.model.places.folders[0].colour == "red"


def test_several_sessions_are_archived_and_brought_back(come: Come) -> None:
    """The menu counts them, the banner takes it back, and the archive is a place with a way back."""
    person = come()
    _fill(person, "One", "Two", "Three")
    assert not person.window.sidebar.archive.isVisible()
    _select(person, "One", "Two")
    assert person.action("archiveSession").text() == "&Archive 2 sessions"
    person.trigger("archiveSession")
    _listed(person, ["Three"])
    person.until(lambda: person.window.sidebar.archive.text() == "Archive · 2", "the count")
    person.click(person.window.banner.action)
    _listed(person, ["One", "Two", "Three"])

    _select(person, "One", "Two")
    person.trigger("archiveSession")
    _listed(person, ["Three"])
    person.until(person.window.sidebar.archive.isVisible, "the archive")
    person.click(person.window.sidebar.archive)
    _listed(person, ["One", "Two"])
    _select(person, "One", "Two")
    assert person.action("archiveSession").text() == "Bring 2 sessions &back"
    person.trigger("archiveSession")
    _listed(person, [])
    person.click(person.window.sidebar.heading)
    _listed(person, ["One", "Two", "Three"])


def test_sessions_are_dragged_into_a_folder_and_taken_back(come: Come) -> None:
    """What falls on a folder is in it; Ctrl+Z takes it out again, Ctrl+Shift+Z puts it back."""
    person = come()
    _fill(person, "One", "Two", "Three")
    _new_folder(person, "Work")
    view = person.widget(PlacesView)
    at = view.visualRect(view.model().index(1, 0)).center()
    data = QMimeData()
    data.setData(SESSIONS_MIME, b"one\nthree")
    left, move = Qt.MouseButton.LeftButton, Qt.DropAction.MoveAction
    QApplication.sendEvent(view.viewport(), QDragEnterEvent(at, move, data, left, NONE))
    QApplication.sendEvent(view.viewport(), QDropEvent(QPointF(at), move, data, left, NONE))
    person.until(lambda: "Work" in person.window.banner.text() and "2" in person.window.banner.text(), "the deed")
    _choose(person, Kind.FOLDER, "Work")
    _listed(person, ["One", "Three"])
    person.window.banner.clear()
    person.trigger("undo")
    _listed(person, [])
    person.trigger("redo")
    _listed(person, ["One", "Three"])
    QTest.keyClick(person.window.sidebar.view, Qt.Key.Key_Escape)
    _listed(person, ["One", "Two", "Three"])


def test_a_new_session_in_a_folder_begins_with_what_the_folder_gives(come: Come, serve: Serve) -> None:
    """It stands in the folder, has its system prompt, and its folder stands beside its title."""
    person = come(serve(Script()))
    _new_folder(person, "Pirates")
    organising = _organising(person)
    number = organising.places.model.places.folders[0].id
    organising.ask_beginning(number)
    dialog = person.dialog(BeginningDialog)
    QTest.keyClicks(dialog.prompt, "Talk like a pirate.")
    person.click(dialog.keep)
    person.until(lambda: organising.places.model.places.folders[0].system_prompt, "the prompt")
    _choose(person, Kind.FOLDER, "Pirates")
    person.new_session()
    person.say("Ahoy")
    session = person.ask(lambda backend: backend.store.session(person.desktop.chat.session_id))
    assert (session.folder_id, session.system_prompt) == (number, "Talk like a pirate.")
    _listed(person, ["Ahoy"])
    _organising(person).choose_place(EVERYTHING)
    person.until(lambda: person.window.findChild(QToolButton, "folderChip") is not None, "the folder's chip")
    person.click(person.widget(QToolButton, "folderChip"))
    person.until(lambda: person.desktop.sidebar.place.kind is PlaceKind.FOLDER, "the folder")


def test_a_tag_is_written_once_and_then_checked(come: Come) -> None:
    """The dialog makes a tag, shows it checked the next time, and takes it off."""
    person = come()
    _fill(person, "One", "Two")
    _select(person, "One", "Two")
    person.trigger("tagSession")
    dialog = person.dialog(TagsDialog)
    QTest.keyClicks(dialog.field, "#rust")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    person.until(lambda: "rust" in _places(person), "the tag")
    _choose(person, Kind.TAG, "rust")
    _listed(person, ["One", "Two"])
    person.until(lambda: person.no_dialog(TagsDialog), "the end of the dialog")
    person.rest()  # the tag's list has the same titles, and begins without a selection
    _select(person, "One")
    person.trigger("tagSession")
    box = person.dialog(TagsDialog).findChild(QCheckBox)
    assert isinstance(box, QCheckBox)
    assert (box.text(), box.checkState()) == ("#rust", Qt.CheckState.Checked)
    box.click()  # its words are shorter than its row
    _listed(person, ["Two"])


def test_pinned_and_resolved_sessions_say_so(come: Come) -> None:
    """Pinning moves a session up at once, resolving gives it a place of its own; both can be undone."""
    person = come()
    _fill(person, "One", "Two")
    _select(person, "Two")
    person.trigger("pinSession")
    _listed(person, ["Two", "One"])
    person.until(lambda: person.action("pinSession").text() == "Un&pin", "the word")
    person.trigger("resolveSession")
    _choose(person, Kind.RESOLVED, "Resolved")
    _listed(person, ["Two"])
    person.click(person.window.banner.action)
    person.until(lambda: _organising(person).places.model.rowCount() == 0, "no places")


def test_the_order_is_chosen_and_kept(come: Come, tmp_path: Path) -> None:
    """By title, and still so after a restart."""
    person = come()
    _fill(person, "Beta", "Alpha")
    person.trigger("sortByTitle")
    _listed(person, ["Alpha", "Beta"])
    person.rest()
    person.leave()
    again = come()
    _listed(again, ["Alpha", "Beta"])
    assert again.action("sortByTitle").isChecked()


def test_many_sessions_are_exported_to_a_folder(come: Come, tmp_path: Path) -> None:
    """One file for each, none replaced, and the banner says how many."""
    person = come()
    _fill(person, "One", "Two", "Three")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "One.md").write_text("mine", encoding="utf-8")
    _select(person, "One", "Two")
    person.trigger("exportMarkdown")
    dialog = person.dialog(ExportFolderDialog)
    dialog.chosen.emit(str(tmp_path / "out"))
    dialog.reject()
    person.until(lambda: "2 sessions exported" in person.window.banner.text(), "the end of the export")
    files = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert files == ["One (2).md", "One.md", "Two.md"]
    assert (tmp_path / "out" / "One.md").read_text(encoding="utf-8") == "mine"


def test_a_session_has_its_file_before_it_is_dragged(come: Come) -> None:
    """The Markdown is there when the drag begins, and gone with the program."""
    person = come()
    _fill(person, "One", "Two")
    files = _organising(person).files
    model = person.desktop.sidebar.model
    ready: list[bool] = []
    files.ready.connect(lambda: ready.append(True))
    person.window.sidebar.view.drag_wanted.emit(("one", "two"))
    person.until(lambda: bool(ready), "the files")
    data = model.mimeData([model.index(0), model.index(1)])
    paths = [Path(url.toLocalFile()) for url in data.urls()]
    assert [path.name for path in paths] == ["One.md", "Two.md"]
    assert all(path.is_file() for path in paths)
    person.leave()
    assert not any(path.exists() for path in paths)


def test_typing_filters_titles_and_tags(come: Come) -> None:
    """A word of a tag finds what it marks, and Enter opens the first."""
    person = come()
    _fill(person, "One", "Two", "Three")
    person.ask(lambda backend: backend.organising.tag(("two",), "rust"))
    field = person.widget(QLineEdit, "sidebarSearch")
    field.setFocus()
    QTest.keyClicks(field, "RUS")
    _listed(person, ["Two"])
    QTest.keyClick(field, Qt.Key.Key_Return)
    person.until(lambda: person.desktop.chat.session_id == "two", "the session")


def test_all_means_all_that_match(come: Come) -> None:
    """Beyond what is loaded the rest is offered, and deleting takes every one; undo brings all back."""
    person = come()

    async def write(backend: Backend) -> None:
        for at in range(130):
            new = NewSession(id=f"s{at:03}", title=f"Session {at:03}", created_at=1_790_000_000_000 - at * 1000)
            await backend.store.create_session(new)

    person.ask(write)
    person.desktop.sidebar.refresh()
    person.until(lambda: person.desktop.sidebar.model.rowCount() >= 50, "the first page")
    view = person.window.sidebar.view
    view.setFocus()
    view.selectAll()
    person.until(lambda: person.window.banner.action.text() == "Select all 130", "the offer")
    person.click(person.window.banner.action)
    assert person.action("deleteSession").text() == "&Delete 130 sessions"
    person.trigger("deleteSession")
    _listed(person, [])
    person.until(lambda: "130" in person.window.banner.text(), "the offer to undo")
    person.click(person.window.banner.action)
    person.until(lambda: person.desktop.sidebar.model.rowCount() >= 50, "the sessions")
    assert len(person.ask(lambda backend: backend.library.sessions(limit=500))) == 130
