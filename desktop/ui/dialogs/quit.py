"""What is asked when the window closes while something is still being written."""

from PySide6.QtWidgets import QWidget

from desktop.i18n import _, ngettext
from desktop.ui.dialogs.question import CANCEL, Answer, Question

FINISH = "finish"
STOP = "stop"


class QuitQuestion(Question):
    """`QuitQuestion(count=…, parent=…)`; `decided` with `finish`, `stop` or `cancel`. `count` answers are running."""

    def __init__(self, *, count: int, parent: QWidget | None = None) -> None:
        super().__init__(
            name="quitQuestion",
            title=ngettext("An answer is still being written", "{count} answers are still being written", count).format(
                count=count
            ),
            text=_("Everything that has arrived is saved."),
            answers=(
                Answer(
                    id=FINISH,
                    text=_("Finish in the background"),
                    follows=_("The window closes now; the program ends by itself when the last word is saved."),
                    primary=True,
                ),
                Answer(
                    id=STOP,
                    text=_("Stop and keep the text"),
                    follows=_("The text so far stays, marked as stopped. You can continue it later."),
                ),
                Answer(id=CANCEL, text=_("Do not quit")),
            ),
            parent=parent,
        )
