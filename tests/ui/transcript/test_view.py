"""The transcript as a whole: what is there, where it stands, who leads."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.domain.runs import RunLoading
from desktop.presenters.transcript import TranscriptListModel
from desktop.ui.theme import Theme, load_theme
from desktop.ui.transcript.blocks.base import BlockWidget
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.style import LEAST_COLUMN_PX
from desktop.ui.transcript.view import TranscriptView
from tests.ui.transcript.reading import Reading, asked, message, talk, writing

MOST_WIDGETS = 150


def widgets(reading: Reading) -> int:
    return len(reading.view.viewport().findChildren(BlockWidget))


def test_only_what_is_in_sight_exists(reading: Reading) -> None:
    """A session of 5,000 messages has as many widgets as the viewport needs."""
    reading.show(talk(5_000))
    assert 3 < len(reading.view.blocks()) < 60
    assert widgets(reading) < MOST_WIDGETS


def test_widgets_are_used_again(reading: Reading) -> None:
    """Scrolling through everything makes no more widgets than a few screens need."""
    reading.show(talk(300))
    bar = reading.view.verticalScrollBar()
    for tenth in range(10, -1, -1):
        reading.scroll_to(bar.maximum() * tenth // 10)
    assert widgets(reading) < MOST_WIDGETS


def test_a_session_opens_at_its_end(reading: Reading) -> None:
    """The newest message is in sight, and the view follows."""
    reading.show(talk(100))
    assert reading.at_end()
    assert reading.view.following
    assert reading.view._stage.placed[-1].place.item.key == 100


def test_a_short_session_stands_at_the_top(reading: Reading) -> None:
    """Where everything fits, it begins at the top and nothing scrolls."""
    reading.show([asked(1)])
    assert min(reading.tops().values()) < 60
    assert reading.view.verticalScrollBar().maximum() == 0


def test_the_scroll_bar_rests_where_nothing_scrolls(reading: Reading) -> None:
    """Its place is reserved, so that nothing jumps, but it can be dressed as if it were not there."""
    bar = reading.view.verticalScrollBar()
    reading.show([asked(1)])
    idle = (bar.isVisible(), bar.isEnabled())
    reading.show(talk(50))
    assert (idle, (bar.isVisible(), bar.isEnabled())) == ((True, False), (True, True))


def test_nothing_is_shown_of_nothing(reading: Reading) -> None:
    """An empty session has no widgets and no way to scroll."""
    reading.show(talk(10))
    reading.show([])
    assert reading.view.blocks() == ()
    assert reading.view.verticalScrollBar().maximum() == 0


def test_older_messages_leave_the_text_where_it_is(reading: Reading) -> None:
    """A page added above moves nothing on the screen."""
    reading.show(talk(60, first=101), has_older=True)
    reading.scroll(-700)
    before = reading.tops()
    reading.model.prepend(talk(100), has_older=False)
    reading.settle()
    assert reading.tops() == before


def test_small_steps_move_everything_alike(reading: Reading) -> None:
    """Estimates above that turn out wrong never make the text jump."""
    reading.show(talk(200))
    reading.scroll(-2_000)
    for _ in range(40):
        before = reading.tops()
        reading.scroll(-53)
        after = reading.tops()
        assert {after[key] - before[key] for key in before.keys() & after.keys()} == {53}


def test_older_messages_are_wanted_once(reading: Reading, qtbot: QtBot) -> None:
    """Near the top a page is asked for, and again only when it has come."""
    asked_for: list[int] = []
    reading.view.older_wanted.connect(lambda: asked_for.append(1))
    reading.show(talk(100, first=201), has_older=True)
    assert asked_for == []
    reading.view.show_message(201)
    reading.scroll(5)
    assert asked_for == [1]
    reading.model.prepend(talk(100, first=101), has_older=True)
    reading.settle()
    reading.view.show_message(101)
    assert asked_for == [1, 1]


def test_nothing_older_is_wanted_where_there_is_nothing(reading: Reading, qtbot: QtBot) -> None:
    """The beginning of a session asks for nothing."""
    with qtbot.assertNotEmitted(reading.view.older_wanted):
        reading.show(talk(20))
        reading.scroll_to(0)


def test_the_view_follows_the_stream_at_the_end(reading: Reading) -> None:
    """Text that arrives stays in sight while the reader is at the end."""
    reading.show([*talk(20), writing(21)])
    for _ in range(30):
        reading.say(21, "more words of an answer\n\n")
        assert reading.at_end()
    assert reading.view._stage.placed[-1].place.item.key == 21


def test_the_scroll_belongs_to_the_reader(reading: Reading) -> None:
    """Text that arrives below moves nothing for a reader further up, but is announced."""
    reading.show([*talk(20), writing(21)])
    reading.scroll(-300)
    before = reading.tops()
    assert not reading.view._pill.isVisible()
    reading.say(21, "more words\n\n" * 50)
    assert reading.tops() == before
    assert reading.view._pill.isVisible()


def test_the_pill_leads_back_to_the_end(reading: Reading) -> None:
    """A click on the pill goes to the end and follows again."""
    reading.show([*talk(20), writing(21)])
    reading.scroll(-300)
    reading.say(21, "more words\n\n" * 50)
    reading.click(reading.view._pill)
    reading.settle()
    assert reading.at_end()
    assert reading.view.following
    assert not reading.view._pill.isVisible()


def test_reaching_the_end_follows_again(reading: Reading) -> None:
    """A reader who scrolls back to the end is led again."""
    reading.show([*talk(20), writing(21)])
    reading.scroll(-300)
    reading.say(21, "more\n\n" * 10)
    reading.scroll_to(reading.view.verticalScrollBar().maximum())
    assert reading.view.following
    reading.say(21, "more\n\n" * 10)
    assert reading.at_end()


def test_an_own_message_is_shown(reading: Reading) -> None:
    """What the user sends comes into sight, wherever the reader was."""
    reading.show(talk(40))
    reading.scroll_to(0)
    reading.model.branch(40, [asked(41), writing(42)])
    reading.settle()
    assert reading.view._stage.placed[-1].place.item.key == 42
    assert reading.view.following


def test_another_version_keeps_the_place(reading: Reading) -> None:
    """What stands above a message that is exchanged stays where it is."""
    reading.show(talk(40))
    reading.scroll(-700)
    before = reading.tops()
    last = max(key for key, _section, _index in before)
    reading.model.branch(last - 1, [message(100, "another answer\n\n" * 40)])
    reading.settle()
    after = reading.tops()
    same = [key for key in before.keys() & after.keys() if key[0] < last]
    assert same
    assert all(after[key] == before[key] for key in same)


def test_a_branch_that_was_in_sight_may_go(reading: Reading) -> None:
    """When the message that held the place is gone, something near it is shown."""
    reading.show(talk(40))
    reading.scroll_to(reading.view.verticalScrollBar().maximum() // 2)
    reading.model.branch(1, [message(100, "short")])
    reading.settle()
    assert "short" in reading.texts()


def test_any_message_can_be_shown(reading: Reading) -> None:
    """A message is brought to the top, and one that is not loaded is asked for."""
    reading.show(talk(200))
    wanted: list[int] = []
    reading.view.place_wanted.connect(wanted.append)
    reading.view.show_message(51)
    reading.settle()
    assert next(iter(reading.tops()))[0] in (50, 51)
    assert "question 51" in reading.texts()
    reading.view.show_message(999)
    assert wanted == [999]


def test_another_session_starts_at_its_own_end(reading: Reading) -> None:
    """A scroll position does not survive into another session."""
    reading.show(talk(60))
    reading.scroll_to(0)
    reading.show(talk(50, first=1001))
    assert reading.at_end()
    assert reading.view.following


@pytest.mark.parametrize(
    ("key", "direction"),
    [
        (Qt.Key.Key_PageUp, -1),
        (Qt.Key.Key_PageDown, 1),
        (Qt.Key.Key_Up, -1),
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_Space, 1),
    ],
)
def test_keys_scroll(reading: Reading, key: Qt.Key, direction: int) -> None:
    """Arrows and page keys move through the text."""
    reading.show(talk(60))
    reading.scroll_to(reading.view.verticalScrollBar().maximum() // 2)
    before = reading.tops()
    reading.bot.keyClick(reading.view, key)
    reading.settle()
    after = reading.tops()
    moved = {(after[part] - before[part]) * direction < 0 for part in before.keys() & after.keys()}
    assert moved <= {True}


def test_home_and_end_go_all_the_way(reading: Reading) -> None:
    """Home shows the first message, End the last one, and follows."""
    reading.show(talk(60))
    reading.bot.keyClick(reading.view, Qt.Key.Key_Home)
    reading.settle()
    assert reading.view.verticalScrollBar().value() == 0
    reading.bot.keyClick(reading.view, Qt.Key.Key_End)
    reading.settle()
    assert reading.at_end()


def test_other_keys_are_left_to_others(reading: Reading, qtbot: QtBot) -> None:
    """A letter means nothing here."""
    reading.show(talk(60))
    before = reading.tops()
    reading.bot.keyClick(reading.view, Qt.Key.Key_X)
    assert reading.tops() == before


def test_zoom_makes_everything_bigger(reading: Reading) -> None:
    """At 200 % text is twice as high, and the place is kept."""
    reading.show([message(1, "one line of text")])
    before = reading.find(FooterBlock).height()
    reading.view.set_zoom(200)
    reading.settle()
    assert reading.find(FooterBlock).height() > 1.7 * before
    assert reading.view.zoom == 200


def test_small_letters_keep_the_width_of_a_column(reading: Reading) -> None:
    """At half the size lines are longer in letters, not a strip in a wide window; a narrow window has what it has."""
    reading.view.resize(1_200, 600)
    reading.show(talk(2))
    reading.view.set_zoom(50)
    reading.settle()
    assert reading.view._geometry.width == LEAST_COLUMN_PX
    reading.view.resize(400, 600)
    assert reading.view._geometry.width < 400


def test_zoom_has_limits(reading: Reading) -> None:
    """No zoom makes text too small or too big to read."""
    reading.view.set_zoom(1)
    assert reading.view.zoom == 50
    reading.view.set_zoom(5_000)
    assert reading.view.zoom == 300


def test_another_theme_is_painted(reading: Reading) -> None:
    """The ground takes the colour of the theme that is worn."""
    dark = load_theme("dark")
    reading.show(talk(2))
    reading.view.set_theme(dark)
    reading.settle()
    colour = reading.view.viewport().grab().toImage().pixelColor(2, 2)
    assert colour.name().upper() == dark.bg


def colours(reading: Reading) -> set[str]:
    """Return the colours that are painted in the viewport."""
    image = reading.view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = set(memoryview(image.constBits()).cast("B").cast("I"))
    return {f"#{pixel & 0xFFFFFF:06X}" for pixel in pixels}


@pytest.mark.parametrize(
    ("source", "token"),
    [
        ("- [x] done", "accent"),
        ("- [ ] to do", "muted"),
        ("> quoted", "line"),
        ("---", "line"),
        ("`code`", "code"),
        ("```\ncode\n```", "code"),
        ("[a link](https://x.org) of words", "accent"),
        ("1. first\n   - second", "muted"),
    ],
)
def test_what_is_shown_is_painted(reading: Reading, theme: Theme, source: str, token: str) -> None:
    """Markers, bars, lines and grounds are there, in the theme's colours."""
    reading.show([message(1, "plain")])
    before = colours(reading)
    reading.show([message(2, source)])
    assert theme.hex(token) in colours(reading)
    assert token == "muted" or theme.hex(token) not in before


