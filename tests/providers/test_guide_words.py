import pytest

from desktop.providers.guide_words import (
    ENGLISH,
    LANGUAGES,
    SPANISH,
    Words,
    english_stem,
    fold,
    language_of,
    spanish_stem,
)


def test_fold_drops_case_and_accents() -> None:
    """A question finds its section however its accents and capitals are written."""
    assert fold("¿CÓMO exportó el Año?") == "¿como exporto el ano?"


@pytest.mark.parametrize(
    "words",
    [
        ("delete", "deleted", "deleting", "deletes"),
        ("stop", "stops", "stopped", "stopping"),
        ("key", "keys"),
        ("reply", "replies"),
        ("install", "installs", "installation", "installing"),
    ],
)
def test_the_forms_of_an_english_word_share_a_stem(words: tuple[str, ...]) -> None:
    """Asking for "deleting" finds "delete"."""
    assert len({english_stem(word) for word in words}) == 1


@pytest.mark.parametrize("word", ["status", "address", "analysis"])
def test_an_english_word_that_only_looks_like_a_plural_is_left_alone(word: str) -> None:
    """Words like "address" keep their last letter."""
    assert english_stem(word) == word


@pytest.mark.parametrize(
    "words",
    [
        ("exportar", "exporto", "exporta", "exportado", "exportacion", "exportando"),
        ("sesion", "sesiones"),
        ("clave", "claves"),
        ("borrar", "borrado", "borra", "borrarlo"),
    ],
)
def test_the_forms_of_a_spanish_word_share_a_stem(words: tuple[str, ...]) -> None:
    """Asking for "exportación" finds "exportar"."""
    assert len({spanish_stem(word) for word in words}) == 1


def test_a_draft_is_not_a_deletion() -> None:
    """The Spanish words for draft and deleting stay apart."""
    assert spanish_stem("borrador") != spanish_stem("borrar")


def test_a_short_spanish_word_is_left_alone() -> None:
    """A word is never cut to less than three letters."""
    assert spanish_stem("luz") == "luz"


def test_terms_pass_over_small_words_and_split_at_signs() -> None:
    """Only telling words are searched for, and an option's words count one by one."""
    assert ENGLISH.terms("What is the --data-dir for SOBREMESA_DATA_DIR?") == ["data", "dir", "data", "dir"]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Where are my keys?", "en"),
        ("¿Dónde están mis claves?", "es"),
        ("donde estan mis claves", "es"),
        ("how do I stop an answer", "en"),
        ("como añado un proveedor", "es"),
    ],
)
def test_the_language_of_a_question_is_told_by_its_small_words(question: str, language: str) -> None:
    """The guide answers in the language of the question, whatever the window shows."""
    assert language_of(question, "en") == language_of(question, "es") == language


def test_a_question_without_small_words_is_in_the_language_of_the_window() -> None:
    """A bare "Ollama" tells no language."""
    assert (language_of("Ollama", "es"), language_of("Ollama", "en")) == ("es", "en")


@pytest.mark.parametrize("words", LANGUAGES.values(), ids=LANGUAGES.keys())
def test_sentences_take_their_references(words: Words) -> None:
    """Each heading names the section it quotes."""
    for heading in (words.quoting, words.as_said, words.more_about):
        assert "*A › B*:" in heading.format(reference="A › B")
    assert "C" in words.see_also.format(references="C")


@pytest.mark.parametrize("text", ["tell me more", "more please!", "go on", "what else?", "and then?"])
def test_english_asks_for_more_in_many_ways(text: str) -> None:
    """Common ways of asking to go on are understood."""
    assert ENGLISH.more.fullmatch(text)


@pytest.mark.parametrize("text", ["cuentame mas", "¿que mas?", "mas, por favor", "sigue", "algo mas"])
def test_spanish_asks_for_more_in_many_ways(text: str) -> None:
    """Common ways of asking to go on are understood."""
    assert SPANISH.more.fullmatch(text)
