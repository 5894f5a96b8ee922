"""The manual to read in the window: its chapters, and which of them hold some words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from desktop.domain.markdown import parse
from desktop.domain.markdown_html import html_of
from desktop.domain.shortcuts import Command
from desktop.i18n import _
from desktop.paths import resource

KEYBOARD = "15-keyboard"
_NONE = "–"
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


def with_keys(known: Sequence[Chapter], commands: Sequence[Command], shown: Mapping[str, str]) -> tuple[Chapter, ...]:
    """Return the chapters with the keys that commands have now, where the manual names those they had by themselves.

    `shown` tells how a key is written here. What was changed also stands by itself at the top of the chapter on keys.
    """
    changed = [command for command in commands if command.keys != command.defaults]
    if not changed:
        return tuple(known)
    others = {
        name: _cell(shown[command.keys[place]]) if place < len(command.keys) else _NONE
        for command in changed
        for place, key in enumerate(command.defaults)
        if key not in command.keys
        for name in _names(key, shown)
    }
    return tuple(_rewritten(chapter, others, _table(changed, shown)) for chapter in known)


def _rewritten(chapter: Chapter, others: Mapping[str, str], table: str) -> Chapter:
    if chapter.name != KEYBOARD:
        return chapter
    text = chapter.text
    if others:  # the longest first: one key may begin like another
        names = "|".join(map(re.escape, sorted(others, key=len, reverse=True)))
        text = re.sub(rf"(?<![\w+])(?:{names})(?![\w+])", lambda found: others[found.group()], text)
    title, _newline, rest = text.partition("\n")
    return replace(chapter, text=f"{title}\n\n{table}{rest}", words=chapter.words + table.casefold())


def _table(changed: Sequence[Command], shown: Mapping[str, str]) -> str:
    rows = "".join(
        f"| {', '.join(_cell(shown[key]) for key in command.keys) or _NONE} | {command.title} |\n"
        for command in changed
    )
    title, keys, command = _("Keys you have changed"), _("Keys"), _("Command")
    return f"## {title}\n\n| {keys} | {command} |\n|---|---|\n{rows}\n"


def _names(key: str, shown: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names that a key may have in the manual, which spells out signs that would be hard to read."""
    name = shown[key]
    spelled = {"+": _("plus"), "-": _("minus")}
    return (name, name[:-1] + spelled[name[-1]]) if name[-1:] in spelled else (name,)


def _cell(text: str) -> str:
    return re.sub(r"([\\|*_`<\[])", r"\\\1", text)


def _chapter(name: str, text: str) -> Chapter:
    title = text.partition("\n")[0].lstrip("# ").strip()
    return Chapter(name=name, title=title, text=_HIDDEN.sub("", text), words=text.casefold())
