"""Reading a stored message as the transcript does, at a pace that leaves the engine to the streams."""

import asyncio

from desktop.domain.markdown import MarkdownStream, Update
from desktop.domain.markdown_blocks import Block
from desktop.domain.markdown_written import written
from desktop.domain.messages import Role
from desktop.providers.pace import Pacer

PIECE_CHARS = 2_000
_ASIDE_CHARS = 200_000
"""What takes longer than a blink to be cut into lines is cut on a thread of the pool."""


async def read_blocks(role: Role, text: str, *, pacer: Pacer) -> list[Block]:
    """Return the blocks that the transcript shows of a message."""
    if role is not Role.ASSISTANT:
        if len(text) > _ASIDE_CHARS:
            return list(await asyncio.to_thread(written, text))
        return list(written(text))
    stream = MarkdownStream()
    blocks: list[Block] = []
    for start in range(0, len(text), PIECE_CHARS):
        _apply(blocks, stream.feed(text[start : start + PIECE_CHARS]))
        await pacer.breathe()
    _apply(blocks, stream.finish())
    return blocks


def _apply(blocks: list[Block], update: Update) -> None:
    blocks.extend(update.closed)
    for index, block in update.revised:
        blocks[index] = block
