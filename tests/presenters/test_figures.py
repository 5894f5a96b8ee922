"""Numbers and times in the language in use."""

from collections.abc import Iterator
from datetime import UTC, timedelta, timezone

import pytest
from PySide6.QtCore import QLocale

from desktop.i18n import language, use_language
from desktop.presenters.figures import Times, cost_text, count_text, decimal_text, fitting, money_text

NOON = 1_795_262_400_000
"""2026-11-21 12:00 UTC, in milliseconds."""
DAY = 86_400_000
EN, ES = QLocale("en_US"), QLocale("es_ES")


@pytest.fixture(autouse=True)
def spoken() -> Iterator[None]:
    """Every test leaves the language as it was."""
    before = language()
    use_language("en")
    yield
    use_language(before)


def test_english_figures() -> None:
    """Commas group, a point divides."""
    assert (count_text(1234567, locale=EN), decimal_text(3.21, 1, locale=EN)) == ("1,234,567", "3.2")
    assert money_text(0.0012, locale=EN) == "$0.0012"


def test_spanish_figures() -> None:
    """Points group, a comma divides, and the sign of the currency stands behind."""
    assert (count_text(1234567, locale=ES), decimal_text(3.21, 1, locale=ES)) == ("1.234.567", "3,2")
    assert money_text(0.0012, locale=ES).startswith("0,0012")


def test_a_larger_amount_has_cents() -> None:
    """From a dollar on, hundredths of a cent are noise."""
    assert money_text(1.2345, locale=EN) == "$1.23"


def test_days_near_today_have_words() -> None:
    """Today and yesterday are called so, other days by their date."""
    times = Times(now_ms=NOON, zone=UTC, locale=EN)
    assert [times.day_text(NOON), times.day_text(NOON - DAY)] == ["Today", "Yesterday"]
    assert all(part in times.day_text(NOON - 2 * DAY) for part in ("November", "19", "2026"))


def test_a_day_in_the_future_has_its_date() -> None:
    """A clock that was wrong once does not make tomorrow today."""
    text = Times(now_ms=NOON, zone=UTC, locale=EN).day_text(NOON + DAY)
    assert all(part in text for part in ("November", "22", "2026"))


def test_spanish_days() -> None:
    """The date is written as Spanish writes it, beginning with a capital."""
    assert Times(now_ms=NOON, zone=UTC, locale=ES).day_text(NOON - 2 * DAY) == "Jueves, 19 de noviembre de 2026"


def test_days_are_local() -> None:
    """Half an hour apart over a local midnight are two days."""
    times = Times(now_ms=NOON, zone=timezone(timedelta(hours=14)))
    assert times.day(NOON - 2 * 3_600_000 - 60_000) + 1 == times.day(NOON - 2 * 3_600_000)


def test_times_have_hours_minutes_and_where_asked_seconds() -> None:
    """The short form fits a line; the full one needs no other to be understood."""
    times = Times(now_ms=NOON, zone=UTC, locale=EN)
    assert "00" in times.clock_text(NOON + 5_000)
    assert all(part in times.full_text(NOON + 5_000) for part in ("November", "2026", "00:05"))


@pytest.mark.parametrize("ms", [-(10**17), 10**17])
def test_an_impossible_time_is_named_all_the_same(ms: int) -> None:
    """A broken import cannot take the transcript down."""
    assert Times(now_ms=NOON, zone=UTC, locale=EN).full_text(ms)


def test_midnight_is_as_far_as_the_clock_says() -> None:
    """At noon half a day is left."""
    assert Times(now_ms=NOON, zone=UTC, locale=EN).ms_to_midnight(NOON) == DAY // 2


def test_the_system_wins_where_it_speaks_the_language() -> None:
    """A Mexican system keeps its habits in Spanish, and lends none to English."""
    mexican = QLocale("es_MX")
    assert fitting("es", mexican).territory() == QLocale.Country.Mexico
    assert fitting("en", mexican).language() == QLocale.Language.English


def test_a_cost_is_an_amount_only_where_there_is_one() -> None:
    """Nothing known and nothing asked for have words."""
    assert [cost_text(dollars) for dollars in (None, 0.0)] == ["cost unknown", "free"]
    assert "0.0012" in cost_text(0.0012)
