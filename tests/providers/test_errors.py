import json
import socket
import ssl
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.faults import Fault, FaultKind, ProviderError
from desktop.providers.errors import (
    causes,
    fault_of_event,
    fault_of_failure,
    fault_of_library,
    fault_of_response,
    kind_of_status,
    retry_after_s,
    words_of,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def chained(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [
        (400, "This model's maximum context length is 8192 tokens", FaultKind.CONTEXT_EXCEEDED),
        (400, "prompt is too long: 210000 tokens > 200000 maximum", FaultKind.CONTEXT_EXCEEDED),
        (413, "Request too large", FaultKind.TOO_LARGE),
        (400, '{"error": {"code": 400, "message": "API key not valid."}}', FaultKind.AUTHENTICATION),
        (400, "Your credit balance is too low to access the API", FaultKind.PAYMENT),
        (400, "The response was filtered: content_filter", FaultKind.CONTENT_FILTER),
        (400, "The model `gpt-9` does not exist", FaultKind.NO_MODEL),
        (403, "Project has no access", FaultKind.FORBIDDEN),
        (405, "Method Not Allowed", FaultKind.NOT_A_MODEL),
        (407, "", FaultKind.PROXY),
        (408, "", FaultKind.SERVER),
        (418, "", FaultKind.BAD_REQUEST),
        (429, '{"error": {"code": "insufficient_quota"}}', FaultKind.QUOTA),
        (429, "You exceeded your current quota, please check your plan", FaultKind.QUOTA),
        (429, 'You exceeded your current quota. "retryDelay": "13s"', FaultKind.RATE_LIMIT),
        (429, 'quotaId: GenerateRequestsPerDay, "retryDelay": "13s", quota exceeded', FaultKind.QUOTA),
        (429, "Slow down", FaultKind.RATE_LIMIT),
        (502, "<html>Bad Gateway</html>", FaultKind.SERVER),
        (301, "", FaultKind.NOT_A_MODEL),
    ],
)
def test_a_status_is_read_together_with_its_words(status: int, text: str, expected: FaultKind) -> None:
    """Where providers use one status for several things, the body decides."""
    assert kind_of_status(status, text) is expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Retry-After": "3"}, 3.0),
        ({"retry-after": "3600"}, 3600.0),
        ({"Retry-After": "0.5"}, 0.5),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"Retry-After": "Sat, 21 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"Retry-After": "Sat, 21 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"Retry-After": "Sat, 21 Nov 2026 12:00:30 -0000"}, 30.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "-5"}, None),
        ({}, None),
    ],
)
def test_the_wait_is_read_in_each_form(headers: dict[str, str], expected: float | None) -> None:
    """Seconds, milliseconds and HTTP dates; nonsense is no wait."""
    assert retry_after_s(headers, now=NOW) == expected


def test_googles_own_field_is_read() -> None:
    """Gemini says in the body how long to wait."""
    assert retry_after_s({}, '{"details": [{"retryDelay": "13.5s"}]}') == 13.5


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"error": {"message": "No."}}', "No."),
        ('{"error": "No."}', "No."),
        ('{"message": "No."}', "No."),
        ('{"detail": "No."}', "No."),
        ('{"detail": [{"loc": ["body"], "msg": "No."}]}', "No."),
        ('[{"error": {"code": 400, "message": "No."}}]', "No."),
        ('{"errors": [{"message": "No."}]}', "No."),
        ('{"error": {"message": "Provider failed.", "metadata": {"raw": "No."}}}', "Provider failed. No."),
        ('{"error": {"message": "No."', "No."),
        ("plain words", "plain words"),
        ("{}", "{}"),
        ("[]", "[]"),
        ("", ""),
    ],
)
def test_the_providers_sentence_is_found(body: str, expected: str) -> None:
    """Error bodies of each usual shape give up their sentence."""
    assert words_of(body) == expected


def test_of_a_page_only_the_text_is_told() -> None:
    """Tags and scripts of an HTML error page are no words."""
    page = "<!doctype html><html><script>evil()</script><h1>Bad &amp; ugly</h1></html>"
    assert words_of(page).split() == ["Bad", "&", "ugly"]


def test_a_response_becomes_a_fault_without_the_key() -> None:
    """Status, words, wait and host are kept; the key is not."""
    body = json.dumps({"error": {"message": "Incorrect key my-own-key-1"}}).encode()
    fault = fault_of_response(
        401, headers={"Retry-After": "2"}, body=body, secrets=("my-own-key-1",), where="api.example"
    )
    assert fault == Fault(
        kind=FaultKind.AUTHENTICATION,
        status=401,
        words="Incorrect key [redacted]",
        retry_after_s=2.0,
        where="api.example",
    )


