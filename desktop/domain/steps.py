"""What was done and can be undone, step by step: the log behind Undo and Redo, whatever the steps are made of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Step(Generic[D]):
    """One thing the user did: its name, what takes it back, and what does it again; `number` tells it from others."""

    name: str
    undo: tuple[D, ...]
    redo: tuple[D, ...]
    number: int = 0


class Steps(Generic[D]):
    """What can be undone, and done again; the oldest are forgotten beyond `limit`."""

    def __init__(self, *, limit: int = 200) -> None:
        self._limit = limit
        self._done: list[Step[D]] = []
        self._undone: list[Step[D]] = []

    def add(self, step: Step[D]) -> None:
        """Take up what was done; what had been undone before cannot be done again."""
        self._done.append(step)
        del self._done[: -self._limit]
        self._undone.clear()

    @property
    def undoable(self) -> Step[D] | None:
        """The step that would be undone next."""
        return self._done[-1] if self._done else None

    @property
    def redoable(self) -> Step[D] | None:
        """The step that would be done again next."""
        return self._undone[-1] if self._undone else None

    def knows(self, number: int) -> bool:
        """Return whether a step can be undone, now or after others."""
        return any(step.number == number for step in self._done)

    def lift(self, number: int, passes: Callable[[Step[D], Step[D]], bool]) -> bool:
        """Make a step that is known the newest; return False where `passes(step, later)` forbids it for a later one."""
        place = next(place for place, step in enumerate(self._done) if step.number == number)
        step, later = self._done[place], self._done[place + 1 :]
        if not all(passes(step, one) for one in later):
            return False
        self._done[place:] = [*later, step]
        return True

    def keep_undoable(self, as_found: Step[D]) -> None:
        """Put what is left of the newest step in its place."""
        self._done[-1] = as_found

    def keep_redoable(self, as_found: Step[D]) -> None:
        """Put what is left of the newest undone step in its place."""
        self._undone[-1] = as_found

    def undone(self, as_found: Step[D] | None = None) -> None:
        """Note that the newest step was undone; `as_found` is the step with what doing it again takes now."""
        step = self._done.pop()
        self._undone.append(as_found or step)

    def redone(self, as_found: Step[D] | None = None) -> None:
        """Note that the newest undone step was done again; `as_found` is the step with what undoing it takes now."""
        step = self._undone.pop()
        self._done.append(as_found or step)

    def drop_undoable(self) -> None:
        """Forget a step that cannot be undone any more."""
        self._done.pop()

    def drop_redoable(self) -> None:
        """Forget a step that cannot be done again any more."""
        self._undone.pop()
