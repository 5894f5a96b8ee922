import pytest

from desktop.domain.faults import RETRYABLE, Fault, FaultKind, ProviderError


@pytest.mark.parametrize("kind", FaultKind)
def test_a_fault_survives_the_way_through_json(kind: FaultKind) -> None:
    """What is stored with a message is read back as it was."""
    fault = Fault(kind=kind, status=503, words="Try later.", retry_after_s=2.5, where="api.example")
    assert Fault.from_json(fault.to_json()) == fault


def test_a_fault_stores_only_what_is_known() -> None:
    """Empty fields do not fill the database."""
    assert Fault(kind=FaultKind.DNS).to_json() == {"kind": "dns"}


def test_a_zero_is_something_that_is_known() -> None:
    """A pause of no seconds is not the same as none named."""
    fault = Fault(kind=FaultKind.RATE_LIMIT, retry_after_s=0.0)
    assert Fault.from_json(fault.to_json()).retry_after_s == 0.0


@pytest.mark.parametrize("data", [{}, {"kind": "made_of_cheese"}, {"kind": None}])
def test_a_kind_of_a_later_version_is_unknown(data: dict[str, str]) -> None:
    """A database that a later version wrote is readable."""
    assert Fault.from_json(data).kind is FaultKind.UNKNOWN


@pytest.mark.parametrize("kind", FaultKind)
def test_only_what_passes_by_itself_is_tried_again(kind: FaultKind) -> None:
    """A refused key or a used-up quota is never sent again without asking."""
    assert Fault(kind=kind).retryable is (kind in RETRYABLE)


def test_a_used_up_quota_and_a_refused_key_are_final() -> None:
    """These would fail again, so nobody is made to wait for them."""
    final = {FaultKind.QUOTA, FaultKind.AUTHENTICATION, FaultKind.PAYMENT, FaultKind.TLS, FaultKind.NOT_A_MODEL}
    assert not final & RETRYABLE


def test_an_error_says_its_kind_and_the_providers_words() -> None:
    """The text of the exception is enough to know what happened."""
    assert str(ProviderError(Fault(kind=FaultKind.SERVER, words="Boom."))) == "server: Boom."
    assert str(ProviderError(Fault(kind=FaultKind.SERVER))) == "server"
