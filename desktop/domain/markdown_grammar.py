"""Block grammar: from lines of Markdown to the leaves of the document, by markdown-it's rules.

CommonMark plus tables, strikethrough, task lists, bare links, footnotes and formulas. HTML is text. A leaf keeps its
raw inline content; turning that into spans is `markdown_inline`'s work, so that a leaf which is parsed again need not
be read again.

A footnote's text is shown where its definition stands, under its own label: in a text that is still arriving there is
no end to move it to, and what is closed stays where it is.
"""

import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.common import normalize_url
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from desktop.domain.markdown_blocks import Container, Item, Quote
from desktop.domain.markdown_formulas import formulas_plugin
from desktop.domain.markdown_paragraphs import paragraphs_plugin

MAX_NESTING = 40
MAX_COLUMNS = 64
_OPENABLE = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_DEEP_LINE = re.compile(rf"[ \t]*(?:(?:>|[-+*](?=[ \t])|\d{{1,9}}[.)](?=[ \t]))[ \t]*){{{MAX_NESTING + 1}}}")
# Where a bare address ends at the latest: at a blank, or where the punctuation of East Asia begins.
_ADDRESS_END = re.compile(r"[\s\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…]")
# Where a rule for running text may begin; markdown-it stops at each "w" and at marks that none of our rules knows.
_SIGNS = re.compile(r"[\n&*<@\[\\\]_`~$!]|:(?=//)|w(?=ww\.)")
_LABEL_CHARS = 6
_BULLETS = ("•", "◦", "▪")

_normal_link = lru_cache(maxsize=512)(normalize_url.normalizeLink)
_normal_link_text = lru_cache(maxsize=512)(normalize_url.normalizeLinkText)

Environment = MutableMapping[str, Any]


class _Linkify(LinkifyIt):  # type: ignore[misc]  # it has no types
    """Finds bare addresses, and looks no further than one can reach."""

    def match_at_start(self, text: str) -> Any:
        return super().match_at_start(_ADDRESS_END.split(text, maxsplit=1)[0])


class Grammar(MarkdownIt):
    """markdown-it with our rules; only links that may be opened at all become links, the rest stays text."""

    def __init__(self, *, nesting: int) -> None:
        super().__init__(
            "commonmark",
            {"maxNesting": nesting, "html": False, "linkify": True, "tasklists": True},
        )
        self.enable(["table", "strikethrough", "linkify"])
        footnote_plugin(self, inline=False, move_to_end=False)
        gfm_autolink_plugin(self)
        formulas_plugin(self)
        self.disable(["html_block", "html_inline", "gfm_autolink_protocol"])
        paragraphs_plugin(self)
        self.inline.terminator_re = _SIGNS
        self.linkify = _Linkify()

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's own name
        """Return a target as it is opened; an address is read several times while its paragraph grows."""
        return _normal_link(url)

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802 - markdown-it's own name
        """Return an address as it is shown."""
        return _normal_link_text(link)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it's own name
        """Return whether a target may become a link or an image placeholder."""
        return _OPENABLE.match(url.strip()) is not None


