"""The providers that people ask for by name: who they are, where their keys come from, where their models are listed.

LiteLLM knows a hundred more; `Catalogue` adds those from its own table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.domain.models import ProviderOffer


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProvider:
    """An offer, and the base URL at which `/models` answers where LiteLLM is given none."""

    offer: ProviderOffer
    listing_base: str = ""


def _known(
    kind: str, name: str, variables: tuple[str, ...], console: str, listing: str = "", *, needs_base: bool = False
) -> KnownProvider:
    offer = ProviderOffer(kind=kind, name=name, key_variables=variables, needs_base=needs_base, console_url=console)
    return KnownProvider(offer=offer, listing_base=listing)


ANTHROPIC_BASE = "https://api.anthropic.com"
GEMINI_BASE = "https://generativelanguage.googleapis.com/v1beta"

KNOWN: tuple[KnownProvider, ...] = (
    _known(
        "openai",
        "OpenAI",
        ("OPENAI_API_KEY",),
        "https://platform.openai.com/api-keys",
        "https://api.openai.com/v1",
    ),
    _known(
        "anthropic",
        "Anthropic",
        ("ANTHROPIC_API_KEY",),
        "https://console.anthropic.com/settings/keys",
        ANTHROPIC_BASE,
    ),
    _known(
        "gemini",
        "Google Gemini",
        ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
        "https://aistudio.google.com/app/apikey",
        GEMINI_BASE,
    ),
    _known(
        "mistral",
        "Mistral",
        ("MISTRAL_API_KEY",),
        "https://console.mistral.ai/api-keys",
        "https://api.mistral.ai/v1",
    ),
    _known(
        "openrouter",
        "OpenRouter",
        ("OPENROUTER_API_KEY",),
        "https://openrouter.ai/settings/keys",
        "https://openrouter.ai/api/v1",
    ),
    _known(
        "groq",
        "Groq",
        ("GROQ_API_KEY",),
        "https://console.groq.com/keys",
        "https://api.groq.com/openai/v1",
    ),
    _known(
        "deepseek",
        "DeepSeek",
        ("DEEPSEEK_API_KEY",),
        "https://platform.deepseek.com/api_keys",
        "https://api.deepseek.com",
    ),
    _known("xai", "xAI", ("XAI_API_KEY",), "https://console.x.ai", "https://api.x.ai/v1"),
    _known(
        "together_ai",
        "Together AI",
        ("TOGETHERAI_API_KEY", "TOGETHER_API_KEY"),
        "https://api.together.ai/settings/api-keys",
        "https://api.together.xyz/v1",
    ),
    _known(
        "fireworks_ai",
        "Fireworks AI",
        ("FIREWORKS_AI_API_KEY", "FIREWORKS_API_KEY"),
        "https://app.fireworks.ai/settings/users/api-keys",
        "https://api.fireworks.ai/inference/v1",
    ),
    _known(
        "cerebras",
        "Cerebras",
        ("CEREBRAS_API_KEY",),
        "https://cloud.cerebras.ai",
        "https://api.cerebras.ai/v1",
    ),
    _known("cohere_chat", "Cohere", ("COHERE_API_KEY",), "https://dashboard.cohere.com/api-keys"),
    _known(
        "perplexity",
        "Perplexity",
        ("PERPLEXITYAI_API_KEY", "PERPLEXITY_API_KEY"),
        "https://www.perplexity.ai/settings/api",
    ),
    _known(
        "nvidia_nim",
        "NVIDIA NIM",
        ("NVIDIA_NIM_API_KEY",),
        "https://build.nvidia.com",
        "https://integrate.api.nvidia.com/v1",
    ),
    _known(
        "moonshot",
        "Moonshot",
        ("MOONSHOT_API_KEY",),
        "https://platform.moonshot.ai/console/api-keys",
        "https://api.moonshot.ai/v1",
    ),
    _known("zai", "Z.AI", ("ZAI_API_KEY",), "https://z.ai/manage-apikey/apikey-list"),
    _known("huggingface", "Hugging Face", ("HF_TOKEN",), "https://huggingface.co/settings/tokens"),
    _known("github", "GitHub Models", ("GITHUB_API_KEY",), "https://github.com/settings/tokens"),
    _known("azure", "Azure OpenAI", ("AZURE_API_KEY",), "https://portal.azure.com", needs_base=True),
    _known("bedrock", "AWS Bedrock", (), "https://console.aws.amazon.com/bedrock"),
    _known("vertex_ai", "Google Vertex AI", (), "https://console.cloud.google.com/vertex-ai"),
    _known("ollama", "Ollama", (), "https://ollama.com/download"),
    _known("lm_studio", "LM Studio", (), "https://lmstudio.ai"),
    _known("hosted_vllm", "vLLM", (), "https://docs.vllm.ai", needs_base=True),
)

_GENERAL: dict[str, tuple[str, ...]] = {
    "openai": ("gpt-5", "gpt-4.1", "gpt-4o", "gpt-"),
    "anthropic": ("claude-sonnet", "claude-"),
    "gemini": ("gemini-2.5-flash", "gemini-"),
    "mistral": ("mistral-medium-latest", "mistral-large-latest", "mistral-"),
    "groq": ("llama-3.3", "llama"),
    "deepseek": ("deepseek-chat",),
    "xai": ("grok-4", "grok-"),
    "openrouter": ("openrouter/auto",),
}
"""How the names of a provider's models for everyday talk begin, the best first: its list is in the alphabet's order."""


def first_choice(kind: str, models: Sequence[str]) -> str:
    """Return the model that a new session begins with: one for everyday talk where such is known, else the first.

    Of several with the same beginning the shortest name is taken, which is the one without a date, and of these the
    newest, which sorts last.
    """
    for start in _GENERAL.get(kind, ()):
        if found := [name for name in models if name.startswith(start)]:
            shortest = min(map(len, found))
            return max(name for name in found if len(name) == shortest)
    return models[0] if models else ""
