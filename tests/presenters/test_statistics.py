"""Figures as a person reads them: amounts, shares, bars for days and months, and what is unknown."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from desktop.domain.messages import Usage
from desktop.domain.spending import Budget, Charge, DayUse, ModelUse, Purpose, Statistics
from desktop.presenters.figures import money_text
from desktop.presenters.statistics import (
    Figures,
    ModelUseTableModel,
    Scope,
    StatisticsPresenter,
    figures,
    short_count,
)
from tests.presenters.stage import playing

TODAY = date(2026, 11, 5)
NONE = Budget(limit=0, spent=0)
BASE = Statistics(
    sessions=0, messages=0, first_at=None, last_at=None, input_tokens=0, output_tokens=0, cost=0.0, unpriced=0
)


def use(**more: object) -> ModelUse:
    values: dict[str, object] = {"model": "p/m", "messages": 1, "input_tokens": 2, "output_tokens": 3, "cost": 0.5}
    return ModelUse(**{**values, **more})  # type: ignore[arg-type]


def found(**more: object) -> Statistics:
    values = {name: getattr(BASE, name) for name in BASE.__slots__}
    return Statistics(**{**values, **more})


def day(name: str, cost: float = 0.0, tokens: int = 0) -> DayUse:
    return DayUse(day=name, messages=1, input_tokens=tokens, output_tokens=0, cost=cost)


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (1318, "1,318"), (61_212, "61 k"), (999_999, "1,000 k"), (4_100_000, "4.1 M")]
)
def test_large_counts_are_short(number: int, text: str) -> None:
    """Thousands and millions have a letter."""
    assert short_count(number) == text


def test_the_month_stands_against_its_budget() -> None:
    """The first figure says how much of it is spent."""
    shown = figures(Scope.MONTH, found(cost=14.82), Budget(limit=20, spent=14.82), price_date="2026-11-02", today=TODAY)
    assert (shown.cards[0].figure, shown.cards[0].meaning) == ("$14.82", f"of {money_text(20)} budget · 74 %")
    assert "2026-11-02" in shown.note


def test_what_has_no_price_is_said_and_never_guessed() -> None:
    """The sum names the answers that it does not hold."""
    shown = figures(Scope.ALL, found(cost=1.0, unpriced=2), NONE, price_date="", today=TODAY)
    assert shown.cards[0].meaning == "spent, without 2 answers of unknown price"
    assert shown.note == ""


def test_a_sum_of_nothing_that_is_known_is_no_amount() -> None:
    """Two answers of unknown price beside some that were free are not "$0.0000 spent"."""
    shown = figures(Scope.SESSION, found(models=(use(cost=0.0),), unpriced=2), NONE, price_date="", today=TODAY)
    assert (shown.cards[0].figure, shown.cards[0].meaning) == ("–", "cost unknown of 2 answers")


def test_answers_that_cost_nothing_are_free() -> None:
    """A model on this computer has no amount either."""
    shown = figures(Scope.SESSION, found(models=(use(cost=0.0),)), NONE, price_date="", today=TODAY)
    assert shown.cards[0].figure == "free"


@pytest.mark.parametrize(
    ("pace", "ms", "shown"), [(None, None, ("–", "–")), (0.0, 0, ("–", "–")), (0.2, 32_800, ("0.2", "32.8 s"))]
)
def test_what_cannot_be_measured_is_a_dash(
    qapp: QApplication, pace: float | None, ms: int | None, shown: tuple[str, str]
) -> None:
    """No pace and no time are shown as none, and the time says that it is a mean."""
    model = ModelUseTableModel()
    model.show([use(tokens_per_s=pace, response_time_ms=ms)])
    assert (model.index(0, 4).data(), model.index(0, 5).data()) == shown
    assert model.headerData(5, Qt.Orientation.Horizontal) == "mean time"


def test_counts_cached_shares_and_waits_have_words() -> None:
    """Sessions, messages, the cached share and the wait for a first word."""
    shown = figures(
        Scope.ALL,
        found(sessions=96, messages=1318, input_tokens=1000, cached_tokens=380, first_token_ms=900, estimated=1),
        NONE,
        price_date="",
        today=TODAY,
    )
    assert [(card.figure, card.meaning) for card in shown.cards[1:]] == [
        ("1,318", "messages in 96 sessions"),
        ("1,000", "tokens in · 38 % cached"),
        ("0", "tokens out"),
        ("0.9 s", "median to first word"),
    ]
    assert "≈" in shown.legend


def test_answers_without_usage_are_counted() -> None:
    """How much of the figures is an estimate, and why; with exact figures nothing is said."""
    some = figures(Scope.ALL, found(estimated=12), NONE, price_date="2026-11-02", today=TODAY)
    assert some.legend == "≈ estimated: 12 answers came without usage"
    one = figures(Scope.ALL, found(estimated=1), NONE, price_date="", today=TODAY)
    assert one.legend == "≈ estimated: 1 answer came without usage"
    assert figures(Scope.ALL, found(), NONE, price_date="", today=TODAY).legend == ""


def test_a_month_has_a_bar_for_each_of_its_days() -> None:
    """Days without an answer are seen as such, and today is the last one."""
    shown = figures(Scope.MONTH, found(cost=3.0, days=(day("2026-11-02", 1.0), day("2026-11-05", 2.0))), NONE,
                    price_date="", today=TODAY)  # fmt: skip
    assert [bar.share for bar in shown.bars] == [0.0, 0.5, 0.0, 0.0, 1.0]
    assert [bar.is_last for bar in shown.bars] == [False, False, False, False, True]
    assert shown.bars[1].words == "2026-11-02: $1.00"
    assert (shown.bars[0].label, shown.bars[-1].label) == ("1", "5")


def test_everything_has_a_bar_for_each_month() -> None:
    """Also for one in which nothing was asked."""
    months = (day("2025-12", 1.0), day("2026-02", 2.0))
    shown = figures(Scope.ALL, found(cost=3.0, months=months), NONE, price_date="", today=TODAY)
    assert [bar.label for bar in shown.bars] == ["2025-12", "2026-01", "2026-02"]
    assert [bar.share for bar in shown.bars] == [0.5, 0.0, 1.0]


def test_where_nothing_has_a_price_tokens_are_shown() -> None:
    """Local models cost nothing, but there is something to see."""
    days = (day("2026-11-02", tokens=10), day("2026-11-05", tokens=20))
    shown = figures(Scope.SESSION, found(days=days, months=(day("2026-11"),)), NONE, price_date="", today=TODAY)
    assert [bar.share for bar in shown.bars] == [0.5, 1.0]
    assert "Tokens" in shown.title


def test_nothing_is_no_bar() -> None:
    """An empty installation."""
    assert figures(Scope.ALL, BASE, NONE, price_date="", today=TODAY).bars == ()


@pytest.mark.parametrize(
    ("more", "cost"),
    [
        ({"cost": 9.64}, "$9.64"),
        ({"cost": 0.0}, "free"),
        ({"cost": None, "unpriced": 1}, "unknown"),
        ({"cost": 0.0, "unpriced": 1, "messages": 2}, "unknown"),
        ({"cost": 1.5, "unpriced": 1, "messages": 2}, "$1.50 + ?"),
    ],
)
def test_a_row_tells_price_free_and_unknown_apart(qapp: QApplication, more: dict[str, object], cost: str) -> None:
    """What is not known is never shown as nothing."""
    model = ModelUseTableModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show([use(**more)])
    row = [model.index(0, column).data() for column in range(model.columnCount())]
    assert (row[0], row[-1]) == ("m", cost)
    assert model.headerData(0, Qt.Orientation.Horizontal) == "model"


def test_the_figures_come_from_the_database(qapp: QApplication, tmp_path: Path) -> None:
    """A session's own, and those of everything, with a table to take along."""
    with playing(qapp, tmp_path) as stage:
        stage.send("Hi")
        stage.until(lambda: bool(stage.chat.session_id))
        stage.rest()
        session_id = stage.chat.session_id
        usage = Usage(input_tokens=3, output_tokens=1)
        spent = Charge(model="=small", purpose=Purpose.TITLE, usage=usage, cost=0.25)
        stage.ask(lambda backend: backend.spending.charge(session_id, spent))
        shown: list[Figures] = []
        saved: list[str] = []
        presenter = StatisticsPresenter(bridge=stage.bridge, session_id=session_id, now_ms=lambda: 1_795_262_400_000)
        presenter.shown.connect(shown.append)
        presenter.saved.connect(saved.append)
        assert [scope for scope, _title in presenter.scopes] == [Scope.SESSION, Scope.MONTH, Scope.ALL]
        presenter.save_csv(str(tmp_path / "too-early.csv"))
        presenter.show(Scope.SESSION)
        stage.until(lambda: bool(shown))
        assert shown[0].cards[0].figure == "$0.2500"
        assert presenter.models.rowCount() == 2
        path = tmp_path / "use.csv"
        presenter.save_csv(str(path))
        stage.until(lambda: bool(saved))
        assert "'=small,1,3,0,1,0,,,0.25,0,0" in path.read_text(encoding="utf-8")
        assert not (tmp_path / "too-early.csv").exists()


def test_what_fails_is_a_sentence(qapp: QApplication, tmp_path: Path) -> None:
    """A session that is gone, and a file that cannot be written."""
    with playing(qapp, tmp_path) as stage:
        failed: list[str] = []
        shown: list[Figures] = []
        presenter = StatisticsPresenter(bridge=stage.bridge, session_id="gone", now_ms=lambda: 0)
        presenter.failed.connect(failed.append)
        presenter.shown.connect(shown.append)
        presenter.show(Scope.SESSION)
        stage.until(lambda: bool(failed))
        presenter.show(Scope.ALL)
        stage.until(lambda: bool(shown))
        presenter.save_csv(str(tmp_path / "nowhere" / "use.csv"))
        stage.until(lambda: len(failed) == 2)
