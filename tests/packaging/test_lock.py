import re
import tomllib
from pathlib import Path

import pytest

from tasks.environment import LOCKS

ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; ([^\\]+?))? \\$")
_HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$")


def _pins(kind: str) -> dict[str, str]:
    lines = LOCKS[kind].read_text(encoding="utf-8").splitlines()
    return {match[1]: match[2] for line in lines if (match := _PIN.match(line))}


def _normal(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


@pytest.mark.parametrize("kind", ["run", "dev"])
def test_a_lock_holds_exact_versions_and_hashes_only(kind: str) -> None:
    """No line names an index, a folder or an open version: any mirror will do, and only the hashed files."""
    lines = LOCKS[kind].read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not (_PIN.match(line) or _HASH.match(line))] == []


@pytest.mark.parametrize("kind", ["run", "dev"])
def test_every_package_of_a_lock_has_a_hash(kind: str) -> None:
    """The line after each package is its first hash."""
    lines = LOCKS[kind].read_text(encoding="utf-8").splitlines()
    assert [
        line for line, after in zip(lines, [*lines[1:], ""], strict=True) if _PIN.match(line) and not _HASH.match(after)
    ] == []


def test_the_lock_holds_every_dependency() -> None:
    """What pyproject.toml asks for is locked, the tools in the developers' lock."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {_normal(name) for name in project["dependencies"]} <= set(_pins("run"))
    assert {_normal(name) for name in project["optional-dependencies"]["dev"]} <= set(_pins("dev"))


def test_people_and_tests_get_the_same_versions() -> None:
    """The developers' lock holds the program's lock, version by version."""
    dev = _pins("dev")
    assert {name: dev.get(name) for name in _pins("run")} == _pins("run")


def test_litellm_is_pinned_exactly() -> None:
    """LiteLLM is the one package whose stolen releases are known, so its version is written twice."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"litellm=={_pins('run')['litellm']}" in project["dependencies"]


def test_other_systems_are_locked_too() -> None:
    """The keychains of Linux and Windows are in the one lock, each for its own system."""
    text = LOCKS["run"].read_text(encoding="utf-8")
    assert "secretstorage==" in text
    assert re.search(r"^pywin32-ctypes==\S+ ; sys_platform == 'win32'", text, re.MULTILINE)
