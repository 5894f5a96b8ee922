"""Colours: readable, complete, and worn by the whole application."""

from dataclasses import fields

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.ui.theme import (
    Theme,
    ThemeControl,
    contrast_theme,
    load_theme,
    mixed,
    palette_of,
    scaled_font,
    style_sheet,
)

READABLE = 4.5
"""WCAG 2.2, level AA, for text."""


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "muted"])
@pytest.mark.parametrize("ground", ["bg", "side", "card", "user"])
def test_text_is_readable_on_every_ground(name: str, text: str, ground: str) -> None:
    """Text and secondary text have a contrast of at least 4.5 to 1 wherever they stand."""
    theme = load_theme(name)
    assert _contrast(theme.hex(text), theme.hex(ground)) >= READABLE


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [("ink", "selected"), ("muted-ink:70", "selected"), ("warn-ink:75", "bg"), ("ok-ink:75", "bg"), ("accent", "side")],
)
def test_states_are_readable_where_they_stand(name: str, text: str, ground: str) -> None:
    """The current row's time, warnings and success are mixed with ink where their own colour is too pale."""
    theme = load_theme(name)
    assert _contrast(theme.hex(text), theme.hex(ground)) >= READABLE


@pytest.mark.parametrize("name", ["light", "dark"])
def test_text_on_the_accent_is_readable(name: str) -> None:
    """The primary action can be read."""
    theme = load_theme(name)
    assert _contrast(theme.on_accent, theme.accent) >= READABLE


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("token", ["code_keyword", "code_string", "code_comment", "code_function", "code_number"])
def test_code_is_readable_on_its_ground(name: str, token: str) -> None:
    """Coloured code is still text."""
    theme = load_theme(name)
    assert _contrast(theme.hex(token), theme.code) >= READABLE


@pytest.mark.parametrize("name", ["light", "dark"])
def test_a_theme_has_every_colour(name: str) -> None:
    """Each field is a colour in the one form that painting expects."""
    theme = load_theme(name)
    colours = [getattr(theme, field.name) for field in fields(Theme) if field.name not in ("name", "dark")]
    assert all(len(colour) == 7 and QColor(colour).isValid() for colour in colours)


def test_a_mixture_lies_between_its_colours() -> None:
    """`a-b:40` is 40 % of `a` over `b`."""
    assert mixed("#FFFFFF", "#000000", 0.4) == "#666666"


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_style_sheet_has_no_open_names(name: str) -> None:
    """Every colour that the style sheet names is one of the theme's."""
    sheet = style_sheet(load_theme(name))
    assert "@" not in sheet
    assert load_theme(name).accent in sheet


def test_a_high_contrast_theme_takes_the_systems_colours(qapp: QApplication) -> None:
    """What the system chose for high contrast is what is painted."""
    palette = QPalette()
    for role, colour in (
        (QPalette.ColorRole.Base, "#000000"),
        (QPalette.ColorRole.Text, "#FFFF00"),
        (QPalette.ColorRole.Highlight, "#00FFFF"),
        (QPalette.ColorRole.HighlightedText, "#000000"),
    ):
        palette.setColor(role, QColor(colour))
    theme = contrast_theme(palette)
    assert (theme.bg, theme.ink, theme.muted, theme.accent, theme.dark) == (
        "#000000",
        "#FFFF00",
        "#FFFF00",
        "#00FFFF",
        True,
    )


def test_the_palette_carries_the_theme(qapp: QApplication, theme: Theme) -> None:
    """Whatever paints from the palette fits the rest."""
    palette = palette_of(theme)
    assert palette.color(QPalette.ColorRole.Window).name().upper() == theme.bg
    assert palette.color(QPalette.ColorRole.Accent).name().upper() == theme.accent


def test_choosing_a_theme_dresses_the_application_at_once(qtbot: QtBot) -> None:
    """The setting takes effect live, and choosing the same again changes nothing."""
    control = ThemeControl(wished="light")
    with qtbot.waitSignal(control.changed) as blocker:
        control.choose("dark")
    assert blocker.args == [load_theme("dark")]
    assert QGuiApplication.palette().color(QPalette.ColorRole.Window).name().upper() == load_theme("dark").bg
    with qtbot.assertNotEmitted(control.changed):
        control.choose("dark")
    control.choose("light")


def test_the_system_decides_where_nobody_chose(qtbot: QtBot) -> None:
    """Light or dark follows the system's own choice."""
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert ThemeControl(wished="system").theme == load_theme("dark" if dark else "light")


@pytest.mark.parametrize("pixels", [True, False])
def test_a_font_scales_in_its_own_unit(qapp: QApplication, pixels: bool) -> None:
    """A size in pixels stays in pixels, one in points in points."""
    font = QFont()
    font.setPixelSize(20) if pixels else font.setPointSizeF(20.0)
    made = scaled_font(font, 0.5, weight=QFont.Weight.Bold)
    assert (made.pixelSize() if pixels else made.pointSizeF()) == 10
    assert made.bold()
