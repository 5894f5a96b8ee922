"""The line above an answer names the model that was asked, and the one that answered where that is another."""

import pytest

from desktop.domain.models import GUIDE
from desktop.ui.transcript.blocks.header import HeaderBlock
from tests.ui.transcript.reading import Reading, message


def spoken(reading: Reading, model: str, answered: object) -> str:
    """Show an answer and return what its header says."""
    reading.show([message(1, "text", model=model, metadata={"answered_model": answered})])
    return reading.find(HeaderBlock).accessibleName()


def test_another_model_than_asked_is_named(reading: Reading) -> None:
    """Whoever asks for a name that moves sees what it stood for."""
    assert spoken(reading, "maker/model", "model-2026-11") == "model, maker, answered by model-2026-11"


@pytest.mark.parametrize(
    ("model", "answered"),
    [
        ("maker/model", "model"),
        ("maker/model", "maker/model"),
        ("router/maker/model", "maker/model"),
        ("router/maker/model", "model"),
        ("maker/model", ""),
        ("maker/model", None),
        ("maker/model", 7),
    ],
)
def test_the_model_that_was_asked_is_named_once(reading: Reading, model: str, answered: object) -> None:
    """Where the answer is from the model that was asked, or nobody said, there is nothing to add."""
    assert "answered" not in spoken(reading, model, answered)


def test_the_guide_is_the_guide(reading: Reading) -> None:
    """What answers from the manual has no other name."""
    assert "answered" not in spoken(reading, f"{GUIDE}/guide", "other")


def test_a_hostile_name_stays_in_its_line(reading: Reading) -> None:
    """A name of a server's making has neither lines nor length of its own."""
    name = spoken(reading, "maker/model", "one\n\ntwo " + "x" * 100_000)
    assert "answered by one two x" in name
    assert "\n" not in name
    assert len(name) < 200


def test_the_name_is_painted(reading: Reading) -> None:
    """What is said is seen as well."""
    pictures = []
    for answered in ("model", "model-2026-11"):
        spoken(reading, "maker/model", answered)
        pictures.append(reading.find(HeaderBlock).grab().toImage())
    assert pictures[0] != pictures[1]
