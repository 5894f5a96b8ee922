import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the names of the files in a wheel built from this tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        return wheel.namelist()


@pytest.mark.parametrize("name", ["icons/sobremesa.svg", "translations/es/LC_MESSAGES/sobremesa.mo"])
def test_the_wheel_holds_the_resources(names: list[str], name: str) -> None:
    """What the program reads at run time travels with it, where desktop/paths.py looks."""
    assert f"desktop/resources/{name}" in names


def test_the_wheel_holds_the_manual(names: list[str]) -> None:
    """The guide can answer from an installed wheel."""
    assert any(name.startswith("desktop/resources/manual/en/") for name in names)


def test_the_wheel_holds_nothing_of_the_workshop(names: list[str]) -> None:
    """Tests and tools stay in the repository."""
    assert [name for name in names if name.split("/")[0] in {"tests", "packaging"}] == []
