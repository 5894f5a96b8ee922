"""Profiles at the real window: switching, what is remembered, and the lock."""

import subprocess
import sys
from pathlib import Path

import pytest
from playhouse.apsw_ext import APSWDatabase
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.domain.messages import Status
from desktop.domain.organising import GUEST, Profile
from desktop.services.backend import Backend
from desktop.services.chat import RunningRun
from desktop.ui.profiles.dialog import ProfilesDialog
from desktop.ui.profiles.lock import LockPage
from desktop.ui.sidebar.trash import TrashDialog
from desktop.wiring.profiles import Profiles
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.ui.spoken import spoken
from tests.wire.script import Fault, Mode, Script


def profiles(person: Person) -> Profiles:
    return person.desktop.profiles


def make(person: Person, name: str, passphrase: str = "") -> Profile:
    """Make a profile, as its dialog does."""
    held = profiles(person)
    made = person.ask(lambda backend: backend.profiles.create(name))
    if passphrase:
        person.ask(lambda backend: backend.profiles.set_passphrase(made.id, passphrase))
    held.presenter.load()
    person.until(lambda: held.presenter.profile(made.id), "the new profile")
    person.rest()
    return made


def go_to(person: Person, profile_id: int) -> None:
    """Choose a profile in the menu, and wait until it is there."""
    held = profiles(person)
    held.go_to(profile_id)
    person.until(lambda: held.presenter.current.id == profile_id, "the other profile")
    person.rest()


def page(person: Person) -> LockPage:
    return person.widget(LockPage)


def unlock(person: Person, words: str) -> None:
    person.until(lambda: profiles(person)._lock.may_try, "a lock that listens")  # type: ignore[union-attr]
    QTest.keyClicks(page(person).field, words)
    QTest.keyClick(page(person).field, Qt.Key.Key_Return)
    person.until(lambda: not page(person).isVisible(), "the open window")


def all_texts(person: Person) -> str:
    """Return every word that the window and what belongs to it show or tell assistive technology, its title too."""
    shown = [person.window.windowTitle(), spoken(person.window)]
    for widget in QApplication.allWidgets():
        if widget.isVisible():
            text = getattr(widget, "text", None)
            shown += [str(text()) if callable(text) else "", widget.toolTip(), widget.windowTitle()]
    return "\n".join(shown)


def test_each_profile_has_its_own_sessions(come: Come, serve: Serve) -> None:
    """The sidebar, the title and the transcript follow; what was open is open again."""
    person = come(serve(Script(text=("Hello",))))
    person.say("Of Guest")
    ana = make(person, "Ana")
    go_to(person, ana.id)
    person.until(lambda: person.titles() == [], "an empty sidebar")
    assert (person.items(), "Guest" in person.window.windowTitle()) == ([], False)
    assert person.say("Of Ana").status is Status.COMPLETE
    assert person.items()[0].message.author == "Ana"
    go_to(person, GUEST)
    person.until(lambda: person.titles() == ["Of Guest"], "Guest's sidebar")
    person.until(lambda: person.texts()[:1] == ["Of Guest"], "Guest's session")
    go_to(person, ana.id)
    person.until(lambda: person.texts()[:1] == ["Of Ana"], "Ana's session")


def test_what_is_typed_stays_with_its_profile(come: Come) -> None:
    """Unsent words of a new session are nobody else's."""
    person = come()
    ana = make(person, "Ana")
    person.type("secret plan")
    go_to(person, ana.id)
    assert person.window.composer.text() == ""
    person.type("hers")
    go_to(person, GUEST)
    person.until(lambda: person.window.composer.text() == "secret plan", "Guest's words")
    go_to(person, ana.id)
    person.until(lambda: person.window.composer.text() == "hers", "Ana's words")


def test_an_answer_goes_on_behind_another_profile(come: Come, serve: Serve) -> None:
    """It is whole when one comes back, and marks nothing meanwhile."""
    words = tuple(f"w{number} " for number in range(60))
    person = come(serve(Script(text=words, rate=100)))
    ana = make(person, "Ana")
    person.send("Tell me")
    person.wait_shown("w1")
    go_to(person, ana.id)
    person.rest()
    assert (person.titles(), person.items()) == ([], [])
    go_to(person, GUEST)
    person.until(lambda: person.texts()[-1:] == ["".join(words)], "the whole answer")


HELD = Script(text=("One ", "two ", "three "), fault=Fault(mode=Mode.SILENCE, after=4))
"""An answer that goes on until it is stopped."""


def running(person: Person) -> set[str]:
    """Return the sessions that an answer is being written in."""
    return {run.session_id for run in person.ask(_running)}


async def _running(backend: Backend) -> tuple[RunningRun, ...]:
    return backend.chat.running()


def wait_current(person: Person, profile_id: int) -> None:
    """Wait for another profile while an answer goes on: it never comes to rest."""
    person.until(lambda: profiles(person).presenter.current.id == profile_id, "the other profile")