# A list is two levels of markdown-it's nesting and one line can open MAX_NESTING containers at once; beyond the limit
# markdown-it drops text, so it has to lie above anything that `is_too_deep` lets through.
_BLOCKS = Grammar(nesting=8 * MAX_NESTING)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A block before its inline content is read. `rows` and `header` hold the raw cells of a table.

    `starts` are the lines where the containers of `nest` begin. `closed` is False for a fence or a formula whose end is
    still to come, and `length` counts the lines of code in a fence.
    """

    kind: str
    content: str
    start: int
    nest: tuple[Container, ...]
    gap: bool
    starts: tuple[int, ...] = ()
    closed: bool = True
    length: int = 0
    level: int = 0
    language: str = ""
    header: tuple[str, ...] = ()
    alignments: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Carry:
    """What the source before a cut tells about the lines after it.

    The first `lines` lines stand for containers that are still open; they give `leaves` leaves that are not shown.
    `numbers` are the numbers of the items that stand there or come first, one for each level of lists. `nested` and
    `blank` tell whether the block before the cut stood in a container, and whether a blank line came last. `continued`
    says that the first line goes on with a paragraph, after a word that is not shown.
    """

    lines: int = 0
    leaves: int = 0
    numbers: tuple[int, ...] = ()
    nested: bool = False
    blank: bool = True
    continued: bool = False


FILLER = "x"
"""Stands for text that has been closed already."""


def is_deep_line(line: str) -> bool:
    """Return whether one line opens more containers than anyone can read; a long thematic break does not."""
    return _DEEP_LINE.match(line) is not None and len(set(line) - {" ", "\t"}) + (line.strip()[0] not in "-*") > 1


def is_too_deep(leaves: Sequence[Leaf]) -> bool:
    """Return whether any leaf stands in more containers than are shown."""
    return any(len(leaf.nest) > MAX_NESTING for leaf in leaves)


def read(lines: Sequence[str], environment: Environment, carry: Carry) -> tuple[Leaf, ...]:
    """Read lines as leaves; definitions found on the way are added to the environment."""
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
        self._numbers: list[int | None] = list(carry.numbers)
        self._nest: list[Container] = []
        self._starts: list[int] = []
        self._lists: list[_List] = []
        self._leaves: list[Leaf] = []
        self._item_leaves: list[int] = []
        self._item_start = 0

    def read(self, tokens: list[Token]) -> tuple[Leaf, ...]:
        index = 0
        while index < len(tokens):
            index = self._take(tokens, index)
        return tuple(self._leaves[self._carry.leaves :])

    def _take(self, tokens: list[Token], index: int) -> int:
        token = tokens[index]
        match token.type:
            case "paragraph_open" | "heading_open":
                self._take_text(token, tokens[index + 1].content)
                return index + 3
            case "fence":
                words = token.info.split()
                first, end = token.map or (0, 0)
                length = token.content.count("\n")
                self._add(
                    token,
                    Leaf(
                        "fence", token.content.removesuffix("\n"), 0, (), False,
                        closed=end - first - 1 > length, length=length, language=words[0] if words else "",
                    ),
                )  # fmt: skip
            case "code_block":
                self._add(token, Leaf("code", token.content.removesuffix("\n"), 0, (), False))
            case "formula_block":
                self._add(token, Leaf("formula", token.content, 0, (), False, closed=bool(token.meta["closed"])))
            case "hr":
                self._add(token, Leaf("rule", "", 0, (), False))
            case "table_open":
                return self._take_table(tokens, index)
            case _:
                self._take_container(token)
        return index + 1

    def _take_text(self, token: Token, content: str) -> None:
        heading = token.type == "heading_open"
        if self._carry.continued and self._is_first:
            content = content.removeprefix(FILLER).lstrip()
            self._add(token, Leaf("paragraph", content, 0, (), False))
            self._leaves[-1] = replace(self._leaves[-1], gap=False)
        else:
            level = int(token.tag[1:]) if heading else 0
            self._add(token, Leaf("heading" if heading else "paragraph", content, 0, (), False, level=level))

    @property
    def _is_first(self) -> bool:
        """Whether the next leaf is the first that is shown."""
        return len(self._leaves) == self._carry.leaves

    def _take_container(self, token: Token) -> None:
        match token.type:
            case "blockquote_open":
                self._nest.append(Quote())
                self._starts.append(token.map[0] if token.map else 0)
            case "blockquote_close":
                self._nest.pop()
                self._starts.pop()
            case "bullet_list_open" | "ordered_list_open":
                carried = None
                if len(self._leaves) <= self._carry.leaves and len(self._lists) < len(self._numbers):
                    carried, self._numbers[len(self._lists)] = self._numbers[len(self._lists)], None
                self._lists.append(_List(token.type == "ordered_list_open", token.markup, carried))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._open_item(token, self._list_item(token))
            case "footnote_reference_open":
                label = str(token.meta["label"])
                shown = label if len(label) <= _LABEL_CHARS else label[: _LABEL_CHARS - 1] + "…"
                self._open_item(token, Item(f"{shown}.", True, None, label))
            case "list_item_close" | "footnote_reference_close":
                if self._item_leaves.pop() == len(self._leaves):
                    self._add(token, Leaf("paragraph", "", 0, (), False))
                self._nest.pop()
                self._starts.pop()
            case _:
                pass

    def _list_item(self, token: Token) -> Item:
        owner = self._lists[-1]
        if owner.number is None:
            owner.number = int(token.info) if owner.ordered else 1
        elif owner.items:
            owner.number += 1
        owner.items += 1
        depth = sum(isinstance(container, Item) for container in self._nest)
        marker = f"{owner.number}{owner.delimiter}" if owner.ordered else _BULLETS[min(depth, len(_BULLETS) - 1)]
        checked = token.meta.get("checked")
        return Item(marker, True, checked if isinstance(checked, bool) else None)

    def _open_item(self, token: Token, item: Item) -> None:
        self._nest.append(item)
        self._item_start = token.map[0] if token.map else 0
        self._starts.append(self._item_start)
        self._item_leaves.append(len(self._leaves))

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
        self._add(
            tokens[first],
            Leaf("table", "", 0, (), False, header=rows[0], alignments=tuple(alignments), rows=tuple(rows[1:])),
        )
        return index + 1

    def _add(self, token: Token, leaf: Leaf) -> None:
        start = token.map[0] if token.map else self._item_start
        self._leaves.append(
            replace(leaf, start=start, nest=tuple(self._nest), starts=tuple(self._starts), gap=self._has_gap(start))
        )
        for depth, container in enumerate(self._nest):
            if isinstance(container, Item) and container.first:
                self._nest[depth] = replace(container, first=False)

    def _has_gap(self, start: int) -> bool:
        if not self._nest:
            return True
        if self._is_first:
            if not self._carry.nested:
                return True
            if start == self._carry.lines:
                return self._carry.blank
        elif not self._leaves or not self._leaves[-1].nest:
            return True
        return start > 0 and not self._lines[start - 1].strip(" \t>")
