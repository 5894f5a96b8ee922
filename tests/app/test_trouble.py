"""What a person sees when the provider or the connection fails: cards with words and a way on."""

from PySide6.QtGui import QGuiApplication

from desktop.domain.messages import Status
from desktop.presenters.transcript import RunPhase
from tests.app.conftest import Come, Serve
from tests.app.person import Person
from tests.wire.script import Fault, Mode, Script

BUSY = Fault(mode=Mode.STATUS, status=429, words="Slow down, please.", headers={"Retry-After": "30"})


def waits(person: Person) -> bool:
    """Whether the answer is waiting for its next attempt."""
    state = person.answer().state if person.items() else None
    return state is not None and state.phase is RunPhase.WAITING


def test_a_refused_key_is_a_card_with_retry(come: Come, serve: Serve) -> None:
    """401 shows what happened, the provider's words and what to do; Retry asks again as a new version."""
    server = serve(Script(fault=Fault(mode=Mode.STATUS, status=401, words="Your key is not known here.")))
    person = come(server)
    message = person.say("May I?")
    assert message.status is Status.FAILED

    card = person.card(title="The key was refused (401)")
    assert "Settings ▸ Providers" in card.accessibleName()
    assert "Your key is not known here." in card.accessibleName()
    server.script = Script()
    person.press_card("The key was refused", "Retry")
    assert person.wait_status(Status.COMPLETE).content == "The capital of France is Paris."
    assert len(server.answers) == 2


def test_copy_details_holds_the_providers_words(come: Come, serve: Serve) -> None:
    """Copy details puts the kind of the fault and the provider's own words on the clipboard."""
    person = come(serve(Script(fault=Fault(mode=Mode.STATUS, status=401, words="Your key is not known here."))))
    person.say("May I?")
    person.press_card("The key was refused", "Copy details")

    person.until(lambda: "Your key is not known here." in QGuiApplication.clipboard().text(), "the details")


def test_a_busy_provider_is_waited_for_with_a_countdown(come: Come, serve: Serve) -> None:
    """429 with Retry-After counts down on a card; Try now ends the wait and the answer comes."""
    server = serve(Script(fault=BUSY))
    person = come(server)
    person.send("Now?")
    person.until(lambda: waits(person), "the wait")
    card = person.card(title="too many requests (429)")
    assert "attempt 2 of 4" in card.accessibleName()
    first = person.answer().state
    assert first is not None
    person.until(lambda: waits(person) and person.answer().state != first, "the countdown")

    server.script = Script()
    person.press_card("too many requests (429)", "Try now")
    assert person.wait_status(Status.COMPLETE).content == "The capital of France is Paris."
    assert len(server.answers) == 2


def test_a_wait_can_be_cancelled(come: Come, serve: Serve) -> None:
    """Cancel ends the wait before the next attempt; the message is kept, nothing more is sent."""
    server = serve(Script(fault=BUSY))
    person = come(server)
    person.send("Now?")
    person.press_card("too many requests (429)", "Cancel")

    assert person.wait_status(Status.STOPPED).content == ""
    assert len(server.answers) == 1
    assert person.texts()[0] == "Now?"
    person.until(person.window.composer.send.isVisible, "Send")


def test_a_wait_is_seen_again_after_looking_elsewhere(come: Come, serve: Serve) -> None:
    """Coming back to a session that waits for its next attempt shows the countdown where it is now."""
    person = come(serve(Script(fault=BUSY)))
    person.send("Now?")
    person.until(lambda: waits(person), "the wait")
    person.new_session()
    person.open("Now?")

    person.until(lambda: waits(person), "the wait, again")
    person.press_card("too many requests (429)", "Cancel")
    person.wait_status(Status.STOPPED)


def test_a_connection_that_breaks_shows_continue(come: Come, serve: Serve) -> None:
    """A reset in mid-stream keeps the text as interrupted, never as complete; Continue goes on from there."""
    server = serve(Script(fault=Fault(mode=Mode.RESET, after=4)))
    person = come(server)
    message = person.say("Go on?")
    assert message.status is Status.INTERRUPTED
    assert message.content == "The capital of "

    server.script = Script(text=("France is Paris.",))
    person.press_card("The connection was lost", "Continue")
    assert person.wait_status(Status.COMPLETE).content == "The capital of France is Paris."


def test_an_answer_without_an_end_marker_is_not_complete(come: Come, serve: Serve) -> None:
    """A stream that ends cleanly but too early is shown as interrupted."""
    person = come(serve(Script(fault=Fault(mode=Mode.END_EARLY, after=4))))

    assert person.say("Whole?").status is Status.INTERRUPTED
    person.card(title="ended before it was finished")


def test_an_address_that_is_no_model_says_so(come: Come, serve: Serve) -> None:
    """A web page in the place of an answer is a sentence, not an empty bubble."""
    person = come(serve(Script(fault=Fault(mode=Mode.HTML))))

    assert person.say("Who is there?").status is Status.FAILED
    person.card(title="This address did not answer like a model")


def test_a_server_that_is_gone_is_named(come: Come, serve: Serve) -> None:
    """When nothing listens at the address, the card says where, after its attempts; stopping ends them."""
    server = serve(Script())
    person = come(server)
    server.stop()
    person.send("Anyone?")
    card = person.card(title="Nothing answers at")
    assert str(server.port) in card.accessibleName()

    person.press_card("Nothing answers at", "Cancel")
    person.wait_status(Status.STOPPED)


def test_a_length_limit_is_said(come: Come, serve: Serve) -> None:
    """An answer cut by the model's own limit says so and can be continued."""
    person = come(serve(Script(finish="length")))

    assert person.say("Long?").status is Status.COMPLETE
    person.card(title="cut at its length limit")
