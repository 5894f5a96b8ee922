"""What stands in the index for a message, beside its words: the marks that filters look for.

A mark is a token like any other: `role:user` costs a question no more than a word does. What may change without the
message (the folder, the tags and the state of its session, what lies in the trash) is no mark but looked up.
"""

from typing import Any

from desktop.domain.search_words import MARK, has_code, tokens

DAY_MS = 86_400_000
BUCKET_BITS = 11
"""Sessions whose numbers share all but so many bits have a mark together."""
DAY_BITS = (0, 5, 10)
"""A message is marked with its day, its 32 days and its 1,024 days (UTC): a span of years is a few dozen marks."""

FIRST_DAY, LAST_DAY = 0, (1 << 16) - 1
"""From 1970 to 2149; what lies beyond counts as the first day or the last."""


def has_code_in(*values: Any) -> bool:
    """Return whether a content shows code."""
    return has_code(str(values[0]))


def title_tokens(*values: Any) -> str:
    """Return what stands in the index for a title; SQLite hands over its arguments by place."""
    return " ".join(tokens(str(values[0])))


def message_tokens(*values: Any) -> str:
    """Return what stands in the index for a message.

    The values are its content, role, number of its model, whether it has thinking, calls of tools and attachments, the
    number of its session, and its time.
    """
    content, role, model, thinks, calls, attached, session, created_at = values
    text = str(content)
    found = tokens(text)
    found.add(role_mark(str(role)))
    found.add(model_mark(model or 0))
    found.add(session_mark(session or 0))
    found.add(bucket_mark((session or 0) >> BUCKET_BITS))
    found.update(day_mark(day_of(created_at), bits) for bits in DAY_BITS)
    if has_code(text):
        found.add(has_mark("code"))
    if thinks:
        found.add(has_mark("thinking"))
    if calls or role == "tool":
        found.add(has_mark("tool"))
    if attached:
        found.add(has_mark("attachment"))
    return " ".join(found)


def role_mark(role: str) -> str:
    """Return the mark of all messages of a role."""
    return f"{MARK}r{role}"


def model_mark(number: int) -> str:
    """Return the mark of all answers of a model."""
    return f"{MARK}m{number}"


def has_mark(what: str) -> str:
    """Return the mark of messages that have something."""
    return f"{MARK}h{what}"


def session_mark(number: int) -> str:
    """Return the mark of a session's messages."""
    return f"{MARK}s{number}"


def bucket_mark(number: int) -> str:
    """Return the mark of the messages of 2,048 neighbouring sessions."""
    return f"{MARK}b{number}"


def day_of(moment: int) -> int:
    """Return the day of a time (UTC milliseconds), as the index counts them."""
    return min(max(FIRST_DAY, moment // DAY_MS), LAST_DAY)


def day_mark(day: int, bits: int) -> str:
    """Return the mark of a day, or of the span of 2 to the power of `bits` days that it is in."""
    return f"{MARK}{'def'[DAY_BITS.index(bits)]}{day >> bits}"
