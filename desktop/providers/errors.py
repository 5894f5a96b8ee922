"""From what went wrong on the wire to a `Fault` that a person understands.

Three sources, in this order of trust: the status, headers and body of a response; the chain of causes of a failed
connection; and, where neither was seen, the exception that LiteLLM made of it. Every string is redacted here.
"""

import json
import re
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

from desktop.domain.faults import Fault, FaultKind, ProviderError
from desktop.providers.redaction import redact

_BY_STATUS = {
    401: FaultKind.AUTHENTICATION,
    402: FaultKind.PAYMENT,
    403: FaultKind.FORBIDDEN,
    404: FaultKind.NO_MODEL,
    405: FaultKind.NOT_A_MODEL,
    407: FaultKind.PROXY,
    408: FaultKind.SERVER,
    413: FaultKind.TOO_LARGE,
    429: FaultKind.RATE_LIMIT,
    503: FaultKind.OVERLOADED,
    529: FaultKind.OVERLOADED,
}
_CONTEXT = re.compile(
    r"context[_ ](?:length|window|size|limit)|maximum (?:context|prompt)|prompt is too long|too many (?:input )?tokens"
    r"|input token count.*exceeds|exceed(?:s|ed)? (?:the )?(?:max|maximum|limit).*tokens|reduce the length",
    re.IGNORECASE,
)
_FILTER = re.compile(r"content[_ ]?(?:filter|policy|management)|safety system|moderation", re.IGNORECASE)
_KEY = re.compile(
    r"api[_ ]key[_ ](?:invalid|not valid|expired)|(?:invalid|incorrect|missing) api[_ ]key", re.IGNORECASE
)
_MODEL = re.compile(
    r"model[_ ]not[_ ]found|no such model|unknown model|not a valid model|invalid model"
    r"|model\b.{0,80}?(?:does not exist|not found|is not supported)",
    re.IGNORECASE | re.DOTALL,
)
_PAYMENT = re.compile(r"credit balance|insufficient (?:credit|balance|funds)|payment required", re.IGNORECASE)
_QUOTA = re.compile(
    r"insufficient_quota|billing_hard_limit|exceeded your current quota|quota (?:is )?(?:used up|exhausted|exceeded)"
    r"|(?:monthly|daily) limit|PerDay",
    re.IGNORECASE,
)
_TYPES = {
    "authentication_error": FaultKind.AUTHENTICATION,
    "invalid_request_error": FaultKind.BAD_REQUEST,
    "not_found_error": FaultKind.NO_MODEL,
    "overloaded_error": FaultKind.OVERLOADED,
    "permission_error": FaultKind.FORBIDDEN,
    "rate_limit_error": FaultKind.RATE_LIMIT,
    "request_too_large": FaultKind.TOO_LARGE,
}
_TAGS = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_LITELLM_LEAD = re.compile(r"^(?:litellm\.[\w.]+:\s*)?(?:[\w.]*(?:Error|Exception):?\s*(?:-\s*)?)*")
_GOOGLE_DELAY = re.compile(r'"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"')


def fault_of_response(
    status: int,
    *,
    headers: Mapping[str, str],
    body: bytes,
    secrets: Iterable[str] = (),
    where: str = "",
    now: datetime | None = None,
) -> Fault:
    """Return the fault that a response with an error's status tells."""
    text = body.decode("utf-8", "replace")
    # A body cut or padded by someone in between is not JSON any more; its text still tells something.
    kind = kind_of_status(status, text)
    return Fault(
        kind=kind,
        status=status,
        words=redact(words_of(text), secrets),
        retry_after_s=retry_after_s(headers, text, now=now),
        where=where,
    )


def fault_of_event(event: bytes, *, secrets: Iterable[str] = (), where: str = "") -> Fault:
    """Return the fault that an error event in the middle of a stream tells."""
    text = event.decode("utf-8", "replace")
    start = text.find("{")
    line = text[start:].splitlines()[0] if start >= 0 else text
    error = _error_of(line)
    code = error.get("code")
    status = int(code) if isinstance(code, int | str) and re.fullmatch(r"[45]\d\d", str(code)) else None
    kind = _TYPES.get(str(error.get("type", "")))
    if kind is None or kind is FaultKind.BAD_REQUEST:
        kind = kind_of_status(status or (400 if kind else 500), line)
    return Fault(kind=kind, status=status, words=redact(words_of(line), secrets), where=where)


def fault_of_failure(error: BaseException, *, secrets: Iterable[str] = (), where: str = "") -> Fault:
    """Return the fault behind a connection that could not be made or broke: told by the chain of causes."""
    chain = tuple(causes(error))
    for each in chain:
        if isinstance(each, ProviderError):
            return each.fault
    names = " ".join(type(each).__name__ for each in chain)
    status = next((code for each in chain if (code := getattr(each, "status", None)) == 407), None)
    kind = FaultKind.RESET
    if status == 407 or "Proxy" in names:
        kind = FaultKind.PROXY
    elif any(isinstance(each, ssl.SSLError | ssl.CertificateError) for each in chain) or "SSL" in names:
        kind = FaultKind.TLS
    elif any(isinstance(each, socket.gaierror) for each in chain) or "DNS" in names:
        kind = FaultKind.DNS
    elif "Timeout" in names:
        kind = FaultKind.CONNECT_TIMEOUT
    elif any(isinstance(each, OverflowError) for each in chain):
        kind = FaultKind.NOT_A_MODEL
    elif any(isinstance(each, ConnectionResetError | BrokenPipeError) for each in chain):
        kind = FaultKind.RESET
    elif any(isinstance(each, ConnectionRefusedError) for each in chain) or "Connect" in names:
        kind = FaultKind.REFUSED
    elif "InvalidURL" in names or "UnsupportedProtocol" in names:
        kind = FaultKind.NOT_A_MODEL
    words = next((text for each in reversed(chain) if (text := str(each).strip())), "")
    # aiohttp spells a broken body as "400, message: …", a status that nobody sent.
    words = re.sub(r"^\d{3}, message:\s*", "", words)
    return Fault(kind=kind, status=status, words=redact(words, secrets), where=where)


