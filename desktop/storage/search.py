"""Full-text search over messages and titles: a page at a time, newest first, or the best of the newest thousand.

Design note. The index is read from its newest end and left as soon as the page is full; ranking all hits of a common
word would visit every one of them (360 ms against 0.6 ms over 300,000 messages). For the same reason relevance looks at
the newest `RANKED` matches alone. Messages come in the order of writing (what is brought in with an older time stands
where it was written), titles by their session's last change among those that were begun last; both are woven together
by their time. A row that the index names is asked again in SQL (trash, profile, filters), and in Python
where the index is not sure (`search_matching.py`): what is shown is exact.

Two signs of code are in a fifth of all messages as far as the index knows, and 20 µs to 100 µs go into each: where that
takes long, the page ends, says so, and the next one goes on behind the last row that was looked at.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.search_language import OF_SESSIONS, Field, Filter, Question, Words
from desktop.domain.search_matching import Document, counts, holds, ranks, snippet
from desktop.domain.searching import SearchCursor, SearchInterrupted, SearchOrder, SearchPage, TitleCursor
from desktop.domain.sessions import SearchHit
from desktop.i18n import _
from desktop.storage.search_plan import Names, Plan, Values, condition, plan
from desktop.storage.search_sessions import marks_of_plan

RANKED = 1_000
"""How many of the newest matches are ordered by relevance."""
TITLES_AT_ONCE = 1_000
"""So many titles stand in the order of their last change: 3 ms, where 2,000 take 9."""
LEAST_LOOKED_AT = 512
"""So many rows that turn out to be no answers are looked at, however long it takes."""
MOST_NUMBERS = 1 << 62
_CHECKED_EVERY = 64
Statement = tuple[str, Values]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question with all that answering it takes; `is_stale` says that nobody waits for the answer any more."""

    question: Question
    names: Names
    profile: int
    is_stale: Callable[[], bool] = lambda: False
    is_long: Callable[[], bool] = lambda: False
    """Whether it takes so long that the newest rows must do."""

    def check(self) -> None:
        """Raise `SearchInterrupted` where nobody waits."""
        if self.is_stale():
            raise SearchInterrupted


@dataclass(frozen=True, slots=True)
class _Found:
    """A row that is an answer: `title` is its place among the titles."""

    hit: SearchHit
    text: str
    title: TitleCursor | None = None


@dataclass(slots=True)
class _Looked:
    """Where the search was left because it took long: behind the last rows that were looked at."""

    message: int | None = None
    title: TitleCursor | None = None

    @property
    def notice(self) -> str:
        """What is said of it."""
        if self.message is None and self.title is None:
            return ""
        return _("This takes long, so only the newest were looked at. Another letter or word finds older ones.")


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
    looked = _Looked()
    found = list(islice(_woven(db, asked, after, looked), limit + 1))
    page, rest = found[:limit], found[limit:]
    for each in page:
        after = _behind(after, message=each.hit.message_id, title=each.title)
    # What was looked at and is none is not looked at again, unless an answer before it waits for the next page.
    after = _behind(
        after,
        message=None if any(each.title is None for each in rest) else looked.message,
        title=None if any(each.title is not None for each in rest) else looked.title,
    )
    has_more = bool(rest or looked.notice)
    return SearchPage(
        hits=tuple(_shown(each, words) for each in page),
        has_more=has_more,
        next=after if has_more else None,
        notice=looked.notice,
    )


def _behind(after: SearchCursor, *, message: int | None, title: TitleCursor | None) -> SearchCursor:
    return replace(
        after,
        message_id=after.message_id if message is None else message,
        title=after.title if title is None else title,
    )


def _best(db: APSWDatabase, asked: Asked, limit: int, skipped: int) -> SearchPage:
    words = asked.question.words
    looked = _Looked()
    found = list(islice(_woven(db, asked, SearchCursor(), looked), RANKED))
    scores = ranks([(len(each.text), counts(Document(each.text), words)) for each in found])
    # Stable: of two that fit as well, the newer one stands first.
    best = [each for _score, each in sorted(zip(scores, found, strict=True), key=lambda pair: -pair[0])]
    page = best[skipped : skipped + limit]
    end = skipped + len(page)
    return SearchPage(
        hits=tuple(_shown(each, words) for each in page),
        has_more=end < len(best),
        next=SearchCursor(skipped=end) if end < len(best) else None,
        notice=looked.notice,
    )


def _shown(found: _Found, words: tuple[Words, ...]) -> SearchHit:
    return replace(found.hit, snippet=snippet(found.text, words))


