"""Which day a session belongs to, in the words of the sidebar: pure, with the clock and the zone given from outside.

Days are counted by local dates, never by multiples of 24 hours, so that midnight and daylight saving are right.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo

from PySide6.QtCore import QDate, QLocale, QTime

from desktop.i18n import _, language


class DayNames:
    """Names days and hours as seen at one moment; `zone` None is the system's own."""

    def __init__(self, *, now_ms: int, zone: tzinfo | None = None) -> None:
        self._zone = zone
        self.today = self._local(now_ms).date()
        self._words = QLocale(language())
        system = QLocale.system()
        short = system.timeFormat(QLocale.FormatType.ShortFormat)
        # The C locale's short form shows seconds and is nobody's choice.
        self._time_format = "HH:mm" if system.language() == QLocale.Language.C else short
        self._clock = self._words if system.language() == QLocale.Language.C else system

    def _local(self, ms: int) -> datetime:
        return datetime.fromtimestamp(ms / 1000, UTC).astimezone(self._zone)

    def group(self, ms: int, *, pinned: bool = False) -> str:
        """Return the heading under which a session of that time stands."""
        if pinned:
            return _("Pinned")
        day = self._local(ms).date()
        age = (self.today - day).days
        if age <= 0:
            return _("Today")
        if age == 1:
            return _("Yesterday")
        if age <= 7:
            return _("Previous 7 days")
        return self.month(day)

    def month(self, day: date) -> str:
        """Return "October 2026" in the language in use."""
        name = self._words.standaloneMonthName(day.month)
        return _("{month} {year}").format(month=name[:1].upper() + name[1:], year=day.year)

    def when(self, ms: int, *, pinned: bool = False) -> str:
        """Return what tells sessions of one group apart: the time, the weekday, or the day of the month."""
        local = self._local(ms)
        day = local.date()
        age = (self.today - day).days
        if age <= 0 or (age == 1 and not pinned):
            return self._clock.toString(QTime(local.hour, local.minute), self._time_format)
        if age <= 7:
            return self._words.standaloneDayName(day.isoweekday(), QLocale.FormatType.ShortFormat)
        if pinned:
            return self._words.toString(QDate(day.year, day.month, day.day), "d MMM")
        return str(day.day)

    def moment(self, ms: int) -> str:
        """Return what names a time where no heading does: "Today 09:12", "28 Oct", and the year of another year."""
        day = self._local(ms).date()
        age = (self.today - day).days
        if age > 1:
            form = "d MMM" if day.year == self.today.year else "d MMM yyyy"
            return self._words.toString(QDate(day.year, day.month, day.day), form)
        return (_("Yesterday {time}") if age == 1 else _("Today {time}")).format(time=self.when(ms))

    def ms_to_midnight(self, now_ms: int) -> int:
        """Return how long this day still lasts, in milliseconds, also when it has 23 or 25 hours."""
        local = self._local(now_ms)
        tomorrow = local.date() + timedelta(days=1)
        zone = self._zone
        midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=zone)
        return max(1, round(midnight.timestamp() * 1000) - now_ms)
