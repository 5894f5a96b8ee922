"""Full-text search over messages and titles, newest first.

What the user types is never handed to FTS5 as it is: `c++` or `a-b` would be syntax errors there. It is read for
phrases in quotes, a trailing `*`, `OR` and `NOT`; whatever does not make sense so is searched as plain words.
"""

import re

from playhouse.apsw_ext import APSWDatabase

from desktop.domain.sessions import SearchHit
from desktop.storage.words import clean

OPEN = "\ue000"
CLOSE = "\ue001"

_PART = re.compile(r'"([^"]*)"|([^\s"]+)')
_OPERATORS = frozenset({"OR", "NOT", "AND"})

# Newest first by the rowid: the index is read from its end and left as soon as the page is full. Ranking would visit
# every hit of a common word (360 ms against 0.6 ms over 300,000 messages).
MESSAGES = """
    SELECT message.session_id, session.title, message.id, message.role, message.created_at,
           snippet(message_words, 0, ?, ?, '…', 24)
    FROM message_words
    CROSS JOIN message ON message.id = message_words.rowid
    CROSS JOIN session ON session.id = message.session_id
    WHERE message_words MATCH ? AND message.deleted_at IS NULL AND session.deleted_at IS NULL
    ORDER BY message_words.rowid DESC LIMIT ?
"""

# Titles are few: all that match are looked at, since a session that was begun long ago may have gone on just now.
TITLES = """
    SELECT session.id, session.title, NULL, '', session.updated_at, highlight(session_words, 0, ?, ?)
    FROM session_words
    CROSS JOIN session ON session.number = session_words.rowid
    WHERE session_words MATCH ? AND session.deleted_at IS NULL
    ORDER BY session.updated_at DESC, session_words.rowid DESC LIMIT ?
"""


def search(db: APSWDatabase, text: str, *, limit: int) -> tuple[SearchHit, ...]:
    """Return the newest messages and titles that match `text`; nothing where it holds no word."""
    expression = match_expression(clean(text))
    if not expression:
        return ()
    hits = [
        SearchHit(
            session_id=session_id,
            session_title=title,
            message_id=message_id,
            role=role,
            created_at=created_at,
            snippet=snippet,
        )
        for query in (TITLES, MESSAGES)
        for session_id, title, message_id, role, created_at, snippet in db.execute_sql(
            query, (OPEN, CLOSE, expression, limit)
        )
    ]
    # Stable: of the same moment, the title stands before its messages.
    hits.sort(key=lambda hit: hit.created_at, reverse=True)
    return tuple(hits[:limit])


def match_expression(text: str) -> str:
    """Return an FTS5 expression, always well-formed, for what the user typed; empty where it holds no word."""
    parts = [_part(match) for match in _PART.finditer(text.replace("\x00", " "))]
    kept = [part for part in parts if part in _OPERATORS or any(letter.isalnum() for letter in part)]
    if not _makes_sense(kept):
        kept = [_quoted(part) if part in _OPERATORS else part for part in kept]
    return " ".join(part for part in kept if part != "AND")


def _part(match: re.Match[str]) -> str:
    """Return a phrase, an operator, or a word in quotes with its `*` outside."""
    phrase, word = match.groups()
    if word is None:
        return _quoted(phrase)
    if word in _OPERATORS:
        return str(word)
    return _quoted(word[:-1]) + "*" if word.endswith("*") else _quoted(word)


def _quoted(words: str) -> str:
    return '"' + words.replace('"', "") + '"'


def _makes_sense(parts: list[str]) -> bool:
    """Whether each operator stands between two words."""
    before_word = True
    for part in parts:
        if part in _OPERATORS and before_word:
            return False
        before_word = part in _OPERATORS
    return not before_word or not parts
