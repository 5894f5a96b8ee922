"""The gaps of a Qt loop: a timer that wants to fire every millisecond, and how late it comes."""

from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer


class Heart(QObject):
    """Beats every millisecond; `gaps_ms` are the times between beats since `begin`."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._on_beat)
        self._last = 0.0
        self.gaps_ms: list[float] = []

    def begin(self) -> None:
        """Forget what was and begin to count."""
        self.gaps_ms = []
        self._last = perf_counter()
        self._timer.start()

    def end(self) -> list[float]:
        """Stop and return the gaps in milliseconds."""
        self._timer.stop()
        return self.gaps_ms

    def _on_beat(self) -> None:
        now = perf_counter()
        self.gaps_ms.append((now - self._last) * 1000)
        self._last = now


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
