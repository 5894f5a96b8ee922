"""Trees under a person's hands: edit, retry, delete, fork, merge, choose, undo; nothing is overwritten or lost."""

import asyncio
import random
import threading

import apsw
import pytest

from desktop.domain.faults import NotFound, WrongUse
from desktop.domain.messages import Message, NewMessage, Role, Turn
from desktop.domain.runs import SessionsChanged
from desktop.providers.scripted import Hold, Say, Script
from desktop.services.branches import BranchService
from desktop.services.paths import PathReader
from desktop.storage.store import DATABASE
from tests.services.conftest import BeginTalk
from tests.services.talking import Talk


def branching(talk: Talk) -> BranchService:
    return BranchService(store=talk.store, chat=talk.chat, paths=PathReader(store=talk.store), notify=talk.updates)


async def shown(talk: Talk, session_id: str) -> list[str]:
    return [message.content for message in await talk.store.path(session_id, limit=1000)]


async def test_an_edited_question_is_asked_anew_beside_the_old_one(begin: BeginTalk) -> None:
    """Both versions stay, and the new one is answered with the path above it."""
    talk = await begin(Script(steps=(Say("Yes."),)))
    branches = branching(talk)
    first = await talk.answer("Is it?")
    assert first.parent_id is not None
    turn = await branches.edit(first.parent_id, "Is it really?")
    assert isinstance(turn, Turn)
    assert turn.user is not None
    await talk.final(turn.assistant.id)
    assert await shown(talk, first.session_id) == ["Is it really?", "Yes."]
    assert (turn.user.version, turn.user.versions) == (2, 2)
    assert (await talk.store.message(first.parent_id)).content == "Is it?"
    assert [message.content for message in talk.scripted.requests[-1].messages][1:] == ["Is it really?"]


async def test_an_edited_answer_stands_beside_the_old_one(begin: BeginTalk) -> None:
    """Nothing is asked; the next question builds on the edited text."""
    talk = await begin(Script(steps=(Say("Wrong."),)))
    branches = branching(talk)
    answer = await talk.answer("Is it?")
    edited = await branches.edit(answer.id, "Right.")
    assert isinstance(edited, Message)
    assert (edited.version, edited.versions, edited.metadata["edited_from"]) == (2, 2, answer.uid)
    await talk.answer("And now?", session_id=answer.session_id)
    assert [message.content for message in talk.scripted.requests[-1].messages][1:] == ["Is it?", "Right.", "And now?"]


async def test_an_edit_needs_words(begin: BeginTalk) -> None:
    """An empty text is refused with a sentence, for both sides."""
    talk = await begin()
    branches = branching(talk)
    answer = await talk.answer("Is it?")
    assert answer.parent_id is not None
    for message_id in (answer.id, answer.parent_id):
        with pytest.raises(WrongUse, match="nothing to keep"):
            await branches.edit(message_id, " \n")
    with pytest.raises(WrongUse, match="nothing to send"):
        await talk.chat.ask_again(answer.parent_id, "")
    with pytest.raises(WrongUse, match="Only a question"):
        await talk.chat.ask_again(answer.id, "text")


async def test_while_an_answer_is_written_its_tree_is_left_alone(begin: BeginTalk) -> None:
    """Editing an answer, deleting, merging, forking and undoing a deletion wait; showing another path does not."""
    held = threading.Event()
    talk = await begin(Script(when="wait", steps=(Hold(held),)), Script(steps=(Say("Yes."),)))
    branches = branching(talk)
    answer = await talk.answer("Is it?")
    other = await branches.edit(answer.id, "No.")
    assert isinstance(other, Message)
    await branches.delete(other.id)
    await talk.chat.send("wait", session_id=answer.session_id)
    for refused in (
        branches.edit(answer.id, "Hm."),
        branches.delete(answer.id),
        branches.merge(answer.id),
        branches.fork(answer.session_id),
        branches.undo(answer.session_id),
    ):
        with pytest.raises(WrongUse, match="still being written"):
            await refused
    held.set()
    await talk.chat.wait_idle()
    step = await branches.undo(answer.session_id)
    assert step is not None
    assert step.name == "Delete"


