"""Where services are found, and whether any is."""

from dataclasses import dataclass, field
from typing import Any

PERPLEXITY = "https://api.perplexity.ai"
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


def is_local(host: str) -> bool:
    """Whether only programs on this machine can reach the host."""
    return host in LOCAL_HOSTS or host.endswith(".localhost") or host.startswith("127.")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where questions go. The key never shows."""

    base_url: str
    chat_path: str = "/chat/completions"
    api_key: str = field(default="", repr=False)
    async_path: str = ""
    agent_path: str = "/v1/agent"

    @property
    def chat_url(self) -> str:
        """The address of chat completions."""
        return f"{self.base_url.rstrip('/')}/{self.chat_path.lstrip('/')}"

    @property
    def async_url(self) -> str:
        """The address of work that the service does by itself; by default the one beside chat completions."""
        path = self.async_path or _async_path(self.chat_path)
        return f"{self.base_url.rstrip('/')}/{path.lstrip('/')}"

    @property
    def agent_url(self) -> str:
        """The address of the Agent API."""
        base = self.base_url.rstrip("/")
        return f"{base.removesuffix('/v1')}/{self.agent_path.lstrip('/')}"

    def url_of(self, provider: str) -> str:
        """Where the provider takes questions whose answers are streamed."""
        if provider == "gateway":
            return f"{self.base_url.rstrip('/').removesuffix('/v1')}/v1/search/stream"
        return self.agent_url if provider == "agent" else self.chat_url

    def background_url_of(self, provider: str) -> str:
        """Where the provider takes questions that it works on by itself."""
        return self.async_url if provider == "sonar" else self.url_of(provider)

    @property
    def images_url(self) -> str:
        """Where an image service draws; the address may end with `/v1` or not."""
        return f"{self.base_url.rstrip('/').removesuffix('/v1')}/v1/images/generations"

    @property
    def models_url(self) -> str:
        """The list of models, which costs nothing to read."""
        base = self.base_url.rstrip("/")
        return f"{base}/models" if base.endswith("/v1") else f"{base}/v1/models"


def _async_path(chat_path: str) -> str:
    """The queue that stands beside a path of chat completions (docs/sonar.md, "Addresses and keys")."""
    path = f"/{chat_path.strip('/')}"
    return "/v1/async/sonar" if path in ("/v1/sonar", "/v1/chat/completions") else f"/async{path}"


def is_offline(settings: Any) -> bool:
    """Whether the operator's settings (those of Django, whose names these are) connect nothing that answers. The demo
    does then."""
    return not (settings.PERPLEXITY_API_KEY or settings.PERPLEXITY_BASE_URL or settings.GATEWAY_BASE_URL)
