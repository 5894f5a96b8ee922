import sys
from pathlib import Path

import pytest

from tasks import system


def test_only_libraries_that_are_not_found_are_missing() -> None:
    """What the loader knows is not asked for."""
    names = ["libEGL.so.1", "libxcb-cursor.so.0"]
    assert system.missing_libraries(names, lambda name: name == "libEGL.so.1") == ["libxcb-cursor.so.0"]


def test_every_library_of_qt_has_a_package() -> None:
    """Each library that Qt's plugins name can be installed by the package beside it."""
    assert all(name.startswith("lib") and ".so." in name for name in system.QT_LIBRARIES)
    assert all(package.startswith("lib") for package in system.QT_LIBRARIES.values())


@pytest.mark.skipif(sys.platform != "linux", reason="shared libraries are found this way on Linux only")
def test_the_c_library_exists_and_an_invented_one_does_not() -> None:
    """The look at the folders and the loader agree with what is there."""
    assert system.library_exists("libc.so.6")
    assert not system.library_exists("libsobremesa-invented.so.9")


def test_the_install_line_names_every_package() -> None:
    """The line can be copied into a terminal as it is."""
    line = system.install_line(["libegl1", "libgl1"])
    assert line == "sudo apt-get update && sudo apt-get install --no-install-recommends libegl1 libgl1"


def test_a_font_is_found_in_a_folder_below(tmp_path: Path) -> None:
    """One font file anywhere below the folders is enough."""
    (tmp_path / "truetype" / "dejavu").mkdir(parents=True)
    (tmp_path / "truetype" / "README").touch()
    assert not system.has_font([str(tmp_path)])
    (tmp_path / "truetype" / "dejavu" / "DejaVuSans.ttf").touch()
    assert system.has_font([str(tmp_path)])
