"""Long lines, broken for the layout alone: what is sent is exactly what was pasted.

One line of 2 MB takes Qt more than 12 s to lay out; the same text in lines of 1,000 characters takes 8 ms. A break that
we make carries two invisible word joiners before it, so it survives undo and editing and is found again.
"""

LINE_LENGTH = 1000
_JOINERS = "\u2060\u2060"
_BREAK = _JOINERS + "\n"


def soften(text: str) -> str:
    """Return `text` with a marked break after every 1,000 characters of a line."""
    if len(text) <= LINE_LENGTH:
        return text
    return "\n".join(_softened(line) for line in text.split("\n"))


def _softened(line: str) -> str:
    if len(line) <= LINE_LENGTH:
        return line
    return _BREAK.join(line[at : at + LINE_LENGTH] for at in range(0, len(line), LINE_LENGTH))


def harden(text: str) -> str:
    """Return the text as it was before `soften`."""
    return text.replace(_BREAK, "").replace(_JOINERS, "") if _JOINERS in text else text
