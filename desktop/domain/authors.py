"""Who a message is by, as a reader is told."""

from desktop.domain.branches import Branch
from desktop.domain.messages import Message, Role
from desktop.domain.models import GUIDE
from desktop.i18n import _


def author_of(message: Message | Branch) -> str:
    """Return the name above a message: the user is “You”, an answer is by its model."""
    if message.role is Role.USER:
        return message.author or _("You")
    provider, slash, name = message.model.partition("/")
    if provider == GUIDE:
        return _("Guide")
    name = name if slash else message.model
    return message.author or name.rpartition("/")[2] or _("Answer")
