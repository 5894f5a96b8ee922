import asyncio

from desktop.providers.pace import Pacer


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_it_rests_after_enough_work() -> None:
    """Five milliseconds of work earn a rest; four do not."""
    clock = Clock()
    pacer = Pacer(work_s=0.005, rest_s=0.0, clock=clock)
    clock.now += 0.004
    await pacer.breathe()
    assert pacer.rests == 0
    clock.now += 0.002
    await pacer.breathe()
    assert pacer.rests == 1


async def test_waiting_for_the_network_counts_as_rest() -> None:
    """A stream at reading pace is never held up."""
    clock = Clock()
    pacer = Pacer(work_s=0.005, rest_s=0.0, clock=clock)
    for _ in range(100):
        before = pacer.now()
        clock.now += 0.02
        pacer.waited(before)
        clock.now += 0.001
        await pacer.breathe()
    assert pacer.rests == 0


async def test_short_waits_are_work() -> None:
    """What takes less than two milliseconds was the parsing of a chunk."""
    clock = Clock()
    pacer = Pacer(work_s=0.005, rest_s=0.0, clock=clock)
    for _ in range(10):
        before = pacer.now()
        clock.now += 0.001
        pacer.waited(before)
        await pacer.breathe()
    assert pacer.rests == 2


async def test_all_streams_rest_together() -> None:
    """While one rests the others do, or the interpreter would never be free."""
    clock = Clock()
    pacer = Pacer(work_s=0.005, rest_s=0.001, clock=clock)
    clock.now += 0.006
    first = asyncio.create_task(pacer.breathe())
    await asyncio.sleep(0)
    second = asyncio.create_task(pacer.breathe())
    await asyncio.sleep(0)
    assert not second.done()
    await asyncio.gather(first, second)
    assert pacer.rests == 1
