"""Which red is meant where a profile, a folder or a tag is marked red: at least 3:1 on the ground of its theme."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap

from desktop.domain.settings import mark
from desktop.ui.theme import Theme

_LIGHT = {
    "red": "#B3413A",
    "orange": "#B5651D",
    "yellow": "#94770C",
    "green": "#4F7A4A",
    "blue": "#2F5F8C",
    "violet": "#75508F",
}
_DARK = {
    "red": "#E28A80",
    "orange": "#E0A060",
    "yellow": "#D6BE55",
    "green": "#8FBF88",
    "blue": "#86B4DC",
    "violet": "#B99AD6",
}
NAMES = {
    "": mark("No colour"),
    "red": mark("Red"),
    "orange": mark("Orange"),
    "yellow": mark("Yellow"),
    "green": mark("Green"),
    "blue": mark("Blue"),
    "violet": mark("Violet"),
}


def mark_colour(theme: Theme, name: str) -> QColor:
    """Return the colour that a mark has in a theme; one without a colour is grey."""
    found = (_DARK if theme.dark else _LIGHT).get(name)
    return QColor(found) if found else theme.colour("muted")


def dot(theme: Theme, name: str, *, size: int = 12, letter: str = "", ratio: float = 2.0) -> QIcon:
    """Return a disc in a mark's colour, with a letter on it where there is one."""
    pixmap = QPixmap(round(size * ratio), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mark_colour(theme, name))
    painter.drawEllipse(QRectF(0, 0, size, size))
    if letter:
        font = QFont()
        font.setPixelSize(round(size * 0.62))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(theme.colour("bg"))
        painter.drawText(QRectF(0, 0, size, size), Qt.AlignmentFlag.AlignCenter, letter)
    painter.end()
    made = QIcon(pixmap)
    made.addPixmap(pixmap, QIcon.Mode.Selected)  # or the style would tint it
    return made
