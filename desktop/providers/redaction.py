"""Takes keys out of foreign text, because providers echo them in their errors.

What is known (the key of the request) is replaced wherever it stands; what looks like a key is replaced on suspicion.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

REMOVED = "[redacted]"
MAX_WORDS = 600
SHORTEST_SECRET = 4
"""A shorter key would be found in every second word, and is nobody's secret."""

_SUSPECTS = re.compile(
    r"""
      (?P<header>\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"',}]+
    | (?P<scheme>\bbearer\s+)[^\s"',}]{6,}
    | (?P<name>\b(?:x-api-key|x-goog-api-key|api[-_]?key|access[-_]?token|client[-_]?secret|password)
      ["']?\s*[=:]\s*["']?)[^\s"'&,}]{4,}
    | (?P<query>[?&](?:key|token|sig|signature)=)[^\s"'&]+
    | (?P<login>://)[^\s/@"']+@
    | \b(?:sk|rk|pk)-[A-Za-z0-9_*.\-]{4,}
    | \b(?:gsk|hf|ghp|gho|r8|nvapi|csk|fw|tvly|xai|pplx|co|esecret)[_-][A-Za-z0-9_*\-]{12,}
    | \bAIza[A-Za-z0-9_\-]{10,}
    | \b(?:AKIA|ASIA)[A-Z0-9]{12,}
    | \beyJ[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]+){1,2}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BLANKS = re.compile(r"\s+")


def redact(text: str, secrets: Iterable[str] = (), *, limit: int = MAX_WORDS) -> str:
    """Return `text` on one line without keys and control characters, cut after `limit` characters."""
    # A giant body is cut before it is searched; twice the limit so that no key is cut in half at the border.
    text = text[: limit * 8 + 4096]
    for secret in sorted((each for each in secrets if len(each) >= SHORTEST_SECRET), key=len, reverse=True):
        for form in (secret, quote(secret, safe="")):
            text = text.replace(form, REMOVED)
    text = _SUSPECTS.sub(_replacement, text)
    text = _BLANKS.sub(" ", _CONTROLS.sub(" ", text)).strip()
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _replacement(found: re.Match[str]) -> str:
    lead = next((value for value in found.groupdict().values() if value), "")
    return f"{lead}{REMOVED}{'@' if lead == '://' else ''}"
