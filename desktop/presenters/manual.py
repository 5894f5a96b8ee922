"""The manual to read in the window: its chapters, and which of them hold some words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.domain.markdown import parse
from desktop.domain.markdown_html import html_of
from desktop.paths import resource

KEYBOARD = "15-keyboard"
_HIDDEN = re.compile(r"<!--.*?-->\n?", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One chapter; `name` is its file's, and `words` what it is found by, other words for its subjects included."""

    name: str
    title: str
    text: str
    words: str

    def html(self) -> str:
        """Return the chapter as clean HTML, without anything that could be loaded."""
        return html_of(parse(self.text))


def chapters(language: str) -> tuple[Chapter, ...]:
    """Return the chapters in a language, in English where there are none."""
    folder = resource("manual", language)
    files = sorted((folder if folder.is_dir() else resource("manual", "en")).glob("*.md"))
    return tuple(_chapter(file.stem, file.read_text(encoding="utf-8")) for file in files)


def matching(known: Sequence[Chapter], typed: str) -> tuple[Chapter, ...]:
    """Return the chapters that hold every word of `typed`."""
    words = typed.casefold().split()
    return tuple(chapter for chapter in known if all(word in chapter.words for word in words))


def _chapter(name: str, text: str) -> Chapter:
    title = text.partition("\n")[0].lstrip("# ").strip()
    return Chapter(name=name, title=title, text=_HIDDEN.sub("", text), words=text.casefold())
