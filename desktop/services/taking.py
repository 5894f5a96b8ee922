"""Taking a part of a session's path from the database: read page by page, joined with rests, so that answers that are
being written meanwhile go on.
"""

from dataclasses import replace

from desktop.domain.authors import author_of
from desktop.domain.messages import Message
from desktop.domain.taking import MAX_CHARS, RICH_CHARS, Taken, Taker, TakeRequest, TooMuch, piece_of, take_as_written
from desktop.i18n import _
from desktop.providers.pace import Pacer
from desktop.services.reading import read_blocks
from desktop.storage.store import Store


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
        blocks = await read_blocks(message.role, text, pacer=rest)
        thoughts = request.thoughts.get(message.id, ())
        taker.add(piece_of(request, depth=message.depth, author=author, text=text, blocks=blocks, thoughts=thoughts))
        await rest.breathe()
    taken = taker.taken()
    return replace(taken, plain=taken.markdown) if request.as_written else taken
