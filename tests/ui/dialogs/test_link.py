from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.dialogs.link import COPY, OPEN, LinkQuestion, ask_to_open, openable
from desktop.ui.dialogs.question import CANCEL


class Browser(QObject):
    """Takes what would go to the user's browser."""

    def __init__(self) -> None:
        super().__init__()
        self.visited: list[str] = []

    @Slot(QUrl)
    def visit(self, url: QUrl) -> None:
        """Note an address."""
        self.visited.append(url.toString())


@pytest.fixture
def browser(qapp: object) -> Iterator[Browser]:
    """Nothing leaves the test."""
    made = Browser()
    for scheme in ("http", "https", "mailto", "file", "javascript"):
        QDesktopServices.setUrlHandler(scheme, made, "visit")  # type: ignore[arg-type]  # the stub says bytes; only text is taken
    yield made
    for scheme in ("http", "https", "mailto", "file", "javascript"):
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.mark.parametrize("target", ["http://example.org", "https://example.org/a?b#c", "mailto:me@example.org"])
def test_web_and_mail_may_be_opened(target: str) -> None:
    """Web and mail addresses may be followed."""
    assert openable(target) is not None


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,<script>",
        "file:///etc/passwd",
        "\\\\server\\share",
        "//server/share",
        "ftp://example.org",
        "/etc/passwd",
        "http://",
        "https:///etc/passwd",
        "vscode://open?x",
        "",
    ],
)
def test_nothing_else_may_be_opened(target: str) -> None:
    """Scripts, files, shares and other programs are never followed."""
    assert openable(target) is None


def test_nothing_is_opened_before_the_answer(host: QWidget, browser: Browser) -> None:
    """A click on a link in a message is only a question."""
    ask_to_open("https://example.org/a", host)
    assert browser.visited == []


def test_the_whole_address_is_shown(host: QWidget, browser: Browser) -> None:
    """What would be opened is shown to the last character, as plain text."""
    target = "https://example.org/" + "a" * 300 + "?to=evil"
    question = ask_to_open(target, host)
    detail = question.findChild(QPlainTextEdit)
    assert isinstance(detail, QPlainTextEdit)
    assert detail.toPlainText() == target


def test_look_alike_letters_are_shown(host: QWidget, browser: Browser) -> None:
    """A host in foreign letters cannot pass for another one."""
    question = ask_to_open("https://\u0430pple.com/", host)
    assert "xn--" in question.windowTitle()
    assert "xn--" in question.findChild(QPlainTextEdit).toPlainText()  # type: ignore[union-attr]


def test_open_follows_the_link(qtbot: QtBot, host: QWidget, browser: Browser) -> None:
    """After a yes the address goes to the system's browser, once."""
    question = ask_to_open("https://example.org/a", host)
    question.answer_button(OPEN).click()
    assert browser.visited == ["https://example.org/a"]


def test_copy_does_not_follow_the_link(host: QWidget, browser: Browser) -> None:
    """The address can be taken elsewhere without being visited."""
    question = ask_to_open("https://example.org/b", host)
    question.answer_button(COPY).click()
    assert QGuiApplication.clipboard().text() == "https://example.org/b"
    assert browser.visited == []


def test_a_forbidden_link_has_no_open_button(host: QWidget, browser: Browser) -> None:
    """A link that is never followed is shown, and that is all."""
    question = ask_to_open("file:///etc/passwd", host)
    assert not isinstance(question, LinkQuestion)
    assert question.objectName() == "linkRefused"
    question.close()
    assert browser.visited == []


@pytest.mark.parametrize(
    ("target", "label", "words"),
    [
        ("https://evil.net/", "https://bank.com", ("bank.com", "evil.net")),
        ("https://bank.com@evil.net/", "words", ("bank.com", "evil.net")),
        ("https://\u0430pple.com/", "words", ("xn--",)),
        ("https://evil.net/", "bank.com\u202e/x", ("bank.com", "evil.net")),
    ],
)
def test_a_disguised_link_is_told_and_enter_does_not_open_it(
    host: QWidget, browser: Browser, target: str, label: str, words: tuple[str, ...]
) -> None:
    """Where text and address disagree, the question says so, and the obvious answer is no."""
    question = ask_to_open(target, host, label=label)
    said = question.accessibleDescription()
    assert said.startswith("Careful")
    assert all(word in said for word in words)
    assert "\u202e" not in said
    assert (question.answer_button(OPEN).isDefault(), question.answer_button(CANCEL).isDefault()) == (False, True)


def test_an_honest_link_is_asked_about_calmly(host: QWidget, browser: Browser) -> None:
    """Nothing is made of a text that is the address."""
    question = ask_to_open("https://example.org/a", host, label="https://example.org/a")
    assert not question.accessibleDescription().startswith("Careful")
    assert question.answer_button(OPEN).isDefault()
