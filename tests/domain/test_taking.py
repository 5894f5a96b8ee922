"""What the clipboard gets of one message, of several, and of parts of them."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.authors import author_of
from desktop.domain.markdown import parse
from desktop.domain.messages import Message, Role
from desktop.domain.taking import BEYOND, Mark, Piece, TakeRequest, piece_of, quote, take, take_as_written

TEXT = "Some **bold** words\n\n- one\n- two\n\n```py\ncode\n```"


def piece(start: Mark, end: Mark, text: str = TEXT, *, depth: int = 0, thoughts: tuple[str, ...] = ()) -> Piece:
    """Return what a message gives to a selection."""
    request = TakeRequest(session_id="s", start=start, end=end)
    return piece_of(request, depth=depth, author="Ann", text=text, blocks=parse(text), thoughts=thoughts)


FIRST, LAST = Mark(0, True, 0, 0), Mark(0, True, BEYOND, BEYOND)


def test_a_whole_message_is_copied_as_it_was_written() -> None:
    """Markdown is the original to the letter; plain text has markers and no styles; rich text has both."""
    taken = take([piece(FIRST, LAST, "Some __bold__ words\n\n* one\n* two")])
    assert taken.plain == "Some bold words\n\n• one\n• two"
    assert taken.markdown == "Some __bold__ words\n\n* one\n* two"
    assert "<strong>bold</strong>" in taken.html
    assert "<li>" in taken.html


def test_a_part_keeps_its_styles() -> None:
    """What is cut out of a message is still bold, and code is still code."""
    taken = take([piece(Mark(0, True, 0, 7), Mark(0, True, 3, 2))])
    assert taken.plain == "ld words\n\n• one\n• two\n\nco"
    assert taken.markdown == "**ld** words\n\n- one\n- two\n\n```py\nco\n```"
    assert taken.html.startswith("<p><strong>ld</strong> words</p>")


def test_words_from_one_item_have_no_marker() -> None:
    """A marker says nothing beside a single piece of text."""
    assert take([piece(Mark(0, True, 1, 0), Mark(0, True, 1, 3))]).plain == "one"


def test_several_messages_stand_below_their_authors() -> None:
    """Who said what is seen in all three forms."""
    taken = take(
        [piece(Mark(0, True, 3, 1), Mark(1, True, 0, 4)), piece(Mark(0, True, 3, 1), Mark(1, True, 0, 4), depth=1)]
    )
    assert taken.plain == "Ann:\node\n\nAnn:\nSome"
    assert taken.markdown == "**Ann:**\n\n```py\node\n```\n\n**Ann:**\n\nSome"
    assert taken.html.count("<p><b>Ann:</b></p>") == 2
    assert taken.count == 2


def test_names_are_text_in_rich_text() -> None:
    """Whatever a model is called, it is no markup."""
    pieces = [Piece("<b>", (), ""), Piece("x", (), "")]
    assert "&lt;b&gt;" in take(pieces).html


def test_thinking_is_taken_only_where_the_selection_begins_or_ends_in_it() -> None:
    """A selection over a whole message means what was said."""
    thoughts = ("first thought\n", "second")
    inside = take([piece(Mark(0, False, 0, 6), Mark(0, False, 1, 3), thoughts=thoughts)])
    through = take([piece(Mark(0, False, 1, 0), Mark(0, True, 0, 4), thoughts=thoughts)])
    around = take([piece(FIRST, LAST, thoughts=thoughts)])
    assert (inside.plain, through.plain) == ("thought\n\nsec", "second\n\nSome")
    assert "thought" not in around.plain


def test_much_text_is_taken_as_it_was_written() -> None:
    """Without reading it there is no rich text, and the plain text is the Markdown."""
    taken = take_as_written([("You", "*a*"), ("model", "b")])
    assert (taken.plain, taken.markdown) == ("You:\n*a*\n\nmodel:\nb", "**You:**\n\n*a*\n\n**model:**\n\nb")
    assert (taken.html, taken.count) == ("", 2)


@given(st.integers(0, 40), st.integers(0, 40))
def test_plain_text_within_one_block_is_that_part_of_it(one: int, other: int) -> None:
    """Whatever is selected of a paragraph, exactly that is taken."""
    start, end = sorted((one, other))
    text = "Some bold words"
    taken = take([piece(Mark(0, True, 0, start), Mark(0, True, 0, end))])
    assert taken.plain == text[start:end]


def test_a_quote_has_a_bar_before_each_line() -> None:
    """Empty lines belong to the quote; what is too long ends with a sign that it does."""
    assert quote("\none\n\ntwo\n") == "> one\n>\n> two"
    assert quote("a" * 9, 4) == "> aaaa …"


def test_a_quote_does_not_begin_with_the_blank_between_two_words() -> None:
    """Code that is indented stays as it is."""
    assert quote(" paragraph\n") == "> paragraph"
    assert quote("    code\n") == ">     code"


def test_authors_are_named_as_a_reader_knows_them() -> None:
    """The user is “You”, an answer is by its model."""

    def by(role: Role, model: str = "", author: str = "") -> str:
        return author_of(
            Message(id=1, uid="1", session_id="s", parent_id=None, depth=0, role=role, model=model, author=author,
                    content="", created_at=0)
        )  # fmt: skip

    assert [by(Role.USER), by(Role.USER, author="Ann"), by(Role.ASSISTANT, "maker/some/model-1")] == [
        "You",
        "Ann",
        "model-1",
    ]
    assert [by(Role.ASSISTANT), by(Role.ASSISTANT, "guide/x"), by(Role.ASSISTANT, "m", "Bo")] == [
        "Answer",
        "Guide",
        "Bo",
    ]


def test_items_and_notes_keep_their_marks() -> None:
    """Tasks, footnotes and further paragraphs of an item stand as they are seen."""
    taken = take([piece(FIRST, LAST, "- [x] done\n\n  more\n  - [ ] open\n\nnote[^1]\n\n[^1]: below")])
    assert taken.plain == "• ☑ done\n\n  more\n  ◦ ☐ open\n\nnote[1]\n\n[1] below"
