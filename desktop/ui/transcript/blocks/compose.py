"""From spans to what a layout takes: one text, formats over it, and the links and formulas in it, in Qt's positions.

A layout of Qt's has no place for a drawing in a line. A formula that can be drawn is laid out as a blank of its width,
followed by characters of no width for the rest of its source: so every position in the text stays what it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.domain.markdown_blocks import Span
from desktop.domain.markdown_plain import shown_span
from desktop.ui.transcript.blocks.flow import Format, Inlay, units
from desktop.ui.transcript.formula_drawing import Drawing
from desktop.ui.transcript.formulas import Formulas
from desktop.ui.transcript.style import Face, Style

NOTE = "#"
"""What the target of a link begins with that leads to a footnote of the same message."""
_BLANK = "\u00a0"
_NOTHING = "\u2060"
_SMALLEST = 0.6


@dataclass(frozen=True, slots=True)
class Link:
    """A range of a text that leads somewhere."""

    start: int
    end: int
    target: str


@dataclass(frozen=True, slots=True)
class Composed:
    """A text with its formats and links; `laid` is the text with blanks for formulas.

    `waiting` are the sources of formulas that are shown as they are written, perhaps only until they are drawn.
    """

    text: str
    formats: tuple[Format, ...]
    links: tuple[Link, ...]
    laid: str = ""
    inlays: tuple[Inlay, ...] = ()
    waiting: frozenset[str] = frozenset()

    def inlays_before(self, position: int) -> list[Inlay]:
        """Return the formulas that begin before a position."""
        return [inlay for inlay in self.inlays if inlay.start < position]


def compose(
    spans: Sequence[Span],
    style: Style,
    *,
    face: Face | None = None,
    formulas: Formulas | None = None,
    room: float = 1e6,
) -> Composed:
    """Join spans into one text; formulas are drawn for `face` and are no wider than `room`."""
    face = face or style.text
    texts: list[str] = []
    laid: list[str] = []
    formats: list[Format] = []
    links: list[Link] = []
    inlays: list[Inlay] = []
    waiting: set[str] = set()
    at = 0
    for span in spans:
        text = shown_span(span)
        length = units(text)
        look = style.format(span, face)
        drawing = formulas.ask(span.text, display=False) if span.math and formulas is not None and length else None
        em = _em_of(drawing, face, room) if drawing is not None else 0.0
        if drawing is not None and em:
            inlays.append(Inlay(at, length, drawing, em))
            formats.append((at, 1, style.blank(face, drawing.width * em)))
            laid.append(_BLANK + _NOTHING * (length - 1))
        else:
            if span.math:
                waiting.add(span.text)
            laid.append(text)
            if look is not None:
                formats.append((at, length, look))
        target = NOTE + span.note if span.note else span.link or span.image
        if target and links and links[-1].end == at and links[-1].target == target:
            links[-1] = replace(links[-1], end=at + length)
        elif target:
            links.append(Link(at, at + length, target))
        texts.append(text)
        at += length
    text = "".join(texts)
    same = "".join(laid) if inlays else text
    return Composed(text, tuple(formats), tuple(links), same, tuple(inlays), frozenset(waiting))


def _em_of(drawing: Drawing, face: Face, room: float) -> float:
    """Return the size of a formula within a line, 0 where it would have to be too small to be read."""
    wanted = face.math_em
    fitting = min(wanted, room / drawing.width)
    return fitting if fitting >= _SMALLEST * wanted else 0.0


def common(old: Sequence[Span], new: Sequence[Span]) -> int:
    """Return how many positions at the beginning are the same in both."""
    same = 0
    for mine, theirs in zip(old, new, strict=False):
        if mine == theirs:
            same += units(shown_span(mine))
            continue
        if (
            not (mine.image or mine.math)
            and theirs.text.startswith(mine.text)
            and replace(theirs, text=mine.text) == mine
        ):
            same += units(mine.text)
        break
    return same
