"""What a screen reader is told without asking."""

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from desktop.domain.messages import Message, Status
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.announcer import Announcer
from tests.ui.transcript.reading import Reading, message, writing


class Listening(Announcer):
    """An announcer that keeps what it says."""

    def __init__(self) -> None:
        super().__init__(QObject())
        self.said: list[str] = []

    def say(self, sentence: str) -> None:
        self.said.append(sentence)


def told(*messages: Message) -> list[str]:
    """Return what is said about a message that changes."""
    listening = Listening()
    item = TranscriptItem(messages[0])
    listening.look_at(item)
    for each in messages[1:]:
        item.take(each)
        listening.look_at(item)
    return listening.said


def test_an_answer_is_announced_once_at_each_end() -> None:
    """Its beginning and its text are said, and nothing for the tokens between."""
    stream = (writing(1), writing(1, "a"), writing(1, "a b"))
    assert told(*stream, message(1, "a b")) == ["An answer is being written.", "Answer: a b"]


def test_a_bad_end_is_announced() -> None:
    """An answer that failed says so."""
    assert told(writing(1), message(1, "a", status=Status.STOPPED))[-1] == "Stopped. The text so far is kept."


def test_stored_messages_are_not_announced() -> None:
    """What was there before is read when it is asked for."""
    assert told(message(1, "a"), message(1, "a", versions=2)) == []


def test_another_session_forgets() -> None:
    """An answer that ends out of sight is not announced here."""
    listening = Listening()
    item = TranscriptItem(writing(1))
    listening.look_at(item)
    listening.forget()
    item.take(message(1, "a"))
    listening.look_at(item)
    assert listening.said == ["An answer is being written."]


def test_the_view_announces(reading: Reading, qtbot: QtBot) -> None:
    """The system's accessibility takes what the view says."""
    reading.show([writing(1)])
    reading.say(1, "text")
    reading.model.replace(message(1, "text"))
    reading.settle()
    assert reading.view._announcer._alive == set()
