"""What LiteLLM's wheel brings along as plain files, read without importing it: tables of tokens, prices, providers."""

import importlib.metadata
import importlib.util
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_PRICES = "model_prices_and_context_window_backup.json"
_PROVIDERS = "provider_endpoints_support_backup.json"
PRICE_DATES = {"1.106.2": "2026-10-21"}
"""When the wheel with the table was built, as its entries say; a new pin adds its own."""


def folder() -> Path | None:
    """Return where LiteLLM is installed."""
    try:
        spec = importlib.util.find_spec("litellm")
    except ValueError:
        return None
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None


def tokenizer_folder() -> Path | None:
    """Return the folder of tiktoken's tables."""
    place = folder()
    tables = place / "litellm_core_utils" / "tokenizers" if place else None
    return tables if tables and tables.is_dir() else None


def price_date() -> str:
    """Return the day of LiteLLM's table of prices (`YYYY-MM-DD`), nothing for a release that is not listed here."""
    try:
        return PRICE_DATES.get(importlib.metadata.version("litellm"), "")
    except importlib.metadata.PackageNotFoundError:  # a bundle without its metadata
        return ""


def model_table() -> Mapping[str, Mapping[str, Any]]:
    """Return what is known of each model, by LiteLLM's name of it; reading it takes 20 ms where LiteLLM has not yet."""
    loaded = getattr(sys.modules.get("litellm"), "model_cost", None)
    return loaded if isinstance(loaded, dict) and loaded else _read(_PRICES)


def provider_table() -> Mapping[str, Mapping[str, Any]]:
    """Return what is known of each provider, by LiteLLM's name of it."""
    found = _read(_PROVIDERS).get("providers", {})
    return found if isinstance(found, dict) else {}


def _read(name: str) -> dict[str, Any]:
    place = folder()
    try:
        found = json.loads((place / name).read_bytes()) if place else {}
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
