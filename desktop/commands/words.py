"""What the command line says about an answer that is not whole: there are no buttons and no settings to open here."""

from desktop.domain.explanations import explain
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.messages import Message, Status
from desktop.domain.settings import mark
from desktop.i18n import _

_KEY = mark("Give a valid key: in the provider's environment variable, or with --api-key-variable for --api-base.")
_MODEL = mark("`sobremesa models` lists what --model takes.")
_BASE = mark("Correct --api-base; it often ends in /v1.")
_AGAIN = mark("Try again in a while.")

_ADVICE: dict[FaultKind, str] = {
    FaultKind.REFUSED: mark("Start the server, or correct --api-base."),
    FaultKind.DNS: mark("Check the address and the connection to the internet."),
    FaultKind.CONNECT_TIMEOUT: mark("Check the connection, then try again."),
    FaultKind.FIRST_TIMEOUT: _AGAIN,
    FaultKind.NOT_A_MODEL: _BASE,
    FaultKind.WRONG_BASE: _BASE,
    FaultKind.AUTHENTICATION: _KEY,
    FaultKind.NO_KEY: _KEY,
    FaultKind.NO_MODEL: _MODEL,
    FaultKind.NO_PROVIDER: _MODEL,
    FaultKind.SILENCE_TIMEOUT: _AGAIN,
    FaultKind.RESET: _AGAIN,
    FaultKind.TRUNCATED: _AGAIN,
    FaultKind.MALFORMED: _AGAIN,
    FaultKind.UNAVAILABLE: mark("Install the program again."),
}


def fault_words(fault: Fault, *, has_text: bool = False) -> str:
    """Return a sentence or two: what happened, and what can be done on a command line."""
    found = explain(fault)
    advice = _(_ADVICE[fault.kind]) if fault.kind in _ADVICE else found.advice
    kept = _("The text so far is kept.") if has_text else ""
    return " ".join(filter(None, (f"{found.title}.", kept, advice)))


def ending(message: Message) -> str:
    """Return in brackets how an answer ended that is not whole, with the provider's words; nothing where it is."""
    if message.status is Status.COMPLETE:
        return ""
    words = {
        Status.STOPPED: _("stopped"),
        Status.FAILED: _("failed"),
        Status.INTERRUPTED: _("interrupted"),
        Status.STREAMING: _("being written"),
    }[message.status]
    fault = message.fault
    if fault is None:
        return f"[{words}]"
    said = f" “{fault.words}”" if fault.words else ""
    return f"[{words}: {explain(fault).title}.{said}]"
