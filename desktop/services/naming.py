"""How a model that is named together with a base URL is asked.

What stands before the first slash may be a provider that LiteLLM knows, or part of the server's own name for the model
(`mistral/mistral-7b` on a server of one's own). A server is taken to speak OpenAI's form and to know the whole name,
unless the part before the slash says how it is spoken to: `openai`, the local servers, and those with a form of their
own. A provider whose name is in the host (`mistral` at api.mistral.ai) is that provider.
"""

from urllib.parse import urlsplit

from desktop.domain.models import split_address
from desktop.providers.addresses import LOCAL_BASES

OPENAI = "openai"

_SAYS_HOW = frozenset({OPENAI, *LOCAL_BASES, "openai_like", "custom_openai", "litellm_proxy"}) | {
    "anthropic",
    "azure",
    "azure_ai",
    "bedrock",
    "cohere",
    "cohere_chat",
    "databricks",
    "gemini",
    "huggingface",
    "replicate",
    "sagemaker",
    "sagemaker_chat",
    "triton",
    "vertex_ai",
    "watsonx",
}


def kind_and_name(model: str, api_base: str) -> tuple[str, str]:
    """Return the kind of server at `api_base` and the name it knows `model` by."""
    kind, name = split_address(model)
    if kind in _SAYS_HOW or (kind and kind in _host(api_base).split(".")):
        return kind, name
    return OPENAI, model


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
