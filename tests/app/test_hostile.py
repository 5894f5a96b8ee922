"""Texts that break programs, sent by a model through the whole window: it stays alive and stores them to the letter."""

import pytest
from PySide6.QtCore import Qt

from desktop.domain.messages import Status
from desktop.ui.transcript.view import TranscriptView
from tests.app.conftest import Come, Serve
from tests.app.test_talking import SLOW
from tests.wire.script import Script

TEXTS = {
    "a million blanks": " " * 1_000_000,
    "a line of two megabytes": "x" * 2_000_000,
    "a line of two megabytes in words": "lorem ipsum " * 170_000,
    "20,000 nested quotes": "> " * 20_000 + "deep",
    "20,000 quotes, each deeper": "\n".join(">" * depth for depth in range(1, 200)) + "\n" + ">" * 20_000 + " deep",
    "20,000 nested brackets": "[" * 20_000 + "link" + "](x)" * 20_000,
    "20,000 stars": "*a " * 20_000,
    "20,000 nested lists": "\n".join("  " * min(depth, 400) + "- item" for depth in range(2_000)),
    "a table of 5,000 columns": "|" + "a|" * 5_000 + "\n|" + "-|" * 5_000 + "\n|" + "b|" * 5_000,
    "a table of 5,000 rows": "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 5_000,
    "10,000 emoji": "👩‍👩‍👧‍👦🏳️‍🌈" * 5_000,
    "bidi and marks": "\u202eevil\u202c \u0627\u0644\u0639 " * 2_000 + "e" + "\u0301" * 20_000,
    "a code block without an end": "```python\n" + "x = 1\n" * 20_000,
    "20,000 links": "<https://example.org/?q=1> " * 20_000,
    "20,000 lines": "line\n\n" * 20_000,
    "backticks": "`" * 100_000,
    "entities": "&amp;&#0;&#x10ffff;&lt;script&gt;" * 5_000,
}


def pieces(text: str, size: int = 4_001) -> tuple[str, ...]:
    """Cut a text as a model would send it."""
    return tuple(text[at : at + size] for at in range(0, len(text), size))


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_survived_in_mid_stream(come: Come, serve: Serve, name: str) -> None:
    """One can type while it streams and scroll when it is there, and what is stored is what was sent."""
    text = f"Before.\n\n{TEXTS[name]}"
    person = come(serve(Script(text=pieces(text))))
    person.send("Break something")
    person.until(lambda: len(person.items()) == 2 and len(person.answer().text) > 8_000, "the first of it")
    person.type("still here")
    assert person.window.composer.text() == "still here"
    assert person.wait_status(Status.COMPLETE).content == text

    view = person.widget(TranscriptView)
    bar = view.verticalScrollBar()
    for value in (0, bar.maximum() // 2, bar.maximum()):
        bar.setValue(value)
        person.rest()
        assert not view.grab().isNull()
    assert person.ask(lambda backend: backend.library.open(person.desktop.chat.session_id)).messages[-1].content == text


SENT = ("a million blanks", "a line of two megabytes", "20,000 nested quotes", "10,000 emoji", "bidi and marks")


@pytest.mark.filterwarnings("ignore:Sending a large body directly")  # aiohttp's word for a megabyte in one message
@pytest.mark.parametrize("name", SENT)
def test_a_hostile_text_can_be_sent_and_is_there_after_a_restart(come: Come, serve: Serve, name: str) -> None:
    """The same texts pasted into the composer go to the model to the letter, and are shown again after a restart."""
    text = f"Before.\n{TEXTS[name]}\nAfter."
    server = serve(Script())
    person = come(server)
    # What a session sends is bounded, and a giant would be refused with a sentence before it goes out.
    person.ask(lambda backend: backend.settings.set("max_context", 10_000_000))
    person.paste(text)
    person.press(Qt.Key.Key_Return)
    person.until(lambda: len(person.items()) == 2, "the answer's row")
    person.wait_status(Status.COMPLETE)
    assert server.answers[0].body["messages"][-1]["content"] == text
    person.leave()

    again = come(server)
    again.until(lambda: len(again.titles()) == 1, "the session")
    again.open(again.titles()[0])
    assert again.texts() == [text, "The capital of France is Paris."]
    again.wait_shown("The capital of France is Paris.")


def test_a_hostile_text_does_not_disturb_another_session(come: Come, serve: Serve) -> None:
    """While one session takes a giant, another one streams on to its end."""
    server = serve(Script(text=SLOW[:60], rate=50))
    person = come(server)
    person.send("Count")
    person.wait_shown("word2")
    server.script = Script(text=pieces(TEXTS["a line of two megabytes in words"]))
    person.new_session()
    person.send("Break something")
    person.until(lambda: len(person.items()) == 2, "the answer's row")
    person.wait_status(Status.COMPLETE)
    person.open("Count")

    assert person.wait_status(Status.COMPLETE).content == "".join(SLOW[:60])


def test_broken_characters_are_shown_and_stored(come: Come, serve: Serve) -> None:
    """NUL and lone surrogates come as text or as U+FFFD, and no write fails for them."""
    person = come(serve(Script(text=("a\x00b", "\ud800", "c", "\udfff", "d"))))
    message = person.say("Broken?")

    assert message.status is Status.COMPLETE
    assert message.content[0] == "a"
    assert message.content[-1] == "d"
    message.content.encode("utf-8")
