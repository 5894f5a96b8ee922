"""Block grammar: from lines of Markdown to the leaves of the document, by markdown-it's rules.

CommonMark plus tables, strikethrough, task lists and bare http links. HTML is text. A leaf keeps its raw inline
content; turning that into spans is `markdown_inline`'s work, so that a leaf which is parsed again need not be read
again.
"""

import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from desktop.domain.markdown_blocks import Container, Item, Quote

MAX_NESTING = 40
MAX_COLUMNS = 64
_OPENABLE = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_DEEP_LINE = re.compile(rf"[ \t]*(?:(?:>|[-+*](?=[ \t])|\d{{1,9}}[.)](?=[ \t]))[ \t]*){{{MAX_NESTING + 1}}}")
_BULLETS = ("•", "◦", "▪")

Environment = MutableMapping[str, Any]


class Grammar(MarkdownIt):
    """markdown-it with our rules; only links that may be opened at all become links, the rest stays text."""

    def __init__(self, *, nesting: int) -> None:
        super().__init__(
            "commonmark",
            {"maxNesting": nesting, "html": False, "linkify": True, "tasklists": True},
        )
        self.enable(["table", "strikethrough", "linkify"])
        self.disable(["html_block", "html_inline"])

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        """Return whether a target may become a link or an image placeholder."""
        return _OPENABLE.match(url.strip()) is not None


# A list is two levels of markdown-it's nesting and one line can open MAX_NESTING containers at once; beyond the limit
# markdown-it drops text, so it has to lie above anything that `is_too_deep` lets through.
_BLOCKS = Grammar(nesting=8 * MAX_NESTING)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A block before its inline content is read. `row` and `header` hold the raw cells of a table."""

    kind: str
    content: str
    start: int
    nest: tuple[Container, ...]
    gap: bool
    level: int = 0
    language: str = ""
    header: tuple[str, ...] = ()
    alignments: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Top:
    """A top-level block: its kind and lines, and where the last item of a list begins and which number it has."""

    kind: str
    start: int
    end: int
    last_item: int = 0
    items: int = 0
    number: int = 1


@dataclass(frozen=True, slots=True)
class Carry:
    """What the source before a cut tells about the first line after it."""

    number: int | None = None
    blank: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """Lines read as blocks: the leaves in order and the top-level blocks that they belong to."""

    leaves: tuple[Leaf, ...]
    tops: tuple[Top, ...]


def is_deep_line(line: str) -> bool:
    """Return whether one line opens more containers than anyone can read; a long thematic break does not."""
    return _DEEP_LINE.match(line) is not None and len(set(line) - {" ", "\t"}) + (line.strip()[0] not in "-*") > 1


def is_too_deep(reading: Reading) -> bool:
    """Return whether any leaf stands in more containers than are shown."""
    return any(len(leaf.nest) > MAX_NESTING for leaf in reading.leaves)


def read(lines: Sequence[str], environment: Environment, carry: Carry) -> Reading:
    """Read lines as blocks; link definitions found on the way are added to the environment's `references`."""
    tokens: list[Token] = []
    _BLOCKS.block.parse("\n".join(lines) + "\n", _BLOCKS, environment, tokens)
    return _Reader(lines, carry).read(tokens)


@dataclass(slots=True)
class _List:
    ordered: bool
    delimiter: str
    number: int | None
    items: int = 0


