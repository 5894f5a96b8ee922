"""What a person reads when something goes wrong: what happened, and what to do about it.

A `Fault` is stored without sentences; here each kind gets its two, in the language in use.
"""

import math
from dataclasses import dataclass

from desktop.domain.faults import Fault, FaultKind
from desktop.domain.settings import mark
from desktop.i18n import _, ngettext

LONGEST_PAUSE_S = 366 * 86_400
"""A longer pause is a mistake of the server, and no help to anybody."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """`title` says what happened, `advice` what to do; both are plain text in the reader's language."""

    title: str
    advice: str


_TEXTS: dict[FaultKind, tuple[str, str]] = {
    FaultKind.REFUSED: (
        mark("Nothing answers at {where}"),
        mark("Start the server, or correct its address in Settings ▸ Providers."),
    ),
    FaultKind.DNS: (
        mark("The name {where} was not found"),
        mark("Check the address in Settings ▸ Providers and the connection to the internet."),
    ),
    FaultKind.TLS: (
        mark("The connection to {where} is not safe: its certificate was not accepted"),
        mark("Check the date of this computer. Behind a company's proxy, install its certificate."),
    ),
    FaultKind.PROXY: (
        mark("The proxy wants a sign-in before it lets anything through (407)"),
        mark("Put your name and password into the proxy settings of the system, then try again."),
    ),
    FaultKind.CONNECT_TIMEOUT: (
        mark("{where} did not accept a connection in time"),
        mark("Check the connection, or allow more time in Settings ▸ Connection."),
    ),
    FaultKind.FIRST_TIMEOUT: (
        mark("The answer did not begin in time"),
        mark("Try again, or allow more time in Settings ▸ Connection."),
    ),
    FaultKind.SILENCE_TIMEOUT: (
        mark("The answer fell silent and was cut off"),
        mark("The text so far is kept. Continue, or try again."),
    ),
    FaultKind.RESET: (
        mark("The connection was lost"),
        mark("What had arrived is kept. Continue, or try again."),
    ),
    FaultKind.TRUNCATED: (
        mark("The answer ended before it was finished"),
        mark("The text so far is kept. Continue, or try again."),
    ),
    FaultKind.MALFORMED: (
        mark("The provider sent something that could not be understood"),
        mark("What had arrived is kept. Continue, or try again."),
    ),
    FaultKind.NOT_A_MODEL: (
        mark("This address did not answer like a model"),
        mark("Check the base URL in Settings ▸ Providers; it often ends in /v1."),
    ),
    FaultKind.WRONG_BASE: (
        mark("The models are not at this address, but at {where}"),
        mark("Write {where} as the base URL in Settings ▸ Providers."),
    ),
    FaultKind.AUTHENTICATION: (
        mark("The key was refused (401)"),
        mark("Make a new key in the provider's console and paste it in Settings ▸ Providers."),
    ),
    FaultKind.PAYMENT: (
        mark("The provider wants payment first (402)"),
        mark("Add credit in the provider's console, or choose another model."),
    ),
    FaultKind.FORBIDDEN: (
        mark("This key may not use this model (403)"),
        mark("Ask for access in the provider's console, or choose another model."),
    ),
    FaultKind.NO_MODEL: (
        mark("The provider does not know this model (404)"),
        mark("Choose another model, or correct the base URL in Settings ▸ Providers; it often ends in /v1."),
    ),
    FaultKind.TOO_LARGE: (
        mark("The request is too large for the provider (413)"),
        mark("Shorten the message, or begin a new session."),
    ),
    FaultKind.CONTEXT_EXCEEDED: (
        mark("The conversation is longer than this model can read"),
        mark("Shorten the message, let the meter allow more, or choose a model with a larger window."),
    ),
    FaultKind.BAD_REQUEST: (
        mark("The provider did not accept the request"),
        mark("Its own words say why. Change the message or choose another model."),
    ),
    FaultKind.CONTENT_FILTER: (
        mark("The provider's content filter stopped this"),
        mark("Rephrase the message, or choose another model."),
    ),
    FaultKind.BROKEN_TOOL_CALL: (
        mark("The model asked for a tool in a broken way; the tool was not run"),
        mark("Try again, or choose another model."),
    ),
    FaultKind.RATE_LIMIT: (
        mark("The provider is asking for a pause: too many requests (429)"),
        mark("Your message is saved. Try again in a while."),
    ),
    FaultKind.QUOTA: (
        mark("The quota with this provider is used up"),
        mark("Trying again does not help. Raise the limit in the provider's console, or choose another model."),
    ),
    FaultKind.OVERLOADED: (
        mark("The provider has too much to do"),
        mark("Your message is saved. Try again in a while, or choose another model."),
    ),
    FaultKind.SERVER: (
        mark("The provider failed"),
        mark("Your message is saved. Try again in a while, or choose another model."),
    ),
    FaultKind.NO_KEY: (
        mark("There is no key for this provider"),
        mark("Paste one in Settings ▸ Providers."),
    ),
    FaultKind.NO_PROVIDER: (
        mark("No provider here has the model {where}"),
        mark("Choose another model, or add its provider in Settings ▸ Providers."),
    ),
    FaultKind.ANSWER_TOO_LONG: (
        mark("The answer was cut: it is longer than this program keeps"),
        mark("The text so far is kept."),
    ),
    FaultKind.UNAVAILABLE: (
        mark("The part of the program that talks to providers could not be loaded"),
        mark("Install the program again; the offline guide still answers."),
    ),
    FaultKind.UNKNOWN: (
        mark("Something went wrong with the provider"),
        mark("Try again, or choose another model."),
    ),
}


