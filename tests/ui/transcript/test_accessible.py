"""What a screen reader finds when it walks through the transcript."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface

from desktop.domain.messages import Role
from desktop.presenters.figures import clock_text
from tests.ui.transcript.reading import Reading, asked, message, talk, writing

NAME = QAccessible.Text.Name
AT = 1_795_262_400_000


@pytest.fixture(autouse=True)
def listening(qapp: object) -> Iterator[None]:
    """A screen reader runs."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def tree(reading: Reading) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(reading.view.viewport())
    assert found is not None
    return found


def children(reading: Reading) -> list[QAccessibleInterface]:
    """Return what a screen reader that walks the transcript comes to."""
    whole = tree(reading)
    found = [whole.child(number) for number in range(whole.childCount())]
    return [each for each in found if not each.state().invisible]


def names(reading: Reading) -> list[str]:
    return [each.text(NAME) for each in children(reading)]


def test_parts_are_found_in_reading_order(reading: Reading) -> None:
    """However widgets were made and used again, they are found from top to bottom."""
    reading.show(talk(200))
    reading.scroll(-5_000)
    reading.scroll(3_000)
    tops = [each.rect().top() for each in children(reading)]
    assert len(tops) > 3
    assert tops == sorted(tops)


def test_the_conversation_has_a_name(reading: Reading) -> None:
    """What one has come into is told."""
    found = QAccessible.queryAccessibleInterface(reading.view)
    assert found is not None
    assert found.text(NAME) == "Conversation"


def test_a_message_begins_with_its_author_and_time(reading: Reading) -> None:
    """The user's first block and an answer's header say who and when."""
    reading.show(
        [
            message(1, "a question", role=Role.USER),
            message(2, "an answer", model="maker/model-x"),
        ]
    )
    found = names(reading)
    assert found[0] == "You: a question"
    assert "model-x, maker" in found
    assert found[found.index("model-x, maker") + 1] == "an answer"


def test_the_time_is_told_where_it_is_known(reading: Reading) -> None:
    """Hour and minute stand behind the name."""
    reading.show([replace(asked(1, "a question"), created_at=AT, author="Ana")])
    assert f"Ana, {clock_text(AT)}: a question" in names(reading)


def test_an_answer_that_is_written_says_so(reading: Reading) -> None:
    """The state is in the name of its first part."""
    reading.show([asked(1), writing(2, "so far")])
    reading.say(2, " and more")
    assert "model, maker, writing" in names(reading)
    reading.model.replace(message(2, "so far and more", model="maker/model"))
    reading.settle()
    assert "model, maker" in names(reading)


def test_blocks_say_what_they_are(reading: Reading) -> None:
    """Headings, code, tables, rules and paragraphs have names of their own."""
    text = "## Title\n\ntext\n\n```python\nx = 1\ny = 2\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n"
    reading.show([message(1, text, model="maker/model")])
    reading.view.verticalScrollBar().setValue(0)
    reading.settle()
    found = names(reading)
    assert "Heading 2: Title" in found
    assert "text" in found
    assert any(name.startswith("Code, python, 2 lines: x = 1") for name in found)
    assert any(name.startswith("Table, 2 columns, 1 rows: ") for name in found)
    assert "Line" in found


def test_a_link_that_tab_has_reached_is_told_with_its_target(reading: Reading) -> None:
    """Its name is its text, its description where it leads."""
    reading.show([message(1, "see [the page](https://example.org/a) and [more](https://b.org)", model="a/b")])
    reading.view.setFocus()
    reading.press(Qt.Key.Key_Tab)
    focus = reading.view.window().focusWidget()
    found = QAccessible.queryAccessibleInterface(focus)
    assert found is not None
    assert found.text(NAME) == "Link: the page"
    assert found.text(QAccessible.Text.Description) == "https://example.org/a"
    reading.press(Qt.Key.Key_Tab)
    assert found.text(NAME) == "Link: more"
    reading.press(Qt.Key.Key_Tab)
    reading.scroll(0)
    reading.view._lay_out()
    assert (found.text(NAME), found.text(QAccessible.Text.Description)) == ("see the page and more", "")


def test_buttons_are_found_below_their_part(reading: Reading) -> None:
    """What a message can do has names too."""
    reading.show([asked(1), message(2, "text", model="a/b")])
    footer = children(reading)[-1]
    below = [footer.child(number) for number in range(footer.childCount())]
    assert {"Copy", "Retry"} <= {each.text(NAME) for each in below}


def test_what_is_not_listened_to_costs_nothing(reading: Reading) -> None:
    """Without a screen reader no name is made for it."""
    QAccessible.setActive(False)
    reading.show([asked(1, "a question")])
    assert "You: a question" not in names(reading)


def test_others_than_people_and_models_have_names(reading: Reading) -> None:
    """A system prompt in the transcript is nobody's answer."""
    reading.show([message(1, "be brief", role=Role.SYSTEM)])
    assert "System" in names(reading)
