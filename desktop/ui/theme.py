"""Colours as data, and their way into Qt: one palette and one style sheet for the whole application.

Painted widgets and delegates take a `Theme` and read its fields; standard widgets are dressed by the style sheet in
`resources/themes/style.qss`. The style below it is always Fusion, so that the window looks the same everywhere; the
application is started with it, because choosing it later costs six milliseconds of every start.
"""

import json
from dataclasses import dataclass, fields
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from desktop.paths import resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """The colours of one theme as `#RRGGBB`; what each is for stands in the design's table of tokens."""

    name: str
    dark: bool
    bg: str
    side: str
    card: str
    ink: str
    muted: str
    line: str
    accent: str
    on_accent: str
    selected: str
    user: str
    code: str
    ok: str
    warn: str
    code_keyword: str
    code_string: str
    code_comment: str
    code_function: str
    code_number: str

    def colour(self, token: str) -> QColor:
        """Return the colour of `token`, or of a mixture: `a-b:40` is 40 % of `a` over `b`."""
        return QColor(self.hex(token))

    def hex(self, token: str) -> str:
        """Return the same as `#RRGGBB`."""
        first, dash, rest = token.partition("-")
        if not dash:
            found: str = getattr(self, first)
            return found
        second, _colon, percent = rest.partition(":")
        return mixed(getattr(self, first), getattr(self, second), int(percent) / 100)


def mixed(over: str, under: str, share: float) -> str:
    """Return `share` (0 to 1) of the colour `over` laid over `under`."""
    pairs = ((int(over[i : i + 2], 16), int(under[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


@lru_cache(maxsize=2)
def load_theme(name: str) -> Theme:
    """Read the theme `light` or `dark` from the resources."""
    return Theme(**json.loads(resource("themes", f"{name}.json").read_text(encoding="utf-8")))


def contrast_theme(palette: QPalette) -> Theme:
    """Build a theme from the system's own high contrast palette, which always wins."""
    role = QPalette.ColorRole

    def of(wanted: QPalette.ColorRole) -> str:
        return palette.color(QPalette.ColorGroup.Active, wanted).name().upper()

    ground, ink, accent = of(role.Base), of(role.Text), of(role.Highlight)
    values = {field.name: ink for field in fields(Theme)}
    values |= dict.fromkeys(("bg", "side", "card", "user", "code"), ground)
    values |= {"accent": accent, "on_accent": of(role.HighlightedText), "selected": mixed(accent, ground, 0.25)}
    values["name"] = "contrast"
    dark = palette.color(role.Base).lightness() < palette.color(role.Text).lightness()
    return Theme(**{**values, "dark": dark})  # type: ignore[arg-type]  # every field but `dark` is a string


def palette_of(theme: Theme) -> QPalette:
    """Return the palette that Fusion, and everything that reads one, paints with."""
    role = QPalette.ColorRole
    roles = {
        role.Window: "bg",
        role.WindowText: "ink",
        role.Base: "card",
        role.AlternateBase: "side",
        role.Text: "ink",
        role.PlaceholderText: "muted",
        role.Button: "card",
        role.ButtonText: "ink",
        role.BrightText: "on_accent",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Accent: "accent",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.ToolTipBase: "card",
        role.ToolTipText: "ink",
        role.Light: "card",
        role.Midlight: "selected",
        role.Mid: "line",
        role.Dark: "muted-line:50",
        role.Shadow: "ink-line:30",
    }
    palette = QPalette()
    for each, token in roles.items():
        palette.setColor(each, theme.colour(token))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, theme.colour("muted-bg:60"))
    return palette


def style_sheet(theme: Theme) -> str:
    """Return the application's style sheet with the colours of `theme` in place of `@token` and `@a-b:40`."""
    first, *pieces = resource("themes", "style.qss").read_text(encoding="utf-8").partition("*/\n")[2].split("@")
    parts = [first]
    for piece in pieces:
        end = next(i for i, char in enumerate(piece) if not (char.isalnum() or char in "_-:"))
        parts += (theme.hex(piece[:end]), piece[end:])
    return "".join(parts)


def scaled_font(font: QFont, factor: float, *, weight: QFont.Weight | None = None) -> QFont:
    """Return `font` at `factor` of its size, whichever unit the system gave it in."""
    made = QFont(font)
    if font.pixelSize() > 0:
        made.setPixelSize(max(8, round(font.pixelSize() * factor)))
    else:
        made.setPointSizeF(max(6.0, font.pointSizeF() * factor))
    if weight is not None:
        made.setWeight(weight)
    return made


class ThemeControl(QObject):
    """Keeps the application dressed: in the theme of the setting, or in the system's, switching live."""

    changed = Signal(object)
    """The `Theme` that is worn from now on."""

    def __init__(self, *, wished: str = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wished = wished
        self._system_palette = QGuiApplication.palette()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_system_changed)
        if hasattr(hints, "accessibility"):
            hints.accessibility().contrastPreferenceChanged.connect(self._on_system_changed)
        self._theme = self._fitting()
        self._wear()

    @property
    def theme(self) -> Theme:
        """The theme that is worn."""
        return self._theme

    @Slot(str)
    def choose(self, wished: str) -> None:
        """Wear `light`, `dark` or `system` from now on."""
        self._wished = wished
        self._on_system_changed()

    def _fitting(self) -> Theme:
        hints = QGuiApplication.styleHints()
        if hasattr(hints, "accessibility"):
            high = hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
            if high and self._wished == "system":
                return contrast_theme(self._system_palette)
        dark = hints.colorScheme() == Qt.ColorScheme.Dark if self._wished == "system" else self._wished == "dark"
        return load_theme("dark" if dark else "light")

    def _wear(self) -> None:
        QGuiApplication.setPalette(palette_of(self._theme))
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.setStyleSheet(style_sheet(self._theme))

    @Slot()
    def _on_system_changed(self) -> None:
        fitting = self._fitting()
        if fitting != self._theme:
            self._theme = fitting
            self._wear()
            self.changed.emit(fitting)
