"""The system libraries that Qt's wheels expect from Linux: which are missing, and the line that installs them.

The names were read from the dynamic sections of QtCore, QtGui, QtWidgets, QtNetwork, QtDBus, QtSvg and of the xcb,
offscreen and wayland platform plugins of PySide6-Essentials 6.11.3, and tried on a bare Debian 12.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tasks.console import TaskError, say
from tasks.interpreters import Interpreter

QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libstdc++.so.6": "libstdc++6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-glx.so.0": "libxcb-glx0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libzstd.so.1": "libzstd1",
}
FONT_PACKAGE = "fonts-dejavu-core"
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


def ensure_qt() -> None:
    """Make sure that a window can be shown: install what is missing as root, else name it and stop."""
    if sys.platform != "linux":
        return
    packages = {QT_LIBRARIES[name] for name in missing_libraries(QT_LIBRARIES, library_exists)}
    if not has_font(_FONT_FOLDERS):
        packages.add(FONT_PACKAGE)
    _ensure(sorted(packages), "Qt needs system libraries that are not here")


def ensure_programs(programs: dict[str, str], why: str) -> None:
    """Make sure that programs (name to Debian package) are there: install them as root, else name them and stop."""
    if sys.platform == "linux":
        _ensure(sorted({package for name, package in programs.items() if not shutil.which(name)}), why)


def ensure_libpython() -> None:
    """Make sure that Python's shared library is there, which a bundle takes along and Debian keeps in a package."""
    name = f"libpython{sys.version_info.major}.{sys.version_info.minor}"
    debian = sys.platform == "linux" and sys.base_prefix == "/usr"
    if debian and missing_libraries([f"{name}.so.1.0"], library_exists):
        _ensure([name], "A bundle takes Python's shared library along")


def ensure_venv_module(chosen: Interpreter) -> None:
    """Make sure that Python can make a virtual environment: Debian keeps that part in a package of its own."""
    able = subprocess.call([chosen.executable, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL) == 0
    if not able and sys.platform == "linux":
        short = ".".join(chosen.version.split(".")[:2])
        _ensure([f"python{short}-venv"], f"Python {short} cannot make a virtual environment here")


def missing_libraries(names: Iterable[str], exists: Callable[[str], bool]) -> list[str]:
    """Return those of the shared libraries that `exists` does not find."""
    return [name for name in names if not exists(name)]


def library_exists(name: str) -> bool:
    """Tell whether a program could load a shared library: a look at the usual folders, else the loader's own word."""
    if any((folder / name).exists() for folder in _library_folders()):
        return True
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _library_folders() -> list[Path]:
    multiarch = sysconfig.get_config_var("MULTIARCH") or "none"
    return [Path("/usr/lib") / multiarch, Path("/lib") / multiarch, Path("/usr/lib64"), Path("/usr/lib")]


def has_font(folders: Iterable[str]) -> bool:
    """Tell whether there is any font: without one Qt paints boxes."""
    for folder in folders:
        for _, _, files in os.walk(Path(folder).expanduser()):
            if any(name.lower().endswith((".ttf", ".otf", ".ttc", ".pfb")) for name in files):
                return True
    return False


def install_line(packages: Sequence[str]) -> str:
    """Return the line that a person on Debian or Ubuntu types."""
    return f"sudo apt-get update && sudo apt-get install --no-install-recommends {' '.join(packages)}"


def _ensure(packages: Sequence[str], why: str) -> None:
    if not packages:
        return
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        other = "" if apt else "\nOn another system look for the packages that bring the same libraries."
        raise TaskError(f"{why}. On Debian or Ubuntu install them with:\n\n    {install_line(packages)}\n{other}")
    say(f"{why}; installing {', '.join(packages)} …")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in ([apt, "update", "-qq"], install):
        result = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, check=False
        )
        if result.returncode != 0:
            raise TaskError(f"{' '.join(command[1:])} failed:\n{result.stdout.strip()[-2000:]}")
