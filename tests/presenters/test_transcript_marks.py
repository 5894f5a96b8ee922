"""Marks on the loaded messages: summaries, suggested questions, providers' names."""

from desktop.domain.messages import Message, Role, Status
from desktop.domain.summaries import StoredSummary, SummaryState
from desktop.presenters.transcript import TranscriptListModel


def summary(number: int, last_id: int, *, state: SummaryState = SummaryState.NONE) -> StoredSummary:
    """Return a summary that ends with a message."""
    return StoredSummary(
        id=number,
        session_id="s",
        first_depth=0,
        last_depth=last_id - 1,
        last_id=last_id,
        text="what was said",
        model="a/b",
        is_edited=False,
        state=state,
        created_at=0,
    )


def message(number: int, **facts: object) -> Message:
    """Return a message of a path."""
    given: dict[str, object] = {"role": Role.ASSISTANT if number % 2 == 0 else Role.USER, "content": "x", **facts}
    return Message(
        id=number,
        uid=str(number),
        session_id="s",
        parent_id=number - 1 or None,
        depth=number - 1,
        created_at=0,
        **given,  # type: ignore[arg-type]
    )


def model_of(*messages: Message) -> TranscriptListModel:
    """Return a model that shows these messages."""
    model = TranscriptListModel()
    model.show(messages, has_older=False)
    return model


def test_a_summary_stands_at_its_last_message(qapp: object) -> None:
    """The furthest one that is not switched off is the one that is sent."""
    model = model_of(message(1), message(2), message(3), message(4))
    model.set_summaries([summary(2, 4, state=SummaryState.OFF), summary(1, 2)])
    folds = [model.item(row).fold for row in range(4)]
    assert [fold and fold.summary.id for fold in folds] == [None, 1, None, 2]
    assert [fold.is_sent for fold in folds if fold] == [True, False]


def test_a_summary_comes_with_the_page_of_its_message(qapp: object) -> None:
    """A page that is loaded later shows what was known before."""
    model = TranscriptListModel()
    model.show([message(3), message(4)], has_older=True)
    model.set_summaries([summary(1, 2)])
    model.prepend([message(1), message(2)], has_older=False)
    assert model.item(1).fold is not None


def test_a_summary_that_is_gone_is_taken_away(qapp: object) -> None:
    """Another branch has other summaries."""
    model = model_of(message(1), message(2))
    model.set_summaries([summary(1, 2)])
    model.set_summaries([])
    assert model.item(1).fold is None


def test_only_the_last_answer_suggests(qapp: object) -> None:
    """What could be asked next is gone as soon as something is asked."""
    model = model_of(message(1), message(2, metadata={"follow_ups": ["Why?", "How so?"]}))
    assert model.item(1).follow_ups == ("Why?", "How so?")
    model.branch(2, [message(3)])
    assert model.item(1).follow_ups == ()


def test_nothing_is_suggested_above_what_is_not_loaded(qapp: object) -> None:
    """The last row is not the end of the path then."""
    model = TranscriptListModel()
    model.show([message(1), message(2, metadata={"follow_ups": ["Why?"]})], has_older=False, after=4)
    assert model.item(1).follow_ups == ()


def test_suggestions_that_are_no_lines_are_left_out(qapp: object) -> None:
    """Imported metadata may hold anything; a question is one line of words, and there are three at most."""
    found = ["one\nline", 7, "", None, "two", "three", "four"]
    model = model_of(message(1), message(2, metadata={"follow_ups": found}))
    assert model.item(1).follow_ups == ("one line", "two", "three")
    assert model_of(message(2, metadata={"follow_ups": "Why?"})).item(0).follow_ups == ()


def test_an_answer_that_is_being_written_suggests_nothing(qapp: object) -> None:
    """It may have been continued."""
    model = model_of(message(2, metadata={"follow_ups": ["Why?"]}, status=Status.STREAMING))
    assert model.item(0).follow_ups == ()


def test_a_provider_is_called_by_its_name(qapp: object) -> None:
    """Where it is known; the id of another one stays what it is."""
    model = model_of(message(2, model="my-box/qwen"), message(4, model="other/m"))
    model.set_provider_names({"my-box": "My box"})
    assert [model.item(row).provider_name for row in range(2)] == ["My box", ""]
