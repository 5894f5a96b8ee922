"""Icons: one family, any colour, any screen."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QApplication

from desktop.paths import resource
from desktop.ui import icons

NAMES = sorted(path.stem for path in resource("icons").glob("*.svg") if path.stem != "sobremesa")
"""All but the program's own mark, which has colours of its own."""
NEEDED = {
    *("plus", "search", "send", "stop", "copy", "save", "retry", "branch", "more", "settings", "trash", "archive"),
    *("chevron-up", "chevron-down", "chevron-left", "chevron-right", "check", "cross", "key", "server", "book"),
    *("warning", "pin", "star", "star-filled"),
}


def _colours(image: QImage) -> set[str]:
    """Return the colours of all pixels that are not transparent at all."""
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


def test_the_family_is_complete() -> None:
    """Every icon that the window uses is there."""
    assert set(NAMES) >= NEEDED


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_belongs_to_the_family(name: str) -> None:
    """24 × 24, drawn in lines of 1.75, in the colour it is given."""
    text = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    assert 'viewBox="0 0 24 24"' in text
    assert 'stroke="currentColor" stroke-width="1.75" stroke-linecap="round"' in text
    assert "#" not in text


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    """Something is painted, and nothing in another colour."""
    assert _colours(icons.pixmap(name, "#8C2F46", 48).toImage()) == {"#8c2f46"}


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_a_pixmap_has_the_pixels_of_its_screen(qapp: QApplication, ratio: float) -> None:
    """Nothing is blown up at 100 to 300 %."""
    made = icons.pixmap("plus", "#000000", 16, ratio)
    assert (made.width(), made.devicePixelRatio()) == (round(16 * ratio), ratio)


@pytest.mark.parametrize("ratio", [1.0, 2.0, 3.0])
def test_a_qicon_renders_for_the_screen_it_is_on(qapp: QApplication, ratio: float) -> None:
    """Buttons and menus get as many pixels as they show."""
    made = icons.icon("settings", "#2B2624").pixmap(QSize(20, 20), ratio)
    assert made.size() == QSize(round(20 * ratio), round(20 * ratio))


def test_a_disabled_icon_is_paler(qapp: QApplication) -> None:
    """Being out of use is seen in the icon too."""
    made = icons.icon("stop", "#000000")
    enabled = _colours(made.pixmap(QSize(32, 32), 1.0).toImage())
    disabled = _colours(made.pixmap(QSize(32, 32), 1.0, QIcon.Mode.Disabled).toImage())
    assert enabled == {"#000000"}
    assert QColor(disabled.pop()).lightness() > 50


def test_a_copied_icon_still_paints(qapp: QApplication) -> None:
    """An icon that is handed on keeps its engine."""
    copied = QIcon(icons.icon("star", "#123456"))
    assert _colours(copied.pixmap(QSize(64, 64), 1.0).toImage()) == {"#123456"}
