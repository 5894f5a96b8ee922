import struct
from pathlib import Path

import pytest

from tasks import bundle


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/opt/sobremesa/sobremesa", '"/opt/sobremesa/sobremesa"'),
        ("/home/ana maría/sobremesa", '"/home/ana maría/sobremesa"'),
        ("/a$b`c/100%", '"/a\\\\$b\\\\`c/100%%"'),
    ],
)
def test_a_path_is_quoted_for_the_menu_entry(path: str, expected: str) -> None:
    """Blanks, dollars, back-quotes and percent signs in a folder's name survive the Exec key."""
    assert bundle.quoted(Path(path)) == expected


def test_the_menu_entry_and_its_icon_are_installed(tmp_path: Path) -> None:
    """The entry names the bundle and an icon that was copied beside it."""
    bundle.install(tmp_path)
    lines = (tmp_path / "applications" / "sobremesa.desktop").read_text(encoding="utf-8").splitlines()
    icon = tmp_path / "icons" / "hicolor" / "256x256" / "apps" / "sobremesa.png"
    assert f"Exec={bundle.quoted(bundle.EXECUTABLE)}" in lines
    assert f"Icon={icon}" in lines
    assert icon.read_bytes().startswith(b"\x89PNG")


def test_the_windows_icon_points_at_its_picture() -> None:
    """The directory entry of the icon holds the size and the place of the PNG."""
    icon = bundle.windows_icon(b"PNG!")
    size, offset = struct.unpack_from("<II", icon, 14)
    assert icon[offset : offset + size] == b"PNG!"


def test_the_mac_icon_counts_its_own_length() -> None:
    """The file's header and the element's header hold their lengths."""
    icon = bundle.mac_icon(b"PNG!")
    assert struct.unpack_from(">I", icon, 4)[0] == len(icon)
    assert struct.unpack_from(">I", icon, 12)[0] == len(icon) - 8
