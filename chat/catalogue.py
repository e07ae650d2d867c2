"""Which models are offered: Perplexity's own by default; who connects another server names its models."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from upstream.capabilities import MODELS, Model, model_named, parameters_of

PROVIDER = "sonar"


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as the model picker shows it. A retired one is shown with its `retired_note` and cannot be chosen."""

    id: str
    label: str
    purpose: str
    price: str
    retired: bool
    retired_note: str
    provider: str = PROVIDER

    @property
    def model(self) -> str:
        """The model's own name, by which its provider knows it."""
        return self.id.removeprefix(f"{self.provider}:")


def offers() -> list[Offer]:
    """All models, the default one first among those that can be chosen."""
    names = settings.PERPLEXITY_MODELS or list(MODELS)
    return [_offer(model_named(name)) for name in names]


def default() -> Offer:
    """What answers when nobody chose."""
    return next((offer for offer in offers() if not offer.retired), offers()[0])


def find(name: str) -> Offer | None:
    """The offer of that name; the default one for no name; None when there is no such model here."""
    return next((offer for offer in offers() if offer.id == name), None) if name else default()


def of(model: str, provider: str) -> Offer:
    """The offer of this provider's model, whether or not it is still made."""
    return _offer(model_named(model, provider=provider))


def still_offered(name: str) -> str:
    """The same name if it can still be chosen, else the default one's."""
    offer = find(name)
    return offer.id if offer and not offer.retired else default().id


def standing_options(name: str) -> dict[str, Any]:
    """What is asked of a model without anybody setting it: related questions, where the model knows them."""
    known = {parameter.name for parameter in parameters_of(name)} if name in MODELS else set()
    return {"return_related_questions": True} if "return_related_questions" in known else {}


def examples() -> list[str]:
    """Questions to begin with: the demo upstream can answer these, and so can any other."""
    return [
        _("How does Python's with statement work?"),
        _("How do I debug a program with pdb?"),
        _("What is a list?"),
    ]


def _offer(model: Model) -> Offer:
    return Offer(
        id=model.name,
        label=model.label,
        purpose=model.purpose,
        price=model.price_line,
        retired=model.retired_on is not None,
        retired_note=model.notice,
    )
