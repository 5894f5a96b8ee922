"""`sobremesa context`: what would be sent next, message by message, and why the rest would not."""

import argparse
from typing import Any

from desktop.domain.context import Reason
from desktop.domain.settings import mark
from desktop.i18n import _, ngettext
from desktop.services.backend import Backend
from desktop.services.exchange.terminal import one_line
from desktop.services.gauge import context_values
from desktop.services.requests import wire

WIDTH = 60

_REASONS: dict[Reason, str] = {
    Reason.SYSTEM: mark("system prompt"),
    Reason.SUMMARY: mark("summary"),
    Reason.PINNED: mark("pinned"),
    Reason.NEWEST: mark("newest"),
    Reason.RECENT: mark("recent"),
    Reason.EMPTY: mark("nothing to send"),
    Reason.EXCLUDED: mark("excluded"),
    Reason.UNPAIRED: mark("half of a tool call"),
    Reason.LEADS: mark("answers no question"),
    Reason.SUMMARISED: mark("in the summary"),
    Reason.TURNS: mark("beyond the turns"),
    Reason.BUDGET: mark("beyond the budget"),
}


async def context_of(backend: Backend, arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the context of a session as JSON values, with the request as it would go out, without a key."""
    draft = " ".join(arguments.text)
    prepared = await backend.gauge.inspect(arguments.session, model=arguments.model or "", draft=draft)
    return {
        "session": arguments.session,
        "model": prepared.request.model.address,
        **context_values(prepared.context, await backend.prices.of(prepared.request.model)),
        "request": wire(prepared.request),
    }


def lines(values: dict[str, Any]) -> list[str]:
    """Return a context as lines for people."""
    about = "" if values["exact"] else "≈ "
    whole = _("{model}: {about}{tokens} of {budget} tokens").format(
        model=one_line(values["model"]), about=about, tokens=values["tokens"], budget=values["budget"]
    )
    if values["price"] is not None:
        whole += " · " + _("about ${price} and the answer").format(price=f"{values['price']:.4f}")
    found = [whole if values["fits"] else f"{whole} · {_('does not fit')}"]
    found += [
        f"{row['tokens']:>8}  {row['role']:<9}  {reason_text(row['reason']):<16}  {one_line(row['content'])[:WIDTH]}"
        for row in values["sent"]
    ]
    left = [f"{row['tokens']:>8}  {row['role']:<9}  {reason_text(row['reason'])}" for row in values["left_out"]]
    if older := values["older"]:
        count = older["messages"]
        text = ngettext("{count} older message: {reason}", "{count} older messages: {reason}", count)
        left.insert(0, "          " + text.format(count=count, reason=reason_text(older["reason"])))
    return [*found, _("Not sent:"), *left] if left else found


def reason_text(reason: str) -> str:
    """Return why a message is sent or not, in the reader's language."""
    return _(_REASONS[Reason(reason)])