def fault_of_library(error: BaseException, *, secrets: Iterable[str] = (), where: str = "") -> Fault:
    """Return the fault behind an exception of LiteLLM's own: nothing was sent, or the wire was not seen."""
    for each in causes(error):
        if isinstance(each, ProviderError):
            return each.fault
    text = str(getattr(error, "message", "") or error)
    status = getattr(error, "status_code", None)
    status = status if isinstance(status, int) else None
    words = redact(words_of(_LITELLM_LEAD.sub("", text)), secrets)
    names = " ".join(type(each).__name__ for each in causes(error))
    if "LLM Provider NOT provided" in text:
        return Fault(kind=FaultKind.NO_PROVIDER, words=words, where=where)
    if any(isinstance(each, json.JSONDecodeError | UnicodeError) for each in causes(error)) or "Decod" in names:
        return Fault(kind=FaultKind.MALFORMED, words=words, where=where)
    if status is None or status >= 500 or "MidStream" in names:
        return Fault(kind=FaultKind.UNKNOWN, words=words, where=where)
    kind = FaultKind.NO_KEY if status == 401 else kind_of_status(status, text)
    return Fault(kind=kind, words=words, where=where)


def kind_of_status(status: int, text: str) -> FaultKind:
    """Return the kind of fault that an HTTP status tells, looking at the body where a status means several things."""
    if status in (400, 422, 413) and _CONTEXT.search(text):
        return FaultKind.CONTEXT_EXCEEDED
    if status == 429:
        # Google calls its limit per minute a quota as well, but then says when to come back.
        waits = _GOOGLE_DELAY.search(text) and "PerDay" not in text
        return FaultKind.QUOTA if _QUOTA.search(text) and not waits else FaultKind.RATE_LIMIT
    if status in (400, 403, 422):
        for pattern, kind in (
            (_KEY, FaultKind.AUTHENTICATION),
            (_PAYMENT, FaultKind.PAYMENT),
            (_FILTER, FaultKind.CONTENT_FILTER),
            (_MODEL, FaultKind.NO_MODEL),
        ):
            if pattern.search(text):
                return kind
    if found := _BY_STATUS.get(status):
        return found
    if status < 400:
        return FaultKind.NOT_A_MODEL
    return FaultKind.BAD_REQUEST if status < 500 else FaultKind.SERVER


def retry_after_s(headers: Mapping[str, str], text: str = "", *, now: datetime | None = None) -> float | None:
    """Return how long the provider asks to wait, in seconds: milliseconds, seconds, an HTTP date, or Google's field."""
    lowered = {name.lower(): value.strip() for name, value in headers.items()}
    if re.fullmatch(r"\d+(\.\d+)?", milliseconds := lowered.get("retry-after-ms", "")):
        return float(milliseconds) / 1000
    after = lowered.get("retry-after", "")
    if re.fullmatch(r"\d+(\.\d+)?", after):
        return float(after)
    if after:
        try:
            when = parsedate_to_datetime(after)
        except ValueError:
            return None
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())
    found = _GOOGLE_DELAY.search(text)
    return float(found.group(1)) if found else None


def words_of(text: str) -> str:
    """Return the provider's own sentence out of an error body of any of the usual shapes; not yet redacted."""
    text = text.strip()
    if text.startswith(("{", "[")):
        error = _error_of(text)
        if said := _said(error):
            return said
    if text[:200].lower().lstrip().startswith(("<!doctype", "<html", "<head", "<body")):
        return unescape(_TAGS.sub(" ", text))
    return text


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what stands behind it, outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop(0)
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        inner = getattr(each, "original_exception", None)
        waiting += [inner if isinstance(inner, BaseException) else None, each.__cause__, each.__context__]
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions


def _error_of(text: str) -> dict[str, Any]:
    """Return the part of a JSON error body that holds the message."""
    try:
        data = json.loads(text)
    except ValueError:
        found = re.search(r'"message"\s*:\s*"((?:[^"\\]|\\.)*)', text)
        return {"message": found.group(1)} if found else {}
    if isinstance(data, list):
        data = data[0] if data else {}
    if not isinstance(data, dict):
        return {}
    error = data.get("error", data)
    if isinstance(error, str):
        return {**data, "message": error}
    return error if isinstance(error, dict) else data


def _said(error: Mapping[str, Any]) -> str:
    raw = error.get("metadata", {}).get("raw") if isinstance(error.get("metadata"), dict) else None
    for value in (error.get("message"), error.get("detail"), error.get("errors"), error.get("msg")):
        while isinstance(value, list) and value:
            value = value[0]  # noqa: PLW2901 - descends into what FastAPI and others wrap in lists
        if isinstance(value, dict):
            value = value.get("msg") or value.get("message")  # noqa: PLW2901 - the same
        if isinstance(value, str) and value.strip():
            return f"{value} {raw}" if isinstance(raw, str) else value
    return ""
