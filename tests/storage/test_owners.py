import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from desktop.domain.faults import ReadOnly, StoreError
from desktop.storage.owners import Owner
from tests.storage.children import Child
from tests.storage.places import freeze, without_rights

HOLDER = """
    owner = Owner(folder=folder)
    print(owner.id, flush=True)
    sys.stdin.read()
"""


def locks(folder: Path) -> set[str]:
    return {path.stem for path in (folder / "locks").iterdir()}


def test_an_owner_leaves_no_file(folder: Path) -> None:
    """While it lives its lock is there; afterwards nothing is."""
    owner = Owner(folder=folder)
    assert locks(folder) == {owner.id}
    owner.release()
    assert locks(folder) == set()


def test_the_living_are_told_from_the_dead(folder: Path) -> None:
    """Who holds a lock lives, in this process or another; who holds none is dead."""
    one, two = Owner(folder=folder), Owner(folder=folder)
    assert one.dead({one.id, two.id, "never there"}) == {"never there"}
    two.release()
    assert one.dead({one.id, two.id}) == {two.id}
    one.release()


def test_kill_9_ends_an_owner(folder: Path) -> None:
    """A process that had no chance to say goodbye is dead, and what it left is cleared away."""
    me = Owner(folder=folder)
    with Child(HOLDER, folder) as child:
        other = child.line()
        assert me.dead({other}) == set()
        child.kill()
        assert locks(folder) == {me.id, other}
        assert me.dead({other}) == {other}
    assert locks(folder) == {me.id}
    me.release()


def test_a_name_that_another_holds_is_not_taken(folder: Path) -> None:
    """Whoever finds its file held for a moment takes another name, and gives up when that goes on for ever."""
    other = Owner(folder=folder, new_name=lambda: "held")
    names = iter(["held", "free"])
    mine = Owner(folder=folder, new_name=lambda: next(names))
    assert mine.id == "free"
    with pytest.raises(StoreError, match="locks"):
        Owner(folder=folder, new_name=lambda: "held")
    mine.release()
    other.release()


def test_where_no_lock_can_be_made_nothing_can_be_written(public_folder: Path) -> None:
    """A read-only folder is an error of the store that names the place."""
    (public_folder / "locks").mkdir(parents=True)
    freeze(public_folder)
    with without_rights(), pytest.raises(ReadOnly, match="locks"):
        Owner(folder=public_folder)


def test_beginning_and_sweeping_at_once_never_takes_the_living_for_dead(folder: Path) -> None:
    """Many programs that start, look around and end in the same moment do not disturb each other."""
    stop = threading.Event()
    watcher = Owner(folder=folder)

    def sweep() -> None:
        while not stop.is_set():
            watcher.dead(set())

    def live_shortly() -> None:
        for _ in range(60):
            owner = Owner(folder=folder)
            assert watcher.dead({owner.id}) == set()
            owner.release()

    with ThreadPoolExecutor(max_workers=4) as threads:
        sweepers = [threads.submit(sweep) for _ in range(2)]
        lives = [threads.submit(live_shortly) for _ in range(2)]
        for life in lives:
            life.exception()
        stop.set()
        for job in (*lives, *sweepers):
            job.result()
    watcher.release()
    assert locks(folder) == set()
