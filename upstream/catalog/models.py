"""The models that answer, as data.

Where they come from: docs/sonar.md, "Models", docs/agent.md, "Presets and effort", docs/gateway.md, "Models".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.sentences import sentence
from upstream.catalog import prices
from upstream.catalog.agent_models import label_of, maker_of
from upstream.catalog.gateway_models import KNOWN


@dataclass(frozen=True, slots=True)
class Model:
    """One model of one provider. `context_window` in tokens, 0 where it is not known.

    One that `researches` takes minutes and can work on its own, without a connection held open.

    A model with a `retired_on` is refused by the vendor since that day; `notice` says so. `successor` is the id of the
    model that does its work, once it or its whole service is gone.
    """

    name: str
    label: str
    purpose: str
    provider: str = "sonar"
    context_window: int = 0
    reasons: bool = False
    takes_images: bool = True
    takes_files: bool = True
    researches: bool = False
    retired_on: date | None = None
    successor: str = ""
    notice: str = ""

    @property
    def id(self) -> str:
        """What it is called among the models of all providers: Sonar's by their bare names."""
        return self.name if self.provider == "sonar" else f"{self.provider}:{self.name}"

    @property
    def price_line(self) -> str:
        """What it costs in one line, empty where that is not known."""
        return prices.price_line(self.name, provider=self.provider)


_RETIRED = date(2025, 12, 15)

MODELS: Mapping[str, Model] = {
    model.name: model
    for model in (
        Model(
            name="sonar",
            label="Sonar",
            purpose="Quick answers to everyday questions, with a light search.",
            context_window=128_000,
            successor="agent:fast",
        ),
        Model(
            name="sonar-pro",
            label="Sonar Pro",
            purpose="Harder questions: a deeper search, more sources, longer answers.",
            context_window=200_000,
            successor="agent:low",
        ),
        Model(
            name="sonar-reasoning",
            label="Sonar Reasoning",
            purpose="Quick step-by-step reasoning based on a search.",
            context_window=128_000,
            reasons=True,
            retired_on=_RETIRED,
            successor="sonar-reasoning-pro",
            notice=sentence(
                "Perplexity retired the model sonar-reasoning on %(day)s. Choose sonar-reasoning-pro instead; "
                "it also reasons step by step.",
                day=_RETIRED,
            ),
        ),
        Model(
            name="sonar-reasoning-pro",
            label="Sonar Reasoning Pro",
            purpose="Multi-step problems: it reasons over what it found and shows how.",
            context_window=128_000,
            reasons=True,
            successor="agent:low",
        ),
        Model(
            name="sonar-deep-research",
            label="Sonar Deep Research",
            purpose="A long report from many searches. Takes minutes.",
            context_window=128_000,
            reasons=True,
            takes_images=False,
            takes_files=False,
            researches=True,
            successor="agent:medium",
        ),
    )
}


def _preset(name: str, label: str, purpose: str) -> Model:
    return Model(name=name, label=f"Agent · {label}", purpose=purpose, provider="agent")


def agent_model(name: str) -> Model:
    """A model of the Agent API that is no preset, called `maker/name`. All that is known of it is in its name."""
    return Model(
        name=name,
        label=f"{label_of(name)} · {maker_of(name)}",
        purpose=_OF_MODEL.get(name, "Searches the web once and answers."),
        provider="agent",
    )


_OF_MODEL: Mapping[str, str] = {
    "perplexity/sonar": "Everyday questions, answered with a web search. The model behind Sonar.",
}

# The presets are ready combinations of a model, a prompt, and tools. Of the models, which the service lists, the one
# that every account has stands for all: each takes the same options.
AGENT_MODELS: Mapping[str, Model] = {
    model.name: model
    for model in (
        _preset("fast", "Quick", "The shortest wait, for questions with a simple answer. Always searches once."),
        _preset("low", "Careful", "Harder questions: searches and reads a few pages. Does what Sonar Pro did."),
        _preset("medium", "Thorough", "Multi-step problems: searches, reads and searches again."),
        _preset("high", "Research", "A report from many searches. Takes minutes."),
        _preset(
            "xhigh",
            "Deep research",
            "The longest search and the most reading. Takes many minutes and costs the most.",
        ),
        _preset("wide-research", "Wide research", "Compares many things by the same questions. Takes many minutes."),
        agent_model("perplexity/sonar"),
    )
}


def gateway_model(name: str) -> Model:
    """A model of the gateway, which is called by its mode and its name there: `search/sonar`. Each can be asked for
    nothing but what its mode does; what it costs, nobody says. All that is known of it is in its name."""
    mode, _slash, own = name.partition("/")
    return Model(
        name=name,
        label="Gateway · Deep research" if mode == "research" else f"Gateway · {label_of(f'/{own or name}')}",
        purpose=_OF_MODE.get(mode, "A gateway model."),
        provider="gateway",
        reasons=mode == "reason",
        takes_images=mode == "search",
        takes_files=False,
    )


_OF_MODE: Mapping[str, str] = {
    "search": "Answers with a web search.",
    "reason": "Reasons step by step based on a search.",
    "research": "A long report from many searches. Takes minutes.",
}

# What the gateway is known to have. What it lists today may differ, and is what is offered.
GATEWAY_MODELS: Mapping[str, Model] = {name: gateway_model(name) for name in KNOWN.by_mode()}

_OF_PROVIDER: Mapping[str, Mapping[str, Model]] = {"sonar": MODELS, "agent": AGENT_MODELS, "gateway": GATEWAY_MODELS}


def models_of(provider: str) -> Mapping[str, Model]:
    """The provider's models by their names, as far as they are known beforehand."""
    return _OF_PROVIDER.get(provider, {})


def model_named(name: str, *, provider: str = "sonar") -> Model:
    """The model, or what little can be said of one that only the operator's own server knows."""
    known = models_of(provider).get(name)
    if known:
        return known
    if provider == "gateway":
        return gateway_model(name)
    if provider == "agent" and "/" in name:
        return agent_model(name)
    purpose = "A model of the connected answer service."
    return Model(name=name, label=name, provider=provider, purpose=purpose, takes_files=provider in ("sonar", "agent"))


def model_with_id(id: str) -> Model:
    """The model that is called so among the models of all providers."""
    provider, colon, name = id.partition(":")
    return model_named(name, provider=provider) if colon and provider in _OF_PROVIDER else model_named(id)
