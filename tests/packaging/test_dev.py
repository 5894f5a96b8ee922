import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / "packaging" / "dev.py"
SOURCES = [DEV, *sorted((ROOT / "packaging" / "tasks").glob("*.py"))]


def _dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DEV), *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize(
    "path", [DEV, *sorted((ROOT / "packaging" / "tasks").glob("*.py"))], ids=lambda path: path.name
)
def test_the_tasks_need_only_the_standard_library(path: Path) -> None:
    """dev.py starts where nothing is installed, so none of its files imports a package."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    modules += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    foreign = [name for name in modules if name.split(".")[0] not in {*sys.stdlib_module_names, "tasks"}]
    assert foreign == []


def test_help_names_every_task() -> None:
    """The help text knows each task there is."""
    result = _dev("--help")
    assert result.returncode == 0
    for task in ("run", "test", "lint", "bench", "shots", "bundle", "translate"):
        assert f"\n  {task} " in result.stdout


def test_an_unknown_task_is_wrong_use() -> None:
    """A task that does not exist is named, and the exit code says wrong use."""
    result = _dev("rnu")
    assert result.returncode == 2
    assert "'rnu'" in result.stderr
