"""What the transcript is painted with: the theme's colours, the fonts and the distances at one zoom."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QTextCharFormat, QTextFormat

from desktop.domain.markdown_blocks import Span
from desktop.ui.theme import Theme, scaled_font

COLUMN_PX = 740
LEAST_COLUMN_PX = 560
"""How wide the text stays at a small zoom, where there is room: small letters are no reason for short lines."""
_LINE_SPACING = 1.56
_CODE_SHARE = 0.9
"""How large code is among text of a size: letters of one width look larger than others."""
_CODE_SPACING = 1.45
_SOFT = 0.26
_MATH_X_HEIGHT = 0.473
_MATH_LEAST, _MATH_MOST = 1.0, 1.25
_HEADINGS = (1.5, 1.28, 1.12, 1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Face:
    """A font with what layout asks of it again and again."""

    font: QFont
    metrics: QFontMetricsF
    line_height: int

    @property
    def math_em(self) -> float:
        """The size in pixels of a formula's font at which its small letters are as high as the text's."""
        size = self.font.pixelSize() if self.font.pixelSize() > 0 else self.metrics.height() / 1.2
        return max(_MATH_LEAST * size, min(_MATH_MOST * size, self.metrics.xHeight() / _MATH_X_HEIGHT))

    @classmethod
    def of(cls, font: QFont, spacing: float = _LINE_SPACING) -> "Face":
        metrics = QFontMetricsF(font)
        size = font.pixelSize() if font.pixelSize() > 0 else metrics.ascent() + metrics.descent() - 2
        return cls(font, metrics, max(round(size * spacing), round(metrics.height())))


class Style:
    """`Style(theme=…, font=…, zoom=…)`: immutable; another zoom or theme is another style."""

    def __init__(self, *, theme: Theme, font: QFont, zoom: float) -> None:
        self.theme = theme
        self.zoom = zoom
        base = scaled_font(font, zoom)
        mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        if base.pixelSize() > 0:
            mono.setPixelSize(max(7, round(base.pixelSize() * _CODE_SHARE)))
        else:
            mono.setPointSizeF(base.pointSizeF() * _CODE_SHARE)
        mono.setStyleHint(QFont.StyleHint.Monospace)
        self.text = Face.of(base)
        self.code = Face.of(mono, _CODE_SPACING)
        self.small = Face.of(scaled_font(base, 0.86))
        self.small_bold = Face.of(scaled_font(base, 0.86, weight=QFont.Weight.DemiBold))
        self.bold = Face.of(scaled_font(base, 1.0, weight=QFont.Weight.DemiBold))
        self.table_head = Face.of(scaled_font(base, 0.93, weight=QFont.Weight.DemiBold))
        self.table = Face.of(scaled_font(base, 0.93))
        self.headings = tuple(
            Face.of(scaled_font(base, factor, weight=QFont.Weight.DemiBold), 1.35) for factor in _HEADINGS
        )
        self._formats: dict[tuple[object, ...], QTextCharFormat] = {}
        self._colours: dict[str, QColor] = {}

    def px(self, pixels: float) -> int:
        """Return a distance at this zoom."""
        return round(pixels * self.zoom)

    def colour(self, token: str) -> QColor:
        """Return a colour of the theme."""
        found = self._colours.get(token)
        if found is None:
            found = self._colours[token] = self.theme.colour(token)
        return found

    def ink(self, token: str) -> QTextCharFormat:
        """Return the format of text in a colour."""
        key = ("ink", token)
        found = self._formats.get(key)
        if found is None:
            found = self._formats[key] = QTextCharFormat()
            found.setForeground(self.colour(token))
        return found

    def mark(self, *, soft: bool) -> QTextCharFormat:
        """Return the format of what is selected or the current hit, or of any other hit (`soft`)."""
        key = ("mark", soft)
        found = self._formats.get(key)
        if found is None:
            found = self._formats[key] = QTextCharFormat()
            ground = QColor(self.colour("accent"))
            if soft:
                ground.setAlphaF(_SOFT)
            else:
                found.setForeground(self.colour("on_accent"))
            found.setBackground(ground)
        return found

    def blank(self, face: Face, width: float) -> QTextCharFormat:
        """Return the format that makes a blank so wide."""
        made = QTextCharFormat()
        made.setFontLetterSpacingType(QFont.SpacingType.AbsoluteSpacing)
        made.setFontLetterSpacing(width - face.metrics.horizontalAdvance("\u00a0"))
        return made

    def format(self, span: Span, face: Face | None = None) -> QTextCharFormat | None:
        """Return the format of a span among text of a face, or None where it is text like any other."""
        words = (bool(span.link), bool(span.image), bool(span.note))
        look = (span.bold, span.italic, span.code, span.strike, span.math, *words)
        if not any(look):
            return None
        around = (face or self.text).font
        key = (*look, around.pixelSize(), around.pointSizeF())
        found = self._formats.get(key)
        if found is None:
            found = self._formats[key] = self._make(span, around)
        return found

    def _make(self, span: Span, around: QFont) -> QTextCharFormat:
        made = QTextCharFormat()
        if span.code or span.math:
            made.setFontFamilies(self.code.font.families() or [self.code.font.family()])
            made.setFontFixedPitch(True)
            if around.pixelSize() > 0:
                made.setProperty(QTextFormat.Property.FontPixelSize, max(7, round(around.pixelSize() * _CODE_SHARE)))
            else:
                made.setFontPointSize(around.pointSizeF() * _CODE_SHARE)
            if span.code:
                made.setBackground(self.colour("code" if not self.theme.dark else "selected"))
        if span.bold:
            made.setFontWeight(QFont.Weight.DemiBold)
        if span.italic:
            made.setFontItalic(True)
        if span.strike:
            made.setFontStrikeOut(True)
        if span.note:
            made.setForeground(self.colour("accent"))
            made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignSuperScript)
        elif span.link:
            made.setForeground(self.colour("accent"))
            made.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        elif span.image:
            made.setForeground(self.colour("muted"))
        return made


NO_WRAP = Qt.TextFlag.TextSingleLine