def test_a_question_stands_in_its_bubble(reading: Reading, theme: Theme) -> None:
    """What the user wrote has a ground of its own."""
    reading.show([asked(1, "one\n\n```\ntwo\n```\nthree")])
    assert theme.user in colours(reading)


def test_the_stream_is_painted_with_its_caret(reading: Reading, theme: Theme) -> None:
    """The caret is the accent's block at the end of the text."""
    reading.show([writing(1, "text")])
    reading.model.follow(RunLoading(session_id="s", message_id=1))
    reading.settle()
    assert theme.accent in colours(reading)


def test_a_narrow_window_wraps_its_text(reading: Reading) -> None:
    """The column is never wider than the window."""
    reading.show([message(1, "words of text " * 100)])
    reading.view.resize(360, 600)
    reading.settle()
    widths = {block.width() for block in reading.view.blocks()}
    assert max(widths) <= reading.view.viewport().width()


def test_tab_walks_from_top_to_bottom_and_on(qtbot: QtBot, theme: Theme) -> None:
    """The focus goes through the actions in sight in their order, then to what follows the transcript."""
    window = QWidget()
    qtbot.addWidget(window)
    model = TranscriptListModel(parent=window)
    before, view, after = QLineEdit(window), TranscriptView(theme=theme, model=model, parent=window), QLineEdit(window)
    view.setGeometry(0, 30, 800, 560)
    window.resize(800, 600)
    window.show()
    model.show([asked(1), message(2, "[link](https://x.org)\n\n```py\na\n```")], has_older=False)
    qtbot.waitUntil(lambda: not view._timer.isActive() and not model._timer.isActive())
    before.setFocus()
    names: list[str] = []
    for _ in range(20):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        names.append(window.focusWidget().accessibleName())
        if window.focusWidget() is after:
            break
    asked_actions = ["Copy", "Quote", "Edit", "More"]
    answer_actions = ["Copy", "Quote", "Retry", "Branch", "More"]
    code_actions = ["Copy code", "Save code as…"]
    assert names == ["Conversation", *asked_actions, "Link: link", *code_actions, *answer_actions, ""]
    qtbot.keyClick(after, Qt.Key.Key_Backtab)
    assert view.isAncestorOf(window.focusWidget()) or window.focusWidget() is view
    view.close_threads()


def test_everything_in_sight_has_a_name(reading: Reading) -> None:
    """Screen readers hear what each part is."""
    everything = "# t\n\ntext\n\n- item\n\n---\n\n| a |\n|---|\n| 1 |\n\n```py\nx\n```"
    reading.view.resize(800, 1_200)
    reading.show([asked(1), message(2, everything, thinking="hm", model="maker/model")])
    unnamed = [type(block).__name__ for block in reading.view.blocks() if not block.accessibleName()]
    assert unnamed == []
