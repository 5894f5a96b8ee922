"""Short ways to make messages and turns."""

from datetime import date

from desktop.domain.messages import Message, NewMessage, Outcome, Role, Status, Turn
from desktop.domain.organising import GUEST
from desktop.domain.search_language import Question, parse
from desktop.domain.sessions import NewSession, SearchHit, Session
from desktop.storage.store import Store


def user(text: str) -> NewMessage:
    return NewMessage(role=Role.USER, content=text)


def answer(text: str) -> NewMessage:
    return NewMessage(role=Role.ASSISTANT, content=text, model="a/b")


def streaming() -> NewMessage:
    return NewMessage(role=Role.ASSISTANT, status=Status.STREAMING, model="a/b")


def done(text: str, status: Status = Status.COMPLETE) -> Outcome:
    return Outcome(status=status, content=text)


async def begin(store: Store, session: Session | str, text: str, parent: Message | None = None) -> Turn:
    """Send `text` below `parent`; the answer streams."""
    return await store.begin_turn(
        session_id=session if isinstance(session, str) else session.id,
        parent_id=parent.id if parent else None,
        user=user(text),
        assistant=streaming(),
    )


async def talk(store: Store, *texts: str, id: str | None = None) -> tuple[Session, tuple[Message, ...]]:
    """Make a session with finished messages, one below the other, the user's first."""
    session = await store.create_session(NewSession(id=id))
    new = [user(text) if place % 2 == 0 else answer(text) for place, text in enumerate(texts)]
    messages = await store.add_messages(session.id, None, new)
    return await store.session(session.id), messages


def asked(text: str, *, typing: bool = False) -> Question:
    """Read a question as of 2023-11-15, with days that begin when they do in Greenwich."""

    def midnight(day: date) -> int:
        return (day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000

    return parse(text, today=date(2023, 11, 15), midnight=midnight, typing=typing)


async def search(store: Store, text: str, *, limit: int = 50, profile: int = GUEST) -> tuple[SearchHit, ...]:
    """Return the first hits of a search."""
    return (await store.search(asked(text), profile=profile, limit=limit)).hits


def texts(messages: tuple[Message, ...]) -> list[str]:
    return [message.content for message in messages]
