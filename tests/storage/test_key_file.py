import stat
from pathlib import Path

import pytest

from desktop.domain.faults import KeyFileUnsafe, StoreError
from desktop.domain.models import Secret
from desktop.storage.key_file import KeyFile
from tests.storage.places import without_rights

CANARY = "sk-canary-4711"


@pytest.fixture
def file(folder: Path) -> KeyFile:
    return KeyFile(folder=folder)


def test_a_key_comes_back(file: KeyFile, folder: Path) -> None:
    """What is kept is there for the next run, until it is deleted; the last one takes the file with it."""
    assert file.get("a") is None
    file.set("a", Secret(CANARY))
    file.set("b", Secret("other ü \ud800"))
    assert KeyFile(folder=folder).get("a") == Secret(CANARY)
    assert file.delete("a")
    assert not file.delete("a")
    assert (file.get("a"), file.get("b")) == (None, Secret("other ü \ud800"))
    file.delete("b")
    assert not file.path.exists()


def test_the_file_belongs_to_its_owner_alone(file: KeyFile) -> None:
    """Nobody else on the computer can read it."""
    file.set("a", Secret(CANARY))
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_file_that_others_can_use_is_refused(file: KeyFile, mode: int) -> None:
    """Wrong permissions mean that the keys may be known or exchanged: they are neither used nor extended."""
    file.set("a", Secret(CANARY))
    file.path.chmod(mode)
    for use in (lambda: file.get("a"), lambda: file.set("b", Secret("x")), lambda: file.delete("a")):
        with pytest.raises(KeyFileUnsafe, match="chmod 600"):
            use()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b"\xff\xfe", b'{"a": "' + CANARY.encode()])
def test_a_broken_file_is_refused_and_not_quoted(file: KeyFile, content: bytes) -> None:
    """What cannot be understood is left as it is, and no part of it stands in the error."""
    file.set("a", Secret(CANARY))
    file.path.write_bytes(content)
    with pytest.raises(KeyFileUnsafe) as caught:
        file.set("b", Secret("x"))
    assert CANARY not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert file.path.read_bytes() == content


def test_a_file_that_may_not_be_read_is_an_error(public_folder: Path) -> None:
    """A key file of somebody else is named."""
    file = KeyFile(folder=public_folder)
    file.set("a", Secret(CANARY))
    public_folder.chmod(0o755)
    file.path.chmod(0o000)
    with without_rights(), pytest.raises(StoreError, match=r"keys\.json"):
        file.get("a")
