from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

import catalogue

LANGUAGES = sorted(catalogue.TRANSLATIONS.glob("*/LC_MESSAGES/sobremesa.po"))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """Return a folder with one source file and two sentences."""
    folder = tmp_path / "desktop"
    folder.mkdir()
    (folder / "a.py").write_text('_("Send")\nngettext("{n} file", "{n} files", 2)\n', encoding="utf-8")
    return folder


def test_spanish_is_there() -> None:
    """The program speaks Spanish as well as English."""
    assert [path.parents[1].name for path in LANGUAGES] == ["es"]


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.parents[1].name)
def test_every_sentence_is_translated(path: Path) -> None:
    """Each sentence of the sources has a translation, in all its forms."""
    template = catalogue.collect(catalogue.ROOT / "desktop")
    assert catalogue.untranslated(catalogue.merged(catalogue.read(path), template)) == []


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.parents[1].name)
def test_the_compiled_catalogue_agrees_with_its_text(path: Path) -> None:
    """What the program reads is what people translated."""
    assert path.with_suffix(".mo").read_bytes() == catalogue.mo_bytes(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.parents[1].name)
def test_a_translation_keeps_the_names_in_braces(path: Path) -> None:
    """A translation that lost or misspelt {name} would fail when the sentence is shown."""
    assert catalogue.broken_placeholders(catalogue.read(path)) == []


def test_a_known_translation_survives_the_update(sources: Path) -> None:
    """Sentences that stay keep their translation; new ones are named as missing; old ones go."""
    old = Catalog(locale="es")
    old.add("Send", "Enviar")
    old.add("Gone", "Ido")
    new = catalogue.merged(old, catalogue.collect(sources))
    assert "Enviar" in catalogue.po_text(new)
    assert "Gone" not in catalogue.po_text(new)
    assert catalogue.untranslated(new) == ["{n} file"]


def test_a_misspelt_placeholder_is_found() -> None:
    """A translation may leave out nothing in braces and invent nothing."""
    wrong = Catalog(locale="es")
    wrong.add("Export {title}", "Exportar {titulo}")
    assert catalogue.broken_placeholders(wrong) == ["Export {title}"]
