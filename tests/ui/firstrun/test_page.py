from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from desktop.domain.models import FoundKey, FoundServer
from desktop.presenters.bridge import Bridge
from desktop.presenters.firstrun import FirstRunPresenter, key_card, server_card
from desktop.ui.firstrun.page import FirstRunPage

FOUND = (
    server_card(FoundServer(name="Ollama", api_base="http://127.0.0.1:9/v1", models=("qwen3:32b",))),
    key_card(FoundKey(variable="ANTHROPIC_API_KEY", kind="anthropic", provider_name="Anthropic")),
)


@pytest.fixture
def presenter(idle_bridge: Bridge) -> FirstRunPresenter:
    """A presenter on a morning."""
    return FirstRunPresenter(bridge=idle_bridge, now=lambda: datetime(2026, 1, 1, 9, tzinfo=UTC))


@pytest.fixture
def page(qtbot: QtBot, presenter: FirstRunPresenter) -> FirstRunPage:
    """A page as wide as beside the sidebar, with four cards."""
    made = FirstRunPage(presenter=presenter)
    qtbot.addWidget(made)
    made.resize(1008, 660)
    made.show()
    presenter.cards.set_found(FOUND)
    return made


def test_the_page_greets(page: FirstRunPage) -> None:
    """The headline fits the time of day."""
    assert page.title.text() == "Good morning. Who would you like to talk to?"


def test_cards_stand_two_in_a_row(qtbot: QtBot, page: FirstRunPage) -> None:
    """With room there are two columns of one width, in reading order."""
    cards = page.cards()
    qtbot.waitUntil(lambda: cards[1].x() > cards[0].x())
    assert cards[0].y() == cards[1].y()
    assert cards[2].y() > cards[0].y()
    assert abs(cards[0].width() - cards[1].width()) <= 1


def test_cards_stand_below_each_other_where_it_is_narrow(qtbot: QtBot, page: FirstRunPage) -> None:
    """A narrow window has one column instead of squeezed words."""
    page.resize(420, 660)
    cards = page.cards()
    qtbot.waitUntil(lambda: cards[1].y() > cards[0].y())
    assert cards[0].x() == cards[1].x()
    assert page.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_card_works_by_keyboard(qtbot: QtBot, page: FirstRunPage, presenter: FirstRunPresenter, key: Qt.Key) -> None:
    """Enter and the space bar do what a click does."""
    card = page.cards()[2]
    with qtbot.waitSignal(presenter.provider_wanted):
        qtbot.keyClick(card, key)


def test_the_whole_card_is_the_button(qtbot: QtBot, page: FirstRunPage, presenter: FirstRunPresenter) -> None:
    """A click anywhere on a card counts, also on its words."""
    card = page.cards()[3]
    label = card.findChildren(QLabel)[0]
    with qtbot.waitSignal(presenter.model_chosen) as chosen:
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=label.geometry().center())
    assert chosen.args == ["guide/manual"]


def test_the_chosen_card_is_told_apart(page: FirstRunPage) -> None:
    """After a click on the guide its card says that one can write now."""
    page.cards()[3].click()
    assert page.cards()[3].accessibleName().endswith("Ready: write below")


def test_tab_follows_the_reading_order(page: FirstRunPage) -> None:
    """The Tab key goes from card to card as they are read."""
    cards = page.cards()
    page.activateWindow()
    cards[0].setFocus()
    assert cards[0].nextInFocusChain() is cards[1] or cards[0].nextInFocusChain() in cards[0].children()
    assert all(card.focusPolicy() == Qt.FocusPolicy.StrongFocus for card in cards)


def test_cards_have_names(page: FirstRunPage) -> None:
    """A screen reader hears each card once and whole."""
    assert page.cards()[1].accessibleName().startswith("A key was found: ANTHROPIC_API_KEY.")


def test_foreign_names_are_plain_text(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """A server that calls its models <img …> gets them shown as they stand."""
    presenter = FirstRunPresenter(bridge=idle_bridge)
    evil = "<img src='file:///etc/passwd'>"
    page = FirstRunPage(presenter=presenter)
    qtbot.addWidget(page)
    presenter.cards.set_found([server_card(FoundServer(name=evil, api_base="http://127.0.0.1:9/v1", models=(evil,)))])
    assert {label.textFormat() for label in page.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_nothing_is_shown_before_it_is_known(qtbot: QtBot, idle_bridge: Bridge) -> None:
    """The page waits for a moment, so that no card moves under the pointer."""
    page = FirstRunPage(presenter=FirstRunPresenter(bridge=idle_bridge))
    qtbot.addWidget(page)
    page.show()
    assert page.cards() == ()
    qtbot.waitUntil(lambda: len(page.cards()) == 2)


@pytest.mark.parametrize("pixels", [14, 28])
def test_no_word_is_cut(qtbot: QtBot, presenter: FirstRunPresenter, pixels: int) -> None:
    """At twice the text size each card is as high as its words need."""
    page = FirstRunPage(presenter=presenter)
    font = page.font()
    font.setPixelSize(pixels)
    page.setFont(font)
    qtbot.addWidget(page)
    page.resize(1008, 660)
    page.show()
    presenter.cards.set_found(FOUND)
    qtbot.waitUntil(lambda: all(card.height() >= card.heightForWidth(card.width()) for card in page.cards()))


def test_a_card_under_the_mouse_does_not_look_chosen(page: FirstRunPage) -> None:
    """The mouse lies where it lies when the program starts; the accent's border is the keyboard's alone."""
    card = page.cards()[-1]
    card.clearFocus()
    accent = card.palette().color(QPalette.ColorRole.Highlight)
    card.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    hovered = card.grab().toImage()
    assert card.underMouse()
    assert hovered.pixelColor(hovered.width() // 2, 0) != accent
    page.activateWindow()
    card.setFocus()
    focused = card.grab().toImage()
    assert focused.pixelColor(focused.width() // 2, 0) == accent


def test_the_headline_stays_in_one_line_where_there_is_room(qtbot: QtBot, page: FirstRunPage) -> None:
    """One lonely word on a second line looks like a mistake."""
    line = page.title.fontMetrics().horizontalAdvance(page.title.text())
    page.resize(line + 200, 660)
    qtbot.waitUntil(lambda: page.title.width() >= line)
    page.resize(420, 660)
    qtbot.waitUntil(lambda: page.title.width() < 420)
