"""Stored messages read in pieces: the blocks are those that the transcript shows."""

import pytest

from desktop.domain.markdown import parse
from desktop.domain.markdown_written import written
from desktop.domain.messages import Role
from desktop.providers.pace import Pacer
from desktop.services.reading import PIECE_CHARS, read_blocks

LONG = "A [word] and more.\n\n" * (PIECE_CHARS // 8) + "[word]: https://x.org\n"


async def test_an_answer_is_read_as_markdown_of_one_piece() -> None:
    """Also what its last line changes about the first ones."""
    assert await read_blocks(Role.ASSISTANT, LONG, pacer=Pacer()) == list(parse(LONG))


@pytest.mark.parametrize("times", [1, 100])
async def test_what_was_typed_is_read_as_it_was_written(times: int) -> None:
    """Whether it is short or so long that another thread reads it."""
    text = ("**Not** Markdown.\n" * 200) * times
    assert await read_blocks(Role.USER, text, pacer=Pacer()) == list(written(text))
