from collections.abc import Iterator

import pytest

from desktop.domain.explanations import details, explain
from desktop.domain.faults import Fault, FaultKind
from desktop.i18n import LANGUAGES, use_language


@pytest.fixture
def spanish() -> Iterator[None]:
    use_language("es")
    yield
    use_language("en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_has_two_sentences_in_every_language(kind: FaultKind, language: str) -> None:
    """Nobody meets a fault without being told what happened and what to do."""
    use_language(language)
    try:
        found = explain(Fault(kind=kind, where="api.example"))
    finally:
        use_language("en")
    assert found.title
    assert found.advice.endswith(".")
    assert "{" not in found.title + found.advice


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_is_translated(kind: FaultKind, spanish: None) -> None:
    """In Spanish no sentence stays English."""
    inside = explain(Fault(kind=kind, where="api.example"))
    use_language("en")
    outside = explain(Fault(kind=kind, where="api.example"))
    assert inside.title != outside.title
    assert inside.advice != outside.advice


@pytest.mark.parametrize("kind", [FaultKind.REFUSED, FaultKind.DNS, FaultKind.TLS, FaultKind.NO_PROVIDER])
def test_a_sentence_names_the_place(kind: FaultKind) -> None:
    """Where the address matters, it is in the sentence."""
    assert "api.example:81" in explain(Fault(kind=kind, where="api.example:81")).title


def test_a_place_that_is_not_known_has_a_word() -> None:
    """A sentence has no hole where the address is missing."""
    assert explain(Fault(kind=FaultKind.REFUSED)).title == "Nothing answers at the provider"


def test_a_place_with_braces_is_only_text() -> None:
    """What a server calls itself is never taken for a placeholder."""
    assert "{0.__class__}" in explain(Fault(kind=FaultKind.DNS, where="{0.__class__}")).title


def test_the_four_ways_to_miss_a_server_read_differently() -> None:
    """Refused, no such name, a bad certificate and a proxy are four sentences."""
    kinds = (FaultKind.REFUSED, FaultKind.DNS, FaultKind.TLS, FaultKind.PROXY)
    assert len({explain(Fault(kind=kind)).title for kind in kinds}) == 4
    assert len({explain(Fault(kind=kind)).advice for kind in kinds}) == 4


def test_the_details_hold_all_that_is_known() -> None:
    """What "Copy details" copies is enough to report the fault."""
    fault = Fault(kind=FaultKind.SERVER, status=500, words="Boom.", where="api.example")
    lines = details(fault).splitlines()
    assert lines[0] == explain(fault).title
    assert lines[2:] == ["kind: server", "status: 500", "where: api.example", "words: Boom."]


def test_the_details_leave_out_what_is_not_known() -> None:
    """There are no empty lines for what nobody said."""
    assert details(Fault(kind=FaultKind.RESET)).splitlines()[2:] == ["kind: reset"]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "1 second."),
        (29.2, "30 seconds."),
        (120, "2 minutes."),
        (3600, "60 minutes."),
        (6 * 3600 + 1, "7 hours."),
    ],
)
def test_the_pause_that_a_provider_asks_for_is_told(seconds: float, said: str) -> None:
    """Whoever is told to come back later learns when; the details have the exact figure."""
    fault = Fault(kind=FaultKind.RATE_LIMIT, status=429, retry_after_s=seconds)
    assert explain(fault).advice.endswith(f" It asks for a pause of {said}")
    assert f"retry after: {seconds:g} s" in details(fault)


@pytest.mark.parametrize("seconds", [None, 0, -5, 1e12, float("inf"), float("nan")])
def test_a_pause_that_means_nothing_is_not_told(seconds: float | None) -> None:
    """No header makes the sentence absurd."""
    fault = Fault(kind=FaultKind.RATE_LIMIT, retry_after_s=seconds)
    assert explain(fault) == explain(Fault(kind=FaultKind.RATE_LIMIT))


def test_the_pause_is_told_in_spanish(spanish: None) -> None:
    """The unit too."""
    assert explain(Fault(kind=FaultKind.RATE_LIMIT, retry_after_s=120)).advice.endswith(" Pide una pausa de 2 minutos.")


def test_advice_fits_what_has_arrived() -> None:
    """After text nobody is told that the message is saved; without any, nobody is told to continue."""
    server, reset = Fault(kind=FaultKind.SERVER), Fault(kind=FaultKind.RESET)
    assert explain(server, has_text=True).advice == "The text so far is kept. Continue, or try again."
    assert explain(server, has_text=False) == explain(server)
    assert explain(reset, has_text=False).advice == "Nothing had arrived. Your message is saved: try again."
    assert explain(reset, has_text=True).advice.startswith("The text so far is kept.")


def test_what_lasts_is_advised_on_whatever_has_arrived() -> None:
    """A key that was refused is no matter of trying again."""
    refused = Fault(kind=FaultKind.AUTHENTICATION)
    assert explain(refused, has_text=True) == explain(refused, has_text=False) == explain(refused)
