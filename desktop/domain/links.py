"""Where the text of a link and its target disagree: what a person would take for one address and is another.

A text that looks like an address must lead to that host or to one below it. What stands before an `@` in a web address
is a name for its host, however much it looks like one itself; and a host in letters of other alphabets can look like
any other.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit

from desktop.domain.markdown_blocks import Block, Heading, Paragraph, Span, Table

_ENDINGS = (
    "com|org|net|edu|gov|mil|int|info|biz|io|ai|app|dev|me|tv|cc|shop|site|online|xyz|bank|pay|cloud|page|"
    "de|at|ch|es|fr|it|nl|be|pt|pl|se|no|dk|fi|ie|uk|eu|us|ca|mx|ar|br|cl|co|pe|au|nz|jp|kr|cn|in|ru|ua|za"
)
# With a scheme or "www." anything is meant as an address; without, only what ends as hosts do: "node.js" is a name.
_ADDRESS = re.compile(
    rf"(?:https?://|www\.)[^\s<>\"'()\[\]]+|(?<![\w@.-])(?:[\w-]+\.)+(?:{_ENDINGS})(?![\w-]|\.\w)", re.IGNORECASE
)
_TEXT_CHARS = 500


class Disguise(StrEnum):
    """What makes a link look like another."""

    OTHER_HOST = "other host"
    USER_INFO = "user info"
    FOREIGN_LETTERS = "foreign letters"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Why a link is not what it seems: `shown` is what a reader would believe, `host` where it leads, in ASCII."""

    disguise: Disguise
    shown: str
    host: str


def suspicion(target: str, text: str = "") -> Suspicion | None:
    """Return what is wrong with a link of this text, or None where nothing is."""
    parts = _split(target)
    if parts is None or parts.scheme.lower() not in ("http", "https"):
        return None
    host = ascii_host(parts.hostname or "")
    if parts.username is not None:
        return Suspicion(Disguise.USER_INFO, parts.netloc.rpartition("@")[0], host)
    for found in _ADDRESS.findall(text[:_TEXT_CHARS]):
        said = _split(found if "://" in found else f"https://{found}")
        claimed = ascii_host(said.hostname or "") if said is not None else ""
        if claimed and not _below(host, claimed):
            return Suspicion(Disguise.OTHER_HOST, found, host)
    if any(part.startswith("xn--") for part in host.split(".")):
        return Suspicion(Disguise.FOREIGN_LETTERS, parts.hostname or "", host)
    return None


def ascii_host(host: str) -> str:
    """Return a host in lower case with every label of other alphabets as `xn--…`."""
    labels = []
    for label in host.lower().rstrip(".").split("."):
        try:
            labels.append(label.encode("idna").decode("ascii"))
        except UnicodeError:
            labels.append(label.encode("punycode").decode("ascii") if not label.isascii() else label)
    return ".".join(labels)


def ascii_target(target: str) -> str:
    """Return an address as it can be shown: its host in ASCII, and nothing in it that cannot be seen."""
    parts = _split(target)
    if parts is not None and parts.hostname and not parts.hostname.isascii():
        target = target.replace(parts.hostname, ascii_host(parts.hostname), 1)
    return "".join(character if character.isprintable() else "\ufffd" for character in target)


def link_texts(block: Block | None, target: str) -> tuple[str, ...]:
    """Return the texts under which a block links to a target, in order."""
    found = []
    for spans in _runs(block):
        text = ""
        for span in spans:
            if span.link == target:
                text += span.text
            elif text:
                found.append(text)
                text = ""
        if text:
            found.append(text)
    return tuple(found)


def worst_text(blocks: Iterable[Block | None], target: str) -> str:
    """Return the most misleading of the texts under which blocks link to a target, "" where none does."""
    texts = [text for block in blocks for text in link_texts(block, target)]
    return next((text for text in texts if suspicion(target, text) is not None), texts[0] if texts else "")


def _runs(block: Block | None) -> Iterator[tuple[Span, ...]]:
    match block:
        case Paragraph(spans=spans) | Heading(spans=spans):
            yield spans
        case Table(header=header, rows=rows):
            for row in (header, *rows):
                yield from row


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address.strip())
    except ValueError:  # such as a bracket that is never closed
        return None


def _below(host: str, claimed: str) -> bool:
    host, claimed = host.removeprefix("www."), claimed.removeprefix("www.")
    return host == claimed or host.endswith(f".{claimed}")
