"""What the palette asks for beside searching: what was picked how often, and whether a hit is still there."""

from collections.abc import Callable

from desktop.domain.faults import NotFound
from desktop.i18n import _
from desktop.storage.store import Store


class PaletteService:
    """For whichever profile is in use: `profile()` says which that is."""

    def __init__(self, *, store: Store, profile: Callable[[], int]) -> None:
        self._store = store
        self._profile = profile

    async def used(self) -> dict[str, float]:
        """Return what was picked by how much it still counts, most first."""
        return await self._store.used(profile=self._profile())

    async def note(self, name: str) -> None:
        """Count one more use; where nothing can be written nothing is counted."""
        if not self._store.read_only:
            await self._store.note_used(name, profile=self._profile())

    async def check(self, session_id: str, message_id: int | None = None) -> None:
        """Raise `NotFound`, with a sentence for the user, where a session or message was deleted meanwhile."""
        try:
            session = await self._store.session(session_id)
        except NotFound:
            raise NotFound(_("This session was deleted meanwhile.")) from None
        if session.deleted_at is not None:
            raise NotFound(_("This session is in the trash by now."))
        if message_id is not None and not await self._store.is_there(message_id):
            raise NotFound(_("This message was deleted meanwhile."))