def _woven(db: APSWDatabase, asked: Asked, after: SearchCursor, looked: _Looked) -> Iterator[_Found]:
    """Yield titles and messages, whichever is newer first; a title stands before its messages of the same moment."""
    titles = _titles(db, asked, after.title, looked)
    messages = _messages(db, asked, after.message_id, looked)
    title, message = next(titles, None), next(messages, None)
    while title is not None or message is not None:
        if message is None or (title is not None and title.hit.created_at >= message.hit.created_at):
            assert title is not None
            yield title
            title = next(titles, None)
        else:
            yield message
            message = next(messages, None)


def _messages(db: APSWDatabase, asked: Asked, before: int | None, looked: _Looked) -> Iterator[_Found]:
    planned = plan(asked.question, asked.names)
    rejected = 0
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
            yield _Found(hit, content)
            continue
        rejected += 1
        if _is_enough(asked, rejected):
            looked.message = id_
            return


def _is_enough(asked: Asked, rejected: int) -> bool:
    """Return whether so many rows that were no answers took too long; raises where nobody waits."""
    if rejected % _CHECKED_EVERY:
        return False
    asked.check()
    return rejected >= LEAST_LOOKED_AT and asked.is_long()


def message_statement(db: APSWDatabase, asked: Asked, planned: Plan, before: int | None = None) -> Statement:
    """Return the statement for the messages that may be answers, newest first."""
    known = [condition(each, asked.names) for each in planned.filters]
    extra = "".join(f", {sql}" for sql, _values in known)
    marks = marks_of_plan(db, planned, asked.profile)
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


def _is_answer(planned: Plan, text: str, answers: list[object]) -> bool:
    """Return whether a row is what is looked for, where the index alone could not tell."""
    if not planned.again:
        return True
    known = dict(zip(planned.filters, map(bool, answers), strict=True))
    return holds(planned.again, Document(text), lambda asked: known[asked])


def _titles(db: APSWDatabase, asked: Asked, after: TitleCursor | None, looked: _Looked) -> Iterator[_Found]:
    """Yield the titles that are answers: blocks of those that were begun last, in each the last change first."""
    if not asks_titles(asked.question):
        return
    planned = plan(asked.question, asked.names, of_title=True)
    known, end = (after[2], after[3]) if after else (None, MOST_NUMBERS)
    rejected = 0
    while True:
        asked.check()
        sql, values = _title_statement(asked, planned, known, end)
        rows = db.connection().execute(sql, values).fetchall()
        first = known if known is not None else rows[-1][1] if len(rows) == TITLES_AT_ONCE else 0
        # Each has another number, so that nothing behind it is compared.
        for updated_at, number, session_id, title, *answers in sorted(rows, reverse=True):
            if after is not None and (updated_at, number) >= after[:2]:
                continue
            key = (updated_at, number, first, end)
            if _is_answer(planned, title, answers):
                hit = SearchHit(
                    session_id=session_id,
                    session_title=title,
                    message_id=None,
                    role="",
                    created_at=updated_at,
                    snippet="",
                )
                yield _Found(hit, title, key)
                continue
            rejected += 1
            if _is_enough(asked, rejected):
                looked.title = key
                return
        if first == 0:
            return
        after, known, end = None, None, first


def _title_statement(asked: Asked, planned: Plan, first: int | None, end: int) -> Statement:
    """Return the statement for titles from one number up to another; without the first, for the last of them."""
    known = [condition(each, asked.names, of_title=True) for each in planned.filters]
    extra = "".join(f", {sql}" for sql, _values in known)
    where = "".join(f" AND {sql}" for sql, _values in planned.conditions)
    sql = f"""
        SELECT session.updated_at, session.number, session.id, session.title{extra}
        FROM session_words CROSS JOIN session ON session.number = session_words.rowid
        WHERE session_words MATCH ? AND session_words.rowid >= ? AND session_words.rowid < ?
            AND session.deleted_at IS NULL AND session.profile_id = ?{where}
        ORDER BY session_words.rowid DESC LIMIT ?
    """  # noqa: S608  constants, names of columns and numbers alone
    values = (
        *(value for _sql, some in known for value in some),
        *(planned.expression, first or 0, end, asked.profile),
        *(value for _sql, some in planned.conditions for value in some),
        TITLES_AT_ONCE if first is None else -1,
    )
    return sql, values


def asks_titles(question: Question) -> bool:
    """Return whether a title can be an answer: to words, and to filters that ask about sessions and times."""
    of_titles = OF_SESSIONS | {Field.BEFORE, Field.AFTER}
    return any(
        all(isinstance(clause.asks, Words) and not clause.is_not for clause in group) for group in question.groups
    ) and all(not isinstance(clause.asks, Filter) or clause.asks.field in of_titles for clause in question.clauses)
