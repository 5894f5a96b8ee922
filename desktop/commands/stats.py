"""`sobremesa stats` and `sobremesa branches`: what was said and what it cost, and the shape of a session."""

from dataclasses import asdict
from typing import Any

from desktop.domain.beginnings import beginning
from desktop.domain.branches import Outline, arrange
from desktop.i18n import _
from desktop.services.backend import Backend
from desktop.services.exchange.plain import statistics_values
from desktop.services.exchange.terminal import one_line

WIDTH = 60


async def statistics_of(backend: Backend, session_id: str | None) -> dict[str, Any]:
    """Return the figures of a session or of all as JSON values, with the month's budget; raises `NotFound`."""
    budget = await backend.spending.budget()
    return {
        **statistics_values(await backend.spending.statistics(session_id)),
        "budget": {"limit": budget.limit, "spent": budget.spent, "state": budget.state.value},
        "price_date": backend.spending.price_date,
    }


def statistics_lines(values: dict[str, Any]) -> list[str]:
    """Return figures as lines for people."""
    labels = {
        "sessions": _("sessions"),
        "messages": _("messages"),
        "input_tokens": _("tokens in"),
        "output_tokens": _("tokens out"),
        "cost": _("cost in US dollars, as far as known"),
        "unpriced": _("answers without a known price"),
    }
    known = {name: _number(values[name]) for name in labels}
    if not values["cost"] and any(row["messages"] for row in values["models"]):
        known["cost"] = _("unknown") if values["unpriced"] else _("free")
    found = [f"{known[name]:>14}  {label}" for name, label in labels.items()]
    if limit := values["budget"]["limit"]:
        share = _("of this month's budget of {limit} spent").format(limit=_number(limit))
        found.append(f"{_number(values['budget']['spent']):>14}  {share}")
    for title, rows, name in ((_("Models"), values["models"], "model"), (_("Months"), values["months"], "day")):
        if rows:
            found += ["", f"{title}:", *(_use(row, one_line(row[name])) for row in rows)]
    return found


def _use(row: dict[str, Any], name: str) -> str:
    if row["cost"]:
        cost = _number(row["cost"]) + (" + ?" if row.get("unpriced") else "")
    else:
        cost = _("unknown") if row["cost"] is None or row.get("unpriced") else _("free")
    words = _("{name}: {answers} answers, {sent} tokens in, {received} tokens out, cost {cost}")
    return "  " + words.format(
        name=name, answers=row["messages"], sent=row["input_tokens"], received=row["output_tokens"], cost=cost
    )


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4f}"


async def outline_of(backend: Backend, session_id: str) -> dict[str, Any]:
    """Return the shape of a session's tree as JSON values; raises `NotFound`."""
    outline = await backend.branches.outline(session_id)
    return {"session": session_id, **asdict(outline)}


async def outline_lines(backend: Backend, session_id: str) -> list[str]:
    """Return the tree as lines, each branch further right; the path that is shown is marked by a star."""
    outline: Outline = await backend.branches.outline(session_id)
    cells = arrange(outline.branches)
    found = []
    for branch in sorted(outline.branches, key=lambda one: (cells[one.id].column, cells[one.id].row)):
        mark = "*" if branch.on_path else " "
        between = f" (+{branch.hidden})" if branch.hidden else ""
        above = f" ← {branch.parent_id}" if branch.parent_id is not None else ""
        text = one_line(beginning(branch.text))[:WIDTH]
        found.append(f"{mark} {branch.id:>8}{above}{between}  {branch.role.value:<9}  {text}")
    return found
