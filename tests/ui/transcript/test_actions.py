"""What a reader asks of a message: copying, retrying, versions, cards."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.messages import Status, Usage
from desktop.domain.runs import RunLoading, RunSent, RunWaiting
from desktop.ui.transcript.blocks.button import TextButton
from desktop.ui.transcript.blocks.card import CardBlock
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.blocks.header import HeaderBlock
from desktop.ui.transcript.blocks.text import TextBlock
from desktop.ui.transcript.blocks.thinking import ThoughtHead
from desktop.ui.transcript.cards import Action, card_of, label_of
from tests.ui.transcript.reading import Reading, asked, message, writing

FAULT = Fault(kind=FaultKind.RATE_LIMIT, status=429, words="slow down, please", where="api.example")


def waiting(message_id: int) -> RunWaiting:
    return RunWaiting(session_id="s", message_id=message_id, fault=FAULT, seconds=7, attempt=2, attempts=3)


def test_copy_gives_the_original_markdown(reading: Reading) -> None:
    """The clipboard gets the message exactly as it was written, as text and as Markdown."""
    source = "# a\n\n**b**"
    reading.show([message(1, source)])
    reading.click(reading.button("copy"))
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == source
    assert bytes(data.data("text/markdown").data()).decode() == source


@pytest.mark.parametrize(
    ("status", "name", "signal"),
    [
        (Status.COMPLETE, "retry", "retry_requested"),
        (Status.STOPPED, "continue", "continue_requested"),
        (Status.STOPPED, "retry", "retry_requested"),
        (Status.INTERRUPTED, "continue", "continue_requested"),
        (Status.FAILED, "retry", "retry_requested"),
    ],
)
def test_what_is_asked_of_an_answer(reading: Reading, qtbot: QtBot, status: Status, name: str, signal: str) -> None:
    """Each button tells its wish with the message's id."""
    reading.show([asked(1), message(2, "text", status=status)])
    with qtbot.waitSignal(getattr(reading.view, signal)) as asked_for:
        reading.click(reading.button(name))
    assert asked_for.args == [2]


@pytest.mark.parametrize(("name", "step"), [("previous", -1), ("next", 1)])
def test_versions_are_chosen(reading: Reading, qtbot: QtBot, name: str, step: int) -> None:
    """The arrows lead to the neighbours."""
    reading.show([message(1, "text", version=2, versions=3)])
    with qtbot.waitSignal(reading.view.version_requested) as asked_for:
        reading.click(reading.button(name))
    assert asked_for.args == [1, step]


def test_there_is_nothing_beyond_the_last_version(reading: Reading) -> None:
    """The arrow beyond the end cannot be pressed."""
    reading.show([message(1, "text", version=3, versions=3)])
    assert reading.button("previous").isEnabled()
    assert not reading.button("next").isEnabled()


def test_a_wait_shows_the_providers_words(reading: Reading) -> None:
    """The card of a wait has the countdown and what the provider said."""
    reading.show([writing(1)])
    reading.model.follow(waiting(1))
    reading.settle()
    name = reading.find(CardBlock).accessibleName()
    assert "too many requests (429)" in name
    assert "Trying again in 7 s, attempt 2 of 3. Your message is saved." in name
    assert "slow down, please" in name
    assert reading.find(HeaderBlock).accessibleName() == "model, maker, waiting 7 s"


@pytest.mark.parametrize(("name", "signal"), [("try now", "try_now_requested"), ("cancel", "stop_retry_requested")])
def test_what_is_asked_of_a_wait(reading: Reading, qtbot: QtBot, name: str, signal: str) -> None:
    """A wait can be ended either way."""
    reading.show([writing(1)])
    reading.model.follow(waiting(1))
    reading.settle()
    with qtbot.waitSignal(getattr(reading.view, signal)) as asked_for:
        reading.click(reading.button(name))
    assert asked_for.args == [1]


