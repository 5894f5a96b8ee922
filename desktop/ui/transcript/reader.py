"""What the reader does to messages: their buttons, and the message under the pointer."""

from PySide6.QtCore import QObject, Signal, Slot

from desktop.domain.explanations import details
from desktop.presenters.transcript_item import TranscriptItem
from desktop.ui.transcript.blocks.footer import FooterBlock
from desktop.ui.transcript.cards import Action, FollowUp
from desktop.ui.transcript.clipboard import copy_plain
from desktop.ui.transcript.geometry import Geometry
from desktop.ui.transcript.save_code import suggested_name
from desktop.ui.transcript.scroll import ScrollController
from desktop.ui.transcript.stage import Stage


def _step(action: Action, item: TranscriptItem) -> int:
    """Return how many versions further an action leads."""
    if action is Action.LATER and item.covers is not None:
        return item.covers.version - item.message.version
    return 1 if action is Action.NEXT else -1


class Reader(QObject):
    """`Reader(geometry=…, stage=…, scroll=…)`: what is not done here goes up as a signal with the message's id."""

    retry_requested = Signal(int)
    continue_requested = Signal(int)
    stop_retry_requested = Signal(int)
    try_now_requested = Signal(int)
    version_requested = Signal(int, int)
    save_code_requested = Signal(str, str)
    settings_requested = Signal()
    models_requested = Signal()
    copy_wanted = Signal(object)
    quote_wanted = Signal(object)
    asked = Signal(object, object)
    """What is not done within the transcript: an `Action` or a `FollowUp`, and the item."""
    layout_wanted = Signal()

    def __init__(self, *, geometry: Geometry, stage: Stage, scroll: ScrollController, parent: QObject) -> None:
        super().__init__(parent)
        self._geometry = geometry
        self._stage = stage
        self._scroll = scroll
        self.hovered: TranscriptItem | None = None
        self._standing: TranscriptItem | None = None

    @Slot()
    def forget(self) -> None:
        """Another session is shown."""
        self.hovered = self._standing = None

    @Slot(object)
    def hover(self, item: TranscriptItem | None) -> None:
        """Take up which message is under the pointer: its footer shows all it can do."""
        if item is not self.hovered:
            self.hovered = item
            self._wake()

    @Slot(object)
    def stand_on(self, item: TranscriptItem | None) -> None:
        """Take up which message the keyboard is on: its footer shows the same."""
        if item is not self._standing:
            self._standing = item
            self._wake()

    def is_awake(self, item: TranscriptItem) -> bool:
        """Return whether a message's footer shows all it can do."""
        return item is self.hovered or item is self._standing

    def _wake(self) -> None:
        for placed in self._stage.placed:
            if isinstance(placed.widget, FooterBlock):
                placed.widget.set_active(self.is_awake(placed.place.item))

    @Slot(object, object)
    def act(self, action: Action | FollowUp, item: TranscriptItem) -> None:
        """Do what a button of a message says."""
        message_id = item.key
        match action:
            case Action.COPY | Action.QUOTE:
                (self.copy_wanted if action is Action.COPY else self.quote_wanted).emit(item)
            case Action.RETRY:
                self.retry_requested.emit(message_id)
            case Action.CONTINUE:
                self.continue_requested.emit(message_id)
            case Action.TRY_NOW:
                self.try_now_requested.emit(message_id)
            case Action.CANCEL:
                self.stop_retry_requested.emit(message_id)
            case Action.PREVIOUS | Action.NEXT | Action.LATER:
                self._scroll.hold(item, self._stage.placed)
                self.version_requested.emit(message_id, _step(action, item))
            case Action.DETAILS:
                fault = item.state.fault if item.state is not None else item.message.fault
                if fault is not None:
                    copy_plain(details(fault))
            case Action.SETTINGS | Action.MODELS:
                wanted = self.settings_requested if action is Action.SETTINGS else self.models_requested
                wanted.emit()
            case Action.FOLD:
                self._geometry.fold(item, unfolded=not self._geometry.is_unfolded(item))
                self._stage.mark(item)
                self._scroll.follow(follow=False)
                self.layout_wanted.emit()
            case _:
                self.asked.emit(action, item)

    @Slot(str, str)
    def save(self, text: str, language: str) -> None:
        """Have code written to a file."""
        self.save_code_requested.emit(text, suggested_name(language))
