"""Taking a part of a session's path from the database: read page by page, joined with rests, so that answers that are
being written meanwhile go on.
"""

from dataclasses import replace

from desktop.domain.authors import author_of
from desktop.domain.markdown import MarkdownStream, Update
from desktop.domain.markdown_blocks import Block
from desktop.domain.markdown_written import written
from desktop.domain.messages import Message, Role
from desktop.domain.taking import MAX_CHARS, RICH_CHARS, Taken, Taker, TakeRequest, TooMuch, piece_of, take_as_written
from desktop.i18n import _
from desktop.providers.pace import Pacer
from desktop.storage.store import Store

_SLICE_CHARS = 4_000


async def take_path(store: Store, request: TakeRequest, *, rich: int = RICH_CHARS, limit: int = MAX_CHARS) -> Taken:
    """Return a part of the path; beyond `rich` characters as it was written. Raises `TooMuch` beyond `limit`."""
    first, last = request.start.depth, request.end.depth
    found: list[Message] = []
    texts: list[tuple[str, str]] = []
    chars = 0
    async for page in store.whole_path(request.session_id, first=first, last=last):
        for message in page:
            text = request.texts.get(message.id, message.content)
            chars += len(text)
            texts.append((author_of(message), text))
            if chars <= rich:
                found.append(message)
        if chars > limit:
            raise TooMuch(_("This is too much for the clipboard. Export the session to a file instead."))
    if chars > rich:
        return take_as_written(texts)
    rest = Pacer()
    taker = Taker(several=len(found) > 1)
    for message, (author, text) in zip(found, texts, strict=True):
        blocks = await _blocks(message, text, rest)
        thoughts = request.thoughts.get(message.id, ())
        taker.add(piece_of(request, depth=message.depth, author=author, text=text, blocks=blocks, thoughts=thoughts))
        await rest.breathe()
    taken = taker.taken()
    return replace(taken, plain=taken.markdown) if request.as_written else taken


async def _blocks(message: Message, text: str, rest: Pacer) -> list[Block]:
    if message.role is not Role.ASSISTANT:
        return list(written(text))
    stream = MarkdownStream()
    blocks: list[Block] = []
    for start in range(0, len(text), _SLICE_CHARS):
        _apply(blocks, stream.feed(text[start : start + _SLICE_CHARS]))
        await rest.breathe()
    _apply(blocks, stream.finish())
    return blocks


def _apply(blocks: list[Block], update: Update) -> None:
    blocks.extend(update.closed)
    for index, block in update.revised:
        blocks[index] = block
