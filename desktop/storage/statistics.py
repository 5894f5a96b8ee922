"""Counts, times, tokens and cost, over one session or over all.

Over all, tokens and cost come from the sums that `spending` keeps, so they cost the same whether there are ten messages
or a million; a session's come from its own messages and from what was asked beside them.
"""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any

from peewee import SQL, fn
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.organising import GUEST
from desktop.domain.spending import DayUse, ModelUse, Purpose, Statistics
from desktop.storage import sessions
from desktop.storage.rows import MessageRow, SessionRow

NEWEST = 500
"""The median wait for a first word is taken over so many of the newest answers."""

_SUMS = """
    sum(runs), sum(unpriced), sum(estimated), sum(input_tokens), sum(output_tokens), sum(cached_tokens),
    sum(reasoning_tokens), sum(cost), sum(timed_runs), sum(timed_ms), sum(paced_ms), sum(paced_tokens)
"""
_HERE = "FROM spending WHERE profile_id = ? AND day >= ?"
_ALL = {
    "models": f"SELECT model, {_SUMS} {_HERE} GROUP BY model ORDER BY sum(runs) DESC, model",
    "days": f"SELECT day, {_SUMS} {_HERE} GROUP BY day ORDER BY day",
    "months": f"SELECT substr(day, 1, 7), {_SUMS} {_HERE} GROUP BY 1 ORDER BY 1",
}
_RUNS_OF_SESSION = """
    (SELECT date((created_at + coalesce(response_time_ms, 0)) / 1000, 'unixepoch', 'localtime') AS day, model,
        'answer' AS purpose, 1 AS runs,
        cost IS NULL AS unpriced, usage_estimated AS estimated, coalesce(input_tokens, 0) AS input_tokens,
        coalesce(output_tokens, 0) AS output_tokens, coalesce(cached_tokens, 0) AS cached_tokens,
        coalesce(reasoning_tokens, 0) AS reasoning_tokens, coalesce(cost, 0) AS cost,
        response_time_ms IS NOT NULL AS timed_runs, coalesce(response_time_ms, 0) AS timed_ms,
        CASE WHEN output_tokens > 0 AND response_time_ms IS NOT NULL
            THEN max(1, response_time_ms - coalesce(json_extract(metadata, '$.first_token_ms'), 0)) ELSE 0
            END AS paced_ms,
        CASE WHEN response_time_ms IS NOT NULL THEN coalesce(output_tokens, 0) ELSE 0 END AS paced_tokens
    FROM message WHERE session_id = ? AND role = 'assistant' AND status <> 'streaming'
        AND (input_tokens IS NOT NULL OR cost IS NOT NULL OR response_time_ms IS NOT NULL)
    UNION ALL
    SELECT date(created_at / 1000, 'unixepoch', 'localtime'), model, purpose, 1, cost IS NULL, usage_estimated,
        coalesce(input_tokens, 0), coalesce(output_tokens, 0), coalesce(cached_tokens, 0),
        coalesce(reasoning_tokens, 0), coalesce(cost, 0), 0, 0, 0, 0
    FROM side_run WHERE session_id = ?)
"""
_THERE = f"FROM {_RUNS_OF_SESSION} WHERE day >= ?"
_SESSION = {
    "models": f"SELECT model, {_SUMS} {_THERE} GROUP BY model ORDER BY sum(runs) DESC, model",
    "days": f"SELECT day, {_SUMS} {_THERE} GROUP BY day ORDER BY day",
    "months": f"SELECT substr(day, 1, 7), {_SUMS} {_THERE} GROUP BY 1 ORDER BY 1",
    "aside": f"SELECT coalesce(sum(cost), 0) {_THERE} AND purpose <> 'answer'",
}


_TIME = """
    SELECT message.created_at FROM message CROSS JOIN session ON session.id = message.session_id
    WHERE message.deleted_at IS NULL AND session.deleted_at IS NULL AND session.profile_id = ? ORDER BY message.id
"""
"""When the first or last message of a profile that is not in the trash was written."""


