"""Counts tokens without asking anybody: tiktoken with the tables that LiteLLM's wheel ships.

Other vendors publish no tables; for their models the figure is an estimate (Claude's is 15 to 20 % too low), and is
shown as one. Loading takes 0.1 to 0.24 s, so the first count belongs on a thread.
"""

import os
import re
import threading
from collections.abc import Iterator
from typing import Any

from desktop.providers.bundled import tokenizer_folder

DEFAULT_ENCODING = "cl100k_base"
PIECE = 100_000
"""Characters at a time: a million blanks in a row make tiktoken panic."""
CHARACTERS_PER_TOKEN = 4
BUNDLED = ("cl100k_base", "o200k_base")

_NEWER = re.compile(r"gpt-(?:4o|4\.1|4\.5|[5-9])|chatgpt-4o|gpt-oss|(?:^|[/\-])o[1-9](?:$|[\-:])", re.IGNORECASE)


class TokenCounter:
    """Counts tokens; may be used from any thread."""

    def __init__(self) -> None:
        self._encodings: dict[str, Any] = {}
        self._loading = threading.Lock()

    def encoding_for(self, model_name: str) -> str:
        """Return the name of the encoding that fits a model best: exact for OpenAI's, an estimate for others."""
        return "o200k_base" if _NEWER.search(model_name) else DEFAULT_ENCODING

    def count(self, text: str, encoding: str = DEFAULT_ENCODING) -> int:
        """Return how many tokens `text` has in `encoding`; of an encoding without a table here, an estimate."""
        if not text:
            return 0
        table = self._table(encoding)
        if table is None:
            return -(-len(text) // CHARACTERS_PER_TOKEN)
        text = text.encode("utf-8", "replace").decode()
        if len(text) <= PIECE:
            return len(table.encode_ordinary(text))
        return sum(len(table.encode_ordinary(piece)) for piece in cut(text, PIECE))

    def _table(self, encoding: str) -> Any:
        name = encoding if encoding in BUNDLED else DEFAULT_ENCODING
        found = self._encodings.get(name)
        if found is None and name not in self._encodings:
            with self._loading:
                if name not in self._encodings:
                    self._encodings[name] = _load(name)
                found = self._encodings[name]
        return found


def _load(name: str) -> Any:
    """Return tiktoken's table, or None where it is not on this computer: it is never fetched."""
    folder = tokenizer_folder()
    if folder is None:
        return None
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)
    import tiktoken

    return tiktoken.get_encoding(name)


def cut(text: str, size: int) -> Iterator[str]:
    """Yield `text` in pieces of at most `size` characters, each ending with a line where there is one."""
    start = 0
    while start < len(text):
        end = start + size
        if end < len(text):
            end = text.rfind("\n", start, end) + 1 or end
        yield text[start:end]
        start = end
