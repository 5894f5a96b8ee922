"""How text is compared when one looks for it: without case and without accents, in every script alike."""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]+")
"""The combining accents of Latin, Greek and Cyrillic; the marks of other scripts make another letter."""


def fold(text: str) -> str:
    """Return `text` as it is compared: `Ærø Straße CAFÉ` and `ærø strasse cafe` are the same."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _MARKS.sub("", parts)).casefold()
