"""Days in the sidebar."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from desktop.presenters.session_dates import DayNames

MADRID = ZoneInfo("Europe/Madrid")


def _ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)


def _names(when: datetime) -> DayNames:
    return DayNames(now_ms=_ms(when), zone=MADRID)


@pytest.mark.parametrize(
    ("moment", "group"),
    [
        (datetime(2026, 11, 21, 0, 0, tzinfo=MADRID), "Today"),
        (datetime(2026, 11, 20, 23, 59, tzinfo=MADRID), "Yesterday"),
        (datetime(2026, 11, 19, 23, 59, tzinfo=MADRID), "Previous 7 days"),
        (datetime(2026, 11, 14, 0, 0, tzinfo=MADRID), "Previous 7 days"),
        (datetime(2026, 11, 13, 23, 59, tzinfo=MADRID), "November 2026"),
        (datetime(2025, 10, 3, 8, 0, tzinfo=MADRID), "October 2025"),
    ],
)
def test_a_session_stands_under_its_local_day(moment: datetime, group: str) -> None:
    """Groups follow local dates, with their edges at midnight."""
    assert _names(datetime(2026, 11, 21, 9, 0, tzinfo=MADRID)).group(_ms(moment)) == group


def test_a_pinned_session_stands_under_pinned_whatever_its_day() -> None:
    """Pinned is a group of its own."""
    now = datetime(2026, 11, 21, 9, 0, tzinfo=MADRID)
    assert _names(now).group(_ms(now - timedelta(days=90)), pinned=True) == "Pinned"


def test_a_session_of_the_future_stands_under_today() -> None:
    """A clock that was set back does not invent a group."""
    now = datetime(2026, 11, 21, 9, 0, tzinfo=MADRID)
    assert _names(now).group(_ms(now + timedelta(days=3))) == "Today"


@pytest.mark.parametrize("hour", [0, 1, 3, 23])
def test_the_day_of_a_clock_change_is_one_day(hour: int) -> None:
    """25 hours of 25 October 2026 are all yesterday on the 26th, though some are more than 24 hours ago."""
    names = _names(datetime(2026, 10, 26, 23, 30, tzinfo=MADRID))
    assert names.group(_ms(datetime(2026, 10, 25, hour, 5, tzinfo=MADRID))) == "Yesterday"


def test_midnight_comes_after_as_many_hours_as_the_day_has() -> None:
    """The day on which summer time begins has 23 hours."""
    morning = datetime(2026, 3, 29, 0, 0, tzinfo=MADRID)
    assert _names(morning).ms_to_midnight(_ms(morning)) == 23 * 3_600_000


def test_the_right_side_tells_sessions_of_one_group_apart() -> None:
    """Times today, weekdays this week, days of the month before."""
    names = _names(datetime(2026, 11, 21, 9, 20, tzinfo=MADRID))
    moments = [(2026, 11, 21, 9, 14), (2026, 11, 18, 8, 0), (2026, 10, 28, 8, 0)]
    found = [names.when(_ms(datetime(*moment, tzinfo=MADRID))) for moment in moments]
    assert found == ["09:14", "Wed", "28"]
