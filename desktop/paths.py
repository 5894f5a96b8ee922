"""Where the program's own files and the user's data are, in a checkout, a wheel and a frozen bundle."""

import os
import sys
from pathlib import Path

APP_NAME = "Sobremesa"


def resource(*parts: str) -> Path:
    """Return the path of a shipped file below `resources/`."""
    frozen = getattr(sys, "_MEIPASS", None)
    here = Path(__file__).resolve().parent
    for root in (Path(frozen) if frozen else None, here.parent, here):
        if root is not None and (root / "resources").is_dir():
            return root.joinpath("resources", *parts)
    return here.parent.joinpath("resources", *parts)


def data_dir(chosen: str | None = None, *, demo: bool = False) -> Path:
    """Return the data folder: `chosen`, else `SOBREMESA_DATA_DIR`, else the system's place for user data.

    The demo has a folder of its own inside it, so that it never meets anybody's conversations.
    """
    return _data_dir(chosen) / "demo" if demo else _data_dir(chosen)


def _data_dir(chosen: str | None) -> Path:
    wished = chosen or os.environ.get("SOBREMESA_DATA_DIR")
    if wished:
        return Path(wished).expanduser().resolve()
    import platformdirs  # only when needed: two milliseconds of a start that a person waits for

    return Path(platformdirs.user_data_dir(APP_NAME.lower(), appauthor=False, roaming=False))
