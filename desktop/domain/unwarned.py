"""Blocks without the warnings that a reader sees behind misleading links: in a copy the address stands in the link."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from desktop.domain.markdown_blocks import Block, Heading, Paragraph, Span, Table
from desktop.domain.markdown_inline import is_disguised


def unwarned(block: Block) -> Block:
    """Return a block without them."""
    match block:
        case Paragraph(spans=spans) | Heading(spans=spans):
            return replace(block, spans=_spans(spans))
        case Table(header=header, rows=rows):
            cells = tuple(tuple(map(_spans, row)) for row in rows)
            return replace(block, header=tuple(map(_spans, header)), rows=cells)
        case _:
            return block


def _spans(spans: Sequence[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    warning = ""
    for target, group in groupby(spans, key=lambda span: span.link):
        some = list(group)
        if warning and not target:
            first = some[0].text
            if first.startswith(warning):
                some[0] = replace(some[0], text=first[len(warning) :])
            elif warning.startswith(first):  # the part that is copied ends in it
                some[0] = replace(some[0], text="")
        shown = "".join(span.text for span in some)
        warning = f" ({target})" if target and is_disguised(shown, target) else ""
        found += [span for span in some if span.text or span.image]
    return tuple(found)
