"""The card of a failure says everything that is known about it, the time that the provider asked for as well."""

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.domain.explanations import details, explain
from desktop.domain.faults import Fault, FaultKind
from desktop.domain.messages import Status
from desktop.domain.repair import REPAIRED, sentences
from desktop.ui.transcript.blocks.card import CardBlock
from desktop.ui.transcript.cards import Action, card_of
from tests.ui.transcript.reading import Reading, asked, message


def limited(after_s: float | None) -> Fault:
    """Return a limit that the provider asks to wait for."""
    return Fault(kind=FaultKind.RATE_LIMIT, status=429, words="slow down", retry_after_s=after_s)


def spoken(reading: Reading, fault: Fault) -> str:
    """Show an answer that failed and return what its card says."""
    reading.show([message(1, status=Status.FAILED, fault=fault)])
    return reading.find(CardBlock).accessibleName()


@pytest.mark.parametrize("after_s", [None, 90.0, 3600.0])
def test_the_whole_explanation_is_on_the_card(reading: Reading, after_s: float | None) -> None:
    """What happened, what to do and the provider's words are there, none of them cut."""
    fault = limited(after_s)
    explanation = explain(fault)
    assert spoken(reading, fault) == f"{explanation.title} {explanation.advice} slow down"


def test_the_time_that_was_asked_for_is_on_the_card(reading: Reading) -> None:
    """A minute, an hour and no time at all are three different cards."""
    assert len({spoken(reading, limited(after_s)) for after_s in (None, 90.0, 3600.0)}) == 3


def test_the_details_of_a_card_are_all_that_is_known(reading: Reading) -> None:
    """Copy details takes what the domain knows to say about the failure."""
    fault = limited(3600.0)
    spoken(reading, fault)
    reading.click(reading.button("details"))
    assert QGuiApplication.clipboard().text() == details(fault)


@pytest.mark.parametrize(
    ("kind", "name", "signal"),
    [
        (FaultKind.AUTHENTICATION, "settings", "settings_requested"),
        (FaultKind.NO_KEY, "settings", "settings_requested"),
        (FaultKind.NO_MODEL, "models", "models_requested"),
    ],
)
def test_a_card_leads_to_where_it_can_be_mended(
    reading: Reading, qtbot: QtBot, kind: FaultKind, name: str, signal: str
) -> None:
    """What fails again until something is changed has a button that opens where it is changed."""
    spoken(reading, Fault(kind=kind))
    with qtbot.waitSignal(getattr(reading.view, signal)):
        reading.click(reading.button(name))


def test_a_new_version_says_what_it_covers(reading: Reading, qtbot: QtBot) -> None:
    """A new version of an older answer takes later messages out of sight: it says where they are, and leads back."""
    reading.show([asked(1), message(2, "old"), asked(3), message(4, "later")])
    reading.model.branch(1, [message(5, "new", version=2, versions=2)])
    reading.settle()
    card = card_of(reading.model.item(1))
    assert card is not None
    assert card.title == "2 later messages are under version 1 / 2."
    with qtbot.waitSignal(reading.view.version_requested) as wanted:
        reading.click(reading.button(Action.LATER))
    assert wanted.args == [5, -1]


def test_a_new_version_of_the_last_answer_covers_nothing(reading: Reading) -> None:
    """Where nothing came later there is nothing to say."""
    reading.show([asked(1), message(2, "old")])
    reading.model.branch(1, [message(5, "new", version=2, versions=2)])
    assert card_of(reading.model.item(1)) is None


def test_an_answer_to_a_history_that_was_adjusted_says_so(reading: Reading) -> None:
    """In place and quietly: what was changed for the provider, with nothing to press."""
    changes = [{"change": "joined", "count": 2}, {"change": "system_moved", "count": 1}]
    reading.show([asked(1), message(2, "an answer", status=Status.COMPLETE, metadata={REPAIRED: changes})])
    card = card_of(reading.model.item(1))
    assert card is not None
    assert (card.warns, card.actions) == (False, ())
    said = reading.find(CardBlock).accessibleName()
    assert said == " ".join(["History was adjusted for this provider:", *sentences({REPAIRED: changes})])


def test_an_answer_says_nothing_of_adjustments_that_are_unknown(reading: Reading) -> None:
    """Another version of the program may write others."""
    reading.show([asked(1), message(2, "an answer", status=Status.COMPLETE, metadata={REPAIRED: [{"change": "?"}]})])
    assert card_of(reading.model.item(1)) is None
