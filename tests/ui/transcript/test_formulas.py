"""Formulas: drawn in the background, set into lines, and their source where they cannot be drawn."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QScrollBar
from pytestqt.qtbot import QtBot

from desktop.ui.transcript.blocks.formula import FormulaBlock
from desktop.ui.transcript.formula_drawing import MAX_SOURCE, Drawing, drawing_of
from desktop.ui.transcript.formulas import Formulas
from tests.ui.transcript.hands import table_block, text_block
from tests.ui.transcript.reading import Reading, message, writing

LONG_MS = 30_000  # the library is loaded once, on a machine that may be busy


def drawn(source: str, *, display: bool = True) -> Drawing:
    found = drawing_of(source, display=display)
    assert found is not None
    return found


def formula_block(reading: Reading) -> FormulaBlock:
    block = reading.find(FormulaBlock)
    assert isinstance(block, FormulaBlock)
    return block


@pytest.mark.parametrize(
    "source",
    [
        "x",
        r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}",
        r"\int_0^\infty e^{-x^2}\,dx",
        r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
        r"\begin{aligned}a&=b\\c&=d\end{aligned}",
        r"\boxed{x} \cancel{y}",
        r"E = mc^2 \tag{1} \label{eq}",
    ],
)
def test_a_formula_is_drawn(source: str) -> None:
    """What models write becomes outlines with a size."""
    found = drawn(source)
    assert found.width > 0
    assert found.ascent + found.descent > 0
    assert found.elements > 0


@pytest.mark.parametrize(
    "source",
    [
        "",
        "  ",
        r"\frac{a}",
        r"\left( x",
        r"x^2^3",
        r"\nosuchcommand{x}",
        r"\input{/etc/passwd}",
        r"\includegraphics{/etc/passwd}",
        "a & b",
        "日本",
        r"\hspace{99999em}x",
        r"\rule{9999em}{9999em}",
        "x" * (MAX_SOURCE + 1),
    ],
)
def test_what_cannot_be_drawn_is_refused(source: str) -> None:
    """Nothing, mistakes, unknown commands, missing characters, and what explodes."""
    assert drawing_of(source, display=True) is None


def test_what_takes_too_long_is_refused() -> None:
    """A formula gets so much time and no more, whatever its library is busy with."""
    assert drawing_of(r"\frac{1}{2}" * 60, display=True, limit_s=0.0) is None


def test_drawing_is_given_up_on_wish() -> None:
    """A formula that is being drawn ends when it is asked to."""
    assert drawing_of(r"\frac{1}{2}" * 60, display=True, leave=lambda: True) is None


def test_a_formula_is_painted_in_the_ink_of_its_text(qtbot: QtBot) -> None:
    """The same drawing takes any colour, and keeps the colours that were asked for in it."""
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    drawn("X").paint(painter, QPointF(2, 30), 24, QColor("#00FF00"))
    drawn(r"\color{red}{X}").paint(painter, QPointF(2, 58), 24, QColor("#00FF00"))
    painter.end()
    colours = [{image.pixelColor(x, y).name() for x in range(60) for y in rows} for rows in (range(30), range(30, 60))]
    assert "#00ff00" in colours[0]
    assert "#ff0000" not in colours[0]
    assert "#ff0000" in colours[1]


def test_nothing_is_drawn_twice(qtbot: QtBot) -> None:
    """A formula is asked for once, and known from then on; so is what cannot be drawn."""
    formulas = Formulas()
    told: list[str] = []
    formulas.drawn.connect(told.append)
    for source in ("x", "x", r"\frac{a}", "y"):
        assert formulas.ask(source, display=False) is None
    qtbot.waitUntil(lambda: sorted(told) == ["x", "y"] and len(formulas._known) == 3, timeout=LONG_MS)
    assert formulas.ask("x", display=False) is not None
    assert formulas.ask(r"\frac{a}", display=False) is None
    assert not formulas._asked
    formulas.close()
    formulas.close()
    assert formulas.ask("z", display=False) is None


def test_what_is_kept_is_bounded(qtbot: QtBot) -> None:
    """The oldest drawings go when there are too many."""
    formulas = Formulas()
    one = drawn("x")
    for number in range(4_100):
        formulas._on_done((str(number), False), one)
    assert len(formulas._known) <= 4_000
    assert formulas._kept == sum(one.elements for _each in formulas._known)
    formulas.close()


def test_the_library_is_not_loaded_before_a_formula_is_met() -> None:
    """Whoever never writes a formula never waits for it."""
    import subprocess
    import sys

    code = "import sys, desktop.ui.transcript.view; print([m for m in sys.modules if m.startswith(('zia', 'latex2'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_formula_in_a_line_is_set_there(reading: Reading, qtbot: QtBot) -> None:
    """The line has a blank of the formula's width; the text stays the source, position by position."""
    reading.show([message(1, r"see \(x^2\) here")])
    qtbot.waitUntil(lambda: bool(text_block(reading)._composed.inlays), timeout=LONG_MS)
    block = text_block(reading)
    (inlay,) = block._composed.inlays
    assert block.shown_text() == "see x^2 here"
    assert (inlay.start, inlay.length) == (4, 3)
    assert block.flow is not None
    assert len(block.flow.text) == len("see x^2 here")
    width = block.rect_of(7).left() - block.rect_of(4).left()
    assert width == pytest.approx(inlay.drawing.width * inlay.em, abs=1.5)


