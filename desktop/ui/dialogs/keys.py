"""What is asked when the system has no keychain that takes a key."""

from PySide6.QtWidgets import QWidget

from desktop.i18n import _
from desktop.presenters.providers import IN_A_FILE, THIS_RUN
from desktop.ui.dialogs.question import CANCEL, Answer, Question


class KeyPlaceQuestion(Question):
    """`KeyPlaceQuestion(parent=…)`; `decided` with `THIS_RUN`, `IN_A_FILE` or `cancel`."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(
            name="keyPlaceQuestion",
            title=_("Where may your keys be kept?"),
            text=_("This system has no keychain, or it does not answer. Keys never go into the database or a log."),
            answers=(
                Answer(
                    id=THIS_RUN,
                    text=_("For this run only"),
                    follows=_("Nothing is written. You paste the key again after the next start."),
                    primary=True,
                ),
                Answer(
                    id=IN_A_FILE,
                    text=_("In a file that only you can read"),
                    follows=_("The file is not encrypted: whoever can act as you on this computer can read the key."),
                ),
                Answer(id=CANCEL, text=_("Cancel")),
            ),
            parent=parent,
        )
