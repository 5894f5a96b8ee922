"""A plot of bars, painted: one for each day or month, the last in full colour."""

import html
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.presenters.statistics import Bar
from desktop.ui.theme import Theme, scaled_font

_PAD_PX = 16
_MOST_BAR_PX = 26
_FADED = 0.62


class BarChart(QWidget):
    """`BarChart(theme=…)`; `show_bars(title, bars)`."""

    def __init__(self, *, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = ""
        self._bars: tuple[Bar, ...] = ()
        self.setObjectName("statisticsChart")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        return QSize(600, 200)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 6 * self.fontMetrics().height())

    def set_theme(self, theme: Theme) -> None:
        """Paint in another theme."""
        self._theme = theme
        self.update()

    def show_bars(self, title: str, bars: Sequence[Bar]) -> None:
        """Show other bars; a screen reader hears them as words."""
        self._title, self._bars = title, tuple(bars)
        self.setAccessibleName(title)
        self.setAccessibleDescription("; ".join(bar.words for bar in bars))
        self.update()

    def _rects(self) -> list[QRectF]:
        """Return where each bar stands."""
        if not self._bars:
            return []
        line = self.fontMetrics().height()
        area = QRectF(self.rect()).adjusted(2 * _PAD_PX, _PAD_PX + 2 * line, -2 * _PAD_PX, -_PAD_PX - line)
        step = min(area.width() / len(self._bars), 3 * _MOST_BAR_PX)
        width = max(1.0, min(step * 0.62, float(_MOST_BAR_PX)))
        found = []
        for at, bar in enumerate(self._bars):
            high = max(1.0, bar.share * area.height()) if bar.share > 0 else 0.0
            found.append(QRectF(area.left() + at * step + (step - width) / 2, area.bottom() - high, width, high))
        return found

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.colour("line"))
        painter.setBrush(self._theme.colour("card"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 14, 14)
        painter.setPen(self._theme.colour("muted"))
        painter.setFont(scaled_font(self.font(), 0.93))
        line = self.fontMetrics().height()
        painter.drawText(_PAD_PX, _PAD_PX - 4, self.width() - 2 * _PAD_PX, line + 4, 0, self._title)
        base = self.height() - _PAD_PX - line
        painter.fillRect(QRectF(2 * _PAD_PX - 8, base, self.width() - 4 * _PAD_PX + 16, 1), self._theme.colour("line"))
        for bar, rect in zip(self._bars, self._rects(), strict=True):
            colour = self._theme.colour("accent")
            if not bar.is_last:
                colour.setAlphaF(_FADED)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(rect, min(3.0, rect.width() / 2), min(3.0, rect.height() / 2))
            if bar.label:
                painter.setPen(self._theme.colour("muted"))
                place = QRectF(rect.center().x() - 60, base + 4, 120, line)
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, bar.label)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = next(
                (
                    bar.words
                    for bar, rect in zip(self._bars, self._rects(), strict=True)
                    if rect.left() - 4 <= event.pos().x() <= rect.right() + 4
                ),
                "",
            )
            QToolTip.showText(event.globalPos(), f"<qt>{html.escape(words)}</qt>" if words else "", self)
            return True
        return super().event(event)
