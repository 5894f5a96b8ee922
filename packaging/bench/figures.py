"""What a figure of the benchmark is, and how it is printed: always a ratio or a bar against something measured too."""

import json
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line. `ratio` is `value / against` (or their difference where `name` says minus), held against `bar`."""

    name: str
    value: float
    unit: str
    against: float
    against_what: str
    ratio: float
    bar: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the bar is met."""
        return self.ratio >= self.bar if self.at_least else self.ratio <= self.bar


def ratio(name: str, values: Iterable[float], against: Iterable[float], *, unit: str, what: str, bar: float) -> Figure:
    """Return the ratio of two medians; smaller is better."""
    value, base = statistics.median(values), statistics.median(against)
    return Figure(name=name, value=value, unit=unit, against=base, against_what=what, ratio=value / base, bar=bar)


def longest(name: str, values: Iterable[float], *, idle: float, bar: float) -> Figure:
    """Return a median of gaps in milliseconds, held against an absolute bar; `idle` is the gap of the idle loop."""
    value = statistics.median(values)
    return Figure(
        name=name, value=value, unit="ms", against=idle, against_what="the same loop idle", ratio=value, bar=bar
    )


def line(figure: Figure) -> str:
    """Return a figure as one line for people."""
    sign = "≥" if figure.at_least else "≤"
    mark = "ok  " if figure.holds else "MISS"
    return (
        f"{mark} {figure.name}: {figure.ratio:.2f} ({sign} {figure.bar:g}); "
        f"{figure.value:.4g} {figure.unit} against {figure.against:.4g} {figure.unit} ({figure.against_what})"
    )


def as_json(figure: Figure) -> str:
    """Return a figure as one JSON object."""
    return json.dumps({**asdict(figure), "holds": figure.holds}, ensure_ascii=False)
