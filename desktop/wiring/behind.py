"""What is built behind the first paint and belongs to the whole window: the prompts, and the keys that were changed.

Imports stand in the functions: `load_behind` runs beside the window's thread, and `connect_behind` finds them loaded.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.presenters.bridge import Bridge
from desktop.presenters.chat import ChatPresenter
from desktop.presenters.models import ModelsPresenter
from desktop.ui.picker.button import ModelPicker
from desktop.ui.theme import ThemeControl
from desktop.ui.window import MainWindow
from desktop.wiring.on_demand import OnDemand

if TYPE_CHECKING:
    from desktop.wiring.finding import Finding


def load_behind() -> None:
    """Load the code."""
    from desktop.ui.palette import palette as palette_view
    from desktop.wiring import palette, preparing, prompts, shortcuts

    del palette, palette_view, preparing, prompts, shortcuts


def connect_behind(
    *,
    bridge: Bridge,
    window: MainWindow,
    chat: ChatPresenter,
    demand: OnDemand,
    models: ModelsPresenter,
    picker: ModelPicker,
    theme: ThemeControl,
    finding: "Finding",
    now_ms: Callable[[], int],
) -> None:
    """Build it on the window's thread."""
    from desktop.wiring.palette import PaletteOpening
    from desktop.wiring.preparing import tell_of_preparing
    from desktop.wiring.prompts import Prompts
    from desktop.wiring.shortcuts import load_shortcuts

    # A database that does not open has a page of its own.
    bridge.start_task(tell_of_preparing(bridge=bridge, banner=window.banner), on_error=lambda _error: None)
    load_shortcuts(bridge=bridge, window=window)
    Prompts(bridge=bridge, window=window)
    PaletteOpening(
        bridge=bridge,
        window=window,
        chat=chat,
        demand=demand,
        models=models,
        picker=picker,
        theme=theme,
        finding=finding,
        now_ms=now_ms,
    )
