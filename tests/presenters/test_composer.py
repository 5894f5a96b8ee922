"""Drafts, on real services."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.presenters.composer import SAVE_PAUSE_MS
from tests.presenters.stage import Stage, playing


def _talk(stage: Stage, text: str) -> str:
    stage.chat.new_session()
    stage.rest()
    stage.send(text)
    stage.rest()
    return stage.chat.session_id


def _open(stage: Stage, session_id: str) -> None:
    stage.chat.open(session_id)
    stage.until(lambda: stage.chat.session_id == session_id)
    stage.rest()


def test_a_draft_is_saved_while_one_writes(qapp: QApplication, tmp_path: Path) -> None:
    """What is written is on disk a moment later, without switching or closing, however fast one types."""
    with playing(qapp, tmp_path) as stage:
        stage.write("half a th")
        stage.write("half a thought")
        stage.until_draft(lambda: "", "half a thought")
        assert SAVE_PAUSE_MS <= 500


def test_each_session_keeps_its_own_draft(qapp: QApplication, tmp_path: Path) -> None:
    """Switching saves at once and shows what was being written there."""
    with playing(qapp, tmp_path) as stage:
        one, two = _talk(stage, "one"), _talk(stage, "two")
        stage.write("for two")
        _open(stage, one)
        assert stage.box.text == ""
        stage.write("for one")
        _open(stage, two)
        assert stage.box.text == "for two"
        _open(stage, one)
        assert stage.box.text == "for one"


def test_the_draft_of_a_new_session_is_kept_too(qapp: QApplication, tmp_path: Path) -> None:
    """What was written before there is a session comes back with the next new one."""
    with playing(qapp, tmp_path) as stage:
        one = _talk(stage, "one")
        stage.chat.new_session()
        stage.rest()
        stage.write("an idea")
        _open(stage, one)
        stage.chat.new_session()
        stage.until(lambda: stage.box.text == "an idea")


def test_coming_back_at_once_shows_what_is_not_on_disk_yet(qapp: QApplication, tmp_path: Path) -> None:
    """A draft read from the disk while a newer one is on its way there is out of date, and is not shown."""
    with playing(qapp, tmp_path) as stage:
        one = _talk(stage, "one")
        stage.write("half a thought")
        stage.drafts.open("another", "")
        stage.drafts.open(one, "")
        assert stage.box.text == "half a thought"
        stage.until_draft(lambda: one, "half a thought")


def test_closing_waits_for_the_drafts_of_other_sessions(qapp: QApplication, tmp_path: Path) -> None:
    """A draft that is on its way to the disk when the program ends arrives there."""
    with playing(qapp, tmp_path) as stage:
        one = _talk(stage, "one")
        stage.write("half a thought")
        stage.drafts.open("another", "")
        stage.loop.run_until_complete(stage.drafts.flush())
        assert stage.draft(one) == "half a thought"


def test_a_draft_survives_the_end_of_the_program(qapp: QApplication, tmp_path: Path) -> None:
    """Closing writes down what the pause had not yet."""
    with playing(qapp, tmp_path) as stage:
        stage.ask(lambda backend: backend.library.sessions())
        stage.write("last words")
        stage.loop.run_until_complete(stage.drafts.flush())
    with playing(qapp, tmp_path) as stage:
        stage.chat.new_session()
        stage.until(lambda: stage.box.text == "last words")


def test_sending_forgets_the_draft(qapp: QApplication, tmp_path: Path) -> None:
    """A message that is sent is not a draft any more."""
    with playing(qapp, tmp_path) as stage:
        stage.write("hello")
        stage.until_draft(lambda: "", "hello")
        stage.chat.send("hello")
        stage.rest()
        assert (stage.draft(""), stage.draft(stage.chat.session_id), stage.box.text) == ("", "", "")


def test_a_typo_put_right_just_before_sending_leaves_no_draft(qapp: QApplication, tmp_path: Path) -> None:
    """What is on disk and what was sent differ when the last key came a moment ago; nothing of either stays."""
    with playing(qapp, tmp_path) as stage:
        stage.write("helol")
        stage.until_draft(lambda: "", "helol")
        stage.send("hello")
        stage.rest()
        assert (stage.draft(""), stage.draft(stage.chat.session_id)) == ("", "")


def test_the_next_thought_stays_although_the_sent_one_began_like_it(qapp: QApplication, tmp_path: Path) -> None:
    """What is written while a message is on its way to the disk is a draft, whatever it reads like."""
    with playing(qapp, tmp_path) as stage:
        session_id = _talk(stage, "one")
        stage.write("and then?")
        stage.drafts.taken()
        stage.write("and")
        stage.until_draft(lambda: session_id, "and")
        stage.drafts.sent(session_id, "and then?")
        stage.rest()
        assert stage.draft(session_id) == "and"


def test_a_thought_that_moved_along_leaves_nothing_for_the_next_new_session(qapp: QApplication, tmp_path: Path) -> None:
    """What was written down before the session had an id is kept once, under the id."""
    with playing(qapp, tmp_path) as stage:
        stage.ask(lambda backend: backend.library.sessions())
        stage.write("first")
        stage.drafts.taken()
        stage.write("second")
        stage.until_draft(lambda: "", "second")
        stage.drafts.sent("", "first")
        stage.drafts.stored("s1")
        stage.until_draft(lambda: "", "")
        assert stage.draft("s1") == "second"


def test_what_is_written_after_sending_is_a_draft_of_the_new_session(qapp: QApplication, tmp_path: Path) -> None:
    """The next thought, written while the first is being stored, moves along to the session's id."""
    with playing(qapp, tmp_path, start=False) as stage:
        stage.chat.new_session()
        stage.send("first thought")
        stage.write("second thought")
        stage.start()
        stage.until(lambda: bool(stage.chat.session_id))
        stage.until_draft(lambda: stage.chat.session_id, "second thought")
        assert stage.box.text == "second thought"


