"""How a model is asked not to think first: for small questions, where thinking costs more than the answer.

By LiteLLM's `reasoning_effort`, which it maps to each provider's own form; where leaving it out already means no
thinking (Anthropic, most models of OpenAI), nothing is sent.
https://docs.litellm.ai/docs/reasoning_content
"""

from collections.abc import Mapping
from typing import Any

from desktop.domain.models import ModelSpec

_GOOGLE = frozenset({"gemini", "vertex_ai"})


def without_thinking(model: ModelSpec) -> Mapping[str, Any]:
    """Return what to send beside a request so that the model answers at once, as far as it can."""
    name = model.name.rpartition("/")[2]
    if model.kind in _GOOGLE:
        # Gemini's Pro models always think; the least they take is "low".
        return {"reasoning_effort": "low" if "-pro" in name else "disable"}
    if model.kind == "openai" and not model.api_base:
        if name.startswith("gpt-5"):
            return {"reasoning_effort": "minimal"}
        if name[:1] == "o" and name[1:2].isdigit():
            return {"reasoning_effort": "low"}
    return {}
