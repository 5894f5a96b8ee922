"""HTML for the clipboard: clean, well formed, and without a tag that the text brought."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.markdown import parse
from desktop.domain.markdown_blocks import CodeFence, Formula, Image, Item, Paragraph, PlainReason, PlainText, Span
from desktop.domain.markdown_html import html_of

TAGS = {
    "root", "p", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "code", "pre", "del", "a", "ul", "ol", "li",
    "blockquote", "table", "thead", "tbody", "tr", "th", "td", "hr", "br",
}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
HOSTILE = (
    "<script>alert(1)</script>", "<b onclick='x'>", "&lt;", "&#60;i>", '"', "'", ">", "<", "\x00", "\x1b", "\ud800",
    "[a](https://x.org/\"><script>)", "![i](https://x.org/i.png)", "[a](javascript:x)", "`<i>`", "\n\n", "\n", "- ",
    "3. ", "> ", "# ", "```\n", "|a|<b>|\n|-|-|\n", "$<x>$", "[^1]", "\n[^1]: <n>\n", "- [x] ", "---\n", "**b**", "  ",
)  # fmt: skip


def tree(html: str) -> ET.Element:
    return ET.fromstring(f"<root>{html}</root>")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", ""),
        ("a **b** *c* ~~d~~ `e<f`",
         "<p>a <strong>b</strong> <em>c</em> <del>d</del> <code>e&lt;f</code></p>"),
        ("a  \nb", "<p>a<br/>b</p>"),
        ("## t", "<h2>t</h2>"),
        ("[a](https://x.org?a=1&b=2)", '<p><a href="https://x.org?a=1&amp;b=2">a</a></p>'),
        ("- a\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li><p>a</p></li><li><p>b</p></li></ol>'),
        ("1. a\n   - b\n\n   c\n2. d",
         "<ol><li><p>a</p><ul><li><p>b</p></li></ul><p>c</p></li><li><p>d</p></li></ol>"),
        ("- a\n\n1. b", "<ul><li><p>a</p></li></ul><ol><li><p>b</p></li></ol>"),
        ("- [x] a\n- [ ] b", "<ul><li><p>☑ a</p></li><li><p>☐ b</p></li></ul>"),
        ("> a\n>\n> - b\n\nc", "<blockquote><p>a</p><ul><li><p>b</p></li></ul></blockquote><p>c</p>"),
        ("```py\na\n\n<b>\n```", "<pre><code>a\n\n&lt;b&gt;</code></pre>"),
        ("- ```\n  a\n  ```", "<ul><li><pre><code>a</code></pre></li></ul>"),
        ("---", "<hr/>"),
        ("|a|b|\n|-|:-:|\n|1|2|",
         ('<table><thead><tr><th>a</th><th align="center">b</th></tr></thead><tbody><tr><td>1</td>'
          '<td align="center">2</td></tr></tbody></table>')),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("see ![cat](https://x.org/c.png)",
         '<p>see cat (<a href="https://x.org/c.png">https://x.org/c.png</a>)</p>'),
    ],
)  # fmt: skip
def test_html(source: str, expected: str) -> None:
    """Each construct becomes its tags."""
    assert html_of(parse(source)) == expected


def test_parts_of_a_table_are_one_table() -> None:
    """What is cut for the screen is whole in a document."""
    html = html_of(parse("|a|\n|-|\n" + "|1|\n" * 50))
    assert html.count("<table>") == html.count("<th>") == 1
    assert html.count("<td>") == 50


def test_parts_of_code_are_one_piece_of_code() -> None:
    """Code in parts is whole again."""
    assert html_of((CodeFence("", "a"), CodeFence("", "b", part=1))) == "<pre><code>a\nb</code></pre>"


def test_formulas_are_their_source() -> None:
    """A formula is written so that it can be read as one again."""
    blocks = (Paragraph((Span("a<b", math=True),)), Formula("x\n&y"))
    assert html_of(blocks) == "<p>\\(a&lt;b\\)</p><p>\\[x<br/>&amp;y\\]</p>"


def test_an_image_that_stands_alone_is_its_text_and_a_link() -> None:
    """Nothing that is pasted fetches an image."""
    html = html_of((Image("https://x.org/c.png"), Image("file:///etc/passwd", "x")))
    assert html == '<p><a href="https://x.org/c.png">https://x.org/c.png</a></p><p>x (file:///etc/passwd)</p>'


def test_a_footnote_shows_its_label() -> None:
    """A footnote's text follows its label."""
    note = Paragraph((Span("text"),), (Item("1.", first=True, note="1"),))
    assert html_of((note,)) == "<ul><li><p>[1] text</p></li></ul>"


def test_plain_text_is_kept_to_the_letter() -> None:
    """What was not rendered is not rendered here either."""
    assert html_of((PlainText("> > <b>", PlainReason.TOO_DEEP),)) == "<pre>&gt; &gt; &lt;b&gt;</pre>"


def test_only_targets_that_may_be_opened_become_links() -> None:
    """A target from elsewhere than the parser is checked again."""
    assert html_of((Paragraph((Span("a", link="javascript:x"),)),)) == "<p>a</p>"


@given(st.lists(st.sampled_from(HOSTILE), max_size=30).map("".join))
def test_html_is_well_formed_and_holds_no_foreign_tag(source: str) -> None:
    """Whatever the text is, the result can be read by the strictest reader and has our tags alone."""
    html = html_of(parse(source))
    for element in tree(html).iter():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES.get(element.tag, set())
        assert re.match(r"https?://|mailto:", element.get("href", "https://"))
