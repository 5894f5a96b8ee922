"""What a screen reader is told about each part of the transcript: its kind, whose it is, its state, its text.

The first thing of every message says who wrote it and when; what follows in the same message says only what it is.
"""

from desktop.domain.markdown_blocks import CodeFence, Formula, Heading, Image, PlainText, Rule, Table
from desktop.domain.markdown_plain import shown_text
from desktop.domain.messages import Role
from desktop.i18n import _, ngettext
from desktop.presenters.figures import clock_text
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.header import answered_by, names_of, state_of
from desktop.ui.transcript.parts import Kind, Part

NAME_CHARS = 2_000
"""A screen reader reads a name in one go and cannot stop in it: longer texts are read block by block anyway."""


def author_of(item: TranscriptItem) -> str:
    """Return who wrote a message, when, and what is happening to it, as in "You, 09:14"."""
    message = item.message
    if item.is_user:
        who = message.author or _("You")
    elif message.role is Role.ASSISTANT:
        name, provider = names_of(item)
        other = answered_by(item)
        who = ", ".join(filter(None, (name, provider, _("answered by {model}").format(model=other) if other else "")))
    else:
        who = _("System") if message.role is Role.SYSTEM else _("Tool")
    return ", ".join(filter(None, (who, clock_text(message.created_at), state_of(item)[0])))


def spoken(part: Part, item: TranscriptItem) -> str:
    """Return the name of a part, or "" where its widget's own name says it better."""
    if part.kind is Kind.HEADER:
        return author_of(item)
    if part.kind is Kind.THOUGHT:
        return _("Thinking: {text}").format(text=part.text[:NAME_CHARS])
    if part.kind in (Kind.DAY, Kind.RULE):
        return part.text or _("Line")
    if part.block is None:
        return ""
    text = _of_block(part)
    return f"{author_of(item)}: {text}" if part.first and item.is_user else text


def _of_block(part: Part) -> str:
    block = part.block
    text = shown_text(block)[:NAME_CHARS] if block is not None else ""
    match block:
        case Heading(level=level):
            return _("Heading {level}: {text}").format(level=level, text=text)
        case CodeFence(language=language, text=code):
            lines = code.count("\n") + 1
            count = ngettext("{count} line", "{count} lines", lines).format(count=lines)
            return _("Code, {language}: {text}").format(language=f"{language or _('text')}, {count}", text=text)
        case Table(header=header, rows=rows):
            return _("Table, {columns} columns, {rows} rows: {text}").format(
                columns=len(header), rows=len(rows), text=text
            )
        case Formula(source=source):
            return _("Formula: {text}").format(text=source[:NAME_CHARS])
        case Image():
            return _("Image: {text}").format(text=text)
        case PlainText():
            return _("Shown as written: {text}").format(text=text)
        case Rule():
            return _("Line")
    return text
