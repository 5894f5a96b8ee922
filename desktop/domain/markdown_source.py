"""Blocks as Markdown again, for a part of a message: the whole of one is copied as it was written."""

import re
from collections.abc import Iterable, Sequence

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

_SPECIAL = re.compile(r"[\\`*\[\]<$]|~~|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
_LINE_START = re.compile(r"^(\s{0,3})([#>+-]|={2,}|~{3,})", re.MULTILINE)
_NUMBERED = re.compile(r"^(\s{0,3}\d{1,9})([.)])(?=\s|$)", re.MULTILINE)
_NUMBER = re.compile(r"\d{1,9}[.)]$")
_BACKTICKS = re.compile("`+")
_RULES = {Alignment.NONE: "---", Alignment.LEFT: ":--", Alignment.CENTER: ":-:", Alignment.RIGHT: "--:"}
_ESCAPES = {"[": "&#91;"}
_BOXES = {True: "[x] ", False: "[ ] ", None: ""}


def markdown_of(blocks: Iterable[Block]) -> str:
    """Return Markdown that reads as these blocks."""
    writer = _Writer()
    for block in blocks:
        writer.add(block)
    return "\n".join(writer.lines)


class _Writer:
    """Writes blocks below each other; items that were begun before the first block are not there to go on with."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._last: Block | None = None
        self._nest: tuple[Container, ...] = ()
        self._kept: list[bool] = []

    def add(self, block: Block) -> None:
        last, self._last = self._last, block
        kept = self._keep(block.nest)
        nest = tuple(container for container, keep in zip(block.nest, kept, strict=True) if keep)
        rest = "".join(map(_rest, nest))
        if isinstance(last, Table) and isinstance(block, Table) and block.part:
            self.lines += [rest + _row(row) for row in block.rows]
            return
        if isinstance(last, CodeFence) and isinstance(block, CodeFence) and block.part:
            fence = self.lines.pop()
            self.lines += [*(rest + line for line in block.text.split("\n")), fence]
            return
        if self.lines and (block.gap or not isinstance(block, Paragraph | Heading)):
            self.lines.append(self._between(nest))
        self._nest = nest
        first = "".join(map(_first, nest))
        for number, line in enumerate(_lines(block)):
            start = rest if number else first
            self.lines.append(start + line if line else start.rstrip())

    def _keep(self, nest: tuple[Container, ...]) -> list[bool]:
        before = self._kept
        self._kept = [
            not isinstance(container, Item) or container.first or (index < len(before) and before[index])
            for index, container in enumerate(nest)
        ]
        return self._kept

    def _between(self, nest: tuple[Container, ...]) -> str:
        """Return an empty line within the containers that go on."""
        shared = []
        for mine, theirs in zip(self._nest, nest, strict=False):
            if (isinstance(theirs, Item) and theirs.first) or isinstance(mine, Quote) is not isinstance(theirs, Quote):
                break
            shared.append(_rest(theirs))
        return "".join(shared).rstrip()


def _marker(item: Item) -> str:
    if item.note:
        return f"[^{item.note}]: "
    return f"{item.marker} " if _NUMBER.match(item.marker) else "- "


def _first(container: Container) -> str:
    if isinstance(container, Quote):
        return "> "
    return _marker(container) + _BOXES[container.checked] if container.first else _rest(container)


def _rest(container: Container) -> str:
    if isinstance(container, Quote):
        return "> "
    return " " * (4 if container.note else len(_marker(container)))


def _lines(block: Block) -> list[str]:
    match block:
        case Paragraph(spans=spans):
            return _inline(spans).split("\n")
        case Heading(level=level, spans=spans):
            return [f"{'#' * level} {_inline(spans).replace(chr(92) + chr(10), ' ')}"]
        case CodeFence(language=language, text=text):
            fence = "`" * max(3, 1 + max(map(len, _BACKTICKS.findall(text)), default=0))
            return [fence + language, *text.split("\n"), fence]
        case PlainText(text=text):
            return text.split("\n")
        case Formula(source=source):
            return ["$$", *source.split("\n"), "$$"]
        case Image(address=address, text=text, link=link):
            return [_span(Span(text, image=address, link=link))]
        case Table(header=header, rows=rows, alignments=alignments):
            line = "| " + " | ".join(_RULES[alignment] for alignment in alignments) + " |"
            return [_row(header), line, *map(_row, rows)]
        case Rule():
            return ["---"]


def _row(row: Sequence[Cell]) -> str:
    cells = (_inline(cell).replace("\\\n", " ").replace("\n", " ").replace("|", "\\|") for cell in row)
    return "| " + " | ".join(cells) + " |"


def _inline(spans: Sequence[Span]) -> str:
    text = "".join(map(_span, spans))
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", text))


def _span(span: Span) -> str:
    if span.image:
        image = f"![{_escape(span.text)}]({_target(span.image)})"
        return f"[{image}]({_target(span.link)})" if span.link else image
    if span.math:
        return f"\\({span.text}\\)"
    if span.note:
        return f"[^{span.note}]"
    if span.link and span.text == span.link and not span.code:
        return f"<{span.link}>"
    inner = span.text.strip()
    if not inner:
        return span.text
    lead, trail = span.text[: len(span.text) - len(span.text.lstrip())], span.text[len(span.text.rstrip()) :]
    body = _code(inner) if span.code else _escape(inner).replace("\n", "\\\n")
    for wanted, mark in ((span.strike, "~~"), (span.italic, "*"), (span.bold, "**")):
        body = f"{mark}{body}{mark}" if wanted else body
    if span.link:
        body = f"[{body}]({_target(span.link)})"
    return lead.replace("\n", "\\\n") + body + trail.replace("\n", "\\\n")


def _code(text: str) -> str:
    fence = "`" * (1 + max(map(len, _BACKTICKS.findall(text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _escape(text: str) -> str:
    # A bracket with a backslash would begin a formula.
    return _SPECIAL.sub(lambda found: "".join(_ESCAPES.get(mark, "\\" + mark) for mark in found[0]), text)


def _target(address: str) -> str:
    return f"<{address}>" if re.search(r"[\s()<>]", address) else address
