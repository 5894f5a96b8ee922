"""Which answers are being written, and which do not reach the disk."""

from desktop.domain.messages import Message, Role
from desktop.domain.runs import RunEnded, RunSaving, RunStarted
from desktop.presenters.writing import Writing


def _answer(number: int) -> Message:
    return Message(
        id=number, uid="", session_id="s", parent_id=None, depth=0, role=Role.ASSISTANT, content="", created_at=0
    )


def _begun(*answers: tuple[int, str]) -> Writing:
    writing = Writing()
    for number, session_id in answers:
        writing.note(RunStarted(session_id=session_id, message_id=number, user=None, assistant=_answer(number)))
    return writing


def test_answers_are_known_by_their_session_until_they_end() -> None:
    """Two sessions may be written in at once."""
    writing = _begun((1, "a"), (2, "b"), (3, "a"))
    assert (len(writing), writing.answers("a"), writing.answers("c")) == (3, (1, 3), ())
    writing.note(RunEnded(session_id="a", message_id=1, message=_answer(1)))
    assert (len(writing), writing.answers("a"), writing.answers("b")) == (2, (3,), (2,))


def test_what_does_not_reach_the_disk_is_told_until_it_does() -> None:
    """Saved at last, or ended: then there is nothing to say."""
    writing = _begun((1, "a"), (2, "b"))
    for number in (1, 2):
        writing.note(RunSaving(session_id="a", message_id=number, saved=False, reason=f"full {number}"))
    assert writing.unsaved == "full 1"
    writing.note(RunSaving(session_id="a", message_id=1, saved=True))
    assert writing.unsaved == "full 2"
    writing.note(RunEnded(session_id="b", message_id=2, message=_answer(2)))
    assert writing.unsaved == ""
