"""How a message's Markdown can stand inside a larger Markdown document, unchanged and unable to break out of its place.

What a text can do to what stands around it: leave a code fence open, leave an HTML element or comment open, close one
that it did not open, or define where `[words]` of the whole document lead. An open fence is closed after the text. Raw
HTML that is more than balanced, harmless tags, and definitions of links, are shown as they were written: the text is
put into a fence longer than any in it. In all cases the text itself stays byte for byte.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_PARSED = 500_000
"""Characters; a longer text is fenced without parsing it, which would take seconds."""

MAX_NESTING = 40
"""Containers in containers; what lies deeper is not looked at, so such a text is fenced."""

_VOID = frozenset({"br", "hr", "wbr"})
_HARMLESS = _VOID | {
    "b",
    "i",
    "u",
    "s",
    "em",
    "strong",
    "del",
    "ins",
    "sub",
    "sup",
    "kbd",
    "code",
    "samp",
    "var",
    "mark",
}
_HARMLESS |= {"small", "abbr", "q", "cite", "details", "summary", "blockquote"}
_TAG = re.compile(r"<(/?)([A-Za-z]+)\s*>|<([A-Za-z]+)\s*/>")
_BACKTICKS = re.compile("`+")
_LINE_END = re.compile(r"\r\n?|\n")
_PARSER = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING})
_MAY_REACH_OUT = re.compile(r"<|`{3}|~{3}|\]:")


@dataclass(frozen=True, slots=True)
class Embedding:
    """What stands before and after a text; `fenced` where the text is shown as it was written."""

    before: str = ""
    after: str = ""
    fenced: bool = False


def embed(text: str) -> Embedding:
    """Return what must stand around `text` so that it cannot reach beyond its place."""
    if len(text) > MAX_PARSED:
        return fence(text, "markdown")
    if not _MAY_REACH_OUT.search(text):
        return Embedding()
    known: dict[str, Any] = {}
    tokens = _PARSER.parse(text, known)
    too_deep = any(token.level >= MAX_NESTING - 2 for token in tokens)
    if too_deep or known.get("references") or not _html_is_harmless(tokens):
        return fence(text, "markdown")
    markup = _open_fence(tokens, _LINE_END.split(text))
    return Embedding(after="\n" + markup) if markup else Embedding()


def fence(text: str, language: str) -> Embedding:
    """Return a code fence that is longer than any run of backticks in `text`."""
    ticks = "`" * max(3, 1 + max((len(run) for run in _BACKTICKS.findall(text)), default=0))
    return Embedding(before=f"{ticks}{language}\n", after=f"\n{ticks}", fenced=True)


def _html_is_harmless(tokens: Sequence[Token]) -> bool:
    """Whether all raw HTML is tags of the harmless kind, without attributes and balanced."""
    opened: list[str] = []
    for token in tokens:
        for part in (token, *(token.children or ())):
            if part.type in ("html_block", "html_inline") and not _balances(part.content, opened):
                return False
    return not opened


def _balances(content: str, opened: list[str]) -> bool:
    """Follow the tags of a piece of HTML on the stack `opened`; return False at the first that does not fit."""
    if "<" in _TAG.sub("", content):
        return False
    for slash, name, void_name in _TAG.findall(content):
        tag = (name or void_name).lower()
        if tag not in _HARMLESS or (void_name and tag not in _VOID):
            return False
        if tag in _VOID:
            continue
        if not slash:
            opened.append(tag)
        elif not opened or opened.pop() != tag:
            return False
    return True


def _open_fence(tokens: Sequence[Token], lines: Sequence[str]) -> str:
    """Return the marks of the fence that is still open at the end of the text, or nothing.

    Only a fence that stands in no list and no quotation can stay open: the containers end with the text.
    """
    if not tokens or tokens[-1].type != "fence" or tokens[-1].map is None:
        return ""
    first, end = tokens[-1].map
    markup = tokens[-1].markup
    closing = re.compile(rf" {{0,3}}{markup[0]}{{{len(markup)},}}[ \t]*")
    closed = end - first >= 2 and closing.fullmatch(lines[end - 1])
    return "" if closed else markup
