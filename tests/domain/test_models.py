import pickle

import pytest

from desktop.domain.models import (
    GUIDE,
    SCRIPTED,
    ModelSpec,
    ProviderSpec,
    Secret,
    is_loopback,
    split_address,
)

KEY = "sk-canary-0123456789"


@pytest.mark.parametrize("shown", [repr, str, "{}".format, "{!r}".format, "%s".__mod__, lambda it: repr([it])])
def test_a_secret_never_prints(shown: object) -> None:
    """However a key is formatted, its value is not there."""
    assert callable(shown)
    assert KEY not in shown(Secret(KEY))


def test_a_secret_is_not_pickled() -> None:
    """A key cannot leave the process in a pickle by accident."""
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(Secret(KEY))


def test_a_secret_has_no_dictionary_to_look_into() -> None:
    """`vars` and naive dumps of objects find nothing."""
    with pytest.raises(TypeError):
        vars(Secret(KEY))


def test_secrets_compare_by_value_and_reveal_it_when_asked() -> None:
    """The request that needs the key gets it; an empty key is no key."""
    assert Secret(KEY).reveal() == KEY
    assert Secret(KEY) == Secret(KEY)
    assert len({Secret(KEY), Secret(KEY), Secret("other")}) == 2
    assert Secret(KEY) != KEY
    assert not Secret("")


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("openai/gpt-4o", ("openai", "gpt-4o")),
        ("router/meta/llama/3", ("router", "meta/llama/3")),
        ("gpt-4o", ("", "gpt-4o")),
        ("", ("", "")),
        ("openai/", ("openai", "")),
    ],
)
def test_an_address_is_split_at_its_first_slash(address: str, parts: tuple[str, str]) -> None:
    """A model's name may hold slashes, its provider's id may not."""
    assert split_address(address) == parts


def test_an_address_is_put_together_as_it_is_split() -> None:
    """The address in a session's row finds the model again."""
    spec = ModelSpec(provider_id="mine", kind="openai", name="meta/llama")
    assert split_address(spec.address) == ("mine", "meta/llama")
    assert spec.litellm_name == "openai/meta/llama"


def test_a_model_without_a_kind_is_called_by_its_name() -> None:
    """LiteLLM then finds the provider itself."""
    assert ModelSpec(provider_id="direct", kind="", name="gpt-4o").litellm_name == "gpt-4o"


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:11434/v1",
        "http://LOCALHOST",
        "http://127.0.0.1:8000",
        "https://127.8.9.10/v1",
        "http://[::1]:1234/v1",
    ],
)
def test_this_computer_is_recognised(url: str) -> None:
    """A loopback name or address needs no key and gets the patience of a local server."""
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://api.openai.com/v1",
        "http://127.evil.example/v1",
        "http://localhost.evil.example",
        "http://evil.example/?localhost",
        "http://localhost@evil.example",
        "localhost:11434",
        "http://[::1",
        "http://192.168.1.5",
        "http://[fe80::1]/",
    ],
)
def test_another_computer_is_not_this_one(url: str) -> None:
    """Names that only look like this computer, and what is no URL at all, are elsewhere."""
    assert not is_loopback(url)


@pytest.mark.parametrize("kind", [GUIDE, SCRIPTED])
def test_what_is_built_in_is_local(kind: str) -> None:
    """The guide and the scripted provider answer on this computer."""
    assert ModelSpec(provider_id=kind, kind=kind, name="x").is_local


def test_a_provider_is_local_by_its_base() -> None:
    """A provider row with a loopback base is a local server."""
    spec = ProviderSpec(id="o", kind="openai", name="O", api_base="http://127.0.0.1:1/v1")
    assert spec.is_local
    assert ModelSpec(provider_id="o", kind="openai", name="m", api_base=spec.api_base).is_local
    assert not ModelSpec(provider_id="o", kind="openai", name="m").is_local
