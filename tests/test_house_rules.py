"""The habits of this code base, held by tests, so that nobody has to remember them in a review."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MAX_LINES = 400

# Where anything may arrive and must be caught, once each (style.md, habit 7).
BROAD_EXCEPT_EDGES = {
    "desktop/services/runs.py": "the provider's stream",
    "desktop/providers/litellm_provider.py": "the provider's stream, where a library raises whatever it likes",
    "desktop/storage/keychain.py": "keychain back ends raise whatever their system raises",
    "desktop/app.py": "the excepthook or the shutdown",
}
NESTED_LOOPS = {"exec", "exec_", "getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory"}
NESTED_LOOPS |= {"getText", "getItem", "getInt", "getDouble", "getColor", "getFont", "processEvents"}
MESSAGE_BOXES = {"question", "information", "warning", "critical", "about"}
DOMAIN_NEVER = {"asyncio", "multiprocessing", "os", "pathlib", "shutil", "socket", "sqlite3", "subprocess", "threading"}
# linkify_it finds addresses for markdown-it, which has no finder of its own.
DOMAIN_MAY = ({"desktop", "linkify_it", "markdown_it", "mdit_py_plugins"} | set(sys.stdlib_module_names)) - DOMAIN_NEVER
MOCKS = {"MagicMock", "Mock", "AsyncMock", "patch", "mocker"}

_BLOCK_QT = """
import importlib, pkgutil, sys
class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"PySide6", "shiboken6", "qasync"}:
            raise ImportError(name + " is not there")
sys.meta_path.insert(0, Nothing())
for layer in ("domain", "storage", "providers", "services"):
    package = importlib.import_module("desktop." + layer)
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
"""


def _sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _calls(path: Path) -> Iterator[tuple[str, ast.Call, ast.Attribute]]:
    """Yield each call of an attribute, with its place."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield f"{_name(path)}:{node.lineno}", node, node.func


def _owner(attribute: ast.Attribute) -> str:
    value = attribute.value
    return value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""


def _names(expression: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}


def _python(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)


def test_no_file_is_longer_than_a_sitting() -> None:
    """A file above 400 lines holds more than one idea."""
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _sources("desktop", "tests")}
    lengths |= {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in _sources("packaging")}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_every_module_says_why_it_exists() -> None:
    """A module opens with a docstring."""
    assert [_name(path) for path in _sources("desktop", "packaging") if not ast.get_docstring(_tree(path))] == []


def test_every_test_says_what_it_asks() -> None:
    """A test opens with the sentence it proves."""
    silent = [
        f"{_name(path)}:{node.lineno} {node.name}"
        for path in _sources("tests")
        for node in ast.walk(_tree(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and path.name.startswith("test_")
        and node.name.startswith("test_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_no_event_loop_runs_inside_another() -> None:
    """A nested loop freezes every coroutine: dialogs use open() and a signal."""
    nested = [
        place
        for path in _sources("desktop")
        for place, _call, function in _calls(path)
        if function.attr in NESTED_LOOPS or (_owner(function) == "QMessageBox" and function.attr in MESSAGE_BOXES)
    ]
    assert nested == []


def test_broad_excepts_stand_at_the_edges_only() -> None:
    """Catching everything, and keeping it, happens once at each of the named edges."""
    broad = [
        _name(path)
        for path in _sources("desktop")
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or {"Exception", "BaseException"} & _names(node.type))
        and not (isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None)
    ]
    assert [name for name in broad if name not in BROAD_EXCEPT_EDGES or broad.count(name) > 1] == []


def test_the_domain_uses_the_standard_library_and_markdown() -> None:
    """Values and pure functions need no other package, no file, no clock thread and no socket."""
    foreign = [
        f"{_name(path)}: {name}"
        for path in _sources("desktop/domain")
        for name in _imports(path)
        if name.split(".")[0] not in DOMAIN_MAY
    ]
    assert foreign == []


def test_presenters_know_no_widgets() -> None:
    """A presenter can be shown by another view, or by none."""
    wrong = [_name(path) for path in _sources("desktop/presenters") for name in _imports(path) if "QtWidgets" in name]
    assert wrong == []


def test_the_core_loads_without_qt() -> None:
    """Domain, storage, providers and services import where PySide6 is not installed."""
    result = _python(_BLOCK_QT)
    assert result.returncode == 0, result.stderr


def test_the_window_does_not_wait_for_litellm() -> None:
    """Importing the composition root leaves LiteLLM, and the seconds it takes, for later."""
    result = _python(
        "import sys, desktop.app; print([n for n in ('litellm', 'openai', 'tiktoken') if n in sys.modules])"
    )
    assert result.stdout.strip() == "[]", result.stderr


def test_void_calls_of_qt_keep_the_references_to_none() -> None:
    """A thousand calls that return nothing leave the count of None alone (PYSIDE-3474 loses one each)."""
    code = (
        "import sys; from PySide6.QtCore import QObject; thing = QObject(); before = sys.getrefcount(None)\n"
        "for _ in range(1000): thing.setObjectName('x')\n"
        "print(abs(sys.getrefcount(None) - before) < 100)"
    )
    assert _python(code).stdout.strip() == "True"


def test_the_layers_hold() -> None:
    """import-linter finds every contract of pyproject.toml kept."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stdout[-3000:]


def test_tests_do_not_sleep() -> None:
    """A test waits for what it wants, never for a while."""
    sleeping = [
        place
        for path in _sources("tests")
        for place, _call, function in _calls(path)
        if (_owner(function), function.attr) in {("time", "sleep"), ("qtbot", "wait"), ("QTest", "qWait")}
    ]
    assert sleeping == []


def test_tests_use_the_real_parts() -> None:
    """Nothing of ours is mocked or patched: there is a scripted provider, and constructors take what they use."""
    mocked = [_name(path) for path in _sources("tests") for name in _imports(path) if name.split(".")[-1] in MOCKS]
    patched = [
        place
        for path in _sources("tests")
        for place, call, function in _calls(path)
        if _owner(function) == "monkeypatch" and function.attr in {"setattr", "delattr"} and _is_ours(call.args[0])
    ]
    assert mocked + patched == []


def _is_ours(target: ast.expr) -> bool:
    text = target.value if isinstance(target, ast.Constant) else ast.unparse(target)
    return str(text).startswith("desktop")


@pytest.mark.parametrize("folder", ["desktop", "packaging"])
def test_no_host_of_a_mirror_is_named(folder: str) -> None:
    """Where packages come from is the business of each machine."""
    files = [path for path in (ROOT / folder).rglob("*") if path.suffix in {".py", ".txt", ".toml", ".md", ".spec"}]
    named = [_name(path) for path in files if "--index-url" in path.read_text(encoding="utf-8")]
    assert named == []
