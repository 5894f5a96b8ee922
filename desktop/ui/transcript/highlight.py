"""Colours for code: Pygments on a thread of its own, never for more than 100 kB, never twice for the same text.

The lexer's import alone would hold the window up; its result, a list of ranges for each line, is a plain value that
comes back through one queued signal.
"""

import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Qt, Signal, Slot

MAX_CHARS = 100_000
_KEPT_CHARS = 2_000_000
# The window gets the interpreter in between: without rests it waits 5 ms for each of its calls into Qt.
_TOKENS = 100
_WORK_S = 0.003
_REST_S = 0.002

Range = tuple[int, int, str]
"""Where in a line, in characters, and the name of the theme's colour."""
Colours = tuple[tuple[Range, ...], ...]


def colours_of(language: str, text: str) -> Colours:
    """Return the coloured ranges of each line; empty for a language that is not known."""
    from pygments.lexers import get_lexer_by_name
    from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, String, Token
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return ()
    kinds = (
        (Comment, "code_comment"),
        (String, "code_string"),
        (Number, "code_number"),
        (Keyword, "code_keyword"),
        (Operator.Word, "code_keyword"),
        (Name.Function, "code_function"),
        (Name.Class, "code_function"),
        (Name.Decorator, "code_function"),
        (Name.Tag, "code_keyword"),
        (Name.Attribute, "code_function"),
        (Literal.Date, "code_number"),
    )
    lines: list[list[Range]] = [[]]
    column = 0
    worked = time.thread_time()
    for count, (_index, token, value) in enumerate(lexer.get_tokens_unprocessed(text)):
        if not count % _TOKENS and time.thread_time() - worked > _WORK_S:
            time.sleep(_REST_S)
            worked = time.thread_time()
        colour = next((name for kind, name in kinds if token in kind), "") if token is not Token.Text else ""
        for number, piece in enumerate(value.split("\n")):
            if number:
                lines.append([])
                column = 0
            if colour and piece:
                lines[-1].append((column, len(piece), colour))
            column += len(piece)
    return tuple(map(tuple, lines))


class Highlighter(QObject):
    """Colours code in the background and remembers it; `coloured(language, text)` tells when something is ready."""

    coloured = Signal(str, str)
    _done = Signal(str, str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known: OrderedDict[tuple[str, str], Colours] = OrderedDict()
        self._kept_chars = 0
        self._asked: set[tuple[str, str]] = set()
        self._pool: ThreadPoolExecutor | None = None
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def ask(self, language: str, text: str) -> Colours | None:
        """Return the colours of a text, or None while they are being found; nothing is asked twice."""
        if not language or len(text) > MAX_CHARS or not text:
            return ()
        key = (language, text)
        found = self._known.get(key)
        if found is not None:
            self._known.move_to_end(key)
            return found
        if key not in self._asked:
            self._asked.add(key)
            if self._pool is None:
                self._pool = ThreadPoolExecutor(1, thread_name_prefix="highlight")
            self._pool.submit(self._work, language, text)
        return None

    def close(self) -> None:
        """End the thread; what was asked and not begun is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def _work(self, language: str, text: str) -> None:
        self._done.emit(language, text, colours_of(language, text))

    @Slot(str, str, object)
    def _on_done(self, language: str, text: str, colours: Colours) -> None:
        key = (language, text)
        self._asked.discard(key)
        self._known[key] = colours
        self._kept_chars += len(text)
        while self._kept_chars > _KEPT_CHARS:
            (_language, oldest), _colours = self._known.popitem(last=False)
            self._kept_chars -= len(oldest)
        self.coloured.emit(language, text)
