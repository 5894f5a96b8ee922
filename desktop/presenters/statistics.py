"""Figures as text and bars: what the statistics page shows of a session, of this month, or of everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from desktop.domain.faults import SobremesaError
from desktop.i18n import _, ngettext
from desktop.presenters.figures import Times, count_text, decimal_text, money_text, seconds_text

if TYPE_CHECKING:
    from desktop.domain.spending import Budget, DayUse, ModelUse, Statistics
    from desktop.presenters.bridge import Bridge
    from desktop.services.backend import Backend

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
MOST_BARS = 62


class Scope(StrEnum):
    """Over what the figures are taken."""

    SESSION = "session"
    MONTH = "month"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Card:
    """One figure with what it means below."""

    figure: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the plot: its height as a share of the highest, its label below (or ""), and what it says in words."""

    share: float
    label: str
    words: str
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the page shows beside its table."""

    scope: Scope
    cards: tuple[Card, ...]
    title: str
    bars: tuple[Bar, ...]
    note: str
    legend: str
    """What the sign ≈ in the table stands for, or ""."""


class ModelUseTableModel(QAbstractTableModel):
    """The use of each model, a row for each: answers, tokens, pace and cost."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, ...], ...] = ()

    def show(self, models: Sequence[ModelUse]) -> None:
        """Show the use of these models."""
        self.beginResetModel()
        self._rows = tuple(_row(use) for use in models)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(_titles())

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(_titles()):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _titles()[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None


class StatisticsPresenter(QObject):
    """`StatisticsPresenter(bridge=…, session_id=…, now_ms=…)`; `show(scope)` loads, `shown` comes with the figures."""

    shown = Signal(object)
    """`Figures`; the table model holds the models by then."""
    failed = Signal(str)
    saved = Signal(str)
    """The path of the file that was written."""

    def __init__(
        self, *, bridge: Bridge, session_id: str, now_ms: Callable[[], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._session_id = session_id
        self._now_ms = now_ms
        self._wished = Scope.ALL
        self._found: Statistics | None = None
        self._closed = False
        self.models = ModelUseTableModel(self)

    @property
    def scopes(self) -> tuple[tuple[Scope, str], ...]:
        """What can be chosen, with its title; a session only where one is open."""
        session = ((Scope.SESSION, _("This session")),) if self._session_id else ()
        return (*session, (Scope.MONTH, _("This month")), (Scope.ALL, _("All")))

    @Slot(object)
    def show(self, scope: Scope) -> None:
        """Load the figures of a session, of this month or of everything."""
        self._wished = scope
        self._bridge.start_task(self._load(scope))

    @Slot()
    def close(self) -> None:
        """Tell nobody any more: the dialog is gone, and this object with it. What is being saved is saved."""
        self._closed = True

    @Slot(str)
    def save_csv(self, path: str) -> None:
        """Write what is shown as a table of models."""
        if self._found is not None:
            self._bridge.start_task(self._save(self._found, Path(path)))

    async def _load(self, scope: Scope) -> None:
        session_id = self._session_id if scope is Scope.SESSION else None
        today = date.fromordinal(Times(now_ms=self._now_ms()).today)
        since = f"{today:%Y-%m}-01" if scope is Scope.MONTH else ""

        async def ask(backend: Backend) -> tuple[Statistics, Budget, str]:
            spending = backend.spending
            return await spending.statistics(session_id, since=since), await spending.budget(), spending.price_date

        try:
            found, budget, priced = await self._bridge.call(ask)
        except SobremesaError as error:
            if not self._closed:
                self.failed.emit(str(error))
            return
        if scope is self._wished and not self._closed:
            self._found = found
            self.models.show(found.models)
            self.shown.emit(figures(scope, found, budget, price_date=priced, today=today))

    async def _save(self, found: Statistics, path: Path) -> None:
        try:
            await self._bridge.call(lambda backend: backend.spending.save_csv(found, path))
        except SobremesaError as error:
            if not self._closed:
                self.failed.emit(str(error))
            return
        if not self._closed:
            self.saved.emit(str(path))


def figures(scope: Scope, found: Statistics, budget: Budget, *, price_date: str, today: date) -> Figures:
    """Return the figures of a scope as text and bars."""
    bars, title = _bars(scope, found, today)
    note = _("Prices of {date}, by LiteLLM's table").format(date=price_date) if price_date else ""
    legend = ""
    if found.estimated:
        legend = ngettext(
            "≈ estimated: {count} answer came without usage",
            "≈ estimated: {count} answers came without usage",
            found.estimated,
        ).format(count=count_text(found.estimated))
    cards = _cards(scope, found, budget)
    return Figures(scope=scope, cards=cards, title=title, bars=bars, note=note, legend=legend)


def short_count(number: int) -> str:
    """Return a number in thousands or millions where it is large: "1,318", "612 k", "4.1 M"."""
    if number < 10_000:
        return count_text(number)
    if number < 1_000_000:
        return f"{count_text(round(number / 1000))} k"
    return f"{decimal_text(number / 1_000_000, 1)} M"


def _cards(scope: Scope, found: Statistics, budget: Budget) -> tuple[Card, ...]:
    answers = sum(use.messages for use in found.models)
    cost = money_text(found.cost) if found.cost or found.unpriced or not answers else _("free")
    meaning = _("spent")
    if found.unpriced and not found.cost:  # a sum of nothing that is known is no amount
        cost = "–"
        meaning = ngettext("cost unknown of {count} answer", "cost unknown of {count} answers", found.unpriced).format(
            count=count_text(found.unpriced)
        )
    elif found.unpriced:
        meaning = ngettext(
            "spent, without {count} answer of unknown price",
            "spent, without {count} answers of unknown price",
            found.unpriced,
        ).format(count=count_text(found.unpriced))
    if scope is Scope.MONTH and budget.limit > 0:
        share = count_text(round(100 * budget.spent / budget.limit))
        meaning = _("of {budget} budget · {share} %").format(budget=money_text(budget.limit), share=share)
    if scope is Scope.MONTH:
        counted = Card(count_text(answers), ngettext("answer", "answers", answers))
    elif scope is Scope.ALL:
        words = ngettext("messages in {count} session", "messages in {count} sessions", found.sessions)
        counted = Card(count_text(found.messages), words.format(count=count_text(found.sessions)))
    else:
        counted = Card(count_text(found.messages), ngettext("message", "messages", found.messages))
    sent = _("tokens in")
    if found.cached_tokens and found.input_tokens:
        share = count_text(round(100 * found.cached_tokens / found.input_tokens))
        sent = _("tokens in · {share} % cached").format(share=share)
    return (
        Card(cost, meaning),
        counted,
        Card(short_count(found.input_tokens), sent),
        Card(short_count(found.output_tokens), _("tokens out")),
        Card(seconds_text(found.first_token_ms), _("median to first word")),
    )


def _bars(scope: Scope, found: Statistics, today: date) -> tuple[tuple[Bar, ...], str]:
    """Return a bar for each day of the month or the session, or for each month, and what they show.

    Where nothing has a price, tokens are shown.
    """
    by_cost = found.cost > 0
    if scope is Scope.MONTH:
        title = _("Cost per day, this month") if by_cost else _("Tokens per day, this month")
        first = today.replace(day=1)
        names = [(first + timedelta(days=day)).isoformat() for day in range(today.day)]
        uses = {use.day: use for use in found.days}
    else:
        long = len(found.months) > 1
        some = found.months if long else found.days
        uses = {use.day: use for use in some}
        names = (_months(some[0].day, some[-1].day) if long else [use.day for use in some]) if some else []
        if long:
            title = _("Cost per month") if by_cost else _("Tokens per month")
        else:
            title = _("Cost per day") if by_cost else _("Tokens per day")
    names = names[-MOST_BARS:]
    values = [_value(uses.get(name), by_cost=by_cost) for name in names]
    highest = max(values, default=0.0) or 1.0
    last = len(names) - 1
    return tuple(
        Bar(
            share=value / highest,
            label=name[8:].lstrip("0") or name if at in (0, last) or len(names) <= 12 else "",
            words=f"{name}: {money_text(value) if by_cost else short_count(round(value))}",
            is_last=at == last,
        )
        for at, (name, value) in enumerate(zip(names, values, strict=True))
    ), title


def _value(use: DayUse | None, *, by_cost: bool) -> float:
    if use is None:
        return 0.0
    return use.cost if by_cost else float(use.input_tokens + use.output_tokens)


def _months(first: str, last: str) -> list[str]:
    """Return the months from one to another, both included, so that one without an answer is seen as such."""
    year, month = int(first[:4]), int(first[5:7])
    found: list[str] = []
    while (name := f"{year:04}-{month:02}") <= last and len(found) < 12 * 100:
        found.append(name)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def _titles() -> tuple[str, ...]:
    return (
        _("model"),
        _("answers"),
        _("tokens in"),
        _("tokens out"),
        _("tokens/s"),
        _("mean time"),
        _("cost"),
    )


def _row(use: ModelUse) -> tuple[str, ...]:
    about = " ≈" if use.estimated else ""
    cost = _("unknown") if use.cost is None or (not use.cost and use.unpriced) else money_text(use.cost)
    if use.cost == 0 and not use.unpriced:
        cost = _("free")
    elif use.cost and use.unpriced:
        cost = f"{cost} + ?"
    return (
        use.model.partition("/")[2] or use.model,
        count_text(use.messages),
        short_count(use.input_tokens) + about,
        short_count(use.output_tokens) + about,
        _pace(use.tokens_per_s),
        seconds_text(use.response_time_ms),
        cost,
    )


def _pace(tokens: float | None) -> str:
    if tokens is None or tokens < 0.05:
        return "–"
    return decimal_text(tokens, 1 if tokens < 10 else 0)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
