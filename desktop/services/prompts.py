"""Texts that a person keeps to put into messages, apart for each profile."""

from collections.abc import Callable

from desktop.domain.faults import WrongUse
from desktop.domain.saved_prompts import Prompt
from desktop.i18n import _
from desktop.storage.store import Store


class PromptService:
    """The prompts of whichever profile is in use: `profile()` says which that is."""

    def __init__(self, *, store: Store, profile: Callable[[], int]) -> None:
        self._store = store
        self._profile = profile

    async def all(self) -> tuple[Prompt, ...]:
        """Return the prompts by their names."""
        return await self._store.prompts(self._profile())

    async def save(self, name: str, text: str) -> Prompt:
        """Keep a text under a name that is free; raises `WrongUse`."""
        return await self._store.add_prompt(self._profile(), name=_name(name), text=_text(text))

    async def change(self, prompt_id: int, name: str, text: str) -> Prompt:
        """Give a prompt another name and text; raises `NotFound` or `WrongUse`."""
        return await self._store.change_prompt(self._profile(), prompt_id, name=_name(name), text=_text(text))

    async def remove(self, prompt_id: int) -> Prompt:
        """Remove a prompt and return what it was, for `save`; raises `NotFound`."""
        return await self._store.remove_prompt(self._profile(), prompt_id)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise WrongUse(_("A prompt needs a name."))
    return name


def _text(text: str) -> str:
    if not text.strip():
        raise WrongUse(_("A prompt needs a text."))
    return text
