"""The application that needs no Python: one folder made by PyInstaller, with an icon and a menu entry for Linux."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

from tasks import environment, system
from tasks.console import BUILD, ROOT, TaskError, run, say

FOLDER = ROOT / "dist" / "sobremesa"
EXECUTABLE = FOLDER / ("sobremesa.exe" if sys.platform == "win32" else "sobremesa")
_TEMPLATE = ROOT / "packaging" / "sobremesa.desktop"
_ICON = ROOT / "resources" / "icons" / "sobremesa.png"


def make(options: list[str]) -> int:
    """Build dist/sobremesa, and with --install add it to the desktop's menu."""
    if set(options) - {"--install"}:
        raise TaskError(f"bundle knows only --install, not {' '.join(options)}.")
    if "--install" in options and sys.platform != "linux":
        raise TaskError(
            "--install writes a menu entry, which only Linux has; elsewhere move dist/sobremesa to its place."
        )
    system.ensure_qt()
    system.ensure_programs({"objdump": "binutils"}, "PyInstaller reads libraries with a program that is not here")
    system.ensure_libpython()
    python = environment.ensure("dev")
    BUILD.mkdir(exist_ok=True)
    image = _ICON.read_bytes()
    (BUILD / "icon.ico").write_bytes(windows_icon(image))
    (BUILD / "icon.icns").write_bytes(mac_icon(image))
    say("Bundling (two to four minutes) …")
    command: list[str | Path] = [
        python,
        "-m",
        "PyInstaller",
        "--noconfirm",
        "--log-level",
        "WARN",
        "--distpath",
        ROOT / "dist",
    ]
    command += ["--workpath", BUILD / "pyinstaller", ROOT / "packaging" / "sobremesa.spec"]
    if run(command) != 0:
        raise TaskError("PyInstaller failed; its words are above.")
    if sys.platform == "linux":
        shutil.copy(_ICON, FOLDER / "sobremesa.png")
        _write_entry(FOLDER / "sobremesa.desktop", FOLDER / "sobremesa.png")
    size = sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file() and not path.is_symlink())
    say(f"{EXECUTABLE}: {size / 1e6:.0f} MB in its folder. Start it with a double-click.")
    if "--install" in options:
        install(Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"))
    return 0


def install(share: Path) -> None:
    """Write the menu entry and the icon below a share folder such as ~/.local/share."""
    icon = share / "icons" / "hicolor" / "256x256" / "apps" / "sobremesa.png"
    entry = share / "applications" / "sobremesa.desktop"
    icon.parent.mkdir(parents=True, exist_ok=True)
    entry.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(_ICON, icon)
    _write_entry(entry, icon)
    refresh = shutil.which("update-desktop-database")
    if refresh:
        subprocess.call([refresh, str(entry.parent)], stderr=subprocess.DEVNULL)
    say(f"In the menu now: {entry}")


def quoted(path: Path) -> str:
    """Return a path as the Exec key wants it (Desktop Entry Specification, "The Exec key")."""
    text = str(path)
    for character in ("\\", '"', "`", "$"):
        text = text.replace(character, "\\" + character)
    return '"' + text.replace("\\", "\\\\").replace("%", "%%") + '"'


def _write_entry(path: Path, icon: Path) -> None:
    text = _TEMPLATE.read_text(encoding="utf-8")
    text = text.replace("{executable}", quoted(EXECUTABLE)).replace("{icon}", str(icon))
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def windows_icon(png: bytes) -> bytes:
    """Wrap a PNG of 256 pixels as a Windows icon: one directory entry, then the PNG itself."""
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 0, 0, 0, 0, 1, 32, len(png), 22) + png


def mac_icon(png: bytes) -> bytes:
    """Wrap a PNG of 256 pixels as a macOS icon: the file's header, then one element of type ic08."""
    return b"icns" + struct.pack(">I", 16 + len(png)) + b"ic08" + struct.pack(">I", 8 + len(png)) + png
