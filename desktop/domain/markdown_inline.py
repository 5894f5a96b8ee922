"""Inline grammar: from the raw content of a paragraph, heading or cell to spans, by markdown-it's rules.

A streaming paragraph is read again with every token, so `TailReader` remembers the part of it that later text cannot
change: the cost of a token must not grow with the paragraph.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from markdown_it.token import Token

from desktop.domain.markdown_blocks import Span
from desktop.domain.markdown_formulas import has_open_formula
from desktop.domain.markdown_grammar import Environment, Grammar

_INLINE = Grammar(nesting=20)
# Characters that may still pair up with something later; text free of them is settled at the next blank.
_OPENER = re.compile(r"\*(?!\s)|(?<!\w)_(?!\s)|~(?!\s)|`")
_BRACKET = re.compile(r"[\[\]]")
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://|www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})(?:[:/?#].*)?", re.IGNORECASE
)
_SETTLE_EVERY = 80
# Each bracket or delimiter may cost markdown-it a walk over the whole piece; far more of them is not prose.
_MAX_DELIMITERS = 1_200
_DELIMITERS = re.compile(r"[*_~`\[\]!<$]|\\[(\[]")


def spans(content: str, environment: Environment) -> tuple[Span, ...]:
    """Read inline content as spans."""
    if not content:
        return ()
    if len(_DELIMITERS.findall(content)) > _MAX_DELIMITERS:
        return (Span(content),)
    tokens: list[Token] = []
    _INLINE.inline.parse(content, _INLINE, environment, tokens)
    return tuple(join(_collect(tokens)))


def join(parts: Iterable[Span]) -> list[Span]:
    """Merge neighbours of the same style, so that equal text gives equal spans however it was read."""
    joined: list[Span] = []
    texts: list[str] = []

    def end_run() -> None:
        if len(texts) > 1:
            joined[-1] = replace(joined[-1], text="".join(texts))
        texts.clear()

    for part in parts:
        if not part.text and not part.image:
            continue
        alone = part.image or part.math or part.note
        if texts and not alone and _is_same_style(joined[-1], part):
            texts.append(part.text)
            continue
        end_run()
        joined.append(part)
        texts.append(part.text)
    end_run()
    return joined


def _is_same_style(one: Span, other: Span) -> bool:
    return (one.bold, one.italic, one.code, one.strike, one.link, one.image, one.math, one.note) == (
        other.bold, other.italic, other.code, other.strike, other.link, other.image, other.math, other.note
    )  # fmt: skip


def is_disguised(text: str, target: str) -> bool:
    """Return whether a link's text reads like an address of another host than the one it leads to."""
    shown = _ADDRESS.fullmatch(text.strip())
    if shown is None:
        return False
    try:
        host = urlsplit(target).hostname or ""
    except ValueError:
        return True
    if target.lower().startswith("mailto:"):
        return True
    return shown.group(1).lower().removeprefix("www.") != host.lower().removeprefix("www.")


_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def _collect(tokens: list[Token]) -> Iterable[Span]:
    style = Span("")
    depth = {"em": 0, "strong": 0, "s": 0}
    run: list[str] = []  # plain text is gathered: a paragraph of a thousand lines is one span
    shown = ""
    for token in tokens:
        kind = token.type
        if kind in ("text", "text_special") or kind in _BREAKS:
            run.append(_BREAKS.get(kind, token.content))
            shown += token.content
            continue
        if run:
            yield replace(style, text="".join(run))
            run.clear()
        if token.tag in depth:
            depth[token.tag] += token.nesting
            style = replace(style, italic=depth["em"] > 0, bold=depth["strong"] > 0, strike=depth["s"] > 0)
        elif kind == "link_open":
            shown = ""
            style = replace(style, link=str(token.attrs.get("href", "")))
        elif kind == "link_close":
            target, style = style.link, replace(style, link="")
            if is_disguised(shown, target):
                yield replace(style, text=f" ({target})")
        else:
            shown += token.content if kind in ("code_inline", "formula_inline") else ""
            yield _single(token, style)
    if run:
        yield replace(style, text="".join(run))


def _single(token: Token, style: Span) -> Span:
    """Return the span of a token that stands for itself."""
    match token.type:
        case "code_inline":
            return replace(style, text=token.content, code=True)
        case "formula_inline":
            return replace(style, text=token.content, math=True)
        case "footnote_ref":
            label = str(token.meta["label"])
            return replace(style, text=f"[{label}]", note=label)
        case "image":
            words = "".join(span.text for span in _collect(token.children or []))
            return Span(words, link=style.link, image=str(token.attrs.get("src", "")))
        case _:
            return replace(style, text=token.content)


class TailReader:
    """Reads the open end of a document again and again, remembering what cannot change any more."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Span, ...]] = {}
        self._fresh: dict[str, tuple[Span, ...]] = {}
        self._settled = ""
        self._settled_spans: tuple[Span, ...] = ()
        self._due = _SETTLE_EVERY

    def begin(self) -> None:
        """Start one reading of the tail; what the last one did not use is forgotten."""
        self._known, self._fresh = self._fresh, {}

    def spans(self, content: str, environment: Environment) -> tuple[Span, ...]:
        """Return what `spans` would, from memory where possible."""
        known = self._known.get(content) or self._fresh.get(content)
        if known is None:
            known = self._read(content, environment)
        self._fresh[content] = known
        return known

    def forget(self) -> None:
        """Drop everything: the tail has become something else, or a link definition has changed its meaning."""
        self._known, self._fresh = {}, {}
        self._forget_settled()

    def _forget_settled(self) -> None:
        self._settled, self._settled_spans, self._due = "", (), _SETTLE_EVERY

    def _read(self, content: str, environment: Environment) -> tuple[Span, ...]:
        if not self._settled or not content.startswith(self._settled):
            if len(content) < 2 * _SETTLE_EVERY:
                return spans(content, environment)
            self._forget_settled()
        rest = content[len(self._settled) :]
        if len(rest) > self._due:
            # What could not be settled is not tried again with every token.
            self._due = len(rest) + _SETTLE_EVERY
            rest = self._settle(rest, environment)
        return _joined(self._settled_spans, spans(rest, environment))

    def _settle(self, rest: str, environment: Environment) -> str:
        """Move the settled part forward to the last blank, if nothing before it is waiting for a partner."""
        cut = rest.rfind(" ")
        if cut <= 0 or cut + 1 >= len(rest) or rest[cut - 1].isspace() or rest[cut + 1].isspace():
            return rest
        head = spans(rest[:cut], environment)
        if not _is_settled(head) or rest[cut - 1] == "\\" or has_open_formula(rest[:cut]):
            return rest
        self._settled += rest[: cut + 1]
        self._settled_spans = _joined(self._settled_spans, (*head, Span(" ")))
        self._due = _SETTLE_EVERY
        return rest[cut + 1 :]


def _joined(before: tuple[Span, ...], after: tuple[Span, ...]) -> tuple[Span, ...]:
    """Join spans where two runs of them meet; within each they are joined already."""
    return (*before[:-1], *join((*before[-1:], *after)))


def _is_settled(head: tuple[Span, ...]) -> bool:
    """Return whether nothing in spans waits for a partner: no mark that may open, no bracket that is not closed."""
    depth = 0
    for span in head:
        if span.code or span.math or span.note:
            continue
        if _OPENER.search(span.text):
            return False
        for bracket in _BRACKET.findall(span.text):
            depth = depth + 1 if bracket == "[" else max(0, depth - 1)
    return depth == 0