def test_details_are_copied(reading: Reading) -> None:
    """Everything known about a fault can be taken to whoever can help."""
    reading.show([message(1, status=Status.FAILED, fault=FAULT)])
    reading.click(reading.button("details"))
    text = QGuiApplication.clipboard().text()
    assert "slow down, please" in text
    assert "429" in text


def test_the_card_of_a_wait_keeps_its_buttons(reading: Reading) -> None:
    """A second that passes does not take the button from under the pointer."""
    reading.show([writing(1)])
    reading.model.follow(waiting(1))
    reading.settle()
    button = reading.button("try now")
    button.setFocus()
    reading.model.follow(RunWaiting(session_id="s", message_id=1, fault=FAULT, seconds=5, attempt=2, attempts=3))
    reading.settle()
    assert reading.button("try now") is button
    assert button.hasFocus()


def test_a_wait_that_ends_takes_its_card_away(reading: Reading) -> None:
    """With the next attempt the card is gone."""
    reading.show([writing(1)])
    reading.model.follow(waiting(1))
    reading.settle()
    reading.model.follow(RunSent(session_id="s", message_id=1, attempt=2))
    reading.settle()
    assert not [block for block in reading.view.blocks() if isinstance(block, CardBlock)]


@pytest.mark.parametrize(
    ("facts", "title", "actions"),
    [
        ({"status": Status.STOPPED}, "Stopped.", ("continue", "retry")),
        ({"status": Status.STOPPED, "content": ""}, "Stopped.", ("retry",)),
        ({"status": Status.FAILED}, "Something went wrong.", ("continue", "retry")),
        ({"status": Status.FAILED, "fault": FAULT, "content": ""}, "too many requests", ("retry", "details")),
        ({"status": Status.INTERRUPTED}, "Interrupted", ("continue", "retry")),
        ({"status": Status.INTERRUPTED, "fault": FAULT}, "too many requests", ("continue", "retry", "details")),
        ({"finish_reason": "length"}, "length limit", ("continue", "retry")),
        ({"finish_reason": "content_filter"}, "content filter", ("retry",)),
    ],
)
def test_every_ending_has_a_face(
    reading: Reading, facts: dict[str, object], title: str, actions: tuple[str, ...]
) -> None:
    """How an answer ended is said, with what can be done."""
    facts = {"content": "text", **facts}
    reading.show([replace(message(1), **facts)])  # type: ignore[arg-type]  # a table of facts
    card = card_of(reading.model.item(0))
    assert card is not None
    assert title in card.title
    assert card.actions == actions
    assert [button.objectName() for button in reading.find(CardBlock).findChildren(TextButton)] == list(actions)


@pytest.mark.parametrize("reason", ["", "stop", "tool_calls"])
def test_a_clean_ending_needs_no_card(reading: Reading, reason: str) -> None:
    """A complete answer has nothing to explain."""
    reading.show([message(1, "text", finish_reason=reason)])
    assert card_of(reading.model.item(0)) is None


def test_retry_is_offered_once(reading: Reading) -> None:
    """Where the card offers to try again, the footer does not."""
    reading.show([message(1, "text", status=Status.STOPPED)])
    names = [
        child.objectName()
        for block in reading.view.blocks()
        for child in block.findChildren(TextButton)
        if child.isVisible()
    ]
    assert names.count("retry") == 1


def test_every_action_has_a_label() -> None:
    """No button is without words."""
    assert all(label_of(action) for action in Action)


def test_numbers_are_shown_as_far_as_known(reading: Reading) -> None:
    """Tokens, cost and time stand in the footer; what is unknown is left out."""
    usage = Usage(input_tokens=1_284, output_tokens=212)
    reading.show([message(1, "text", usage=usage, cost=0.0061, response_time_ms=3_210)])
    assert reading.find(FooterBlock).accessibleName() == "1,284 → 212 tokens · $0.0061 · 3.2 s"