@pytest.mark.parametrize(
    ("event", "expected", "status"),
    [
        (b'\ndata: {"error": {"type": "overloaded_error", "message": "M"}}\n', FaultKind.OVERLOADED, None),
        (b'data: {"error": {"code": 429, "message": "M"}}', FaultKind.RATE_LIMIT, 429),
        (b'data: {"error": {"code": "503", "message": "M"}}', FaultKind.OVERLOADED, 503),
        (b'{"error": "M"}\n', FaultKind.SERVER, None),
        (
            b'data: {"error": {"type": "invalid_request_error", "message": "M maximum context"}}',
            FaultKind.CONTEXT_EXCEEDED,
            None,
        ),
    ],
)
def test_an_error_event_becomes_a_fault(event: bytes, expected: FaultKind, status: int | None) -> None:
    """An error in the middle of a stream tells what its type or code says."""
    fault = fault_of_event(event)
    assert (fault.kind, fault.status, fault.words[0]) == (expected, status, "M")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (chained(OSError("a"), ConnectionRefusedError(111, "refused")), FaultKind.REFUSED),
        (chained(OSError("a"), socket.gaierror(-2, "Name or service not known")), FaultKind.DNS),
        (chained(OSError("a"), ssl.SSLCertVerificationError("self-signed certificate")), FaultKind.TLS),
        (chained(OSError("a"), ConnectionResetError(104, "reset")), FaultKind.RESET),
        (TimeoutError(), FaultKind.CONNECT_TIMEOUT),
        (ExceptionGroup("all", [ConnectionRefusedError(111, "refused")]), FaultKind.REFUSED),
        (OverflowError("port must be 0-65535."), FaultKind.NOT_A_MODEL),
        (OSError("whatever"), FaultKind.RESET),
    ],
)
def test_a_failed_connection_is_told_by_its_cause(error: Exception, expected: FaultKind) -> None:
    """What stands at the end of the chain of causes decides, however deep it is wrapped."""
    assert fault_of_failure(chained(RuntimeError("wrapped"), error)).kind is expected


def test_a_proxys_refusal_is_told_by_its_status() -> None:
    """407 on the way is the proxy's."""

    class TunnelError(OSError):
        status = 407

    assert fault_of_failure(TunnelError()).kind is FaultKind.PROXY


def test_a_fault_inside_a_chain_is_kept() -> None:
    """What we raised ourselves comes out as it went in, however it was wrapped."""
    fault = Fault(kind=FaultKind.NOT_A_MODEL)
    assert fault_of_failure(chained(OSError(), ProviderError(fault))) is fault
    assert fault_of_library(chained(OSError(), ProviderError(fault))) is fault


class LibraryError(Exception):
    def __init__(self, message: str, status_code: int) -> None:
        super().__init__(message)
        self.message = message
        self.status_code = status_code


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (LibraryError("litellm.AuthenticationError: Missing key", 401), FaultKind.NO_KEY),
        (LibraryError("litellm.BadRequestError: LLM Provider NOT provided.", 400), FaultKind.NO_PROVIDER),
        (LibraryError("litellm.BadRequestError: no such parameter", 400), FaultKind.BAD_REQUEST),
        (LibraryError("litellm.InternalServerError: InternalServerError: oops", 500), FaultKind.UNKNOWN),
        (chained(LibraryError("x", 500), json.JSONDecodeError("bad", "{", 1)), FaultKind.MALFORMED),
        (KeyError("choices"), FaultKind.UNKNOWN),
    ],
)
def test_an_exception_of_the_library_is_told(error: Exception, expected: FaultKind) -> None:
    """Where nothing was sent, LiteLLM's exception is all there is."""
    assert fault_of_library(error).kind is expected


def test_the_library_is_not_quoted_by_its_class_names() -> None:
    """A person reads the sentence, not how LiteLLM calls it."""
    error = LibraryError("litellm.BadRequestError: OpenAIException - temperature is too hot", 400)
    assert fault_of_library(error).words == "temperature is too hot"


def test_a_chain_that_bites_its_tail_ends() -> None:
    """A cycle of causes is walked once."""
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__context__, second.__context__ = second, first
    assert list(causes(first)) == [first, second]


@given(st.integers(300, 599), st.binary(max_size=400))
def test_no_body_breaks_the_reading(status: int, body: bytes) -> None:
    """Whatever a server sends with an error becomes a fault."""
    assert fault_of_response(status, headers={}, body=body).status == status
    assert isinstance(fault_of_event(body), Fault)
