from pathlib import Path

import pytest

from desktop.domain.faults import ReadOnly
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


def test_where_no_lock_can_be_made_nothing_can_be_written(public_folder: Path) -> None:
    """A read-only folder is an error of the store that names the place."""
    (public_folder / "locks").mkdir(parents=True)
    freeze(public_folder)
    with without_rights(), pytest.raises(ReadOnly, match="locks"):
        Owner(folder=public_folder)
