"""Texts that are kept to be put into a message: not what `prompts.py` fills in, which is the model's."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.domain.folding import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A text with the name it is found by; names differ within a profile."""

    id: int
    name: str
    text: str


def matching(prompts: Sequence[Prompt], typed: str) -> tuple[Prompt, ...]:
    """Return the prompts whose name holds what was typed, those that begin with it first."""
    wanted = fold(typed).strip()
    found = [prompt for prompt in prompts if wanted in fold(prompt.name)]
    return tuple(sorted(found, key=lambda prompt: not fold(prompt.name).startswith(wanted)))