_ABOUT_TEXT = frozenset({FaultKind.SILENCE_TIMEOUT, FaultKind.RESET, FaultKind.TRUNCATED, FaultKind.MALFORMED})
"""Kinds whose advice speaks of text that has arrived."""
_OF_THE_MOMENT = _ABOUT_TEXT | {
    FaultKind.RATE_LIMIT,
    FaultKind.OVERLOADED,
    FaultKind.SERVER,
    FaultKind.UNKNOWN,
    FaultKind.BAD_REQUEST,
    FaultKind.REFUSED,
}
"""Kinds that mean nothing lasting once text has arrived: the same request was good enough to be answered."""
_KEPT = mark("The text so far is kept. Continue, or try again.")
_NOTHING = mark("Nothing had arrived. Your message is saved: try again.")


def explain(fault: Fault, *, has_text: bool | None = None) -> Explanation:
    """Return what to tell a person about `fault`; `has_text` says whether part of an answer is there, if known."""
    title, advice = _TEXTS[fault.kind]
    if has_text and fault.kind in _OF_THE_MOMENT:
        advice = _KEPT
    elif has_text is False and fault.kind in _ABOUT_TEXT:
        advice = _NOTHING
    where = fault.where or _("the provider")
    said = [_(advice).format(where=where)]
    if pause := _pause(fault):
        said.append(_("It asks for a pause of {time}.").format(time=pause))
    return Explanation(_(title).format(where=where), " ".join(said))


def _pause(fault: Fault) -> str:
    """Return the pause that the provider asks for in words, rounded up; nothing where it asks for none."""
    seconds = fault.retry_after_s
    if seconds is None or not 0 < seconds < LONGEST_PAUSE_S:
        return ""
    if seconds <= 90:
        count = math.ceil(seconds)
        return ngettext("{count} second", "{count} seconds", count).format(count=count)
    if seconds <= 90 * 60:
        count = math.ceil(seconds / 60)
        return ngettext("{count} minute", "{count} minutes", count).format(count=count)
    count = math.ceil(seconds / 3600)
    return ngettext("{count} hour", "{count} hours", count).format(count=count)


def details(fault: Fault) -> str:
    """Return the text that "Copy details" copies: everything known, nothing secret."""
    explanation = explain(fault)
    lines = [explanation.title, explanation.advice, f"kind: {fault.kind.value}"]
    if fault.status is not None:
        lines.append(f"status: {fault.status}")
    if fault.where:
        lines.append(f"where: {fault.where}")
    if fault.retry_after_s is not None:
        lines.append(f"retry after: {fault.retry_after_s:g} s")
    if fault.words:
        lines.append(f"words: {fault.words}")
    return "\n".join(lines)
