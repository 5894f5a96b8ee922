import pytest

from desktop.domain.faults import NotFound
from desktop.domain.messages import NewMessage, Role
from desktop.domain.sessions import NewSession
from desktop.services.palette import PaletteService
from desktop.storage.store import Store


@pytest.fixture
def palette(store: Store) -> PaletteService:
    return PaletteService(store=store, profile=lambda: 1)


async def written(store: Store) -> int:
    await store.create_session(NewSession(id="s"))
    return (await store.add_messages("s", None, [NewMessage(role=Role.USER, content="x")]))[0].id


async def test_what_is_picked_is_counted(palette: PaletteService) -> None:
    """Each pick counts, for the profile in use."""
    await palette.note("command:quit")
    assert list(await palette.used()) == ["command:quit"]


async def test_a_hit_that_is_there_is_no_trouble(store: Store, palette: PaletteService) -> None:
    """A session, and a message in it, can be opened."""
    message_id = await written(store)
    await palette.check("s")
    await palette.check("s", message_id)


async def test_a_hit_that_is_gone_says_so(store: Store, palette: PaletteService) -> None:
    """A message or a session that was deleted meanwhile is told in a sentence."""
    message_id = await written(store)
    with pytest.raises(NotFound, match="deleted meanwhile"):
        await palette.check("s", message_id + 1)
    with pytest.raises(NotFound, match="deleted meanwhile"):
        await palette.check("t")
    await store.trash_message(message_id)
    with pytest.raises(NotFound, match="deleted meanwhile"):
        await palette.check("s", message_id)
    await store.trash_session("s")
    with pytest.raises(NotFound, match="trash"):
        await palette.check("s")
