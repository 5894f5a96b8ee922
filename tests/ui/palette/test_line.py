import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication

from desktop.ui.palette.line import fitted, paint_line

WORDS = "one two three four five six seven eight nine ten needle eleven twelve thirteen"


@pytest.fixture
def metrics(qapp: QApplication) -> QFontMetrics:
    return QFontMetrics(QGuiApplication.font())


def needle_in(text: str) -> tuple[int, int]:
    at = text.index("needle")
    return at, at + len("needle")


def test_what_fits_is_left_alone(metrics: QFontMetrics) -> None:
    """Nothing is cut where there is room."""
    assert fitted("short", [(0, 2)], metrics, 10_000) == ("short", ((0, 2),))


def test_the_match_is_in_the_line(metrics: QFontMetrics) -> None:
    """A line that is too long is cut on both sides of its first match, at a word."""
    width = metrics.horizontalAdvance(WORDS) // 3
    shown, marks = fitted(WORDS, [needle_in(WORDS)], metrics, width)
    assert [shown[start:end] for start, end in marks] == ["needle"]
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert shown[1 : shown.index(" ")] in WORDS.split()
    assert metrics.horizontalAdvance(shown) <= width


def test_a_match_at_the_beginning_leaves_the_beginning(metrics: QFontMetrics) -> None:
    """A line is not moved for a match that is seen anyway."""
    width = metrics.horizontalAdvance(WORDS) // 2
    shown, marks = fitted(WORDS, [(4, 7)], metrics, width)
    assert shown.startswith("one two")
    assert [shown[start:end] for start, end in marks] == ["two"]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab 日𝔸é", min_size=1, max_size=60), st.data())
def test_marks_stay_on_what_they_marked(qapp: QApplication, text: str, data: st.DataObject) -> None:
    """Whatever is cut, a mark is in the line and covers a part of what it covered."""
    metrics = QFontMetrics(QGuiApplication.font())
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown, marks = fitted(text, [(start, end)], metrics, data.draw(st.integers(0, 400)))
    for first, last in marks:
        assert 0 <= first < last <= len(shown)
        assert shown[first:last] in text[start:end]


def painted(text: str, marks: list[tuple[int, int]], direction: Qt.LayoutDirection) -> QImage:
    image = QImage(300, 30, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    black, red = QColor("black"), QColor("#FF0000")
    paint_line(
        painter, QRect(0, 0, 300, 30), text, font=QFont(), colour=black, marks=marks, mark_colour=red,
        direction=direction,
    )  # fmt: skip
    painter.end()
    return image


def columns(image: QImage, *, red: bool) -> list[int]:
    """Return the columns that hold red pixels, or other ink."""

    def is_ink(x: int, y: int) -> bool:
        colour = image.pixelColor(x, y)
        return colour != QColor("white") and (colour.red() - colour.green() > 60) == red

    return [x for x in range(image.width()) if any(is_ink(x, y) for y in range(image.height()))]


def test_a_mark_is_painted_where_it_belongs(qapp: QApplication) -> None:
    """What stands behind characters of two units is marked at its place."""
    image = painted("𝔸𝔸 word", [(3, 7)], Qt.LayoutDirection.LeftToRight)
    assert min(columns(image, red=True)) > min(columns(image, red=False), default=0)


def test_a_line_begins_where_the_interface_does(qapp: QApplication) -> None:
    """Hebrew in an English window stands left, as everything in the list does; in an RTL window all stands right."""
    left = columns(painted("אבג", [], Qt.LayoutDirection.LeftToRight), red=False)
    right = columns(painted("abc", [], Qt.LayoutDirection.RightToLeft), red=False)
    assert max(left, default=0) < 150
    assert min(right, default=300) > 150
