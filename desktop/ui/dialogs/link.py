"""Links in messages come from strangers: they open only after the whole address was shown as plain text."""

from PySide6.QtCore import QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.domain.links import Disguise, Suspicion, suspicion
from desktop.i18n import _
from desktop.ui.dialogs.question import CANCEL, Answer, Question

SCHEMES = frozenset({"http", "https", "mailto"})
OPEN = "open"
COPY = "copy"
_SHOWN_CHARS = 80


def openable(target: str) -> QUrl | None:
    """Return the address if it may be opened at all: http, https with a host, or mailto. Nothing else is asked for."""
    url = QUrl(target.strip(), QUrl.ParsingMode.StrictMode)
    if not url.isValid() or url.scheme().lower() not in SCHEMES:
        return None
    if url.scheme().lower() != "mailto" and not url.host():
        return None
    return url


class LinkQuestion(Question):
    """`LinkQuestion(url=QUrl, label="", parent=…)`, made by `ask_to_open`. Opens or copies the address by itself.

    The address is shown encoded: a host in foreign letters that look like others reads `xn--…` here. Where the link's
    text, its `label`, says something else than the address, that is said, and Enter does not open it.
    """

    def __init__(self, *, url: QUrl, label: str = "", parent: QWidget | None = None) -> None:
        self._url = url
        self._shown = bytes(url.toEncoded().data()).decode("ascii")
        mail = url.scheme().lower() == "mailto"
        host = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
        found = suspicion(url.toString(), label)
        super().__init__(
            name="linkQuestion",
            title=_("Write to this address?") if mail else _("Open {host} in the browser?").format(host=host),
            text=_warning(found) if found else _("This link stands in a message. It leads here:"),
            detail=self._shown,
            answers=(
                Answer(id=CANCEL, text=_("Cancel"), primary=found is not None),
                Answer(id=COPY, text=_("Copy address")),
                Answer(id=OPEN, text=_("Open"), primary=found is None),
            ),
            parent=parent,
        )
        self.decided.connect(self._on_decided)

    @Slot(str)
    def _on_decided(self, answer: str) -> None:
        if answer == OPEN:
            QDesktopServices.openUrl(self._url)
        elif answer == COPY:
            QGuiApplication.clipboard().setText(self._shown)


def _warning(found: Suspicion) -> str:
    # Without what cannot be seen: a direction mark could turn the sentence round.
    shown = "".join(character for character in found.shown if character.isprintable())[:_SHOWN_CHARS]
    match found.disguise:
        case Disguise.OTHER_HOST:
            warning = _("Careful: the link's text says “{shown}”, but it leads to {host}:")
        case Disguise.USER_INFO:
            warning = _("Careful: “{shown}” is only a name in this address; it leads to {host}:")
        case Disguise.FOREIGN_LETTERS:
            warning = _("Careful: “{shown}” has letters of other alphabets, which can look like others. It is {host}:")
    return warning.format(shown=shown, host=found.host)


def ask_to_open(target: str, parent: QWidget, *, label: str = "") -> Question:
    """Ask before a link is followed, and return the open dialog; a link that is never followed is only shown."""
    url = openable(target)
    question: Question
    if url is not None:
        question = LinkQuestion(url=url, label=label, parent=parent)
    else:
        question = Question(
            name="linkRefused",
            title=_("This link is not opened"),
            text=_("Only web and mail addresses are. It leads here:"),
            detail=target[:2000],
            answers=(Answer(id=CANCEL, text=_("Close"), primary=True),),
            parent=parent,
        )
    question.open()
    return question
