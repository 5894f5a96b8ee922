"""Tells a screen reader politely when an answer begins and when it is there: never token by token."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from desktop.i18n import _
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.cards import card_of

_SAID_CHARS = 400


class Announcer:
    """Looks at messages that changed and announces what a reader would want to hear."""

    def __init__(self, view: QObject) -> None:
        self._view = view
        self._alive: set[int] = set()

    def forget(self) -> None:
        """Start anew with another session."""
        self._alive.clear()

    def look_at(self, item: TranscriptItem) -> None:
        """Announce that an answer has begun, ended, or is waiting."""
        sentence = self._news(item)
        if sentence:
            self.say(sentence)

    def say(self, sentence: str) -> None:
        """Say a sentence when the reader has finished what it is saying; what is hidden by the lock is not said."""
        if isinstance(self._view, QWidget) and not self._view.isVisible():
            return
        event = QAccessibleAnnouncementEvent(self._view, sentence)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)

    def _news(self, item: TranscriptItem) -> str:
        if item.is_live:
            if item.key in self._alive:
                return ""
            self._alive.add(item.key)
            return _("An answer is being written.")
        if item.key not in self._alive:
            return ""
        self._alive.discard(item.key)
        card = card_of(item)
        if card is not None:
            return f"{card.title} {card.sentence}".strip()
        return _("Answer: {text}").format(text=item.message.content[:_SAID_CHARS])
