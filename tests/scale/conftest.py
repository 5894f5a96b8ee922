"""The data folder of an old user: made once in a run by the generator of the benchmark, copied for each test.

`BENCH_SCALE=full` takes the hundred thousand sessions and the million messages of `dev.py bench` instead, which are
made in the user's cache and kept there.
"""

import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest
from PySide6.QtWidgets import QApplication

from desktop.providers.library import Library
from tests.app.person import Person
from tests.scale.old_user import OldUser

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a made database that no test may write to."""
    if os.environ.get("BENCH_SCALE") == "full":
        folder, size = Path(platformdirs.user_cache_dir("sobremesa", appauthor=False)) / "bench" / "many", []
    else:
        folder, size = tmp_path_factory.mktemp("corpus"), ["--sessions", "2000", "--messages", "20000"]
    made = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "bench" / "corpus.py"), str(folder), *size],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def old_user(corpus: Path, tmp_path: Path) -> OldUser:
    """A data folder of years of use, and what plain Python says of it."""
    folder = tmp_path / "old"
    shutil.copytree(corpus, folder)
    facts = json.loads((folder / "corpus.json").read_text(encoding="utf-8"))
    return OldUser(folder=folder, needles=facts["needles"], largest=facts["largest"])


@pytest.fixture
def person(old_user: OldUser, qapp: QApplication) -> Iterator[Person]:
    """Somebody before the real window on that folder."""
    Library.load()  # what lives while LiteLLM is loaded is never collected
    someone = Person(folder=old_user.folder).ready()
    yield someone
    someone.rest()
    someone.leave()
    del someone
    gc.collect()  # here, on Qt's thread