class _Reader:
    """Flattens markdown-it's tokens into leaves."""

    def __init__(self, lines: Sequence[str], carry: Carry) -> None:
        self._lines = lines
        self._carry = carry
        self._nest: list[Container] = []
        self._lists: list[_List] = []
        self._leaves: list[Leaf] = []
        self._tops: list[Top] = []
        self._item_leaves: list[int] = []

    def read(self, tokens: list[Token]) -> Reading:
        index = 0
        while index < len(tokens):
            index = self._take(tokens, index)
        return Reading(tuple(self._leaves), tuple(self._tops))

    def _take(self, tokens: list[Token], index: int) -> int:
        token = tokens[index]
        if token.level == 0 and token.nesting >= 0:
            start, end = token.map or (0, 0)
            self._tops.append(Top(token.type, start, end))
        match token.type:
            case "paragraph_open" | "heading_open":
                kind = token.type.removesuffix("_open")
                self._add(token, kind, tokens[index + 1].content, level=int(token.tag[1:]) if kind == "heading" else 0)
                return index + 3
            case "fence":
                words = token.info.split()
                self._add(token, "fence", token.content.removesuffix("\n"), language=words[0] if words else "")
            case "code_block":
                self._add(token, "code", token.content.removesuffix("\n"))
            case "hr":
                self._add(token, "rule", "")
            case "table_open":
                return self._take_table(tokens, index)
            case _:
                self._take_container(token)
        return index + 1

    def _take_container(self, token: Token) -> None:
        match token.type:
            case "blockquote_open":
                self._nest.append(Quote())
            case "blockquote_close":
                self._nest.pop()
            case "bullet_list_open" | "ordered_list_open":
                ordered = token.type == "ordered_list_open"
                carried = self._carry.number if not self._leaves and token.level == 0 else None
                self._lists.append(_List(ordered, token.markup, carried))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._open_item(token)
            case "list_item_close":
                if self._item_leaves.pop() == len(self._leaves):
                    self._add(token, "paragraph", "")
                self._nest.pop()
            case _:
                pass

    def _open_item(self, token: Token) -> None:
        owner = self._lists[-1]
        if owner.number is None:
            owner.number = int(token.info) if owner.ordered else 1
        elif owner.items:
            owner.number += 1
        owner.items += 1
        depth = sum(isinstance(container, Item) for container in self._nest)
        marker = f"{owner.number}{owner.delimiter}" if owner.ordered else _BULLETS[min(depth, len(_BULLETS) - 1)]
        checked = token.meta.get("checked")
        self._nest.append(Item(marker, True, checked if isinstance(checked, bool) else None))
        self._item_leaves.append(len(self._leaves))
        start = token.map[0] if token.map else 0
        if token.level == 1 and isinstance(self._nest[0], Item):
            self._tops[-1] = replace(self._tops[-1], last_item=start, items=owner.items, number=owner.number)
        self._item_start = start

    def _take_table(self, tokens: list[Token], index: int) -> int:
        first = index
        rows: list[tuple[str, ...]] = []
        row: list[str] = []
        alignments: list[str] = []
        while tokens[index].type != "table_close":
            token = tokens[index]
            if token.type == "th_open":
                alignments.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
            elif token.type == "inline":
                row.append(token.content)
            elif token.type == "tr_close":
                rows.append(tuple(row))
                row = []
            index += 1
        self._add(tokens[first], "table", "", header=rows[0], alignments=tuple(alignments), rows=tuple(rows[1:]))
        return index + 1

    def _add(
        self,
        token: Token,
        kind: str,
        content: str,
        *,
        level: int = 0,
        language: str = "",
        header: tuple[str, ...] = (),
        alignments: tuple[str, ...] = (),
        rows: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        start = token.map[0] if token.map else self._item_start
        nest = tuple(self._nest)
        gap = self._has_gap(start, nested=bool(nest))
        self._leaves.append(Leaf(kind, content, start, nest, gap, level, language, header, alignments, rows))
        for depth, container in enumerate(self._nest):
            if isinstance(container, Item) and container.first:
                self._nest[depth] = replace(container, first=False)

    def _has_gap(self, start: int, *, nested: bool) -> bool:
        if not self._leaves and start == 0 and self._carry.number is not None:
            return self._carry.blank
        if not nested or not self._leaves or not self._leaves[-1].nest:
            return True
        return start > 0 and not self._lines[start - 1].strip(" \t>")