def test_a_point_in_a_formula_is_one_of_its_ends(reading: Reading, qtbot: QtBot) -> None:
    """Nobody selects half a formula with the pointer."""
    reading.show([message(1, r"see \(x^2+y^2+z^2\) here")])
    qtbot.waitUntil(lambda: bool(text_block(reading)._composed.inlays), timeout=LONG_MS)
    block = text_block(reading)
    left, right = block.rect_of(4), block.rect_of(15)
    seen = {
        block.offset_at(QPointF(x, left.center().y())) for x in range(round(left.left()) + 1, round(right.left()) - 1)
    }
    assert seen <= {4, 15}


def test_a_tall_formula_makes_its_line_taller(reading: Reading, qtbot: QtBot) -> None:
    """What stands above and below the line is not painted over other lines."""
    reading.show([message(1, r"see \(\frac{\frac{a}{b}}{\frac{c}{d}}\) here")])
    qtbot.waitUntil(lambda: bool(text_block(reading)._composed.inlays), timeout=LONG_MS)
    block = text_block(reading)
    assert block.flow is not None
    assert block.flow.height > block.style_.text.line_height


def test_an_unknown_formula_in_a_line_is_its_source(reading: Reading, qtbot: QtBot) -> None:
    """What cannot be drawn is shown as it was written."""
    reading.show([message(1, r"see \(\nosuch{x}\) and \(y\)")])
    qtbot.waitUntil(lambda: bool(text_block(reading)._composed.inlays), timeout=LONG_MS)
    block = text_block(reading)
    assert block.flow is not None
    assert r"\nosuch{x}" in block.flow.text
    assert r"\nosuch{x}" in block._composed.waiting


def test_a_formula_in_a_cell_is_set_there(reading: Reading, qtbot: QtBot) -> None:
    """Tables have formulas too, and their columns fit them."""
    reading.show([message(1, "| a |\n|---|\n| \\(x^2\\) |")])

    def inlays() -> int:
        block = table_block(reading)
        return len(block._flow(block._rows[1], 0)[1].inlays)

    qtbot.waitUntil(lambda: inlays() == 1, timeout=LONG_MS)


def test_a_formula_that_stands_alone_is_in_the_middle(reading: Reading, qtbot: QtBot) -> None:
    """It has its own block, named by its source."""
    reading.show([message(1, "Before\n\n$$\nx^2\n$$\n\nafter")])
    qtbot.waitUntil(lambda: formula_block(reading).drawing is not None, timeout=LONG_MS)
    block = formula_block(reading)
    assert abs(block._drawn_rect().center().x() - block.content_rect().center().x()) < 1
    assert "x^2" in block.accessibleName()
    assert block.shown_text() == "x^2"
    assert block.offset_at(block._drawn_rect().topLeft()) == 0
    assert block.offset_at(block._drawn_rect().bottomRight()) == 3
    assert block.rect_of(0).left() < block.rect_of(3).left()


def test_a_wide_formula_scrolls_sideways(reading: Reading, qtbot: QtBot) -> None:
    """It is never made too small to be read."""
    reading.show([message(1, "$$\n" + "abcdefgh+" * 14 + "x\n$$")])
    qtbot.waitUntil(lambda: formula_block(reading).drawing is not None, timeout=LONG_MS)
    block = formula_block(reading)
    reading.settle()
    (bar,) = block.findChildren(QScrollBar)
    qtbot.waitUntil(bar.isVisible)
    block.setFocus()
    reading.bot.keyClick(block, Qt.Key.Key_Right)
    assert bar.value() > 0


def test_a_formula_that_fails_is_its_source(reading: Reading, qtbot: QtBot) -> None:
    """The block shows what was written, in the face of code."""
    reading.show([message(1, "$$\n\\nosuch{x}\n$$")])
    block = formula_block(reading)
    qtbot.waitUntil(lambda: (r"\nosuch{x}", True) in reading.view._workshop.formulas._known, timeout=LONG_MS)
    assert block.drawing is None
    assert block.offset_at(block.content_rect().topLeft()) == 0
    reading.view.grab()


def test_a_formula_is_drawn_when_it_is_complete(reading: Reading, qtbot: QtBot) -> None:
    """While its end is still missing there is nothing to draw."""
    reading.show([writing(1)])
    reading.say(1, "$$\nx^2")
    assert not reading.view._workshop.formulas._asked
    reading.say(1, "\n$$\n\nafter")
    qtbot.waitUntil(lambda: formula_block(reading).drawing is not None, timeout=LONG_MS)


def test_the_source_of_a_formula_can_be_taken(reading: Reading, qtbot: QtBot) -> None:
    """The menu offers what was written, not what it looks like."""
    reading.show([message(1, "$$\nx^2\n$$")])
    qtbot.waitUntil(lambda: formula_block(reading).drawing is not None, timeout=LONG_MS)
    formula_block(reading).entries(QPointF())[0][1]()
    assert QGuiApplication.clipboard().text() == "x^2"
