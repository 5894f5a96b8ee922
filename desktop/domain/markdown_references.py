"""Link definitions: known from where they stand on, and found again by the blocks that used them too early.

CommonMark lets `[text][label]` come before `[label]: address`. A streamed document has closed such a block by then, so
the block is kept here with its source until the definition arrives, and is then given out once more.
"""

import re
from collections import ChainMap
from dataclasses import replace
from typing import Any

from markdown_it.common.utils import normalizeReference

from desktop.domain.markdown_blocks import Block, Heading, Paragraph
from desktop.domain.markdown_grammar import Environment
from desktop.domain.markdown_inline import spans

_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,200})\]")


class References:
    """The link definitions of one document, and the closed blocks that wait for one."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}
        self._seen: dict[str, Any] = {}
        self._count = 0
        self._waiting: dict[str, list[int]] = {}
        self._blocks: dict[int, tuple[Paragraph | Heading, str]] = {}
        self._revised: dict[int, Block] = {}

    @property
    def seen(self) -> int:
        """How many definitions the last reading of the tail brought."""
        return len(self._seen)

    def speculate(self) -> Environment:
        """Return an environment for reading the tail: definitions found there hold until the next reading."""
        self._seen = {}
        return self.known()

    def known(self) -> Environment:
        """Return an environment with all definitions that hold now."""
        return {"references": ChainMap(self._seen, self._known)}

    def settle(self) -> None:
        """Keep the definitions of the last reading for good and revise the blocks that waited for them."""
        found, self._seen = self._seen, {}
        for label, definition in found.items():
            self._known.setdefault(label, definition)
        for label in found:
            for index in self._waiting.pop(label, ()):
                block, raw = self._blocks[index]
                self._revised[index] = replace(block, spans=spans(raw, self.known()))

    def closed(self, block: Block, raw: str) -> None:
        """Count a closed block, and remember it if it may be waiting for a definition."""
        index = self._count
        self._count += 1
        if "[" not in raw or not isinstance(block, (Paragraph, Heading)):
            return
        for label in {normalizeReference(found) for found in _LABEL.findall(raw)}:
            if label not in self._known:
                self._waiting.setdefault(label, []).append(index)
                self._blocks[index] = (block, raw)

    def take_revised(self) -> tuple[tuple[int, Block], ...]:
        """Return the blocks given out again since the last call, each with its number in the document."""
        revised, self._revised = self._revised, {}
        return tuple(sorted(revised.items(), key=lambda pair: pair[0]))