async def test_every_step_can_be_taken_back_and_done_again(begin: BeginTalk) -> None:
    """Undo shows what was there before each step, redo what came of it."""
    talk = await begin(Script(steps=(Say("One."),)))
    branches = branching(talk)
    answer = await talk.answer("Count.")
    session = answer.session_id
    seen = [await shown(talk, session)]
    await branches.edit(answer.id, "Two.")
    seen.append(await shown(talk, session))
    turn = await branches.retry(answer.id, model="scripted/other")
    await talk.final(turn.assistant.id)
    seen.append(await shown(talk, session))
    await branches.show(answer.id)
    seen.append(await shown(talk, session))
    await branches.delete(answer.id)
    seen.append(await shown(talk, session))
    for wanted in reversed(seen[:-1]):
        assert await branches.undo(session) is not None
        assert await shown(talk, session) == wanted
    assert await branches.undo(session) is None
    for wanted in seen[1:]:
        assert await branches.redo(session) is not None
        assert await shown(talk, session) == wanted
    assert await branches.redo(session) is None


async def test_hurried_undoing_takes_back_one_step_each(begin: BeginTalk) -> None:
    """Ctrl+Z that is pressed again before the first is done takes back the step before, and no step is skipped."""
    talk = await begin(Script(steps=(Say("0"),)))
    branches = branching(talk)
    answer = await talk.answer("Count.")
    for number in range(1, 6):
        await branches.edit(answer.id, str(number))
    steps = await asyncio.gather(*(branches.undo(answer.session_id) for _press in range(3)))
    assert (await shown(talk, answer.session_id))[-1] == "2"
    assert [step.name for step in steps if step] == ["Edit"] * 3
    await asyncio.gather(*(branches.redo(answer.session_id) for _press in range(9)))
    assert (await shown(talk, answer.session_id))[-1] == "5"
    await asyncio.gather(*(branches.undo(answer.session_id) for _press in range(9)))
    assert (await shown(talk, answer.session_id))[-1] == "0"


async def test_deleting_twice_is_one_step(begin: BeginTalk) -> None:
    """What is in the trash already cannot be thrown away again: one undo brings it back."""
    talk = await begin(Script(steps=(Say("One."),)))
    branches = branching(talk)
    answer = await talk.answer("Count.")
    await asyncio.gather(branches.delete(answer.id), branches.delete(answer.id))
    await branches.undo(answer.session_id)
    assert branches.steps(answer.session_id).undoable is None


async def test_more_than_fifty_steps_can_be_taken_back(begin: BeginTalk) -> None:
    """Sixty edits, sixty times undo."""
    talk = await begin(Script(steps=(Say("0"),)))
    branches = branching(talk)
    answer = await talk.answer("Count.")
    for number in range(1, 61):
        await branches.edit(answer.id, str(number))
    for number in range(59, -1, -1):
        await branches.undo(answer.session_id)
        assert (await shown(talk, answer.session_id))[-1] == str(number)


async def test_continuing_is_a_step_too(begin: BeginTalk) -> None:
    """Undo shows the answer as it was cut off."""
    talk = await begin(Script(steps=(Say("Half"),), ending=None), Script(steps=(Say("Half and half"),)))
    branches = branching(talk)
    answer = await talk.answer("Say it.")
    turn = await branches.resume(answer.id)
    await talk.final(turn.assistant.id)
    await branches.undo(answer.session_id)
    assert (await shown(talk, answer.session_id))[-1] == answer.content


