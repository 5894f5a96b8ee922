"""What can be taken of a table: for a spreadsheet, for a word processor, and as it was written."""

from desktop.domain.markdown_blocks import Table
from desktop.domain.markdown_html import html_of
from desktop.domain.markdown_plain import shown_text
from desktop.domain.markdown_source import markdown_of
from desktop.domain.taking import Taken
from desktop.i18n import _
from desktop.ui.transcript.blocks.menu import Entry
from desktop.ui.transcript.clipboard import copy_plain, copy_taken


def take_rich(table: Table) -> None:
    """Put a table into the clipboard for whatever takes it: rich text, Markdown, and cells between tabs."""
    taken = Taken(plain=shown_text(table), markdown=markdown_of((table,)), html=html_of((table,)), count=1)
    copy_taken(taken)


def table_entries(table: Table) -> list[Entry]:
    """Return the ways to copy a table."""
    return [
        (_("Copy table as rich text"), lambda: take_rich(table)),
        (_("Copy table as Markdown"), lambda: copy_plain(markdown_of((table,)))),
        (_("Copy table as TSV"), lambda: copy_plain(shown_text(table))),
    ]