def test_a_switch_ends_no_answer(come: Come, serve: Serve) -> None:
    """It is still being written behind the other profile, and when one comes back."""
    person = come(serve(HELD))
    ana = make(person, "Ana")
    person.send("Tell me")
    person.wait_shown("three")
    session_id = person.desktop.chat.session_id
    profiles(person).go_to(ana.id)
    wait_current(person, ana.id)
    person.until(lambda: person.items() == [] and person.titles() == [], "nothing of it")
    assert running(person) == {session_id}
    profiles(person).go_to(GUEST)
    person.until(lambda: person.texts()[-1:] == ["One two three "], "the words so far")
    assert running(person) == {session_id}
    person.stop()
    person.wait_status(Status.STOPPED)
    assert person.answer().text == "One two three "


def test_an_answer_outlives_its_profile(come: Come, serve: Serve) -> None:
    """It goes on at the heir's, and no word is lost."""
    person = come(serve(HELD))
    ana = make(person, "Ana")
    go_to(person, ana.id)
    person.send("Tell me")
    person.wait_shown("three")
    session_id = person.desktop.chat.session_id
    person.trigger("profiles")
    person.dialog(ProfilesDialog).remove_wanted.emit(ana.id, GUEST)
    person.until(lambda: [one.id for one in profiles(person).presenter.profiles] == [GUEST], "one profile")
    assert running(person) == {session_id}
    person.dialog(ProfilesDialog).close()
    person.desktop.chat.open(session_id)
    person.until(lambda: person.texts()[-1:] == ["One two three "], "the words so far")
    person.stop()
    person.wait_status(Status.STOPPED)
    assert person.answer().text == "One two three "
    assert person.items()[0].message.author == "Ana"


def test_another_profiles_session_is_not_opened(come: Come, serve: Serve) -> None:
    """A link to it, or a second start with its id, says so."""
    person = come(serve(Script(text=("Hello",))))
    session_id = person.say("Of Guest").session_id
    ana = make(person, "Ana")
    go_to(person, ana.id)
    person.desktop.come_back(session_id)
    person.until(lambda: "another profile" in person.window.banner.text(), "the sentence")
    assert person.items() == []


def test_the_lock_hides_everything(come: Come, serve: Serve) -> None:
    """No word of a session is on the screen, and a second start with its id brings none."""
    person = come(serve(Script(text=("Hidden answer",))))
    ana = make(person, "Ana", "open")
    profiles(person).go_to(ana.id)
    unlock(person, "open")
    person.until(lambda: profiles(person).presenter.current.id == ana.id, "the other profile")
    session_id = person.say("Hidden question").session_id
    person.trigger("lockWindow")
    assert page(person).isVisible()
    assert "Hidden" not in all_texts(person)
    person.desktop.come_back(session_id)
    person.rest()
    assert "Hidden" not in all_texts(person)
    person.desktop.on_demand.open_trash()  # as what opens a dialog late does
    person.until(lambda: person.window.findChild(TrashDialog), "the trash")
    person.until(lambda: person.no_dialog(TrashDialog), "nothing above the lock")
    unlock(person, "open")
    person.until(lambda: "Hidden question" in person.texts(), "the session")
    person.dialog(TrashDialog).close()
    assert person.window.sidebar.isVisible()


def test_wrong_words_do_not_open(come: Come) -> None:
    """And one can leave the question, to where one was."""
    person = come()
    ana = make(person, "Ana", "open")
    profiles(person).go_to(ana.id)
    person.until(lambda: profiles(person)._lock.may_try, "the lock")  # type: ignore[union-attr]
    QTest.keyClicks(page(person).field, "shut")
    QTest.keyClick(page(person).field, Qt.Key.Key_Return)
    person.until(page(person).trouble.text, "a sentence")
    assert page(person).isVisible()
    person.click(page(person).back)
    person.until(lambda: not page(person).isVisible(), "the window")
    assert profiles(person).presenter.current.id == GUEST


def fill_disk(db: APSWDatabase) -> None:
    """Let there be no room for any draft."""
    (pages,) = db.execute_sql("PRAGMA page_count").fetchone()
    db.execute_sql(f"PRAGMA max_page_count = {pages + 500}")
    db.execute_sql("""
        CREATE TRIGGER full BEFORE INSERT ON draft BEGIN
            INSERT INTO draft (session_id, text, updated_at) VALUES ('x', zeroblob(100000000), 0); END
    """)


def clear_disk(db: APSWDatabase) -> None:
    db.execute_sql("DROP TRIGGER full")


def test_a_draft_that_cannot_be_kept_shuts_nobody_out(come: Come) -> None:
    """The right words open all the same; what was typed waits for its own profile, and is written when it can be."""
    person = come()
    ana = make(person, "Ana", "open")
    person.ask(lambda backend: backend.store.call(fill_disk))
    person.type("secret plan")
    profiles(person).go_to(ana.id)
    unlock(person, "open")
    assert (profiles(person).presenter.current.id, person.window.composer.text()) == (ana.id, "")
    go_to(person, GUEST)
    assert person.window.composer.text() == "secret plan"
    profiles(person).go_to(ana.id)
    unlock(person, "open")
    person.ask(lambda backend: backend.store.call(clear_disk))
    person.leave()
    again = come()
    again.until(lambda: profiles(again).presenter.current.id == ana.id, "the profile that was shown last")
    go_to(again, GUEST)
    again.until(lambda: again.window.composer.text() == "secret plan", "what was typed")


