"""The bridges that presenters stand on."""

from tests.desk import bridge, idle_bridge

__all__ = ["bridge", "idle_bridge"]
