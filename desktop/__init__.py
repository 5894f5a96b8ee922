"""Sobremesa: a native desktop chat client for language models.

`desktop.ChatSession` is the conversation for programs; it is imported when it is first asked for, so that the window
does not wait for it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop.services.chat_session import ChatSession

__version__ = "0.1.0"
__all__ = ["ChatSession", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "ChatSession":
        from desktop.services.chat_session import ChatSession

        return ChatSession
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