def statistics(db: APSWDatabase, session_id: str | None, *, since: str = "", profile: int | None = None) -> Statistics:
    """Return the figures of one session, or of all of a profile; raise `NotFound`.

    `since` (`YYYY-MM-DD`) leaves out the tokens and cost of the days before.
    """
    if session_id is None:
        who = GUEST if profile is None else profile
        counted, messages, first_at, last_at = _counts(db, who)
        rows = {name: db.execute_sql(sql, (who, since)).fetchall() for name, sql in _ALL.items()}
        aside = "SELECT coalesce(sum(cost), 0) FROM spending WHERE profile_id = ? AND day >= ? AND purpose <> ?"
        (aside_cost,) = db.execute_sql(aside, (who, since, Purpose.ANSWER.value)).fetchone()
    else:
        sessions.get_row(db, session_id)
        counted = 1
        messages, first_at, last_at = (
            MessageRow.select(fn.COUNT(SQL("1")), fn.MIN(MessageRow.created_at), fn.MAX(MessageRow.created_at))
            .where(MessageRow.session_id == session_id, MessageRow.deleted_at.is_null())
            .tuples()
            .execute(db)[0]
        )
        values = (session_id, session_id, since)
        rows = {name: db.execute_sql(sql, values).fetchall() for name, sql in _SESSION.items()}
        ((aside_cost,),) = rows["aside"]
    models = tuple(_model(row) for row in rows["models"])
    return Statistics(
        sessions=counted,
        messages=messages,
        first_at=first_at,
        last_at=last_at,
        input_tokens=sum(use.input_tokens for use in models),
        output_tokens=sum(use.output_tokens for use in models),
        cached_tokens=sum(use.cached_tokens for use in models),
        reasoning_tokens=sum(use.reasoning_tokens for use in models),
        cost=sum(use.cost or 0.0 for use in models),
        unpriced=sum(use.unpriced for use in models),
        estimated=sum(use.estimated for use in models),
        aside_cost=aside_cost,
        first_token_ms=_first_token_ms(db, session_id, GUEST if profile is None else profile, since),
        models=models,
        days=_days(rows["days"]),
        months=_days(rows["months"]),
    )


def _counts(db: APSWDatabase, profile: int) -> tuple[int, int, int | None, int | None]:
    """Return how many sessions and messages of a profile are not in the trash, and the first and last time."""
    counted, messages = (
        SessionRow.select(fn.COUNT(SQL("1")), fn.COALESCE(fn.SUM(SessionRow.message_count), 0))
        .where(SessionRow.profile_id == profile, SessionRow.deleted_at.is_null())
        .tuples()
        .execute(db)[0]
    )
    first_at, last_at = (_time(db, profile, f"{_TIME} {order} LIMIT 1") for order in ("ASC", "DESC"))
    return counted, messages, first_at, last_at


def _time(db: APSWDatabase, profile: int, sql: str) -> int | None:
    row = db.execute_sql(sql, (profile,)).fetchone()
    return None if row is None else int(row[0])


def _first_token_ms(db: APSWDatabase, session_id: str | None, profile: int, since: str) -> int | None:
    """Return the median wait of the newest answers; a copy of one has not waited."""
    one = session_id is not None
    whose = ("message.session_id", session_id) if one else ("session.profile_id", profile)
    rows = db.execute_sql(
        "SELECT json_extract(metadata, '$.first_token_ms') FROM (SELECT message.* FROM message "  # noqa: S608
        f"CROSS JOIN session ON session.id = message.session_id WHERE role = 'assistant' AND {whose[0]} = ? "
        f"ORDER BY message.id DESC LIMIT {NEWEST}) "
        "WHERE response_time_ms IS NOT NULL AND date(created_at / 1000, 'unixepoch', 'localtime') >= ?",
        (whose[1], since),
    )
    found = [value for (value,) in rows if isinstance(value, int)]
    return round(median(found)) if found else None


def _model(row: Sequence[Any]) -> ModelUse:
    model, runs, unpriced, estimated, *tokens, cost, timed_runs, timed_ms, paced_ms, paced_tokens = row
    input_tokens, output_tokens, cached_tokens, reasoning_tokens = tokens
    return ModelUse(
        model=model,
        messages=runs,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
        cached_tokens=cached_tokens,
        reasoning_tokens=reasoning_tokens,
        cost=None if unpriced == runs else cost,
        unpriced=unpriced,
        estimated=estimated,
        tokens_per_s=round(paced_tokens * 1000 / paced_ms, 1) if paced_ms and paced_tokens else None,
        response_time_ms=round(timed_ms / timed_runs) if timed_runs else None,
    )


def _days(rows: Iterable[tuple[Any, ...]]) -> tuple[DayUse, ...]:
    return tuple(
        DayUse(day=row[0], messages=row[1], input_tokens=row[4], output_tokens=row[5], cost=row[8]) for row in rows
    )
