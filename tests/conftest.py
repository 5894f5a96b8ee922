"""What every test stands on: no display, no keychain, no provider keys, English, and nothing left behind."""

import gc
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

# Before anything imports Qt, keyring or LiteLLM. A real display can be chosen: QT_QPA_PLATFORM=xcb.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_MODE"] = "PRODUCTION"
os.environ["LANGUAGE"] = "en"
os.environ.pop("PYTHONUNBUFFERED", None)  # it hides what is written at the end of a process
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "localhost,127.0.0.1,::1"
for _name in [name for name in os.environ if name.startswith("SOBREMESA_") or name.endswith(("_API_KEY", "_API_BASE"))]:
    del os.environ[_name]

_JOIN_S = 3.0
PATIENCE_MS = 30_000
"""How long a condition is waited for. No test is about time: on a busy machine five seconds are nothing."""

for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals, QtBot.waitExposed, QtBot.waitActive):
    assert _wait.__kwdefaults__ is not None
    _wait.__kwdefaults__["timeout"] = PATIENCE_MS


def _foreign_threads() -> set[threading.Thread]:
    """Return LiteLLM's own pool, which lives as long as the process."""
    pool: Any = sys.modules.get("litellm.litellm_core_utils.thread_pool_executor")
    return set(pool.executor._threads) if pool else set()


def _top_level_widgets() -> list[Any]:
    widgets: Any = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    core: Any = sys.modules["PySide6.QtCore"]
    widgets.QApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    return [
        w for w in widgets.QApplication.topLevelWidgets() if w.parent() is None and w.objectName() != "qtooltip_label"
    ]


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail the test that leaves a thread or a top-level widget."""
    threads = set(threading.enumerate())
    widgets = {id(widget) for widget in _top_level_widgets()}
    yield
    left = [w for w in _top_level_widgets() if id(w) not in widgets]
    if left:
        del left
        gc.collect()
        left = [w for w in _top_level_widgets() if id(w) not in widgets]
    names = [f"{type(w).__name__} {w.objectName()!r}" for w in left]
    assert not names, f"top-level widgets left: {names}"
    for thread in set(threading.enumerate()) - threads - _foreign_threads():
        thread.join(_JOIN_S)
        assert not thread.is_alive(), f"thread left running: {thread.name}"


@pytest.fixture(autouse=True)
def _collected_on_this_thread() -> Iterator[None]:
    """Collect garbage here only, as the program does: a Qt object that ends on another thread takes Qt down with it."""
    gc.disable()
    yield
    young, middle, old = gc.get_count()
    if old > 10:
        gc.collect()
    elif young > 700 or middle > 10:
        gc.collect(1)


@pytest.fixture(autouse=True, scope="session")
def _nothing_in_the_clipboard() -> Iterator[None]:
    """Empty the clipboard at the end: the offscreen platform frees it after Python is gone, and crashes on a QMimeData
    made in Python (PySide6 6.11.3; other platforms free it in time).
    """
    yield
    gui: Any = sys.modules.get("PySide6.QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        gui.QGuiApplication.clipboard().clear()
