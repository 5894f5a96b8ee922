"""Links that are not what they seem."""

import pytest

from desktop.domain.links import Disguise, ascii_host, ascii_target, link_texts, suspicion, worst_text
from desktop.domain.markdown_blocks import Alignment, Heading, Paragraph, Rule, Span, Table

APPLE = "https://\u0430pple.com/"
"""The first letter is Cyrillic."""


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("https://example.org/a", "the page"),
        ("https://example.org/a", "https://example.org"),
        ("https://www.example.org/a", "example.org"),
        ("https://docs.example.org/a", "see example.org for more"),
        ("https://nodejs.org", "node.js"),
        ("https://example.org", "README.md"),
        ("https://example.org", "me@bank.com"),
        ("mailto:me@example.org", "https://bank.com"),
        ("https://example.org", ""),
    ],
)
def test_an_honest_link_is_not_suspected(target: str, text: str) -> None:
    """A word, the address itself, its domain, or a file's name mislead nobody."""
    assert suspicion(target, text) is None


@pytest.mark.parametrize(
    ("target", "text", "shown"),
    [
        ("https://evil.net/", "https://bank.com/login", "https://bank.com/login"),
        ("https://evil.net/", "www.bank.com", "www.bank.com"),
        ("https://evil.net/", "Go to bank.com, please", "bank.com"),
        ("https://bank.com.evil.net/", "bank.com", "bank.com"),
        ("https://evilbank.com/", "bank.com", "bank.com"),
        ("https://bank.com/", "https://b\u0430nk.com", "https://b\u0430nk.com"),
    ],
)
def test_a_text_that_names_another_host_is_told(target: str, text: str, shown: str) -> None:
    """What looks like an address must be the address."""
    found = suspicion(target, text)
    assert found is not None
    assert (found.disguise, found.shown) == (Disguise.OTHER_HOST, shown)


@pytest.mark.parametrize("target", ["https://bank.com@evil.net/", "http://bank.com:80@evil.net/", "https://@evil.net"])
def test_a_name_before_the_host_is_told(target: str) -> None:
    """What stands before the @ is not where the link leads."""
    found = suspicion(target, "words")
    assert found is not None
    assert (found.disguise, found.host) == (Disguise.USER_INFO, "evil.net")


def test_letters_of_other_alphabets_are_told() -> None:
    """A Cyrillic a is not a Latin one, and the host is shown so that it is seen."""
    found = suspicion(APPLE, "words")
    assert found is not None
    assert found.disguise is Disguise.FOREIGN_LETTERS
    assert found.host.startswith("xn--")


def test_a_host_that_cannot_be_encoded_is_ascii_all_the_same() -> None:
    """Labels that are too long or empty do not break the look at a link."""
    assert ascii_host("\u00e4" * 90 + ".org").isascii()
    assert ascii_host("Example.ORG.") == "example.org"
    assert ascii_host("a" * 90 + ".org") == "a" * 90 + ".org"


@pytest.mark.parametrize("target", ["https://[::1", "file:///etc/passwd", "javascript:alert(1)", ""])
def test_what_is_no_web_address_is_judged_elsewhere(target: str) -> None:
    """Whether it may be opened at all is another question."""
    assert suspicion(target, "https://bank.com") is None


def test_texts_are_found_across_styles() -> None:
    """A link that is partly bold has one text; two links to one place have two."""
    to = "https://a.org"
    spans = (Span("go "), Span("ba", link=to), Span("nk.com", link=to, bold=True), Span(" or "), Span("here", link=to))
    assert link_texts(Paragraph(spans), to) == ("bank.com", "here")
    assert link_texts(Heading(1, spans[1:3]), to) == ("bank.com",)


def test_texts_are_found_in_tables() -> None:
    """A cell's links count like a paragraph's."""
    to = "https://a.org"
    table = Table(((Span("x"),),), (((Span("here", link=to),),),), (Alignment.NONE,))
    assert link_texts(table, to) == ("here",)
    assert link_texts(Rule(), to) == ()


def test_the_most_misleading_text_counts() -> None:
    """Which of two links to one place was followed is not told, so the worse one is judged."""
    to = "https://a.org"
    assert worst_text((Paragraph((Span("x", link=to),)), Paragraph((Span("bank.com", link=to),))), to) == "bank.com"
    assert worst_text((Paragraph((Span("x", link=to),)),), to) == "x"
    assert worst_text((None,), to) == ""


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("https://example.org/a?b#c", "https://example.org/a?b#c"),
        ("https://\u00e4.org/\u00e4", "https://xn--4ca.org/\u00e4"),
        ("https://a.org/\u202egro.knab", "https://a.org/\ufffdgro.knab"),
        ("mailto:me@example.org", "mailto:me@example.org"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_an_address_is_shown_so_that_it_can_be_read(target: str, shown: str) -> None:
    """Hosts of other alphabets and marks that turn the direction of text are made visible."""
    assert ascii_target(target) == shown
