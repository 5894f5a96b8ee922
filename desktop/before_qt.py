"""What the window's start imports and what needs no Qt, imported before it.

PySide6 looks into the source of every module that is imported after it, which costs a start 15 ms.
"""

import argparse
import asyncio
import json
import logging

from desktop.domain import explanations, messages, models, runs, sessions, settings
from desktop.services import engine, options

__all__ = ["argparse", "asyncio", "engine", "explanations", "json", "logging", "messages", "models", "options", "runs"]
__all__ += ["sessions", "settings"]
