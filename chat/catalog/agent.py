"""The Agent API as conversations know it: the models that it lists, and what they cost today."""

from functools import cache

from django.conf import settings

from chat.catalog import providers
from upstream.catalog import agent_models
from upstream.catalog.agent_models import AgentModels
from upstream.endpoints import PERPLEXITY
from upstream.model_list import ModelList

PROVIDER = "agent"
FRESH_FOR = 3600.0  # seconds


@cache
def agent_model_list() -> ModelList[AgentModels]:
    """The list of models, shared by all processes on this data folder."""
    return ModelList(
        settings.DATA_DIR / "cache" / "agent-models.json",
        base_url=settings.PERPLEXITY_BASE_URL or PERPLEXITY,
        known=agent_models.KNOWN,
        parse=agent_models.models_in,
        service="The Agent API",
        fresh_for=FRESH_FOR,
    )


def listed_models() -> AgentModels:
    """What the Agent API listed last, with prices; before it was ever asked, what it is known to have."""
    return agent_model_list().current() if has_a_list() else agent_models.KNOWN


def has_a_list() -> bool:
    """Whether there is a service to be asked for its list. The demo stands for the one that is known."""
    return PROVIDER in providers.providers() and not providers.is_demo()