def test_a_profile_that_went_meanwhile_leaves_a_way_out(come: Come) -> None:
    """The page says it, and Cancel leads back."""
    person = come()
    ana = make(person, "Ana", "open")
    profiles(person).go_to(ana.id)
    person.ask(lambda backend: backend.store.remove_profile(ana.id, GUEST))
    QTest.keyClicks(page(person).field, "open")
    QTest.keyClick(page(person).field, Qt.Key.Key_Return)
    person.until(page(person).trouble.text, "a sentence")
    person.click(page(person).back)
    person.until(lambda: not page(person).isVisible(), "the window")


def test_from_the_lock_one_goes_to_another_profile(come: Come) -> None:
    """Guest is always open; a dialog of the locked profile does not come along."""
    person = come()
    ana = make(person, "Ana", "open")
    profiles(person).go_to(ana.id)
    unlock(person, "open")
    person.until(lambda: profiles(person).presenter.current.id == ana.id, "the other profile")
    person.trigger("profiles")
    dialog = person.dialog(ProfilesDialog)
    person.trigger("lockWindow")
    assert not dialog.isVisible()
    go_to(person, GUEST)
    person.until(lambda: not page(person).isVisible(), "the window")
    person.until(lambda: person.no_dialog(ProfilesDialog), "no dialog")


def test_a_locked_profile_asks_before_the_first_paint(come: Come, serve: Serve, tmp_path: Path) -> None:
    """Nothing of it is there before the right words; then everything is."""
    server = serve(Script(text=("Hidden answer",)))
    person = come(server)
    ana = make(person, "Ana", "open")
    profiles(person).go_to(ana.id)
    unlock(person, "open")
    person.until(lambda: profiles(person).presenter.current.id == ana.id, "the other profile")
    session_id = person.say("Hidden question").session_id
    person.leave()

    again = come(server, "--session", session_id, wait=False)
    assert page(again).isVisible()
    assert not again.window.sidebar.isVisible()
    again.ready()
    again.rest()
    assert "Hidden" not in all_texts(again)
    unlock(again, "open")
    again.until(lambda: "Hidden question" in again.texts(), "the session")
    assert again.window.sidebar.isVisible()


def test_a_lock_that_was_taken_away_elsewhere_lets_in(come: Come, tmp_path: Path) -> None:
    """The database decides, whatever the settings said at the start."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "settings.json").write_text('{"profile_locked": true}', encoding="utf-8")
    person = come(wait=False)
    assert page(person).isVisible()
    person.until(lambda: not page(person).isVisible(), "the window")


def test_with_guest_alone_there_is_one_quiet_button(come: Come) -> None:
    """And nothing to lock."""
    person = come()
    person.until(lambda: profiles(person).presenter.profiles, "the profiles")
    person.rest()
    assert not person.action("lockWindow").isEnabled()
    with pytest.raises(AssertionError):
        page(person)


def test_adopted_sessions_leave_the_window(come: Come, serve: Serve) -> None:
    """The open one too; Undo brings them back."""
    person = come(serve(Script(text=("Hello",))))
    person.say("Of Guest")
    ana = make(person, "Ana")
    profiles(person).presenter.adopt(GUEST, ana.id, None)
    person.until(lambda: person.titles() == [], "an empty sidebar")
    person.until(lambda: person.items() == [], "an empty transcript")
    person.click(person.window.banner.action)
    person.until(lambda: person.titles() == ["Of Guest"], "the session again")


def test_a_removed_current_profile_leaves_for_its_heir(come: Come, serve: Serve) -> None:
    """Its sessions are there, and what was typed."""
    person = come(serve(Script(text=("Hello",))))
    ana = make(person, "Ana")
    go_to(person, ana.id)
    person.say("Of Ana")
    person.trigger("profiles")
    person.dialog(ProfilesDialog).remove_wanted.emit(ana.id, GUEST)
    person.until(lambda: profiles(person).presenter.current.id == GUEST, "Guest")
    person.until(lambda: person.titles() == ["Of Ana"], "the session")
    person.until(lambda: [one.id for one in profiles(person).presenter.profiles] == [GUEST], "one profile")
    assert person.window.findChild(QLineEdit) is not None


def test_a_start_with_guest_loads_nothing_of_it(tmp_path: Path) -> None:
    """Before the first paint there is only what knows how to load the rest."""
    code = """
import sys
from desktop.app import build
desktop = build(["--data-dir", sys.argv[1]])
print([name for name in sys.modules if "profiles" in name or name.endswith(".lock")])
desktop.close()
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['desktop.wiring.profiles']"