def test_estimates_are_marked(reading: Reading) -> None:
    """What was not counted by the provider is about right, and says so."""
    usage = Usage(input_tokens=10, output_tokens=20, estimated=True)
    reading.show([message(1, "text", usage=usage, cost=1.5)])
    assert reading.find(FooterBlock).accessibleName() == "≈ 10 → 20 tokens · ≈ $1.50"


def test_actions_are_seen_under_the_pointer_only(reading: Reading) -> None:
    """Copy is there for the keyboard always, for the eye while the pointer is on the message."""
    reading.show([message(1, "text")])
    copy = reading.button("copy")
    assert isinstance(copy, TextButton)
    seen = [not copy.faded]
    block = reading.find(TextBlock)
    QApplication.sendEvent(block, QEnterEvent(QPointF(5, 5), QPointF(5, 5), QPointF(5, 5)))
    seen.append(not copy.faded)
    QApplication.sendEvent(reading.view, QEvent(QEvent.Type.Leave))
    seen.append(not copy.faded)
    assert seen == [False, True, False]


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        (None, "model, maker, waiting"),
        (RunLoading(session_id="s", message_id=1), "model, maker, getting ready, goes out by itself"),
        (RunSent(session_id="s", message_id=1, attempt=1), "model, maker, waiting for the first word"),
    ],
)
def test_the_header_says_what_goes_on(reading: Reading, update: RunLoading | RunSent | None, expected: str) -> None:
    """Model, provider and state stand above an answer."""
    reading.show([writing(1)])
    if update is not None:
        reading.model.follow(update)
        reading.settle()
    assert reading.find(HeaderBlock).accessibleName() == expected


def test_the_header_names_the_author_where_there_is_one(reading: Reading) -> None:
    """A display name comes before an address."""
    reading.show([message(1, "text", model="maker/some/model", author="The Model")])
    assert reading.find(HeaderBlock).accessibleName() == "The Model, maker"


def test_writing_is_told(reading: Reading) -> None:
    """While text arrives, the header says so."""
    reading.show([writing(1)])
    reading.say(1, "a")
    assert reading.find(HeaderBlock).accessibleName() == "model, maker, writing"


def test_thinking_is_folded_until_it_is_wanted(reading: Reading) -> None:
    """The thinking is a line that opens and closes, by pointer and by key."""
    usage = Usage(output_tokens=700, reasoning_tokens=612)
    reading.show([message(1, "text", thinking="first I\nthen", metadata={"thinking_ms": 4_200}, usage=usage)])
    head = reading.find(ThoughtHead)
    assert head.accessibleName() == "Thought for 4 s, 612 tokens, folded"
    assert reading.texts() == ["text"]
    reading.click(head)
    reading.settle()
    assert reading.texts() == ["first I\u2028then", "text"]
    head = reading.find(ThoughtHead)
    head.setFocus()
    reading.press(Qt.Key.Key_Space)
    assert reading.texts() == ["text"]


def test_thinking_grows_in_an_open_fold(reading: Reading) -> None:
    """An open fold shows what the model thinks as it thinks it."""
    reading.show([writing(1)])
    reading.model.add_text(1, thinking="one")
    reading.settle()
    assert reading.find(ThoughtHead).accessibleName() == "Thinking…, folded"
    reading.click(reading.find(ThoughtHead))
    reading.model.add_text(1, thinking=" two")
    reading.settle()
    assert reading.texts() == ["one two"]


@pytest.mark.parametrize(("spent", "title"), [({}, "Thoughts"), ({"thinking_ms": 300}, "Thought for a moment")])
def test_unknown_times_are_not_invented(reading: Reading, spent: dict[str, int], title: str) -> None:
    """The fold tells a time only where one was measured."""
    reading.show([message(1, "text", thinking="hm", metadata=spent)])
    assert reading.find(ThoughtHead).accessibleName().startswith(title)
