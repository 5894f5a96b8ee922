"""A formula as outlines: LaTeX through ziamath to SVG, and that to paths that are painted at any size and in any ink.

Paths, rather than the SVG or a picture of it, make theme, zoom, selection and scale nothing but a brush and a factor.
It is slow (1 to 60 ms, and 0.2 s once for the import), so it runs on a thread of its own: `formulas.py`. What the
source asks for is bounded by its length, by the thread's time and by the size of the result; anything else that is
wrong with it ends in None, and the source is shown.
"""

import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from inspect import CO_GENERATOR
from types import FrameType, ModuleType
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker

if TYPE_CHECKING:
    from ziamath.zmath import Latex

MAX_SOURCE = 1_200
LIMIT_S = 0.5
_WORK_S = 0.001
_REST_S = 0.003
_CALLS = 20
_EM = 24.0
_MAX_EMS = 400.0
_MAX_ELEMENTS = 60_000
_INK = "black"
# Numbers and labels of equations belong to a document; in a conversation the number is kept as it is written.
_TAG = re.compile(r"\\tag\*?\s*\{([^{}]*)\}")
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}|\\(?:nonumber|notag)(?![a-zA-Z])")
# What latex2mathml does not know it leaves in the text as it is written.
_UNKNOWN = re.compile(r"\\[a-zA-Z]+")


class _TooLongError(BaseException):
    """The formula has used up its time; no handler of the library's may swallow it."""


class _UnreadableError(Exception):
    """The result holds something that is not painted here."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Outlines to be filled in one colour; "" is the ink of the text around."""

    path: QPainterPath
    colour: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A formula in ems: its width, and how far it reaches above and below the line it stands on."""

    width: float
    ascent: float
    descent: float
    layers: tuple[Layer, ...]

    @property
    def elements(self) -> int:
        """How much there is to keep."""
        return sum(layer.path.elementCount() for layer in self.layers)

    def paint(self, painter: QPainter, origin: QPointF, em: float, ink: QColor) -> None:
        """Paint with the left end of the base line at `origin`, one em being so many pixels."""
        painter.save()
        painter.translate(origin)
        painter.scale(em / _EM, em / _EM)
        for layer in self.layers:
            painter.fillPath(layer.path, QColor(layer.colour) if layer.colour else ink)
        painter.restore()


def drawing_of(
    source: str, *, display: bool, leave: Callable[[], bool] = lambda: False, limit_s: float = LIMIT_S
) -> Drawing | None:
    """Draw a formula, or return None for what cannot be drawn within so much of the thread's time.

    `leave` is asked now and then whether to give up.
    """
    if len(source) > MAX_SOURCE or not source.strip():
        return None
    exceptions, config, Latex = _library()  # noqa: N806 - a class
    found = vars(exceptions).values()
    refusals: tuple[type[Exception], ...] = tuple(
        each for each in found if isinstance(each, type) and issubclass(each, Exception)
    )
    config.svg2 = False  # symbols and references would have to be resolved here
    before = sys.gettrace()
    sys.settrace(_Watch(leave, limit_s).look)  # only calls are told: half the time of a profile function
    try:
        return _outlines(_read(Latex, source, display=display).svgxml())
    except _TooLongError:
        return None
    # A library for well-formed LaTeX, fed with what a model wrote: whatever it stumbles over, the source is shown.
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, SyntaxError, TypeError):
        return None
    except (ValueError, _UnreadableError):
        return None
    except refusals:
        return None
    finally:
        sys.settrace(before)


def _library() -> tuple[ModuleType, Any, "type[Latex]"]:
    """Import what draws; the first time takes 0.2 s, in which the window gets the interpreter too."""
    before = sys.gettrace()
    if "ziamath.zmath" not in sys.modules:
        sys.settrace(_Watch(lambda: False, float("inf")).look)
    try:
        from latex2mathml import exceptions
        from ziamath.config import config
        from ziamath.zmath import Latex
    finally:
        sys.settrace(before)
    return exceptions, config, Latex


def _read(latex: "type[Latex]", source: str, *, display: bool) -> "Latex":
    text = _LABEL.sub("", _TAG.sub(lambda found: rf"\qquad\text{{({found[1]})}}", source))
    made = latex(text.strip(), size=_EM, inline=not display, margin=0.0)
    written = "".join(made.mathml.itertext())
    if _UNKNOWN.search(written) or not all(ord(each) < 128 or made.font.glyphindex(each) for each in written):
        raise _UnreadableError
    return made


class _Watch:
    """Ends what takes too long, and rests so that the window gets the interpreter; told of every call."""

    def __init__(self, leave: Callable[[], bool], limit_s: float) -> None:
        self._leave = leave
        self._worked = time.thread_time()
        self._end = self._worked + limit_s
        self._calls = 0

    def look(self, frame: FrameType, _event: str, _argument: object) -> None:
        self._calls += 1
        # An exception raised while a generator is being closed is lost, and with it this watch.
        if self._calls < _CALLS or frame.f_code.co_flags & CO_GENERATOR:
            return
        self._calls = 0
        now = time.thread_time()
        if now > self._end:
            raise _TooLongError
        if now - self._worked > _WORK_S:
            if self._leave():
                raise _TooLongError
            time.sleep(_REST_S)
            self._worked = now


def _outlines(svg: Element) -> Drawing:
    left, top, width, height = (float(word) for word in svg.attrib["viewBox"].split())
    if not (0 < width <= _MAX_EMS * _EM and 0 < height <= _MAX_EMS * _EM):
        raise _UnreadableError
    paths: dict[tuple[str, str], QPainterPath] = {}
    count = 0
    for element in svg.iter():
        if element is svg or element.tag == "g":
            continue
        path = _path_of(element)
        colour = _colour_of(element)
        if path is None or colour is None:
            continue
        count += path.elementCount()
        if count > _MAX_ELEMENTS:
            raise _UnreadableError
        # Glyphs and bars turn in different directions: in one path, where they meet would be a hole.
        both = paths.setdefault((element.tag, colour), QPainterPath())
        both.setFillRule(Qt.FillRule.WindingFill)
        both.addPath(path)
    for path in paths.values():
        path.translate(-left, 0)
    layers = tuple(Layer(path, colour) for (_tag, colour), path in paths.items())
    return Drawing(width / _EM, -top / _EM, (height + top) / _EM, layers)


def _colour_of(element: Element) -> str | None:
    """Return the colour of an element, "" for the text's own, None where nothing is to be seen."""
    name = element.get("stroke" if _is_stroked(element) else "fill") or _INK
    if name == "none":
        return None
    colour = QColor(name)
    return "" if name == _INK or not colour.isValid() else colour.name()


