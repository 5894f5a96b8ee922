from types import SimpleNamespace as Chunk

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.events import TextDelta, ThinkingDelta, ToolCallDelta
from desktop.providers.chunks import ChunkReader, Mender


def chunk(finish: str | None = None, **delta: object) -> Chunk:
    return Chunk(choices=[Chunk(delta=Chunk(**{"content": None, **delta}), finish_reason=finish)])


def call(index: int | None, **function: str | None) -> Chunk:
    return Chunk(index=index, id=None, function=Chunk(**function))


def test_thinking_comes_before_the_text_of_the_same_chunk() -> None:
    """A chunk that holds both is read in the order in which it was thought."""
    events = ChunkReader().read(chunk(content="So.", reasoning_content="Hm."))
    assert events == [ThinkingDelta("Hm."), TextDelta("So.")]


def test_a_chunk_without_choices_says_nothing() -> None:
    """Usage comes in a chunk of its own."""
    reader = ChunkReader()
    assert reader.read(Chunk(choices=[], usage="figures")) == []
    assert (reader.usage, reader.said_something) == ("figures", False)


def test_calls_of_several_tools_keep_their_numbers() -> None:
    """Deltas of two calls interleave by index."""
    calls = [call(0, name="a", arguments=None), call(1, name=None, arguments="{}"), call(None, name="c", arguments="")]
    reader = ChunkReader()
    assert reader.read(chunk(tool_calls=calls)) == [
        ToolCallDelta(index=0, name="a"),
        ToolCallDelta(index=1, arguments="{}"),
        ToolCallDelta(index=0, name="c"),
    ]
    assert reader.said_something


def test_reasons_are_told_in_four_words() -> None:
    """Whatever else a provider invents as a reason is a stop."""
    reader = ChunkReader()
    for said, told in {"length": "length", "function_call": "tool_calls", "eos": "stop"}.items():
        reader.read(chunk(finish=said))
        assert reader.finish_reason == told


def test_the_first_half_of_a_pair_is_not_lost_at_the_end() -> None:
    """What was held back for a second half comes out as U+FFFD when there is none."""
    reader = ChunkReader()
    assert reader.read(chunk(content="\ud83d", reasoning_content="\ud83d")) == []
    assert reader.rest() == [ThinkingDelta("\N{REPLACEMENT CHARACTER}"), TextDelta("\N{REPLACEMENT CHARACTER}")]
    assert reader.rest() == []


@given(st.text(st.characters(codec="utf-8")))
def test_a_text_cut_into_halves_of_characters_comes_out_whole(text: str) -> None:
    """However UTF-16 pieces are split, valid text is mended to itself."""
    units = text.encode("utf-16-le", "surrogatepass")
    pieces = [units[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(units), 2)]
    mender = Mender()
    assert "".join(mender.mend(piece) for piece in pieces) + mender.rest() == text


@given(st.lists(st.text(st.characters(exclude_categories=()))))
def test_what_is_mended_can_be_stored(pieces: list[str]) -> None:
    """No surrogate is left, whatever comes."""
    mender = Mender()
    mended = "".join(mender.mend(piece) for piece in pieces) + mender.rest()
    assert mended.encode().decode() == mended
