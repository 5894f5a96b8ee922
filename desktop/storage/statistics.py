"""Counts, times, tokens and cost, over one session or over all."""

from collections.abc import Sequence

from peewee import SQL, Expression, fn
from playhouse.apsw_ext import APSWDatabase

from desktop.domain.messages import Role, Status
from desktop.domain.sessions import ModelUse, Statistics
from desktop.storage import sessions
from desktop.storage.rows import MessageRow, SessionRow


def statistics(db: APSWDatabase, session_id: str | None) -> Statistics:
    """Return the figures of one session, or of all that are not in the trash; raise `NotFound`."""
    here = [MessageRow.deleted_at.is_null()]
    if session_id is None:
        counted = sessions.count(db)
        # By the ids of what is in the trash, which is little, and not by a join over everything.
        trashed = SessionRow.select(SessionRow.id).where(SessionRow.deleted_at.is_null(False))
        here.append(MessageRow.session_id.not_in(trashed))
    else:
        sessions.get_row(db, session_id)
        counted = 1
        here.append(MessageRow.session_id == session_id)
    messages, first_at, last_at = (
        MessageRow.select(fn.COUNT(SQL("1")), fn.MIN(MessageRow.created_at), fn.MAX(MessageRow.created_at))
        .where(*here)
        .tuples()
        .execute(db)[0]
    )
    models, unpriced = _models(db, here)
    return Statistics(
        sessions=counted,
        messages=messages,
        first_at=first_at,
        last_at=last_at,
        input_tokens=sum(use.input_tokens for use in models),
        output_tokens=sum(use.output_tokens for use in models),
        cost=sum(use.cost or 0.0 for use in models),
        unpriced=unpriced,
        models=models,
    )


def _models(db: APSWDatabase, here: Sequence[Expression]) -> tuple[tuple[ModelUse, ...], int]:
    """Return the use of each model, most used first, and the number of answers whose cost is unknown."""
    used = fn.COUNT(SQL("1"))
    rows = (
        MessageRow.select(
            MessageRow.model,
            used,
            fn.COALESCE(fn.SUM(MessageRow.input_tokens), 0),
            fn.COALESCE(fn.SUM(MessageRow.output_tokens), 0),
            fn.SUM(MessageRow.cost),
            fn.COUNT(MessageRow.cost),
        )
        .where(*here, MessageRow.role == Role.ASSISTANT.value, MessageRow.status != Status.STREAMING.value)
        .group_by(MessageRow.model)
        .order_by(used.desc(), MessageRow.model)
        .tuples()
        .execute(db)
    )
    uses: list[ModelUse] = []
    unpriced = 0
    for model, messages, input_tokens, output_tokens, cost, priced in rows:
        uses.append(
            ModelUse(model=model, messages=messages, input_tokens=input_tokens, output_tokens=output_tokens, cost=cost)
        )
        unpriced += messages - priced
    return tuple(uses), unpriced
