"""Numbers and times as the language in use writes them: "1,234.5" in English, "1234,5" in Spanish.

Where the system speaks that language too, its own habits win, such as a clock of twelve or of 24 hours.
"""

from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

from desktop.i18n import _, language

_FIRST_MS, _LAST_MS = -62_000_000_000_000, 253_000_000_000_000
"""The years 5 and 9987: what a broken import dates before or after is no day that can be named."""


@lru_cache(maxsize=4)
def _locale_of(spoken: str) -> QLocale:
    return fitting(spoken, QLocale.system())


def fitting(spoken: str, system: QLocale) -> QLocale:
    """Return the system's locale if it speaks a language, else the language's own."""
    wanted = QLocale(spoken)
    return system if system.language() == wanted.language() else wanted


def count_text(number: int, *, locale: QLocale | None = None) -> str:
    """Return a whole number with its groups of digits."""
    return (locale or _locale_of(language())).toString(number)


def decimal_text(number: float, places: int, *, locale: QLocale | None = None) -> str:
    """Return a number with so many decimal places."""
    return (locale or _locale_of(language())).toString(number, "f", places)


def money_text(dollars: float, *, locale: QLocale | None = None) -> str:
    """Return an amount in US dollars; small ones keep the places that make them more than nothing."""
    return (locale or _locale_of(language())).toCurrencyString(dollars, "$", 4 if dollars < 1 else 2)


def cost_text(dollars: float | None) -> str:
    """Return what an answer cost: an amount is shown where there is one, never for nothing and never for a guess."""
    if dollars is None:
        return _("cost unknown")
    return money_text(dollars) if dollars else _("free")


def seconds_text(ms: float | None) -> str:
    """Return a time in seconds; a dash where none was measured, or none that a tenth of a second can show."""
    return "–" if ms is None or ms < 50 else _("{seconds} s").format(seconds=decimal_text(ms / 1000, 1))


class Times:
    """Names the times of messages as seen at one moment; `zone` and `locale` are the system's own for None."""

    def __init__(self, *, now_ms: int, zone: tzinfo | None = None, locale: QLocale | None = None) -> None:
        self._zone = zone
        self._locale = locale or _locale_of(language())
        self.today = self.day(now_ms)

    def day(self, ms: int) -> int:
        """Return the local day of a time, as a number that grows by one each day."""
        return self._local(ms).date().toordinal()

    def day_text(self, ms: int) -> str:
        """Return "Today", "Yesterday", or "Wednesday, 18 November 2026" in the language in use."""
        age = self.today - self.day(ms)
        if age == 0:
            return _("Today")
        if age == 1:
            return _("Yesterday")
        local = self._local(ms)
        text = self._locale.toString(QDate(local.year, local.month, local.day), QLocale.FormatType.LongFormat)
        return text[:1].upper() + text[1:]

    def clock_text(self, ms: int) -> str:
        """Return the time of day, such as "09:14"."""
        local = self._local(ms)
        return self._locale.toString(QTime(local.hour, local.minute), self._clock())

    def full_text(self, ms: int) -> str:
        """Return day and time of day to the second, in words that need no other to be understood."""
        local = self._local(ms)
        day = QDate(local.year, local.month, local.day)
        clock = self._clock()
        seconds = clock if "ss" in clock else clock.replace("mm", "mm:ss")
        form = f"{self._locale.dateFormat(QLocale.FormatType.LongFormat)} · {seconds}"
        text = self._locale.toString(QDateTime(day, QTime(local.hour, local.minute, local.second)), form)
        return text[:1].upper() + text[1:]

    def ms_to_midnight(self, now_ms: int) -> int:
        """Return how long this day still lasts, in milliseconds, also when it has 23 or 25 hours."""
        tomorrow = self._local(now_ms).date() + timedelta(days=1)
        midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=self._zone)
        return max(1, round(midnight.timestamp() * 1000) - now_ms)

    def _local(self, ms: int) -> datetime:
        return datetime.fromtimestamp(min(max(ms, _FIRST_MS), _LAST_MS) / 1000, UTC).astimezone(self._zone)

    def _clock(self) -> str:
        # The clock of a language without a country is that of its largest one, which is often somebody else's.
        system = QLocale.system().language() == self._locale.language()
        return self._locale.timeFormat(QLocale.FormatType.ShortFormat) if system else "HH:mm"


def clock_text(ms: int) -> str:
    """Return the local time of day of a moment, "" for one that is unknown."""
    return Times(now_ms=ms).clock_text(ms) if ms > 0 else ""


def moment_text(ms: int) -> str:
    """Return the whole local date and time of a moment, "" for one that is unknown."""
    return Times(now_ms=ms).full_text(ms) if ms > 0 else ""
