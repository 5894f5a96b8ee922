"""Link and footnote definitions: known from where they stand on, and found by the blocks that used them too early.

CommonMark lets `[text][label]` come before `[label]: address`, and a footnote's text nearly always comes last. A
streamed document has closed the block with the reference by then. So that block, with its source, is kept here under
each label in it that is not defined; when the definition is settled, the block is made once more from its source and
given out again by its number (`Update.revised`). Nothing else ever changes what is closed.
"""

import re
from collections import ChainMap
from typing import Any

from markdown_it.common.utils import normalizeReference

from desktop.domain.markdown_blocks import Block
from desktop.domain.markdown_grammar import Environment
from desktop.domain.markdown_inline import spans
from desktop.domain.markdown_leaves import Recipe

_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,200})\]")
# A document that refers to ever new labels that it never defines must not be kept as a whole.
_MAX_WAITING_CHARS = 400_000
# So much is made again at once; the rest follows with the next pieces of text, at the latest with the end.
_REVISED_CHARS = 8_000


class References:
    """The definitions of one document, and the closed blocks that wait for one."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {}
        self._seen: dict[str, Any] = {}
        self._known_notes: dict[str, int] = {}
        self._seen_notes: dict[str, int] = {}
        self._count = 0
        self._waiting: dict[str, list[int]] = {}
        self._recipes: dict[int, Recipe] = {}
        self._waiting_chars = 0
        self._stale: dict[int, None] = {}

    @property
    def seen(self) -> tuple[object, ...]:
        """What the definitions say that the last reading of the tail brought."""
        return (*self._seen_notes, *(definition["href"] for definition in self._seen.values()))

    def speculate(self, *, final: bool = False) -> Environment:
        """Return an environment for reading the tail: definitions found there hold until the next reading.

        `final` says that no line can follow.
        """
        self._seen, self._seen_notes = {}, {}
        notes = ChainMap(self._seen_notes, self._known_notes)
        references = ChainMap(self._seen, self._known)
        return {"references": references, "footnotes": {"refs": notes, "list": {}}, "final": final}

    def known(self) -> Environment:
        """Return an environment with all definitions that hold now."""
        notes = ChainMap({}, self._seen_notes, self._known_notes)
        return {"references": ChainMap(self._seen, self._known), "footnotes": {"refs": notes, "list": {}}}

    def settle(self) -> None:
        """Keep the definitions of the last reading for good and revise the blocks that waited for them."""
        found: list[str] = [*self._seen, *self._seen_notes]
        for label, definition in self._seen.items():
            self._known.setdefault(label, definition)
        self._known_notes.update(self._seen_notes)
        self._seen, self._seen_notes = {}, {}
        for label in found:
            self._stale.update(dict.fromkeys(self._waiting.pop(label, ())))

    def closed(self, recipe: Recipe | None = None) -> None:
        """Count a closed block, and remember how it is made if it may be waiting for a definition."""
        index = self._count
        self._count += 1
        if recipe is None or "[" not in recipe.raw or self._waiting_chars > _MAX_WAITING_CHARS:
            return
        for found in set(_LABEL.findall(recipe.raw)):
            label = f":{found[1:]}" if found.startswith("^") else normalizeReference(found)
            if label not in (self._known_notes if label.startswith(":") else self._known):
                self._waiting.setdefault(label, []).append(index)
                self._recipes[index] = recipe
        if index in self._recipes:
            self._waiting_chars += len(recipe.raw)

    def take_revised(self, *, final: bool = False) -> tuple[tuple[int, Block], ...]:
        """Return blocks to give out again, each with its number in the document; all of them at the end."""
        revised: list[tuple[int, Block]] = []
        chars = 0
        for index in sorted(self._stale):
            if chars > _REVISED_CHARS and not final:
                break
            del self._stale[index]
            recipe = self._recipes[index]
            chars += len(recipe.raw)
            revised.append((index, recipe.make(lambda raw: spans(raw, self.known()))))
        return tuple(revised)
