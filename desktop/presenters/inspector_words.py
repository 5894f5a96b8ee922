"""What the context inspector says: roles, reasons, sums and prices in the reader's language."""

from desktop.domain.context import Reason
from desktop.domain.exchanges import Exchange
from desktop.domain.explanations import explain
from desktop.domain.inspection import Inspection, Item, Kind
from desktop.domain.messages import Role
from desktop.domain.prices import PER, Price, PriceSource, PriceTag
from desktop.i18n import _, ngettext
from desktop.presenters.figures import cost_text, count_text, decimal_text, moment_text, money_text
from desktop.presenters.meter import limit_text

NOTHING = "–"


def role(item: Item) -> str:
    """Return who speaks, or what the piece is."""
    if item.kind is Kind.SUMMARY:
        return _("summary")
    if item.kind is Kind.DRAFT:
        return _("draft")
    return {
        Role.SYSTEM: _("system"),
        Role.USER: _("user"),
        Role.ASSISTANT: _("assistant"),
        Role.TOOL: _("tool"),
    }[item.role]


def text(item: Item) -> str:
    """Return the beginning of a piece, and before it why it is not sent."""
    if item.is_sent:
        return item.text
    return f"({left_out(item)}) {item.text}".rstrip()


def left_out(item: Item) -> str:
    """Return why a piece is not sent."""
    if item.kind is Kind.SUMMARY:
        off = item.reason is Reason.EXCLUDED
        return _("switched off") if off else _("left out: no room for it")
    return {
        Reason.EMPTY: _("left out: nothing to send"),
        Reason.EXCLUDED: _("left out by you"),
        Reason.UNPAIRED: _("left out: half of a tool call"),
        Reason.LEADS: _("left out: answers no question"),
        Reason.SUMMARISED: _("left out: in the summary"),
        Reason.TURNS: _("left out: beyond the turns"),
        Reason.BUDGET: _("left out: older than the budget"),
    }.get(item.reason, _("left out"))


def older(found: Inspection) -> str:
    """Return what becomes of the messages that were not looked at."""
    count = count_text(found.older)
    if found.older_reason is Reason.SUMMARISED:
        words = ngettext(
            "{count} older message is in the summary", "{count} older messages are in the summary", found.older
        )
    elif found.older_reason is Reason.TURNS:
        words = ngettext(
            "{count} older message is not sent: beyond the turns",
            "{count} older messages are not sent: beyond the turns",
            found.older,
        )
    else:
        words = ngettext(
            "{count} older message is not sent: beyond the budget",
            "{count} older messages are not sent: beyond the budget",
            found.older,
        )
    return words.format(count=count)


def count(tokens: int) -> str:
    """Return a number of tokens."""
    return count_text(tokens)


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{count_text(round(100 * share))} %"


def price(dollars: float | None, tag: PriceTag) -> str:
    """Return what a piece costs."""
    if tag.is_free:
        return _("free")
    return _("unknown") if dollars is None else money_text(dollars)


def note(found: Inspection) -> str:
    """Return model, window and budget in a line."""
    window = [_("window {tokens}").format(tokens=limit_text(found.window))] if found.window else []
    return " · ".join((found.model.name, *window, _("budget {tokens}").format(tokens=limit_text(found.budget))))


def total(found: Inspection) -> str:
    """Return how much is sent, and what that costs."""
    tokens = ngettext("{count} token", "{count} tokens", found.tokens).format(count=count_text(found.tokens))
    if not found.fits:
        return _("{tokens} · does not fit").format(tokens=tokens)
    if found.tag.is_free:
        return _("{tokens} · free").format(tokens=tokens)
    if found.price is None:
        return _("{tokens} · price unknown").format(tokens=tokens)
    return _("{tokens} · about {price} + answer").format(tokens=tokens, price=money_text(found.price))


def cached(found: Inspection) -> str:
    """Return how much the provider had at hand the last time."""
    if not found.cached_before:
        return ""
    words = ngettext("cached before: {count} token", "cached before: {count} tokens", found.cached_before)
    return words.format(count=count_text(found.cached_before))


def margin(found: Inspection) -> str:
    """Return how far the figures may be off, and what they rest on."""
    encoding = found.encoding.removesuffix("_base")
    words = _("±{percent} % ({encoding} estimate)")
    if found.answers:
        words = ngettext(
            "±{percent} % ({encoding} estimate, corrected by {count} answer)",
            "±{percent} % ({encoding} estimate, corrected by {count} answers)",
            found.answers,
        )
    elif found.is_corrected:  # before answers were counted
        words = _("±{percent} % ({encoding} estimate, corrected by answers)")
    return words.format(percent=max(1, round(found.margin * 100)), encoding=encoding, count=count_text(found.answers))


def is_own(tag: PriceTag) -> bool:
    """Whether the user set this price."""
    return tag.source is PriceSource.OWN


def per_million(price: Price | None) -> tuple[str, str, str]:
    """Return the prices of input, output and cached input in dollars per million tokens, "" for what is not known."""
    if price is None:
        return "", "", ""
    cached = "" if price.cached is None else _amount(price.cached)
    return _amount(price.input), _amount(price.output), cached


def _amount(dollars: float) -> str:
    whole = dollars * PER
    places = next((at for at in range(2, 6) if abs(round(whole, at) - whole) < 1e-9), 6)
    return decimal_text(whole, places)


def exchange(found: Exchange | None) -> str:
    """Return what is known of the last run: when, how it ended, what it took and cost."""
    if found is None:
        return _("Nothing has been sent in this session since the program was started. Exchanges are not stored.")
    lines = [f"{found.model} · {moment_text(found.started_at)}"]
    ended = []
    if found.is_built_in:
        ended.append(_("answered by the program itself, nothing left this computer"))
    if found.status is not None:
        ended.append(_("status {number}").format(number=found.status))
    if found.fault is not None:
        ended.append(explain(found.fault).title)
    elif found.finish_reason:
        ended.append(_("ended with {reason}").format(reason=found.finish_reason))
    else:
        ended.append(_("stopped before its end"))
    if found.first_ms is not None:
        ended.append(_("first bytes after {seconds} s").format(seconds=decimal_text(found.first_ms / 1000, 2)))
    ended.append(_("{seconds} s in all").format(seconds=decimal_text(found.total_ms / 1000, 2)))
    lines.append(" · ".join(ended))
    if (usage := found.usage) is not None:
        about = "≈ " if usage.estimated else ""
        figures = [
            _("in {count}").format(count=about + count_text(usage.input_tokens)),
            _("cached {count}").format(count=count_text(usage.cached_tokens)),
            _("out {count}").format(count=about + count_text(usage.output_tokens)),
            _("thinking {count}").format(count=count_text(usage.reasoning_tokens)),
            cost_text(found.cost),
        ]
        lines.append(" · ".join(figures))
    cut = found.request_cut + found.response_cut
    if cut:
        lines.append(
            ngettext("{count} byte more is not kept", "{count} bytes more are not kept", cut).format(
                count=count_text(cut)
            )
        )
    return "\n".join(lines)
