import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from desktop.services.exchange.embedding import MAX_PARSED, Embedding, embed, fence
from tests.services.exchange.nasty import NASTY

MARK = "<!-- the end of it -->"


def document(text: str) -> str:
    found = embed(text)
    return f"{found.before}{text}{found.after}\n\n{MARK}\n\n# After\n"


@given(NASTY)
def test_what_follows_a_text_is_always_free_of_it(text: str) -> None:
    """After any text stand a comment of its own and a heading of its own, in no fence and in no container."""
    tokens = MarkdownIt("commonmark").parse(document(text))
    *_before, comment, opened, heading, _closed = tokens
    assert (comment.type, comment.level, comment.content.strip()) == ("html_block", 0, MARK)
    assert (opened.type, opened.level, heading.content) == ("heading_open", 0, "After")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain words",
        "a < b and c > d",
        "```python\nx = 1\n```",
        "~~~\n```\n~~~",
        "a list:\n- ```\n  code",
        "> ```\n> quoted code",
        "H<sub>2</sub>O<br>and <kbd>Ctrl</kbd><br/>",
        "<details>\n<summary>More</summary>\n\ntext\n\n</details>",
        "<https://example.org>",
        "`<script>` in code",
    ],
)
def test_a_text_that_harms_nothing_stands_as_it_is(text: str) -> None:
    """Ordinary answers are not touched at all."""
    assert embed(text) == Embedding()


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("```python\nx = 1", "\n```"),
        ("```", "\n```"),
        ("~~~~\n~~~", "\n~~~~"),
        ("`````\n```\n", "\n`````"),
        ("```\ncode\n    ```", "\n```"),
        ("```\ncode\n``` no end", "\n```"),
        ("```\r\ncode\r\n\r\n", "\n```"),
    ],
)
def test_an_open_fence_is_closed_after_the_text(text: str, after: str) -> None:
    """The text stays as it is, and the fence ends with it."""
    assert embed(text) == Embedding(after=after)


@pytest.mark.parametrize(
    "text",
    [
        "<details>",
        "</details>",
        "<b>bold",
        "<b><i>crossed</b></i>",
        "<b/>",
        "<script>alert(1)</script>",
        "<!-- /text -->",
        "<!--",
        "<div\nclass=x",
        "<img src=http://example.org/x.png>",
        "<b onclick=x>y</b>",
        "Vec<T> and Map<K>",
        "<?php",
        "<![CDATA[",
        "<details>\na < b\n</details>",
        "> " * 60 + "<details>",
    ],
)
def test_html_that_is_not_harmless_is_shown_as_it_was_written(text: str) -> None:
    """Raw HTML never reaches what follows, nor a browser."""
    assert embed(text).fenced


def test_a_fence_is_longer_than_any_in_the_text() -> None:
    """No run of backticks inside can end it."""
    assert fence("a ````` b", "text") == Embedding(before="``````text\n", after="\n``````", fenced=True)


def test_a_giant_is_fenced_without_a_look() -> None:
    """Parsing megabytes would take seconds, so a giant is shown as it was written."""
    assert embed("a" * (MAX_PARSED + 1)).fenced


@pytest.mark.parametrize("text", ["[x]: /evil", "> [x]: /evil", "Words.\n\n[x]:\n/evil 'title'\n", "[x]: /a\n[x]: /b"])
def test_a_text_defines_no_link_for_the_rest_of_the_document(text: str) -> None:
    """What somebody else wrote in brackets leads nowhere that this text says."""
    assert embed(text).fenced
    whole = MarkdownIt("commonmark").render(f"[x] before\n\n{document(text)}\n[x] after")
    assert "<a " not in whole
