"""Write `version-N.db` for the schema of today: `python tests/data/make_version.py`; refuses to replace one."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from desktop.domain.messages import NewMessage, Outcome, Role, Status, Usage
from desktop.domain.models import ProviderSpec
from desktop.domain.sessions import NewSession
from desktop.storage.migrations import MIGRATIONS
from desktop.storage.store import DATABASE, Store

STREAMING = NewMessage(role=Role.ASSISTANT, status=Status.STREAMING, model="ollama/small")


async def write(folder: Path) -> None:
    """Write one session with two answers to its first question and a run that was cut off."""
    times = iter(range(1_700_000_000_000, 1_700_000_100_000, 1000))
    store = await Store.open(folder=folder, clock=lambda: next(times))
    session = await store.create_session(NewSession(model="ollama/small", params={"temperature": 0.5}))
    first = await store.begin_turn(
        session_id=session.id,
        parent_id=None,
        user=NewMessage(role=Role.USER, content="Where is the harbour? ⚓"),
        assistant=STREAMING,
        title="Where is the harbour?",
    )
    assert first.user is not None
    await store.finish(first.assistant.id, Outcome(status=Status.STOPPED, content="I"))
    second = await store.begin_turn(session_id=session.id, parent_id=first.user.id, user=None, assistant=STREAMING)
    usage = Usage(input_tokens=9, output_tokens=3)
    outcome = Outcome(status=Status.COMPLETE, content="Down there.", thinking="hm", usage=usage, cost=0.5)
    await store.finish(second.assistant.id, outcome)
    third = await store.begin_turn(
        session_id=session.id,
        parent_id=second.assistant.id,
        user=NewMessage(role=Role.USER, content="And the bridge?"),
        assistant=STREAMING,
    )
    await store.checkpoint(third.assistant.id, content="Behind")
    await store.update_session(session.id, pinned=True)
    await store.save_draft(session.id, "unsent")
    await store.save_provider(
        ProviderSpec(id="ollama", kind="openai", name="Ollama", api_base="http://127.0.0.1:11434/v1")
    )
    await store.close()


def main() -> None:
    """Write the database beside this file."""
    target = Path(__file__).with_name(f"version-{MIGRATIONS[-1].version}.db")
    if target.exists():
        raise SystemExit(f"{target} is there already and is never written again")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(write(Path(folder)))
        shutil.copyfile(Path(folder) / DATABASE, target)


if __name__ == "__main__":
    main()
