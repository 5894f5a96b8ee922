"""What models teach about their counting and their window."""

import pytest

from desktop.domain.faults import DiskFull
from desktop.domain.models import DIRECT, ModelSpec
from desktop.services.estimates import Estimates, key_of
from desktop.services.memory import MemoryStore

MODEL = ModelSpec(provider_id="p", kind="openai", name="llama", window=8192)


class FullDisk(MemoryStore):
    """A store that keeps nothing."""

    async def learn(self, *_arguments: object) -> None:
        raise DiskFull("The disk is full.")


@pytest.mark.parametrize("store", [MemoryStore(), FullDisk()])
async def test_a_lesson_counts_from_the_next_estimate_on(store: MemoryStore) -> None:
    """Also where it cannot be kept."""
    estimates = Estimates()
    before = await estimates.of(store, MODEL, "e")
    after = await estimates.note_usage(store, MODEL, "e", counted=10_000, true=13_000)
    assert after.factor > before.factor
    assert await estimates.of(store, MODEL, "e") == after
    assert await estimates.of(store, MODEL, "other") == before


async def test_a_lesson_is_kept_for_the_next_start() -> None:
    """Another process reads it from the store."""
    store = MemoryStore()
    learned = await Estimates().note_usage(store, MODEL, "e", counted=10_000, true=13_000)
    assert await Estimates().of(store, MODEL, "e") == learned


async def test_the_answers_that_taught_are_counted() -> None:
    """Each encoding for itself, also after the next start."""
    store = MemoryStore()
    for _answer in range(3):
        await Estimates().note_usage(store, MODEL, "e", counted=10_000, true=13_000)
    assert (await Estimates().of(store, MODEL, "e")).answers == 3
    assert (await Estimates().of(store, MODEL, "other")).answers == 0


async def test_a_figure_that_teaches_nothing_is_not_kept() -> None:
    """The store is left alone."""
    store = MemoryStore()
    await Estimates().note_usage(store, MODEL, "e", counted=10_000, true=1)
    assert await store.model_facts(key_of(MODEL)) == {}


async def test_a_tokenizer_of_ones_own_is_not_corrected() -> None:
    """Its tokens are what it says."""
    store, estimates = MemoryStore(), Estimates()
    await estimates.note_usage(store, MODEL, "e", counted=10_000, true=13_000)
    assert (await estimates.of(store, MODEL, "e", own=True)).factor == 1.0


async def test_a_window_that_was_taught_goes_before_the_known_one() -> None:
    """The provider knows best; a number too small to be one is not believed."""
    store, estimates = MemoryStore(), Estimates()
    assert await estimates.window(store, MODEL) == 8192
    await estimates.learn_window(store, MODEL, 3)
    assert await estimates.window(store, MODEL) == 8192
    await estimates.learn_window(store, MODEL, 4096)
    assert await estimates.window(store, MODEL) == 4096
    assert await Estimates().window(store, MODEL) == 4096


def test_a_model_without_a_provider_is_known_by_its_server() -> None:
    """The same name elsewhere is another model."""
    here = ModelSpec(provider_id=DIRECT, kind="openai", name="m", api_base="http://localhost:1/v1")
    there = ModelSpec(provider_id=DIRECT, kind="openai", name="m", api_base="http://localhost:2/v1")
    assert key_of(here) != key_of(there)
    assert key_of(MODEL) == "p/llama"
