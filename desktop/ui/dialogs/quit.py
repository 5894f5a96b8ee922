"""What is asked when the window closes while something is still being written."""

from PySide6.QtWidgets import QWidget

from desktop.i18n import _, ngettext
from desktop.ui.dialogs.question import CANCEL, Answer, Question

FINISH = "finish"
STOP = "stop"


class QuitQuestion(Question):
    """`QuitQuestion(count=…, unsaved="", parent=…)`; `decided` with `finish`, `stop` or `cancel`.

    `count` answers are running. `unsaved` says why their text does not reach the disk, where it does not: then nothing
    is promised, and the program ends at once only if the text is given up.
    """

    def __init__(self, *, count: int, unsaved: str = "", parent: QWidget | None = None) -> None:
        if unsaved:
            text = _("Not everything that has arrived is saved. {why}").format(why=unsaved)
            stop, lost = _("Stop and quit"), _("What is not saved by then is lost. Copy the text first if you need it.")
        else:
            text = _("Everything that has arrived is saved.")
            stop = _("Stop and keep the text")
            lost = _("The text so far stays, marked as stopped. You can continue it later.")
        super().__init__(
            name="quitQuestion",
            title=ngettext("An answer is still being written", "{count} answers are still being written", count).format(
                count=count
            ),
            text=text,
            answers=(
                Answer(
                    id=FINISH,
                    text=_("Finish in the background"),
                    follows=_("The window closes now; the program ends by itself when the last word is saved."),
                    primary=True,
                ),
                Answer(id=STOP, text=stop, follows=lost),
                Answer(id=CANCEL, text=_("Do not quit")),
            ),
            parent=parent,
        )

    def finish(self) -> None:
        """Answer for the user, who wanted to quit, once everything is written and saved."""
        self._decide(FINISH)
