"""Full-text search over messages and titles: a page at a time, newest first, or the best of the newest thousand.

Design note. The index is read from its newest end and left as soon as the page is full; ranking all hits of a common
word would visit every one of them (360 ms against 0.6 ms over 300,000 messages). For the same reason relevance looks at
the newest `RANKED` matches alone. Messages come in the order of writing, titles by their session's last change among
those that were begun last; both are woven together by their time. A row that the index names is asked again in SQL
(trash, profile, filters), and in Python where the index is not sure (`search_matching.py`): what is shown is exact.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.search_language import OF_SESSIONS, Field, Filter, Question, Words
from desktop.domain.search_matching import Document, counts, holds, ranks, snippet
from desktop.domain.searching import SearchCursor, SearchInterrupted, SearchOrder, SearchPage
from desktop.domain.sessions import SearchHit
from desktop.storage.search_index import BUCKET_BITS, bucket_mark, session_mark
from desktop.storage.search_plan import Names, Plan, Values, condition, plan

RANKED = 1_000
"""How many of the newest matches are ordered by relevance."""
FEW_SESSIONS = 1_000
TITLES_AT_ONCE = 400
_CHECKED_EVERY = 64
Statement = tuple[str, Values]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with all that answering it takes; `is_stale` says that nobody waits for the answer any more."""

    question: Question
    names: Names
    profile: int
    is_stale: Callable[[], bool] = lambda: False

    def check(self) -> None:
        """Raise `SearchInterrupted` where nobody waits."""
        if self.is_stale():
            raise SearchInterrupted


@dataclass(frozen=True, slots=True)
class _Found:
    """A row that is an answer: `key` is the message's id, or the time and number of the title's session."""

    hit: SearchHit
    text: str
    key: tuple[int, ...]


def search(
    db: APSWDatabase,
    asked: Asked,
    *,
    limit: int,
    after: SearchCursor | None = None,
    order: SearchOrder = SearchOrder.NEWEST,
) -> SearchPage:
    """Return a page of answers; raises `SearchInterrupted` as soon as nobody waits for it."""
    words = asked.question.words
    if not asked.question:
        return SearchPage()
    after = after or SearchCursor()
    if order is SearchOrder.RELEVANCE:
        return _best(db, asked, limit, after.skipped)
    rows = _woven(db, asked, after)
    found = list(islice(rows, limit + 1))
    page, has_more = found[:limit], len(found) > limit
    for each in page:
        if each.hit.message_id is None:
            after = replace(after, title=(each.key[0], each.key[1]))
        else:
            after = replace(after, message_id=each.hit.message_id)
    return SearchPage(
        hits=tuple(_shown(each, words) for each in page), has_more=has_more, next=after if has_more else None
    )


def _best(db: APSWDatabase, asked: Asked, limit: int, skipped: int) -> SearchPage:
    words = asked.question.words
    found = list(islice(_woven(db, asked, SearchCursor()), RANKED))
    scores = ranks([(len(each.text), counts(Document(each.text), words)) for each in found])
    # Stable: of two that fit as well, the newer one stands first.
    best = [each for _score, each in sorted(zip(scores, found, strict=True), key=lambda pair: -pair[0])]
    page = best[skipped : skipped + limit]
    end = skipped + len(page)
    return SearchPage(
        hits=tuple(_shown(each, words) for each in page),
        has_more=end < len(best),
        next=SearchCursor(skipped=end) if end < len(best) else None,
    )


def _shown(found: _Found, words: tuple[Words, ...]) -> SearchHit:
    return replace(found.hit, snippet=snippet(found.text, words))


def _woven(db: APSWDatabase, asked: Asked, after: SearchCursor) -> Iterator[_Found]:
    """Yield titles and messages, whichever is newer first; a title stands before its messages of the same moment."""
    titles = _titles(db, asked, after.title)
    messages = _messages(db, asked, after.message_id)
    title, message = next(titles, None), next(messages, None)
    while title is not None or message is not None:
        if message is None or (title is not None and title.hit.created_at >= message.hit.created_at):
            assert title is not None
            yield title
            title = next(titles, None)
        else:
            yield message
            message = next(messages, None)


def _messages(db: APSWDatabase, asked: Asked, before: int | None) -> Iterator[_Found]:
    planned = plan(asked.question, asked.names)
    sql, values = message_statement(db, asked, planned, before)
    for number, row in enumerate(db.connection().execute(sql, values)):
        if number % _CHECKED_EVERY == 0:
            asked.check()
        session_id, title, id_, role, created_at, content, *answers = row
        if _is_answer(planned, content, answers):
            hit = SearchHit(
                session_id=session_id,
                session_title=title,
                message_id=id_,
                role=role,
                created_at=created_at,
                snippet="",
            )
            yield _Found(hit, content, (id_,))


