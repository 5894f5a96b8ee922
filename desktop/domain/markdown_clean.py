"""What no text can be read or laid out with: other systems' line ends, NULs and lone surrogates."""

import re

_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


class Cleaner:
    """Cleans a text that arrives in pieces; a line end of two characters may be torn apart."""

    def __init__(self) -> None:
        self._after_return = False

    def clean(self, text: str) -> str:
        """Return the next piece with line feeds alone, and a replacement for what cannot be shown."""
        if not text:
            return ""
        continues_return = self._after_return and text.startswith("\n")
        self._after_return = text.endswith("\r")
        if continues_return:
            text = text[1:]
        return _UNREADABLE.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