async def test_a_step_that_cannot_be_taken_back_any_more_is_forgotten(begin: BeginTalk) -> None:
    """What was thrown away elsewhere for good is said once, and the step before comes next."""
    talk = await begin(Script(steps=(Say("One."),)))
    branches = branching(talk)
    answer = await talk.answer("Count.")
    await branches.edit(answer.id, "Two.")
    await branches.delete(answer.id)
    await talk.store.empty_trash()
    with pytest.raises(WrongUse, match="Delete"):
        await branches.undo(answer.session_id)
    step = await branches.undo(answer.session_id)
    assert step is not None
    assert step.name == "Edit"
    assert await shown(talk, answer.session_id) == ["Count."]
    await talk.store.empty_trash()
    with pytest.raises(WrongUse, match="Edit"):
        await branches.redo(answer.session_id)
    assert await branches.redo(answer.session_id) is None


async def test_choosing_what_is_shown_already_is_no_step(begin: BeginTalk) -> None:
    """There is nothing to take back."""
    talk = await begin()
    branches = branching(talk)
    answer = await talk.answer("Hi")
    await branches.show(answer.id)
    assert branches.steps(answer.session_id).undoable is None


async def test_a_fork_takes_the_path_or_every_branch(begin: BeginTalk) -> None:
    """The copy has its own messages, the same texts, the session's settings, and nothing on its bill."""
    talk = await begin(Script(steps=(Say("One."),)))
    branches = branching(talk)
    answer = await talk.answer("Count.")
    await branches.edit(answer.id, "Two.")
    path = await branches.fork(answer.session_id)
    whole = await branches.fork(answer.session_id, whole=True)
    part = await branches.fork(answer.session_id, leaf=answer.parent_id)
    assert [await shown(talk, fork.id) for fork in (path, whole, part)] == [
        ["Count.", "Two."],
        ["Count.", "Two."],
        ["Count."],
    ]
    assert (path.message_count, whole.message_count, part.message_count) == (2, 3, 1)
    assert path.title == "Count. (fork)"
    assert path.model == "scripted/demo"
    copied = (await talk.store.path(whole.id))[-1]
    assert (copied.version, copied.versions) == (2, 2)
    first = await talk.store.message((await talk.store.siblings(copied.id))[0])
    assert (first.content, first.usage, first.cost) == ("One.", None, None)
    assert first.metadata["copied_from"] == answer.uid
    await talk.answer("And on.", session_id=path.id)
    assert await shown(talk, answer.session_id) == ["Count.", "Two."]


async def test_a_fork_is_undone_by_the_trash(begin: BeginTalk) -> None:
    """The copy goes to the trash and comes back, and the listener is told of both sessions."""
    talk = await begin()
    branches = branching(talk)
    answer = await talk.answer("Hi")
    fork = await branches.fork(answer.session_id)
    talk.updates.all.clear()
    await branches.undo(answer.session_id)
    assert (await talk.store.session(fork.id)).deleted_at is not None
    told = {id_ for update in talk.updates.of(SessionsChanged) for id_ in update.session_ids}
    assert told == {fork.id, answer.session_id}
    await branches.redo(answer.session_id)
    assert (await talk.store.session(fork.id)).deleted_at is None


async def test_a_big_session_is_forked_in_parts(begin: BeginTalk) -> None:
    """Each copied message hangs on the copy of its parent."""
    talk = await begin()
    branches = branching(talk)
    answer = await talk.answer("Hi")
    new = [NewMessage(role=Role.USER, content=str(number)) for number in range(2500)]
    await talk.store.add_messages(answer.session_id, answer.id, new)
    fork = await branches.fork(answer.session_id)
    texts = [message.content for message in await talk.store.path(fork.id, limit=3000)]
    assert texts == ["Hi", answer.content, *(str(number) for number in range(2500))]


async def test_the_ending_of_another_branch_is_merged(begin: BeginTalk) -> None:
    """It becomes a message of its own below the path that is shown; what is there already is refused."""
    talk = await begin(Script(steps=(Say("One."),)))
    branches = branching(talk)
    answer = await talk.answer("Count.")
    await branches.edit(answer.id, "Two.")
    merged = await branches.merge(answer.id)
    assert await shown(talk, answer.session_id) == ["Count.", "Two.", "One."]
    assert (merged.role, merged.metadata["merged_from"]) == (Role.ASSISTANT, answer.uid)
    with pytest.raises(WrongUse, match="on the path already"):
        await branches.merge(merged.id)
    await branches.undo(answer.session_id)
    assert await shown(talk, answer.session_id) == ["Count.", "Two."]


