"""What a row of the sidebar says in words: what became of its last answer, and what a screen reader reads."""

from desktop.domain.sessions import SessionListing
from desktop.i18n import _


def trouble(row: SessionListing) -> str:
    """Return in a word what became of the last answer, nothing where all is well."""
    return {"failed": _("failed"), "interrupted": _("cut off")}.get(row.ended, "")


def spoken(row: SessionListing, *, group: str, when: str, running: bool, writing: bool, unread: bool) -> str:
    """Return what is read out of a row."""
    parts = [row.title or _("New session"), group, when]
    if running:
        parts.append(_("an answer is being written") if writing else _("an answer is awaited"))
    elif ended := trouble(row):
        parts.append(_("last answer: {state}").format(state=ended))
    elif unread:
        parts.append(_("new answer"))
    if row.is_resolved:
        parts.append(_("resolved"))
    return ", ".join(parts)
