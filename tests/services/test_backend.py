import asyncio
import os
import threading
from pathlib import Path

import pytest

from desktop.domain.faults import StoreError
from desktop.domain.messages import NewMessage, Role, Status
from desktop.domain.organising import GUEST
from desktop.domain.runs import SessionsChanged
from desktop.domain.sessions import NewSession
from desktop.services.backend import Backend
from desktop.services.options import Options
from desktop.storage.store import Store
from tests.services.talking import Updates, public_folder, until
from tests.storage.places import freeze, without_rights

QUESTION = NewMessage(role=Role.USER, content="Still there?")
BEGUN = NewMessage(role=Role.ASSISTANT, status=Status.STREAMING, model="guide/manual")


async def opened(folder: Path, updates: Updates | None = None, **more: object) -> Backend:
    options = Options(folder=folder, warm=False, **more)  # type: ignore[arg-type]
    return await Backend.open(options=options, notify=updates or Updates())


async def test_the_guide_answers_through_the_whole_backend(folder: Path) -> None:
    """Without a key, a network or a choice, the first message gets an answer from the manual."""
    backend = await opened(folder)
    try:
        turn = await backend.chat.send("How do I export a session?")
        answer = await backend.chat.result(turn.assistant.id)
    finally:
        await backend.close()
    assert (answer.status, answer.model) == (Status.COMPLETE, "guide/manual")
    assert "Markdown" in answer.content


async def test_a_profile_that_is_removed_takes_its_steps_along(folder: Path) -> None:
    """What it named and searched for is nobody's to undo any more."""
    backend = await opened(folder)
    ana = await backend.profiles.create("Ana")
    await backend.profiles.switch(ana.id)
    done = await backend.organising.save_search("Kept", "a word")
    await backend.profiles.remove(ana.id, heir=GUEST)
    found = backend.organising._deeds._steps
    await backend.close()
    assert done.step
    assert ana.id not in found


async def test_another_process_that_writes_is_noticed(folder: Path) -> None:
    """The window shows within a second what the command line has added; its own writes are not told as foreign."""
    updates = Updates()
    backend = await opened(folder, updates)
    try:
        await backend.library.create()
        other = await Store.open(folder=folder)
        try:
            await other.create_session(NewSession(title="From elsewhere"))
        finally:
            await other.close()
        await updates.until(SessionsChanged, lambda update: update.elsewhere)
        assert (await backend.library.sessions(text="elsewhere"))[0].title == "From elsewhere"
    finally:
        await backend.close()


async def test_own_writes_are_not_told_as_foreign(folder: Path) -> None:
    """Each change of this process is told once, by name."""
    updates = Updates()
    backend = await opened(folder, updates)
    try:
        version = await backend.store.data_version()
        session = await backend.library.create()
        assert await backend.store.data_version() == version
        assert [update.session_ids for update in updates.of(SessionsChanged)] == [(session.id,)]
    finally:
        await backend.close()


async def test_what_a_dead_process_left_streaming_is_interrupted_at_the_start(folder: Path) -> None:
    """It can then be continued or tried again."""
    backend = await opened(folder)
    session = await backend.library.create()
    turn = await backend.store.begin_turn(session_id=session.id, parent_id=None, user=QUESTION, assistant=BEGUN)
    await backend.close()
    backend = await opened(folder)
    try:
        assert (await backend.store.message(turn.assistant.id)).status is Status.INTERRUPTED
    finally:
        await backend.close()


@pytest.mark.parametrize("warm", [False, True])
async def test_closing_leaves_nothing_running(folder: Path, warm: bool) -> None:
    """Neither a task nor a thread of the store survives, also when the provider library was still loading."""
    backend = await Backend.open(options=Options(folder=folder, warm=warm))
    await backend.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("database")]


async def test_the_library_is_warmed_in_the_background(folder: Path) -> None:
    """Opening does not wait for it, and it is there after a while."""
    backend = await Backend.open(options=Options(folder=folder))
    try:
        await until(lambda: backend.gateway.ready)
    finally:
        await backend.close()


async def test_an_opening_that_fails_gives_back_what_it_had_opened(folder: Path) -> None:
    """A folder that holds something else is named, and no thread stays behind."""
    folder.mkdir()
    (folder / "sobremesa.db").write_bytes(b"This is a shopping list." * 40)
    with pytest.raises(StoreError, match="not a Sobremesa database"):
        await opened(folder)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("database")]


async def test_a_settings_file_that_is_broken_does_not_keep_it_shut(folder: Path) -> None:
    """The defaults are used, and the sentence says where the old file is."""
    folder.mkdir()
    (folder / "settings.json").write_text("{", encoding="utf-8")
    backend = await opened(folder)
    try:
        assert "settings.json.broken" in backend.settings.notices[0]
        assert backend.settings.get("theme") == "system"
    finally:
        await backend.close()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
async def test_reading_works_where_nothing_can_be_written() -> None:
    """A folder that may not be written opens for reading and says why; a message is refused with that sentence."""
    with public_folder() as folder:
        backend = await opened(folder)
        assert backend.read_only == ""
        session = await backend.library.create(model="guide/manual")
        turn = await backend.chat.send("Keep this.", session_id=session.id)
        await backend.chat.result(turn.assistant.id)
        await backend.close()
        freeze(folder)
        with without_rights():
            backend = await opened(folder)
            try:
                assert "open for reading" in backend.read_only
                assert (await backend.library.open(session.id)).messages[0].content == "Keep this."
                assert "Keep this." in await backend.library.markdown(session.id)
                with pytest.raises(StoreError):
                    await backend.chat.send("And this?", session_id=session.id)
                assert backend.chat.running() == ()
            finally:
                await backend.close()


async def test_the_demo_shows_its_sessions_and_answers_by_script(folder: Path) -> None:
    """`--demo` has something to show, and needs neither key nor network."""
    backend = await opened(folder, demo=True)
    try:
        assert len(await backend.library.sessions()) > 3
        turn = await backend.chat.send("Hello")
        answer = await backend.chat.result(turn.assistant.id)
        assert (answer.status, answer.model) == (Status.COMPLETE, "scripted/demo")
    finally:
        await backend.close()


def test_a_model_with_a_base_has_an_address_of_its_own() -> None:
    """What is named on the command line together with a URL is stored with no provider."""
    assert Options(folder=Path(), model="m", api_base="http://x").address == "direct/m"
    assert Options(folder=Path(), model="openai/m").address == "openai/m"
    assert Options(folder=Path()).address == ""
