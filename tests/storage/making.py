"""Short ways to make messages and turns."""

from desktop.domain.messages import Message, NewMessage, Outcome, Role, Status, Turn
from desktop.domain.sessions import NewSession, Session
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


def texts(messages: tuple[Message, ...]) -> list[str]:
    return [message.content for message in messages]
