from collections.abc import Iterator

import pytest

from desktop.i18n import LANGUAGES, _, language, ngettext, pgettext, system_language, use_language


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"LANGUAGE": "es:en"}, "es"),
        ({"LANGUAGE": "", "LC_ALL": "es_MX.UTF-8"}, "es"),
        ({"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "de_DE", "LANG": "es_ES"}, "en"),
        ({"LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "ES_ES"}, "es"),
        ({"LANGUAGE": "C"}, "en"),
    ],
)
def test_the_system_is_asked_as_gettext_asks_it(
    variables: dict[str, str], found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first variable that says anything counts; a language that is not there is English."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert system_language() == found


def test_without_any_variable_the_locale_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a system that sets none there is still a language."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert system_language() in LANGUAGES


def test_a_change_of_language_reaches_what_was_translated_before() -> None:
    """Nothing stays in the old language because it had been asked for."""
    text = "There is nothing to send. Write something first."
    assert _(text) == text
    use_language("es")
    assert language() == "es"
    assert _(text) != text
    use_language("en")
    assert _(text) == text


def test_an_unknown_language_is_english() -> None:
    """Nobody is left without words."""
    use_language("tlh")
    assert language() == "en"


def test_a_number_chooses_its_form() -> None:
    """One and many read differently."""
    assert ngettext("{count} model", "{count} models", 1) == "{count} model"
    assert ngettext("{count} model", "{count} models", 2) == "{count} models"


def test_a_word_reads_as_what_it_is_said_of() -> None:
    """One session is "resuelta", a list of them "resueltas"."""
    use_language("es")
    assert (_("Resolved"), pgettext("one session", "Resolved")) == ("Resueltas", "Resuelta")
