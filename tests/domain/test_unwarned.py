"""What is copied of a message with misleading links."""

import pytest

from desktop.domain.markdown import parse as read
from desktop.domain.markdown_html import html_of
from desktop.domain.markdown_plain import shown_text
from desktop.domain.markdown_source import markdown_of
from desktop.domain.unwarned import unwarned

EVIL = "[https://mybank.com](https://evil.example.net/login)"


@pytest.mark.parametrize("text", [f"Go to {EVIL} now.", f"# {EVIL}", f"{EVIL}", "see [the docs](https://a.org) (here)"])
def test_a_copy_holds_an_address_once(text: str) -> None:
    """The warning that a reader sees is no part of what was written."""
    blocks = [unwarned(block) for block in read(text)]
    assert markdown_of(blocks) == text
    assert html_of(blocks).count("evil.example.net") <= 1


def test_a_table_is_copied_without_warnings() -> None:
    """Cells are running text too."""
    blocks = read(f"| a |\n| --- |\n| {EVIL} |")
    assert "(https://evil" in shown_text(blocks[0])
    assert markdown_of(map(unwarned, blocks)).count("evil") == 1
