"""What an answer was drawn from, as a message's metadata tells: foreign words, cut to what anyone reads."""

from collections.abc import Mapping
from dataclasses import dataclass

MOST = 50
_TITLE_CHARS, _QUOTE_CHARS = 200, 1_200


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One source: what it is called, where in it the words stand, and the words."""

    title: str
    place: str = ""
    quote: str = ""


def citations(metadata: Mapping[str, object]) -> tuple[Citation, ...]:
    """Return the sources that are named under `citations`; what has neither title nor quote is none."""
    found = metadata.get("citations")
    if not isinstance(found, (list, tuple)):
        return ()
    read = (_read(each) for each in found[:MOST] if isinstance(each, Mapping))
    return tuple(each for each in read if each.title or each.quote)


def _read(source: Mapping[str, object]) -> Citation:
    def words(name: str, most: int) -> str:
        value = source.get(name)
        line = " ".join(str(value).split()) if isinstance(value, (str, int)) else ""
        return line if len(line) <= most else line[: most - 1] + "…"

    return Citation(
        title=words("title", _TITLE_CHARS), place=words("place", _TITLE_CHARS), quote=words("quote", _QUOTE_CHARS)
    )
