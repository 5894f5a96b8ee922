"""Bridges for tests of what connects the window to the services."""

from tests.desk import bridge, idle_bridge

__all__ = ["bridge", "idle_bridge"]
