"""How text is compared when one looks for it: without case and without accents, in every script alike."""

import unicodedata

_MARKS = range(0x0300, 0x0370)
"""The combining accents of Latin, Greek and Cyrillic; the marks of other scripts make another letter."""


def fold(text: str) -> str:
    """Return `text` as it is compared: `Ærø Straße CAFÉ` and `ærø strasse cafe` are the same."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(letter for letter in parts if ord(letter) not in _MARKS)).casefold()
