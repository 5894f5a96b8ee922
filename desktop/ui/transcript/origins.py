"""Where a message comes from that was not written as the conversation went on, in a word."""

from desktop.domain.messages import Message
from desktop.i18n import _


def origin_of(message: Message) -> str:
    """Return what marks a version that was edited, or an ending of another branch; nothing for all others."""
    if message.metadata.get("merged_from"):
        return _("from another branch")
    return _("edited") if message.metadata.get("edited_from") else ""
