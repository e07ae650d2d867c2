"""The models that there are by the operator's settings, of all services that can be asked. Asks no database."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from django.conf import settings

from chat.catalog import agent, gateway, providers
from upstream.catalog.models import Model, agent_model, model_named, model_with_id, models_of

ADDED = "+"  # begins a name in PERPLEXITY_MODELS that is offered besides all others


def available_models() -> list[Model]:
    """Every model, by the operator's list or by what is known of the services. The demo has models of its own."""
    found = _perplexitys_models(_own_providers())
    return [*found, *(gateway.models_through_gateway() if providers.GATEWAY in providers.providers() else [])]


def is_known(name: str) -> bool:
    """Whether there is a model of that id."""
    return any(model.id == name for model in available_models())


def is_narrowed() -> bool:
    """Whether the operator has named the models that are offered, the first choice first."""
    return any(not name.startswith(ADDED) for name in _named_models())


def names_in_vain() -> list[str]:
    """What stands in PERPLEXITY_MODELS and is the name of nothing: patterns that no model answers to."""
    ids = [model.id for provider in _own_providers() for model in _models_of(provider)]
    patterns = [name.removeprefix(ADDED) for name in _named_models() if "*" in name]
    return [pattern for pattern in patterns if not any(_answers_to(pattern, id) for id in ids)]


def _own_providers() -> list[str]:
    """Perplexity's own services, the Agent API first: it is what a key of Perplexity's gives."""
    found = [provider for provider in providers.providers() if provider != providers.GATEWAY]
    return sorted(found, key=lambda provider: provider != agent.PROVIDER)


def _named_models() -> list[str]:
    return [] if providers.is_demo() else settings.PERPLEXITY_MODELS


def _perplexitys_models(own: Sequence[str]) -> list[Model]:
    everything = [model for provider in own for model in _models_of(provider)]
    names = _named_models() if own else []
    chosen = [name for name in names if not name.startswith(ADDED)]
    added = [name.removeprefix(ADDED) for name in names if name.startswith(ADDED)]
    found = [model for name in chosen for model in _meant_by(name, own, everything)] or everything
    more = [model for name in added for model in _meant_by(name, own, everything)]
    return list({model.id: model for model in [*found, *more]}.values())


def _models_of(provider: str) -> list[Model]:
    known = list(models_of(provider).values())
    if provider != agent.PROVIDER:
        return known
    presets = [model for model in known if "/" not in model.name]
    return [*presets, *map(agent_model, agent.listed_models().names())]


def _meant_by(name: str, own: Sequence[str], everything: Sequence[Model]) -> list[Model]:
    """The model that the operator named, or all that a name with * stands for."""
    if "*" in name:
        return [model for model in everything if _answers_to(name, model.id)]
    if len(own) > 1:
        return [model_with_id(name)]
    return [model_named(name.removeprefix(f"{own[0]}:"), provider=own[0])]


def _answers_to(pattern: str, id: str) -> bool:
    """Whether the offer is meant by a name with *, which may leave out whose model it is."""
    return fnmatchcase(id, pattern) or fnmatchcase(id.partition(":")[2] or id, pattern)