def _is_stroked(element: Element) -> bool:
    return element.get("stroke-width") is not None and element.get("stroke", "") != "none"


def _path_of(element: Element) -> QPainterPath | None:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)

    def number(name: str) -> float:
        return float(element.get(name, "0"))

    match element.tag:
        case "path":
            _trace(path, element.attrib["d"].split())
        case "rect" if element.get("rx"):
            box = QRectF(number("x"), number("y"), number("width"), number("height"))
            path.addRoundedRect(box, number("rx"), number("rx"))
        case "rect":
            path.addRect(QRectF(number("x"), number("y"), number("width"), number("height")))
        case "ellipse":
            path.addEllipse(QPointF(number("cx"), number("cy")), number("rx"), number("ry"))
        case "defs" | "marker" | "polygon":
            return None  # the head of an arrow that strikes something out
        case _:
            raise _UnreadableError
    if not _is_stroked(element):
        return path
    stroker = QPainterPathStroker()
    stroker.setWidth(number("stroke-width"))
    return stroker.createStroke(path)


def _trace(path: QPainterPath, words: list[str]) -> None:
    at = 0
    while at < len(words):
        letter = words[at]
        count = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}.get(letter)
        if count is None:
            raise _UnreadableError
        numbers = [float(word) for word in words[at + 1 : at + 1 + count]]
        match letter, numbers:
            case "M", [x, y]:
                path.moveTo(x, y)
            case "L", [x, y]:
                path.lineTo(x, y)
            case "Q", [x1, y1, x, y]:
                path.quadTo(x1, y1, x, y)
            case "C", [x1, y1, x2, y2, x, y]:
                path.cubicTo(x1, y1, x2, y2, x, y)
            case "Z", []:
                path.closeSubpath()
            case _:
                raise _UnreadableError
        at += 1 + count
