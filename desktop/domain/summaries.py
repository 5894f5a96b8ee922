"""What stands for the beginning of a conversation when all of it is more than a model reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.context import Plan, Reason
from desktop.domain.messages import Message, Role

EVERY = 10
"""Messages after which a summary is made where one is wished for often."""
KEPT_TURNS = 2
"""The newest turns are sent word for word, however often summaries are made."""


class SummaryState(StrEnum):
    """What the user decided about a summary."""

    NONE = ""
    PINNED = "pinned"
    """It is sent as it is, and no newer one takes its place by itself."""
    OFF = "off"
    """It is not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSummary:
    """A summary of the messages between two depths of a path (both included); `last_id` is the last of them.

    It belongs to the branches that hold that message. `created_at` is UTC in milliseconds; `model` is empty and
    `is_edited` set where the user wrote it.
    """

    id: int
    session_id: str
    first_depth: int
    last_depth: int
    last_id: int
    text: str
    model: str
    is_edited: bool
    state: SummaryState
    created_at: int

    @property
    def count(self) -> int:
        """How many messages it stands for."""
        return self.last_depth - self.first_depth + 1


def cover_until(plan: Plan, *, budget: int, covered: int, often: bool) -> int | None:
    """Return the depth up to which a summary is due, None where none is.

    `covered` is the depth up to which there is one already, -1 for none. It is due when messages stayed out that no
    summary stands for, or (`often`) after every ten messages. What stays to be sent word for word are the newest turns
    within half of the budget, so that the next summary is not due with the next turn.
    """
    turns = [entry.item for entry in plan.sent if entry.item.role is Role.USER and entry.reason is not Reason.PINNED]
    if len(turns) < KEPT_TURNS:
        return None
    missing = [entry for entry in plan.left_out if entry.reason in (Reason.BUDGET, Reason.TURNS)]
    outgrown = any(entry.item.depth > covered for entry in missing) or plan.older > covered + 1
    newest = max(entry.item.depth for entry in plan.sent)
    if not outgrown and not (often and newest - covered >= EVERY):
        return None
    first = turns[-KEPT_TURNS].depth
    if outgrown:
        spent = 0
        starts = {item.depth for item in turns[:-1]}
        for entry in sorted(plan.sent, key=lambda one: -one.item.depth):
            spent += entry.item.tokens
            if spent > budget / 2 and entry.item.depth < turns[-1].depth:
                break
            if entry.item.depth in starts:
                first = entry.item.depth
    return first - 1 if first - 1 > covered else None


def as_text(messages: Sequence[Message], *, limit: int) -> tuple[str, int]:
    """Return messages as a script of who said what, and how many of them, from the end, fit in `limit` characters.

    A single message that is longer is cut in its middle, so that none is passed over in silence.
    """
    lines: list[str] = []
    spent = 0
    for message in reversed(messages):
        who = {Role.USER: "User", Role.ASSISTANT: "Assistant", Role.TOOL: "Tool", Role.SYSTEM: "System"}[message.role]
        line = f"{who}: {message.content.strip()}"
        if len(line) > limit // 2:
            half = limit // 4
            line = f"{line[:half]} […] {line[-half:]}"
        if lines and spent + len(line) > limit:
            break
        lines.append(line)
        spent += len(line)
    return "\n\n".join(reversed(lines)), len(lines)


def chosen(found: Sequence[StoredSummary]) -> StoredSummary | None:
    """Return the summary of a path that is sent: the pinned one, else the furthest that is not switched off."""
    pinned = next((one for one in found if one.state is SummaryState.PINNED), None)
    return pinned or next((one for one in found if one.state is not SummaryState.OFF), None)


def summary_text(summary: StoredSummary) -> str:
    """Return what is sent in the place of the messages."""
    first, last = summary.first_depth + 1, summary.last_depth + 1
    return f"Summary of messages {first} to {last} of this conversation:\n{summary.text}"
