"""One family of line icons, drawn for any colour and any screen: crisp at 100 to 300 %.

The files in `resources/icons/` are 24 × 24 and painted in `currentColor`. A pixmap is rendered when it is first needed,
at exactly the pixels asked for, and kept; QtSvg itself is loaded with the first icon.
"""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QImage, QPainter, QPixmap

from desktop.paths import resource


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _rendered(name: str, colour: str, pixels: int) -> QImage:
    """Render at `pixels` × `pixels` device pixels; an image, because a pixmap must not outlive the application."""
    from PySide6.QtSvg import QSvgRenderer  # a millisecond that no start without icons should pay

    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    made = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return made


def pixmap(name: str, colour: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Return the icon at `size` logical pixels for a screen of `ratio` device pixels each; `colour` is `#RRGGBB`."""
    made = QPixmap.fromImage(_rendered(name, colour, max(1, round(size * ratio))))
    made.setDevicePixelRatio(ratio)
    return made


def paint(painter: QPainter, name: str, colour: str, rect: QRect) -> None:
    """Paint the icon centred into `rect`, as large as fits, at the resolution of the painter's device."""
    size = min(rect.width(), rect.height())
    corner = QPoint(rect.x() + (rect.width() - size) // 2, rect.y() + (rect.height() - size) // 2)
    painter.drawPixmap(corner, pixmap(name, colour, size, painter.device().devicePixelRatio()))


class _Engine(QIconEngine):
    """Renders for the size and the screen that Qt asks for."""

    def __init__(self, name: str, colour: str, off: str) -> None:
        super().__init__()
        self._name, self._colour, self._off = name, colour, off

    def _for(self, mode: QIcon.Mode) -> str:
        return self._off if mode == QIcon.Mode.Disabled else self._colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:  # noqa: ARG002
        paint(painter, self._name, self._for(mode), rect)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: ARG002
        return pixmap(self._name, self._for(mode), min(size.width(), size.height()), scale)

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._colour, self._off)


def icon(name: str, colour: str, disabled: str = "") -> QIcon:
    """Return the icon for buttons and actions; `disabled` is its colour there, or a pale form of `colour`."""
    if not disabled:
        pale = QColor(colour)
        disabled = QColor((pale.red() + 160) // 2, (pale.green() + 155) // 2, (pale.blue() + 150) // 2).name()
    return QIcon(_Engine(name, colour, disabled))
