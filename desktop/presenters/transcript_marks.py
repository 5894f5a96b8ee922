"""What is known of messages beside their own rows: summaries on the path, which message ends it, providers' names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from desktop.presenters.transcript_item import Fold, TranscriptItem

if TYPE_CHECKING:
    from desktop.domain.summaries import StoredSummary


class Marks:
    """Puts marks on the items that are loaded; `put` returns those that are shown differently now."""

    def __init__(self) -> None:
        self._folds: dict[int, Fold] = {}
        self._names: Mapping[str, str] = {}

    def set_summaries(self, found: Sequence[StoredSummary]) -> None:
        """Take the summaries of a path, the furthest first."""
        from desktop.domain.summaries import chosen  # not before the first paint

        sent = chosen(found)
        self._folds = {one.last_id: Fold(summary=one, is_sent=one is sent) for one in found}

    def set_provider_names(self, names: Mapping[str, str]) -> None:
        """Take what providers are called, by their ids."""
        self._names = names

    def put(self, items: Iterable[TranscriptItem], *, has_newer: bool) -> list[TranscriptItem]:
        """Mark the items of the loaded part; `has_newer` says that the path goes on below it."""
        loaded = list(items)
        changed = []
        for at, item in enumerate(loaded, 1):
            wanted = (
                at == len(loaded) and not has_newer,
                self._folds.get(item.key),
                self._names.get(item.message.model.partition("/")[0], ""),
            )
            if wanted != (item.is_leaf, item.fold, item.provider_name):
                item.is_leaf, item.fold, item.provider_name = wanted
                changed.append(item)
        return changed
