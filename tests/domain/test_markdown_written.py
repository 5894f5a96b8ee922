"""Text as it was written: nothing of it is read as Markdown but fenced code."""

from desktop.domain.markdown_blocks import MAX_PIECE_CHARS, CodeFence, Paragraph, Span, block_text
from desktop.domain.markdown_written import MAX_PIECE_LINES, written


def test_every_line_break_and_mark_stays() -> None:
    """What was typed is what is shown."""
    text = "__init__ * 2\n# no heading\n\n1) no list"
    assert written(text) == (Paragraph((Span(text),)),)


def test_fenced_code_is_code() -> None:
    """A fence is set as code, whatever stands around it."""
    assert written("look:\n```py\nx = '*'\n```\nand\n") == (
        Paragraph((Span("look:"),)),
        CodeFence("py", "x = '*'"),
        Paragraph((Span("and"),)),
    )


def test_an_open_fence_takes_the_rest() -> None:
    """A fence that is never closed goes on to the end."""
    assert written("~~~\na\nb") == (CodeFence("", "a\nb", closed=False),)


def test_long_text_comes_in_pieces() -> None:
    """Neither many lines nor one endless line makes one giant layout."""
    many = written("line\n" * 1_000)
    assert all(block_text(block).count("\n") < MAX_PIECE_LINES for block in many)
    endless = written("x" * 10_000)
    assert all(len(block_text(block)) <= MAX_PIECE_CHARS for block in endless)
    assert [block.gap for block in endless] == [True, False, False]


def test_blank_lines_inside_a_long_text_are_kept() -> None:
    """A cut between pieces loses no line."""
    text = "\n".join("ab"[n % 2] if n % 3 else "" for n in range(1, 150))
    assert "\n".join(block_text(block) for block in written(text)) == text


def test_unreadable_characters_are_replaced() -> None:
    """NULs and lone surrogates cannot be laid out."""
    assert written("a\x00\udfffb\r\nc") == (Paragraph((Span("a\ufffd\ufffdb\nc"),)),)


def test_nothing_written_is_nothing() -> None:
    """Blank text has no blocks."""
    assert written(" \n\n ") == ()
