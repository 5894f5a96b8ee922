"""The texts that were kept for the composer."""

from desktop.domain.saved_prompts import Prompt
from desktop.storage import prompts
from desktop.storage.face.base import Connected


class StoredPrompts(Connected):
    """The texts that were kept for the composer, of one profile at a time."""

    async def prompts(self, profile: int) -> tuple[Prompt, ...]:
        """Return the prompts of a profile by their names."""
        return await self.read(lambda db: prompts.every(db, profile))

    async def add_prompt(self, profile: int, *, name: str, text: str) -> Prompt:
        """Keep a text; raise `WrongUse` where another one has that name."""
        now = self._clock()
        return await self.call(lambda db: prompts.add(db, profile, name=name, text=text, now_ms=now))

    async def change_prompt(self, profile: int, prompt_id: int, *, name: str, text: str) -> Prompt:
        """Give a prompt another name and text; raise `NotFound`, or `WrongUse` where another one has that name."""
        return await self.call(lambda db: prompts.change(db, profile, prompt_id, name=name, text=text))

    async def remove_prompt(self, profile: int, prompt_id: int) -> Prompt:
        """Remove a prompt and return what it was; raise `NotFound`."""
        return await self.call(lambda db: prompts.remove(db, profile, prompt_id))