def message_statement(db: APSWDatabase, asked: Asked, planned: Plan, before: int | None = None) -> Statement:
    """Return the statement for the messages that may be answers, newest first."""
    known = [condition(each, asked.names) for each in planned.filters]
    extra = "".join(f", {sql}" for sql, _values in known)
    marks = _session_marks(db, planned, asked.profile)
    expression = f"({planned.expression}) AND {marks}" if marks else planned.expression
    conditions = [*planned.conditions]
    if before is not None:
        conditions.append(("message_words.rowid < ?", (before,)))
    where = "".join(f" AND {sql}" for sql, _values in conditions)
    sql = f"""
        SELECT message.session_id, session.title, message.id, message.role, message.created_at, message.content{extra}
        FROM message_words
        CROSS JOIN message ON message.id = message_words.rowid
        CROSS JOIN session ON session.id = message.session_id
        WHERE message_words MATCH ? AND message.deleted_at IS NULL AND session.deleted_at IS NULL
            AND session.profile_id = ?{where}
        ORDER BY message_words.rowid DESC
    """  # noqa: S608  constants, names of columns and numbers alone
    values = [value for _sql, some in known for value in some]
    return sql, (*values, expression, asked.profile, *(value for _sql, some in conditions for value in some))


def _session_marks(db: APSWDatabase, planned: Plan, profile: int) -> str:
    """Return the marks of the sessions that the filters let pass; nothing where most do."""
    execute = db.connection().execute
    if not planned.of_sessions and _is_most(db, profile):
        return ""
    where = "".join(f" AND {sql}" for sql, _values in planned.of_sessions)
    values = (profile, *(value for _sql, some in planned.of_sessions for value in some))
    among = f"FROM session WHERE profile_id = ? AND deleted_at IS NULL{where}"
    few = execute(f"SELECT number {among} LIMIT {FEW_SESSIONS + 1}", values).fetchall()
    if len(few) <= FEW_SESSIONS:
        marks = [session_mark(number) for (number,) in few]
        return "(" + " OR ".join(f'"{mark}"' for mark in marks or [session_mark(0)]) + ")"
    buckets = execute(f"SELECT DISTINCT number >> {BUCKET_BITS} {among}", values).fetchall()
    last = execute("SELECT max(number) FROM session").fetchone()[0] >> BUCKET_BITS
    if len(buckets) > last:
        return ""
    return "(" + " OR ".join(f'"{bucket_mark(number)}"' for (number,) in buckets) + ")"


def _is_most(db: APSWDatabase, profile: int) -> bool:
    """Return whether a profile has most of all sessions: then its rows are soon met without marks."""
    sql = "SELECT coalesce(sum(count) FILTER (WHERE number = ?), 0) * 2 > sum(count) FROM tally WHERE kind IN (?, ?)"
    return bool(db.connection().execute(sql, (profile, "active", "archived")).fetchone()[0])


def _is_answer(planned: Plan, text: str, answers: list[object]) -> bool:
    """Return whether a row is what is looked for, where the index alone could not tell."""
    if not planned.again:
        return True
    known = dict(zip(planned.filters, map(bool, answers), strict=True))
    return holds(planned.again, Document(text), lambda asked: known[asked])


def _titles(db: APSWDatabase, asked: Asked, after: tuple[int, int] | None) -> Iterator[_Found]:
    """Yield the titles that are answers: blocks of those that were begun last, in each the last change first."""
    if not asks_titles(asked.question):
        return
    planned = plan(asked.question, asked.names, of_title=True)
    known = [condition(each, asked.names, of_title=True) for each in planned.filters]
    extra = "".join(f", {sql}" for sql, _values in known)
    where = "".join(f" AND {sql}" for sql, _values in planned.conditions)
    sql = f"""
        SELECT session.id, session.title, session.updated_at, session.number{extra}
        FROM session_words CROSS JOIN session ON session.number = session_words.rowid
        WHERE session_words MATCH ? AND session.deleted_at IS NULL AND session.profile_id = ?{where}
        ORDER BY session_words.rowid DESC
    """  # noqa: S608  constants, names of columns and numbers alone
    values = (
        *(value for _sql, some in known for value in some),
        planned.expression,
        asked.profile,
        *(value for _sql, some in planned.conditions for value in some),
    )
    rows = iter(db.connection().execute(sql, values))
    is_open = after is None
    while block := list(islice((row for row in rows if _is_answer(planned, row[1], list(row[4:]))), TITLES_AT_ONCE)):
        asked.check()
        if (
            not is_open
            and after is not None
            and all(number > after[1] for *_rest, number in (row[:4] for row in block))
        ):
            continue
        block.sort(key=lambda row: (row[2], row[3]), reverse=True)
        for session_id, title, updated_at, number, *_answers in block:
            key = (updated_at, number)
            if not is_open and after is not None and key >= after:
                continue
            hit = SearchHit(
                session_id=session_id,
                session_title=title,
                message_id=None,
                role="",
                created_at=updated_at,
                snippet="",
            )
            yield _Found(hit, title, key)
        is_open = True


def asks_titles(question: Question) -> bool:
    """Return whether a title can be an answer: to words, and to filters that ask about sessions and times."""
    of_titles = OF_SESSIONS | {Field.BEFORE, Field.AFTER}
    return any(
        all(isinstance(clause.asks, Words) and not clause.is_not for clause in group) for group in question.groups
    ) and all(not isinstance(clause.asks, Filter) or clause.asks.field in of_titles for clause in question.clauses)
