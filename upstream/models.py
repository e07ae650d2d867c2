"""The models that answer, as data (contract A3 and C1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from upstream import pricing

ENDS_ON = date(2026, 9, 27)
ENDS_NOTICE = (
    f"Perplexity announced that its Sonar chat completions end on {ENDS_ON}. If questions are refused as no longer "
    "offered, another answer service has to be connected."
)


@dataclass(frozen=True, slots=True)
class Model:
    """One model of one provider. `context_window` in tokens, 0 where it is not known.

    One that `researches` takes minutes and can work on its own, without a connection held open.

    A model with a `retired_on` is refused by the vendor since that day; `notice` says so and `successor` does its work.
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
    def price_line(self) -> str:
        """What it costs in one line, empty where that is not known."""
        return pricing.price_line(self.name)


_RETIRED = date(2025, 12, 15)

MODELS: Mapping[str, Model] = {
    model.name: model
    for model in (
        Model(
            name="sonar",
            label="Sonar",
            purpose="Quick answers to everyday questions, from a light search.",
            context_window=128_000,
        ),
        Model(
            name="sonar-pro",
            label="Sonar Pro",
            purpose="Harder questions: a deeper search, more sources, longer answers.",
            context_window=200_000,
        ),
        Model(
            name="sonar-reasoning",
            label="Sonar Reasoning",
            purpose="Quick step-by-step reasoning over a search.",
            context_window=128_000,
            reasons=True,
            retired_on=_RETIRED,
            successor="sonar-reasoning-pro",
            notice=(
                f"Perplexity retired the model sonar-reasoning on {_RETIRED}. Choose sonar-reasoning-pro instead, "
                "which reasons step by step too."
            ),
        ),
        Model(
            name="sonar-reasoning-pro",
            label="Sonar Reasoning Pro",
            purpose="Problems in several steps: it reasons over what it found and shows how.",
            context_window=128_000,
            reasons=True,
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
        ),
    )
}


def model_named(name: str, *, provider: str = "sonar") -> Model:
    """The model, or what little can be said of one that only the operator's own server knows."""
    known = MODELS.get(name) if provider == "sonar" else None
    return known or Model(name=name, label=name, provider=provider, purpose="A model of the connected answer service.")
