"""What will be sent, as a list to look at: an item for each piece, sent or not, with tokens, price and reason. Pure.

`items_of` tells nothing that the context does not: the sent items are its messages in their order, and their tokens add
up to its own but for the few that begin the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.context import Context, Entry, Mark, Reason
from desktop.domain.exchanges import Exchange
from desktop.domain.messages import Role
from desktop.domain.models import ModelSpec
from desktop.domain.prices import PriceTag
from desktop.domain.summaries import StoredSummary, SummaryState

SHOWN_CHARS = 240
_COULD_BE_PINNED = frozenset({Reason.BUDGET, Reason.TURNS, Reason.SUMMARISED, Reason.LEADS})


class Kind(StrEnum):
    """What an item stands for."""

    SYSTEM = "system"
    SUMMARY = "summary"
    MESSAGE = "message"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One piece of the context. `text` is its beginning on one line; `price` is in US dollars, None where unknown.

    `message` is the message's id, 0 where it has none.
    """

    kind: Kind
    role: Role
    text: str
    tokens: int
    reason: Reason
    is_sent: bool
    message: int = 0
    mark: Mark = Mark.NONE
    price: float | None = None

    @property
    def wished_mark(self) -> Mark | None:
        """What a tick, or taking one away, makes of the message's mark; None where it cannot change anything.

        What is sent is excluded; what was excluded may come back; what is too old or too much comes along as pinned.
        """
        if self.kind is not Kind.MESSAGE:
            return None
        if self.is_sent:
            return Mark.EXCLUDED
        if self.mark is Mark.EXCLUDED:
            return Mark.NONE
        return Mark.PINNED if self.reason in _COULD_BE_PINNED and self.mark is Mark.NONE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """The context of a session's next request. `older` messages were not looked at and stay for `older_reason`.

    `price` is that of everything sent, in US dollars; `cached_before` counts the tokens that the provider had at hand
    the last time. `is_corrected`: answers have taught how this model counts, `answers` of them as far as
    that was written down. `request` is the request as JSON.
    """

    session_id: str
    model: ModelSpec
    items: tuple[Item, ...]
    tokens: int
    budget: int
    window: int | None
    margin: float
    encoding: str
    fits: bool
    older: int
    older_reason: Reason
    tag: PriceTag
    price: float | None
    request: str
    cached_before: int = 0
    is_corrected: bool = False
    answers: int = 0
    summary: StoredSummary | None = None
    exchanges: tuple[Exchange, ...] = ()


def items_of(
    context: Context,
    *,
    texts: Mapping[int, str],
    draft: int,
    summary: StoredSummary | None = None,
    tag: PriceTag | None = None,
) -> tuple[Item, ...]:
    """Return the pieces of a context in the order of the path.

    `texts` holds the words of the messages that stay; `draft` is the id of the message that is not written yet;
    `summary` is the path's, sent or not.
    """
    plan = context.plan
    tag = tag or PriceTag()
    said = iter(context.messages)
    found: list[Item] = []

    def price(tokens: int) -> float | None:
        return tag.input_cost(tokens, of=context.tokens)

    if context.system_tokens:
        found.append(
            Item(
                kind=Kind.SYSTEM,
                role=Role.SYSTEM,
                text=beginning(next(said).content),
                tokens=context.system_tokens,
                reason=Reason.SYSTEM,
                is_sent=True,
                price=price(context.system_tokens),
            )
        )
    if plan.summary is not None:
        next(said)
    if summary is not None:
        sent = plan.summary is not None
        tokens = plan.summary.tokens if plan.summary is not None else 0
        off = Reason.EXCLUDED if summary.state is SummaryState.OFF else Reason.BUDGET
        found.append(
            Item(
                kind=Kind.SUMMARY,
                role=Role.SYSTEM,
                text=beginning(summary.text),
                tokens=tokens,
                reason=Reason.SUMMARY if sent else off,
                is_sent=sent,
                mark=Mark.PINNED if summary.state is SummaryState.PINNED else Mark.NONE,
                price=price(tokens) if sent else None,
            )
        )
    pieces = [(entry, beginning(next(said).content), True) for entry in plan.sent]
    pieces += [(entry, beginning(texts.get(entry.item.id, "")), False) for entry in plan.left_out]
    pieces.sort(key=lambda piece: piece[0].item.depth)
    covered = plan.summary.covers if plan.summary is not None else -1
    found += [
        _item(
            entry if is_sent else _explained(entry, covered),
            text,
            is_sent=is_sent,
            draft=draft,
            price=price(entry.item.tokens) if is_sent else None,
        )
        for entry, text, is_sent in pieces
    ]
    return tuple(found)


def _explained(entry: Entry, covered: int) -> Entry:
    """Return a left-out entry with the reason that a reader looks for: what the summary tells is not simply old."""
    told = entry.item.depth <= covered and entry.reason in _COULD_BE_PINNED
    return entry._replace(reason=Reason.SUMMARISED) if told else entry


def _item(entry: Entry, text: str, *, is_sent: bool, draft: int, price: float | None) -> Item:
    item = entry.item
    return Item(
        kind=Kind.DRAFT if item.id == draft else Kind.MESSAGE,
        role=item.role,
        text=text,
        tokens=item.tokens,
        reason=entry.reason,
        is_sent=is_sent,
        message=item.id,
        mark=item.mark,
        price=price,
    )


def beginning(text: str) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text[: 2 * SHOWN_CHARS].split())
    return line if len(line) <= SHOWN_CHARS and len(text) <= 2 * SHOWN_CHARS else line[:SHOWN_CHARS].rstrip() + "…"
