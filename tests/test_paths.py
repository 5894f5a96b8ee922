import sys
from pathlib import Path

import pytest

from desktop.paths import data_dir, resource


def test_what_is_shipped_is_found_in_a_checkout() -> None:
    """Beside the package stand the manual and the translations."""
    assert resource("manual").is_dir()
    assert resource("translations", "es").is_dir()


def test_a_frozen_bundle_has_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyInstaller unpacks beside the program and says where; without resources there, the checkout's count."""
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resource("manual").is_dir()
    (tmp_path / "resources").mkdir()
    assert resource("manual") == tmp_path / "resources" / "manual"


def test_a_data_folder_that_was_chosen_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The option before the variable, the variable before the system's place; `~` is one's home."""
    monkeypatch.setenv("SOBREMESA_DATA_DIR", str(tmp_path / "variable"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert data_dir(str(tmp_path / "option")) == tmp_path / "option"
    assert data_dir() == tmp_path / "variable"
    assert data_dir("~/mine").name == "mine"
    monkeypatch.delenv("SOBREMESA_DATA_DIR")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert "sobremesa" in str(data_dir()).lower()


def test_a_relative_folder_is_fixed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever changes the current folder later does not move the data."""
    monkeypatch.chdir(tmp_path)
    assert data_dir("data") == tmp_path / "data"