async def test_the_outline_shows_every_branch(begin: BeginTalk) -> None:
    """Messages with what they hang on, the path that is shown, and the endings."""
    talk = await begin(Script(steps=(Say("One."),)))
    branches = branching(talk)
    answer = await talk.answer("Count.")
    edited = await branches.edit(answer.id, "Two.")
    assert isinstance(edited, Message)
    outline = await branches.outline(answer.session_id)
    assert (outline.messages, outline.endings) == (3, 2)
    assert [(branch.text, branch.on_path, branch.is_leaf) for branch in outline.branches] == [
        ("Count.", True, False),
        ("One.", False, True),
        ("Two.", True, True),
    ]
    assert [branch.parent_id for branch in outline.branches] == [None, answer.parent_id, answer.parent_id]


async def test_paths_are_shown_only_where_they_are(begin: BeginTalk) -> None:
    """A leaf of another session is not found, one in the trash is refused."""
    talk = await begin()
    one, other = await talk.answer("one"), await talk.answer("other")
    with pytest.raises(NotFound):
        await talk.store.show_leaf(one.session_id, other.id)
    await talk.store.trash_message(one.id)
    with pytest.raises(WrongUse):
        await talk.store.show_leaf(one.session_id, one.id)
    with pytest.raises(NotFound):
        await branching(talk).outline("nowhere")


@pytest.mark.parametrize("seed", range(4))
async def test_no_sequence_of_steps_loses_a_word(begin: BeginTalk, seed: int) -> None:
    """Whatever is edited, tried again, forked, merged, thrown away and undone: every text is still on the disk."""
    talk = await begin(Script(steps=(Say("An answer."),)))
    branches, dice = branching(talk), random.Random(seed)
    session = (await talk.answer("first")).session_id
    said = {"first"}
    for number in range(60):
        path = await talk.store.path(session, limit=1000)
        some = dice.choice(path).id if path else None
        deed = dice.choice(("send", "edit", "retry", "delete", "show", "merge", "fork", "undo", "undo", "redo"))
        try:
            async with asyncio.timeout(20):
                if deed == "send" or some is None:
                    said.add(f"sent {number}")
                    await talk.chat.send(f"sent {number}", session_id=session)
                elif deed == "edit":
                    await branches.edit(some, f"edited {number}")
                    said.add(f"edited {number}")
                elif deed == "fork":
                    await branches.fork(session, leaf=some, whole=dice.random() < 0.5)
                elif deed in ("undo", "redo"):
                    await getattr(branches, deed)(session)
                else:
                    outline = await branches.outline(session)
                    await getattr(branches, deed)(dice.choice(outline.branches).id)
        except WrongUse:
            pass  # refused with a sentence
        await talk.chat.wait_idle()
    db = apsw.Connection(str(talk.folder / DATABASE))
    assert said <= {text for (text,) in db.execute("SELECT content FROM message")}
    # The tree is whole: what is not thrown away hangs on what is not, and the path shown leads to the root.
    ((astray,),) = db.execute(
        "SELECT count(*) FROM message AS child JOIN message AS parent ON parent.id = child.parent_id "
        "WHERE child.deleted_at IS NULL AND (parent.deleted_at IS NOT NULL OR parent.depth <> child.depth - 1 "
        "OR parent.session_id <> child.session_id)"
    )
    assert astray == 0
    for count, id_ in db.execute("SELECT message_count, id FROM session"):
        found = db.execute("SELECT id FROM message WHERE session_id = ? AND deleted_at IS NULL", (id_,))
        assert count == len(found.fetchall())
    db.close()
