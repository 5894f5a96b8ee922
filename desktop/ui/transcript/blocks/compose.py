"""From spans to what a layout takes: one text, formats over it, and the links in it, in Qt's positions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.domain.markdown_blocks import Span
from desktop.domain.markdown_plain import shown_span
from desktop.ui.transcript.blocks.flow import Format, units
from desktop.ui.transcript.style import Style


@dataclass(frozen=True, slots=True)
class Link:
    """A range of a text that leads somewhere."""

    start: int
    end: int
    target: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A text with its formats and links."""

    text: str
    formats: tuple[Format, ...]
    links: tuple[Link, ...]


def compose(spans: Sequence[Span], style: Style) -> Composed:
    """Join spans into one text."""
    texts: list[str] = []
    formats: list[Format] = []
    links: list[Link] = []
    at = 0
    for span in spans:
        text = shown_span(span)
        length = units(text)
        look = style.format(span)
        if look is not None:
            formats.append((at, length, look))
        target = span.link or span.image
        if target and links and links[-1].end == at and links[-1].target == target:
            links[-1] = replace(links[-1], end=at + length)
        elif target:
            links.append(Link(at, at + length, target))
        texts.append(text)
        at += length
    return Composed("".join(texts), tuple(formats), tuple(links))


def common(old: Sequence[Span], new: Sequence[Span]) -> int:
    """Return how many positions at the beginning are the same in both."""
    same = 0
    for mine, theirs in zip(old, new, strict=False):
        if mine == theirs:
            same += units(shown_span(mine))
            continue
        if not mine.image and theirs.text.startswith(mine.text) and replace(theirs, text=mine.text) == mine:
            same += units(mine.text)
        break
    return same
