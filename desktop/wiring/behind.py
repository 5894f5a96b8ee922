"""What is built behind the first paint and belongs to the whole window: the prompts, and the keys that were changed.

Imports stand in the functions: `load_behind` runs beside the window's thread, and `connect_behind` finds them loaded.
"""

from desktop.presenters.bridge import Bridge
from desktop.ui.window import MainWindow


def load_behind() -> None:
    """Load the code."""
    from desktop.wiring import prompts

    del prompts


def connect_behind(*, bridge: Bridge, window: MainWindow) -> None:
    """Build it on the window's thread."""
    from desktop.wiring.prompts import Prompts

    Prompts(bridge=bridge, window=window)
