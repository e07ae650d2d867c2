"""What people want of an answer, each with the model that does it here: the first choice in the list of models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.catalog import providers
from chat.catalog.offers import Offer, default_offer


@dataclass(frozen=True, slots=True)
class Intent:
    """One wish in a word, what it is for, and the offer that answers then."""

    name: str
    label: str
    purpose: str
    offer: Offer

    @property
    def word(self) -> str:
        """What stands before the model's name; empty where the name says it."""
        return "" if self.offer.label.endswith(self.label) else self.label


@dataclass(frozen=True, slots=True)
class _Kind:
    """A wish, and the models that fulfil it by their provider, the first choice first. One that ends in a slash stands
    for the first one of the gateway's mode."""

    label: str | Promise
    purpose: str | Promise
    models: Mapping[str, Sequence[str]]


_KINDS: Mapping[str, _Kind] = {
    "quick": _Kind(
        pgettext_lazy("what an answer is for", "Quick"),
        _("A short answer to a simple question, in seconds."),
        {"agent": ("fast",), "sonar": ("sonar",), "gateway": ("search/",)},
    ),
    "careful": _Kind(
        pgettext_lazy("what an answer is for", "Careful"),
        _("Harder questions: reads more sources before it answers."),
        {"agent": ("low",), "sonar": ("sonar-pro",), "gateway": ("search/sonar-pro",)},
    ),
    "reasoning": _Kind(
        pgettext_lazy("what an answer is for", "Reasoning"),
        _("Problems with several steps, thought through in order."),
        {"agent": ("medium",), "sonar": ("sonar-reasoning-pro",), "gateway": ("reason/",)},
    ),
    "research": _Kind(
        pgettext_lazy("what an answer is for", "Deep research"),
        _("A long report from many searches. Takes minutes."),
        {"agent": ("high", "xhigh"), "sonar": ("sonar-deep-research",), "gateway": ("research/",)},
    ),
}


def intents(among: Sequence[Offer]) -> list[Intent]:
    """What these offers can do, each done by the service that answers by default, else by the next one that can."""
    usable = [offer for offer in among if not offer.retired]
    if not usable:
        return []
    first = default_offer(among=usable).provider
    order = sorted(providers.ALL, key=lambda provider: provider != first)
    found = []
    for name, kind in _KINDS.items():
        named = [(provider, model) for provider in order for model in kind.models[provider]]
        offer = next((one for provider, model in named for one in usable if _is_meant(one, provider, model)), None)
        if offer:
            found.append(Intent(name, str(kind.label), str(kind.purpose), offer))
    return found


def intent_of(id: str, found: Sequence[Intent]) -> str:
    """What stands before the name of the model with that id; empty where it is none of these."""
    return next((intent.word for intent in found if intent.offer.id == id), "")


def _is_meant(offer: Offer, provider: str, model: str) -> bool:
    if offer.provider != provider:
        return False
    return offer.model.startswith(model) if model.endswith("/") else offer.model == model