def test_typing_before_the_services_are_open_is_not_overwritten(qapp: QApplication, tmp_path: Path) -> None:
    """An old draft comes before what is being written, and neither replaces the other."""
    with playing(qapp, tmp_path) as stage:
        stage.write("old")
        stage.until_draft(lambda: "", "old")
    with playing(qapp, tmp_path, start=False) as stage:
        stage.chat.new_session()
        stage.write("new")
        stage.start()
        stage.rest()
        assert stage.box.text == "old\nnew"


def test_text_that_comes_back_stands_before_what_was_written_since(qapp: QApplication, tmp_path: Path) -> None:
    """A refused message and the next thought are both there."""
    with playing(qapp, tmp_path) as stage:
        stage.write("next")
        stage.drafts.put_back("", "refused")
        assert stage.box.text == "refused\nnext"


def test_text_that_comes_back_to_another_session_waits_there(qapp: QApplication, tmp_path: Path) -> None:
    """A refusal never writes into the session that is open meanwhile."""
    with playing(qapp, tmp_path) as stage:
        one = _talk(stage, "one")
        stage.chat.new_session()
        stage.rest()
        stage.drafts.put_back(one, "refused")
        stage.until_draft(lambda: one, "refused")
        assert stage.box.text == ""


def test_writing_before_the_kept_draft_is_there_keeps_both(qapp: QApplication, tmp_path: Path) -> None:
    """What was kept for a new session comes before what is written there in the first moment, and neither is lost."""
    with playing(qapp, tmp_path) as stage:
        stage.chat.new_session()
        stage.rest()
        stage.write("an idea")
        stage.until_draft(lambda: "", "an idea")
        stage.rest()  # else the draft is still at hand and shown at once
        stage.chat.new_session()
        stage.write("another")
        stage.until(lambda: stage.box.text == "an idea\nanother")
        stage.until_draft(lambda: "", "an idea\nanother")


def test_leaving_before_the_kept_draft_is_there_keeps_both(qapp: QApplication, tmp_path: Path) -> None:
    """The same when another session is opened in that moment."""
    with playing(qapp, tmp_path) as stage:
        one = _talk(stage, "one")
        stage.chat.new_session()
        stage.rest()
        stage.write("an idea")
        _open(stage, one)
        stage.chat.new_session()
        stage.write("another")
        stage.drafts.open(one, "")
        stage.until_draft(lambda: "", "an idea\nanother")


def test_sending_before_the_kept_draft_is_there_keeps_it(qapp: QApplication, tmp_path: Path) -> None:
    """A message that is sent at once from a new session does not take along what was kept for one."""
    with playing(qapp, tmp_path) as stage:
        one = _talk(stage, "one")
        stage.chat.new_session()
        stage.rest()
        stage.write("an idea")
        _open(stage, one)
        stage.chat.new_session()
        stage.send("quick")
        stage.rest()
        stage.loop.run_until_complete(stage.drafts.flush())
        drafts = stage.draft(""), stage.draft(stage.chat.session_id)
        assert "an idea" in drafts, drafts


def test_text_that_was_refused_comes_before_what_was_written_since(qapp: QApplication, tmp_path: Path) -> None:
    """A draft of a session that is not open any more is not replaced by the message that could not be sent."""
    with playing(qapp, tmp_path) as stage:
        one = _talk(stage, "one")
        stage.write("written since")
        stage.chat.new_session()
        stage.rest()
        stage.drafts.put_back(one, "refused")
        stage.until_draft(lambda: one, "refused\nwritten since")


def test_text_that_comes_back_to_a_session_just_opened_stands_in_the_composer(
    qapp: QApplication, tmp_path: Path
) -> None:
    """While its draft is read the session may be opened: what is typed there next must not wipe it out."""
    with playing(qapp, tmp_path) as stage:
        one, two = _talk(stage, "one"), _talk(stage, "two")
        _open(stage, two)
        stage.drafts.put_back(one, "refused")
        stage.drafts.open(one, "")
        stage.write("typed at once")
        stage.rest()
        assert stage.box.text == "refused\ntyped at once"
        stage.until_draft(lambda: one, "refused\ntyped at once")
