"""What is done to a session's tree: editing, deleting, forking, merging, choosing, and taking it all back.

Nothing is ever overwritten: an edit is a sibling, a deletion goes to the trash, a fork is another session. So each
step is undone by showing another path or by moving something in or out of the trash, and no word can be lost by it.
The steps are kept for as long as the program runs.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Protocol

from desktop.domain.branches import (
    Deed,
    Outline,
    RestoreMessage,
    RestoreSession,
    ShowLeaf,
    TrashMessage,
    TrashSession,
)
from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.messages import Message, NewMessage, Role, Turn
from desktop.domain.runs import SessionsChanged, Update
from desktop.domain.sessions import Session
from desktop.domain.steps import Step, Steps
from desktop.i18n import _
from desktop.services.chat import ChatService
from desktop.services.paths import PathReader
from desktop.storage.store import Store


class BranchService:
    """The trees of all sessions, with what can be undone in each."""

    def __init__(self, *, store: Store, chat: ChatService, paths: PathReader, notify: Callable[[Update], None]) -> None:
        self._store = store
        self._paths = paths
        self._chat = chat
        self._notify = notify
        self._steps: dict[str, Steps[Deed]] = {}
        # One deed at a time in each session: what is read of its steps and its path holds until the deed is noted.
        self._deeds: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def outline(self, session_id: str) -> Outline:
        """Return the shape of a session's tree; raises `NotFound`."""
        return await self._store.outline(session_id)

    async def endings(self, session_id: str) -> int:
        """Return how many endings a session's tree has; far cheaper than its shape."""
        return await self._store.count_endings(session_id)

    async def message(self, message_id: int) -> Message:
        """Return a message; raises `NotFound`."""
        return await self._store.message(message_id)

    def steps(self, session_id: str) -> Steps[Deed]:
        """Return what can be undone in a session, and done again."""
        return self._steps.setdefault(session_id, Steps())

    async def edit(self, message_id: int, text: str) -> Turn | Message:
        """Write another version of a message beside it.

        A question is asked anew, and its `Turn` returned; another message is returned as it is stored. Raises
        `WrongUse` for an empty text, or while an answer of the session is being written.
        """
        message = await self._store.message(message_id)
        if not text.strip():
            raise WrongUse(_("There is nothing to keep. Write something, or delete the message."))
        async with self._deeds[message.session_id]:
            return await self._edit(message, text)

    async def _edit(self, message: Message, text: str) -> Turn | Message:
        before = await self._leaf(message.session_id)
        if message.role is Role.USER:
            turn = await self._chat.ask_again(message.id, text)
            assert turn.user is not None, "a question was written"
            self._note(message.session_id, _("Edit"), before, turn.assistant.id, made=turn.user.id)
            return turn
        self._refuse_while_writing(message.session_id)
        new = NewMessage(
            role=message.role,
            content=text,
            author=message.author,
            model=message.model,
            tool_calls=message.tool_calls,
            tool_call_id=message.tool_call_id,
            metadata={"edited_from": message.uid},
        )
        (written,) = await self._store.add_messages(message.session_id, message.parent_id, (new,))
        self._note(message.session_id, _("Edit"), before, written.id, made=written.id)
        return written

    async def retry(self, message_id: int, *, model: str | None = None) -> Turn:
        """Answer the same question again as a new version, with the same or another model."""
        return await self._answered(message_id, self._chat.retry, _("Retry"), model)

    async def resume(self, message_id: int, *, model: str | None = None) -> Turn:
        """Continue an answer that was cut off, as a new version that begins with its text."""
        return await self._answered(message_id, self._chat.resume, _("Continue"), model)

    async def delete(self, message_id: int) -> Session:
        """Put a message and everything below it into the trash; a version beside it, or its parent, is shown."""
        message = await self._store.message(message_id)
        async with self._deeds[message.session_id]:
            self._refuse_while_writing(message.session_id)
            before = await self._store.session(message.session_id)
            session = await self._store.trash_message(message_id)
            if session.message_count != before.message_count:  # else it was in the trash already
                step: Step[Deed] = Step(
                    _("Delete"),
                    undo=(RestoreMessage(message_id), ShowLeaf(before.active_leaf)),
                    redo=(TrashMessage(message_id), ShowLeaf(session.active_leaf)),
                )
                self._add(session.id, step)
            return session

    async def show(self, message_id: int) -> Session:
        """Show the path that goes through a message, down to the newest ending below it."""
        message = await self._store.message(message_id)
        async with self._deeds[message.session_id]:
            before = await self._leaf(message.session_id)
            session = await self._store.choose_version(message_id)
            if session.active_leaf != before:
                self._note(session.id, _("Switch branch"), before, session.active_leaf)
            return session

    async def fork(self, session_id: str, *, leaf: int | None = None, whole: bool = False) -> Session:
        """Copy a session into a new one: the path to `leaf` (the one shown), or with `whole` all branches."""
        copy = await self._store.copy_session(session_id, leaf=leaf, whole=whole)
        title = _("{title} (fork)").format(title=copy.title)
        copy = await self._store.update_session(copy.id, title=title, title_is_auto=copy.title_is_auto)
        async with self._deeds[session_id]:
            self._add(session_id, Step(_("Fork"), undo=(TrashSession(copy.id),), redo=(RestoreSession(copy.id),)))
        self._tell(copy.id)
        return copy

    async def merge(self, message_id: int) -> Message:
        """Write the ending of another branch below the path that is shown, as a message of its own.

        Raises `WrongUse` where the message is on that path already.
        """
        message = await self._store.message(message_id)
        async with self._deeds[message.session_id]:
            return await self._merge(message)

    async def _merge(self, message: Message) -> Message:
        self._refuse_while_writing(message.session_id)
        before = await self._leaf(message.session_id)
        if before is None or await self._paths.is_on_path(message.session_id, message.id, message.depth):
            raise WrongUse(_("This message is on the path already. Choose the ending of another branch."))
        new = NewMessage(
            role=message.role,
            content=message.content,
            author=message.author,
            model=message.model,
            thinking=message.thinking,
            metadata={"merged_from": message.uid},
        )
        (written,) = await self._store.add_messages(message.session_id, before, (new,))
        self._note(message.session_id, _("Merge"), before, written.id, made=written.id)
        return written

    async def undo(self, session_id: str) -> Step[Deed] | None:
        """Take back the newest step in a session and return it; None where there is none."""
        async with self._deeds[session_id]:
            steps = self.steps(session_id)
            step = steps.undoable
            if step is None:
                return None
            self._check(session_id, step.undo)
            try:
                await self._do(session_id, step.undo)
            except (NotFound, WrongUse) as error:
                steps.drop_undoable()
                raise _gone(step) from error
            steps.undone()
            return step

    async def redo(self, session_id: str) -> Step[Deed] | None:
        """Do again what was undone last and return it; None where there is nothing."""
        async with self._deeds[session_id]:
            steps = self.steps(session_id)
            step = steps.redoable
            if step is None:
                return None
            self._check(session_id, step.redo)
            try:
                await self._do(session_id, step.redo)
            except (NotFound, WrongUse) as error:
                steps.drop_redoable()
                raise _gone(step) from error
            steps.redone()
            return step

    def _check(self, session_id: str, deeds: tuple[Deed, ...]) -> None:
        if any(not isinstance(deed, ShowLeaf) for deed in deeds):
            self._refuse_while_writing(session_id)

    async def _do(self, session_id: str, deeds: tuple[Deed, ...]) -> None:
        for deed in deeds:
            match deed:
                case ShowLeaf(leaf=leaf):
                    # Behind another deed it is a comfort: where that path is gone, the store shows what is beside it.
                    with nullcontext() if len(deeds) == 1 else suppress(NotFound, WrongUse):
                        await self._store.show_leaf(session_id, leaf)
                case TrashMessage(message_id=message_id):
                    await self._store.trash_message(message_id)
                case RestoreMessage(message_id=message_id):
                    await self._store.restore_message(message_id)
                case TrashSession(session_id=other):
                    await self._store.trash_session(other)
                    self._tell(other)
                case RestoreSession(session_id=other):
                    await self._store.restore_session(other)
                    self._tell(other)
        self._tell(session_id)

    async def _answered(self, message_id: int, answer: "_Answer", name: str, model: str | None) -> Turn:
        message = await self._store.message(message_id)
        async with self._deeds[message.session_id]:
            before = await self._leaf(message.session_id)
            turn = await answer(message_id, model=model)
            self._note(message.session_id, name, before, turn.assistant.id)
            return turn

    async def _leaf(self, session_id: str) -> int | None:
        return (await self._store.session(session_id)).active_leaf

    def _refuse_while_writing(self, session_id: str) -> None:
        if any(run.session_id == session_id for run in self._chat.running()):
            raise WrongUse(_("The last answer is still being written. Stop it or wait for its end."))

    def _note(self, session_id: str, name: str, before: int | None, after: int | None, *, made: int = 0) -> None:
        undo: tuple[Deed, ...] = (ShowLeaf(before),)
        redo: tuple[Deed, ...] = (ShowLeaf(after),)
        if made:
            undo, redo = (TrashMessage(made), *undo), (RestoreMessage(made), *redo)
        self._add(session_id, Step(name, undo=undo, redo=redo))

    def _add(self, session_id: str, step: Step[Deed]) -> None:
        self.steps(session_id).add(step)
        self._tell(session_id)

    def _tell(self, session_id: str) -> None:
        self._notify(SessionsChanged(session_ids=(session_id,)))


def _gone(step: Step[Deed]) -> WrongUse:
    return WrongUse(
        _("“{step}” cannot be undone or done again: what it was about has been removed since.").format(step=step.name)
    )


class _Answer(Protocol):
    async def __call__(self, message_id: int, *, model: str | None = None) -> Turn:
        """Begin to answer."""
