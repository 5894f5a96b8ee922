"""The context inspector's words and rows."""

from dataclasses import replace
from typing import Any

import pytest

from desktop.domain.context import Mark, Reason
from desktop.domain.exchanges import Exchange
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.inspection import Inspection, Item, Kind
from desktop.domain.messages import Role, Usage
from desktop.domain.models import ModelSpec
from desktop.domain.prices import FREE, Price, PriceSource, PriceTag
from desktop.presenters import inspector_words as words
from desktop.presenters.inspector import rows_of, view_of

SYSTEM = Item(
    kind=Kind.SYSTEM, role=Role.SYSTEM, text="Be brief.", tokens=10, reason=Reason.SYSTEM, is_sent=True, price=0.001
)
LEFT = Item(kind=Kind.MESSAGE, role=Role.USER, text="Old", tokens=500, reason=Reason.BUDGET, is_sent=False, message=7)
NEWEST = Item(
    kind=Kind.MESSAGE,
    role=Role.USER,
    text="New",
    tokens=87,
    reason=Reason.NEWEST,
    is_sent=True,
    message=8,
    price=0.0087,
)
FOUND = Inspection(
    session_id="s",
    model=ModelSpec(provider_id="openai", kind="openai", name="gpt-4o"),
    items=(SYSTEM, LEFT, NEWEST),
    tokens=100,
    budget=32768,
    window=128_000,
    margin=0.02,
    encoding="o200k_base",
    fits=True,
    older=99_870,
    older_reason=Reason.BUDGET,
    tag=PriceTag(price=Price(input=1e-4, output=1e-3), source=PriceSource.LISTED),
    price=0.01,
    request="{}",
)
EXCHANGE = Exchange(
    session_id="s",
    model="openai/gpt-4o",
    started_at=1_795_262_400_000,
    request="{}",
    response="data: {}",
    status=200,
    finish_reason="stop",
    usage=Usage(input_tokens=1200, cached_tokens=1024, output_tokens=80),
    cost=0.0123,
    first_ms=350,
    total_ms=2100,
)


def changed(**more: Any) -> Inspection:
    return replace(FOUND, **more)


def test_what_was_not_looked_at_is_one_line() -> None:
    """It stands before the messages that were."""
    rows = rows_of(FOUND)
    assert [row.text for row in rows] == [
        "Be brief.",
        "99,870 older messages are not sent: beyond the budget",
        "(left out: older than the budget) Old",
        "New",
    ]
    assert [row.tickable for row in rows] == [False, False, True, True]
    assert [row.price for row in rows] == ["$0.0010", "–", "–", "$0.0087"]
    assert [row.share for row in rows] == [0.1, 0.0, 1.0, 0.87]


@pytest.mark.parametrize(
    ("reason", "words_"),
    [
        (Reason.SUMMARISED, "1 older message is in the summary"),
        (Reason.TURNS, "1 older message is not sent: beyond the turns"),
        (Reason.BUDGET, "1 older message is not sent: beyond the budget"),
    ],
)
def test_the_rest_has_its_reason(reason: Reason, words_: str) -> None:
    """And its number."""
    assert words.older(changed(older=1, older_reason=reason)) == words_


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason not in {Reason.SYSTEM, Reason.SUMMARY}])
def test_every_reason_has_its_words(reason: Reason) -> None:
    """What is left out is said to be so."""
    assert words.left_out(replace(LEFT, reason=reason)).startswith(("left out", "switched off"))


def test_the_sums_are_told() -> None:
    """Tokens and price; free, unknown, and too much are said."""
    assert words.total(FOUND) == "100 tokens · about $0.0100 + answer"
    assert words.total(changed(price=None, tag=PriceTag())) == "100 tokens · price unknown"
    assert words.total(changed(tag=PriceTag(price=FREE, source=PriceSource.FREE))) == "100 tokens · free"
    assert words.total(changed(fits=False)) == "100 tokens · does not fit"
    assert words.note(FOUND) == "gpt-4o · window 125k · budget 32k"
    assert words.note(changed(window=None)) == "gpt-4o · budget 32k"
    assert words.margin(FOUND) == "±2 % (o200k estimate)"
    assert words.margin(changed(is_corrected=True)) == "±2 % (o200k estimate, corrected by answers)"
    assert words.margin(changed(is_corrected=True, answers=1)) == "±2 % (o200k estimate, corrected by 1 answer)"
    assert words.margin(changed(is_corrected=True, answers=1200)) == "±2 % (o200k estimate, corrected by 1,200 answers)"
    assert words.cached(FOUND) == ""
    assert words.cached(changed(cached_before=524)) == "cached before: 524 tokens"


def test_an_exchange_is_told_in_three_lines() -> None:
    """When and with whom, how it ended, what it took."""
    first, second, third = words.exchange(EXCHANGE).splitlines()
    assert first.startswith("openai/gpt-4o · ")
    assert second == "status 200 · ended with stop · first bytes after 0.35 s · 2.10 s in all"
    assert third == "in 1,200 · cached 1,024 · out 80 · thinking 0 · $0.0123"


def test_a_failure_is_told_with_its_reason() -> None:
    """And what was not kept of it."""
    fault = Fault(kind=FaultKind.AUTHENTICATION, status=401)
    failed = replace(EXCHANGE, status=401, finish_reason="", usage=None, fault=fault, first_ms=None, response_cut=9)
    lines = words.exchange(failed).splitlines()
    assert lines[1].startswith("status 401 · ")
    assert "stopped" not in lines[1]
    assert lines[-1] == "9 bytes more are not kept"
    assert "stopped before its end" in words.exchange(replace(EXCHANGE, finish_reason=""))
    unknown = replace(EXCHANGE, cost=None, usage=Usage(input_tokens=3, estimated=True))
    assert "in ≈ 3" in words.exchange(unknown)
    assert "cost unknown" in words.exchange(unknown)


def test_prices_are_shown_per_million() -> None:
    """With the places that they need, and no more."""
    assert words.per_million(Price(input=2.5e-6, output=1e-5, cached=1.25e-7)) == ("2.50", "10.00", "0.125")
    assert words.per_million(Price(input=0.0, output=3.3e-12)) == ("0.00", "0.000003", "")
    assert words.per_million(None) == ("", "", "")


def test_the_view_shows_the_newest_exchange() -> None:
    """And the price that the user set, apart from the published one."""
    tag = PriceTag(price=Price(input=1e-6, output=1e-6), source=PriceSource.OWN, listed=Price(input=2e-6, output=2e-6))
    view = view_of(changed(exchanges=(EXCHANGE, replace(EXCHANGE, request="older")), tag=tag))
    assert (view.sent, view.received) == ("{}", "data: {}")
    assert (view.own[0], view.listed[0]) == ("1.00", "2.00")
    assert view_of(FOUND).own == ("", "", "")
    assert not view.has_summary


def test_a_pinned_message_has_its_mark() -> None:
    """As an icon behind who speaks."""
    (row,) = rows_of(changed(items=(replace(NEWEST, mark=Mark.PINNED),), older=0))
    assert row.icon == "pin"
