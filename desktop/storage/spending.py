"""The bill: each request is added to its day's sum in the transaction that writes its answer."""

from datetime import datetime

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.messages import Outcome, Usage
from desktop.domain.spending import Charge, Purpose
from desktop.storage import sessions
from desktop.storage.rows import MessageRow

ADD = """
    INSERT INTO spending (profile_id, day, model, purpose, runs, unpriced, estimated, input_tokens, output_tokens,
        cached_tokens, reasoning_tokens, cost, timed_runs, timed_ms, paced_ms, paced_tokens)
    VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (profile_id, day, model, purpose) DO UPDATE SET
        runs = runs + 1,
        unpriced = unpriced + excluded.unpriced,
        estimated = estimated + excluded.estimated,
        input_tokens = input_tokens + excluded.input_tokens,
        output_tokens = output_tokens + excluded.output_tokens,
        cached_tokens = cached_tokens + excluded.cached_tokens,
        reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens,
        cost = cost + excluded.cost,
        timed_runs = timed_runs + excluded.timed_runs,
        timed_ms = timed_ms + excluded.timed_ms,
        paced_ms = paced_ms + excluded.paced_ms,
        paced_tokens = paced_tokens + excluded.paced_tokens
"""

ASIDE = """
    INSERT INTO side_run (session_id, purpose, model, input_tokens, output_tokens, cached_tokens, reasoning_tokens,
        usage_estimated, cost, created_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def day_of(now_ms: int) -> str:
    """Return the local day of a time, as `YYYY-MM-DD`."""
    return datetime.fromtimestamp(now_ms / 1000).astimezone().strftime("%Y-%m-%d")


def charge(db: APSWDatabase, session_id: str, spent: Charge, *, now_ms: int) -> None:
    """Add what a request took to the bill; raise `NotFound` for an unknown session."""
    profile = sessions.get_row(db, session_id).profile_id
    usage = spent.usage or Usage()
    timed = spent.response_time_ms
    paced = 0 if timed is None or not usage.output_tokens else max(1, timed - (spent.first_token_ms or 0))
    db.execute_sql(
        ADD,
        (
            profile,
            day_of(now_ms),
            spent.model,
            spent.purpose.value,
            int(spent.cost is None),
            int(usage.estimated),
            usage.input_tokens,
            usage.output_tokens,
            usage.cached_tokens,
            usage.reasoning_tokens,
            spent.cost or 0.0,
            int(timed is not None),
            timed or 0,
            paced,
            usage.output_tokens if paced else 0,
        ),
    )
    if spent.purpose is not Purpose.ANSWER:
        tokens = (usage.input_tokens, usage.output_tokens, usage.cached_tokens, usage.reasoning_tokens)
        known = tokens if spent.usage is not None else (None,) * 4
        values = (session_id, spent.purpose.value, spent.model, *known, int(usage.estimated), spent.cost, now_ms)
        db.execute_sql(ASIDE, values)


def charge_answer(db: APSWDatabase, row: MessageRow, outcome: Outcome, *, now_ms: int) -> None:
    """Add an answer that has ended; one that never went out costs nothing and is not counted."""
    if outcome.response_time_ms is None and outcome.usage is None and outcome.cost is None:
        return
    spent = Charge(
        model=outcome.model or row.model,
        usage=outcome.usage,
        cost=outcome.cost,
        response_time_ms=outcome.response_time_ms,
        first_token_ms=outcome.metadata.get("first_token_ms"),
    )
    charge(db, row.session_id, spent, now_ms=now_ms)


def spent_since(db: APSWDatabase, profile_id: int, day: str) -> float:
    """Return what was spent from a day on, in US dollars, as far as it is known."""
    row = db.execute_sql(
        "SELECT coalesce(sum(cost), 0) FROM spending WHERE profile_id = ? AND day >= ?", (profile_id, day)
    ).fetchone()
    return float(row[0])
