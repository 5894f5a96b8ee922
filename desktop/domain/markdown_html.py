"""Blocks as clean HTML, for what is pasted into a word processor or a mail.

Only a handful of tags are ever written, all of them here; whatever comes from the text is escaped. Formulas are their
source, images are their text and a link: nothing that is pasted fetches anything.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape

from desktop.domain.markdown_blocks import (
    Alignment,
    Block,
    Cell,
    CodeFence,
    Container,
    Formula,
    Heading,
    Image,
    Item,
    Paragraph,
    PlainText,
    Quote,
    Rule,
    Span,
    Table,
)

_OPENABLE = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,9})[.)]$")
# What XML does not allow at all, so that strict readers take the result too.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BOXES = {True: "☑ ", False: "☐ ", None: ""}


def html_of(blocks: Iterable[Block]) -> str:
    """Return blocks as a fragment of well-formed HTML."""
    writer = _Writer()
    for block in _whole(blocks):
        writer.add(block)
    return writer.finish()


def html_of_spans(spans: Sequence[Span]) -> str:
    """Return running text as HTML without a paragraph around it."""
    return "".join(map(_span, spans))


def _whole(blocks: Iterable[Block]) -> Iterable[Block]:
    """Put tables and code together again that come in parts."""
    last: Block | None = None
    for block in blocks:
        match last, block:
            case Table(), Table() if block.part:
                last = replace(last, rows=(*last.rows, *block.rows))
            case CodeFence(), CodeFence() if block.part:
                last = replace(last, text=f"{last.text}\n{block.text}")
            case _:
                if last is not None:
                    yield last
                last = block
    if last is not None:
        yield last


@dataclass(slots=True)
class _Open:
    """A container that has been begun: what closes it, and which item of a list it is."""

    container: Container
    closing: str
    number: int = 0


class _Writer:
    """Opens and closes containers as the blocks ask for them."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[_Open] = []

    def add(self, block: Block) -> None:
        kept = self._kept(block.nest)
        following = self._open[kept] if kept < len(self._open) else None
        self._close(kept + 1 if following and _follows(following, block.nest[kept : kept + 1]) else kept)
        if len(self._open) > kept:
            item = block.nest[kept]
            assert isinstance(item, Item), "only an item follows an item"
            self._parts.append("</li><li>")
            self._open[kept].container, self._open[kept].number = item, _number(item)
            kept += 1
        for container in block.nest[kept:]:
            self._begin(container)
        self._parts.append(_block(block, _mark(block.nest)))

    def finish(self) -> str:
        self._close(0)
        return "".join(self._parts)

    def _kept(self, nest: tuple[Container, ...]) -> int:
        """Return how many of the open containers the next block stands in too."""
        count = 0
        for mine, container in zip(self._open, nest, strict=False):
            if isinstance(container, Item) and (container.first or not isinstance(mine.container, Item)):
                break
            if isinstance(container, Quote) and not isinstance(mine.container, Quote):
                break
            count += 1
        return count

    def _close(self, count: int) -> None:
        while len(self._open) > count:
            self._parts.append(self._open.pop().closing)

    def _begin(self, container: Container) -> None:
        if isinstance(container, Quote):
            self._parts.append("<blockquote>")
            self._open.append(_Open(container, "</blockquote>"))
            return
        number = _number(container)
        tag = "ul" if number < 0 else "ol"
        self._parts.append(f'<ol start="{number}"><li>' if number not in (-1, 1) else f"<{tag}><li>")
        self._open.append(_Open(container, f"</li></{tag}>", number))


def _number(item: Item) -> int:
    """Return the number of an item, or -1 where it has none."""
    found = None if item.note else _NUMBER.match(item.marker)
    return int(found[1]) if found else -1


def _follows(last: _Open, nest: tuple[Container, ...]) -> bool:
    """Return whether an item is the next one of an open list."""
    if not nest or not isinstance(nest[0], Item) or not isinstance(last.container, Item):
        return False
    number = _number(nest[0])
    if number < 0 or last.number < 0:
        return number == last.number
    return number == last.number + 1


def _mark(nest: tuple[Container, ...]) -> str:
    """Return what stands before the text of a block that begins an item: a box, or the label of a footnote."""
    item = nest[-1] if nest else None
    if not isinstance(item, Item) or not item.first:
        return ""
    return f"[{_text(item.note)}] " if item.note else _BOXES[item.checked]


def _block(block: Block, mark: str) -> str:
    match block:
        case Paragraph(spans=spans):
            return f"<p>{mark}{html_of_spans(spans)}</p>"
        case Heading(level=level, spans=spans):
            return f"<h{level}>{mark}{html_of_spans(spans)}</h{level}>"
        case Formula(source=source):
            return f"<p>{mark}\\[{_text(source)}\\]</p>"
        case Image():
            return f"<p>{mark}{_span(Span(block.text, link=block.link, image=block.address))}</p>"
        case CodeFence(text=text):
            return f"{_alone(mark)}<pre><code>{_text(text, line_break=chr(10))}</code></pre>"
        case PlainText(text=text):
            return f"{_alone(mark)}<pre>{_text(text, line_break=chr(10))}</pre>"
        case Table():
            return f"{_alone(mark)}{_table(block)}"
        case Rule():
            return f"{_alone(mark)}<hr/>"


def _alone(mark: str) -> str:
    return f"<p>{mark}</p>" if mark else ""


def _table(table: Table) -> str:
    head = _row("th", table.header, table.alignments)
    body = "".join(_row("td", row, table.alignments) for row in table.rows)
    return f"<table><thead>{head}</thead>" + (f"<tbody>{body}</tbody>" if body else "") + "</table>"


def _row(tag: str, row: tuple[Cell, ...], alignments: tuple[Alignment, ...]) -> str:
    cells = (
        f'<{tag} align="{alignment}">{html_of_spans(cell)}</{tag}>'
        if alignment
        else f"<{tag}>{html_of_spans(cell)}</{tag}>"
        for cell, alignment in zip(row, alignments, strict=False)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _span(span: Span) -> str:
    shown = _text(span.text)
    if span.image:
        address = _link(_text(span.image), span.image)
        return f"{shown} ({address})" if shown else address
    if span.math:
        shown = f"\\({shown}\\)"
    wraps: tuple[tuple[bool, Callable[[str], str]], ...] = (
        (span.code, lambda inner: f"<code>{inner}</code>"),
        (span.strike, lambda inner: f"<del>{inner}</del>"),
        (span.italic, lambda inner: f"<em>{inner}</em>"),
        (span.bold, lambda inner: f"<strong>{inner}</strong>"),
        (bool(span.link), lambda inner: _link(inner, span.link)),
    )
    for wanted, wrap in wraps:
        if wanted:
            shown = wrap(shown)
    return shown


def _link(inner: str, target: str) -> str:
    """Return a link to a target that may be opened, or the text alone."""
    if not _OPENABLE.match(target):
        return inner
    return f'<a href="{_text(target, line_break="")}">{inner}</a>'


def _text(text: str, *, line_break: str = "<br/>") -> str:
    """Return text that cannot be read as anything but text."""
    clean = _UNWRITABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    return escape(clean, quote=True).replace("\n", line_break)
