"""Which models are offered: those of the services that can be asked; who connects another server names its models."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from chat.catalog import gateway
from chat.catalog import providers as catalog_providers
from upstream.catalog.rules import Model, model_named, model_with_id, models_of, parameters_of, refusals

PROVIDER = "sonar"
DELIVERY = "delivery"  # the option that says whether the service works by itself
_LONG = frozenset({"medium", "high", "xhigh", "wide-research"})  # presets of the Agent API that take minutes


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as the model picker shows it, among those of its `group`.

    One that is `retired` is shown with its `retired_note` and cannot be chosen; `withdrawn` says that its whole service
    has ended. `successor` is the id of the model that does its work then. `refuses_image` and `refuses_file` say why it
    takes no such attachments; they are empty where it takes them.
    """

    id: str
    label: str
    purpose: str
    price: str
    retired: bool
    retired_note: str
    provider: str = PROVIDER
    refuses_image: str = ""
    refuses_file: str = ""
    group: str = ""
    withdrawn: bool = False
    successor: str = ""

    @property
    def model(self) -> str:
        """The model's own name, by which its provider knows it."""
        return self.id.removeprefix(f"{self.provider}:")


def offers() -> list[Offer]:
    """All models, those of one service together; those that have ended come last."""
    withdrawn = catalog_providers.withdrawn_providers()
    made = [_offer(model, withdrawn=model.provider in withdrawn) for model in _models()]
    made.sort(key=lambda offer: offer.withdrawn)
    return [_with_way_out(offer, made) if offer.withdrawn else offer for offer in made]


def default_offer(among: Sequence[Offer] | None = None) -> Offer:
    """What answers when nobody chose: the first model, or what does its work when it is gone."""
    made = among or offers()
    first = next(iter(_models())).id
    begun = next((offer for offer in made if offer.id == first), made[0])
    return _stand_in(begun, made) or next((offer for offer in made if not offer.retired), made[0])


def find_offer(name: str) -> Offer | None:
    """The offer of that id; the default one for no id; None when there is no such model here."""
    made = offers()
    return next((offer for offer in made if offer.id == name), None) if name else default_offer(made)


def offer_of(model: str, provider: str) -> Offer:
    """The offer of this provider's model, whether or not it is still made."""
    return _offer(model_named(model, provider=provider))


def offer_or_successor(name: str, among: Sequence[Offer] | None = None) -> Offer:
    """The offer of that id if it can still be chosen, else the one that does its work, else the default one."""
    made = among or offers()
    offer = next((offer for offer in made if offer.id == name), None)
    return _stand_in(offer or _offer(model_with_id(name)), made, must_be_offered=offer is None) or default_offer(made)


def offer_id_of(model: str, provider: str) -> str:
    """What this provider's model is called among all offers."""
    return model_named(model, provider=provider).id


def model_label(model: str, provider: str) -> str:
    """What readers know this provider's model by: Sonar's by their own names, which speak for themselves."""
    return model if provider == PROVIDER else model_named(model, provider=provider).label


def standing_options(model: str, provider: str = PROVIDER) -> dict[str, Any]:
    """What is asked of a model without anybody setting it: related questions, where the model knows them."""
    known = {parameter.name for parameter in parameters_of(model, provider=provider)}
    return {"return_related_questions": True} if "return_related_questions" in known else {}


def example_questions() -> list[str]:
    """Questions to begin with: the demo upstream can answer these, and so can any other."""
    return [
        _("How does Python's with statement work?"),
        _("How do I debug a program with pdb?"),
        _("What is a list?"),
    ]


def works_in_background(*, provider: str, model: str, options: Mapping[str, Any]) -> bool:
    """Whether the service is to work on this by itself, which it does by default with what takes long."""
    if DELIVERY not in {parameter.name for parameter in parameters_of(model, provider=provider)}:
        return False
    wish = options.get(DELIVERY)
    if wish:
        return bool(wish == "background")
    takes_long = model_named(model, provider=provider).researches or (provider == "agent" and _preset(model) in _LONG)
    return takes_long and catalog_providers.is_perplexity()  # of other servers nobody knows


def _preset(model: str) -> str:
    """The name of a preset without the version that it may be pinned to."""
    return model.partition("@")[0]


def with_stream_mode(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options with the mode of a stream that tells the steps of a search, unless another was chosen."""
    search = options.get("web_search_options")
    kind = search.get("search_type") if isinstance(search, Mapping) else None
    return {**({"stream_mode": "concise"} if kind in ("pro", "auto") else {}), **options}


def _models() -> Iterable[Model]:
    """Every model, by the operator's list or by what is known of the services. The demo has models of its own."""
    providers = catalog_providers.providers()
    through_gateway = gateway.gateway_models() if catalog_providers.GATEWAY in providers else []
    own = [provider for provider in providers if provider != catalog_providers.GATEWAY]
    return [*_perplexitys_models(own), *through_gateway]


def _perplexitys_models(providers: Sequence[str]) -> list[Model]:
    names = [] if catalog_providers.is_demo() else settings.PERPLEXITY_MODELS
    if not names or not providers:
        return [model for provider in providers for model in models_of(provider).values()]
    if len(providers) > 1:
        return [model_with_id(name) for name in names]
    return [model_named(name.removeprefix(f"{providers[0]}:"), provider=providers[0]) for name in names]


def _offer(model: Model, *, withdrawn: bool = False) -> Offer:
    found = refusals(model.name, {}, provider=model.provider, with_images=True, with_files=True)
    refused = {refusal.parameter: refusal.sentence for refusal in found}
    return Offer(
        id=model.id,
        label=model.label,
        purpose=model.purpose,
        price=model.price_line,
        retired=model.retired_on is not None or withdrawn,
        retired_note=model.notice,
        provider=model.provider,
        refuses_image=refused.get("images", ""),
        refuses_file=refused.get("files", ""),
        group=_group_of(model),
        withdrawn=withdrawn,
        successor=model.successor,
    )


def _group_of(model: Model) -> str:
    """Under which heading the model stands. The gateway has so many that each of its modes has one."""
    if model.provider == catalog_providers.GATEWAY:
        modes = {"reason": _("Gateway: reasoning"), "research": _("Gateway: research")}
        return modes.get(model.name.partition("/")[0], _("Gateway: search"))
    return _("Agent API") if model.provider == "agent" else _("Sonar")


def _stand_in(offer: Offer, among: Sequence[Offer], *, must_be_offered: bool = False) -> Offer | None:
    """The offer itself if it can be chosen, else the first one among its successors that can; None without one."""
    by_id = {other.id: other for other in among}
    found: Offer | None = None if must_be_offered else offer
    seen: set[str] = set()
    following = offer.successor
    while (found is None or found.retired) and following and following not in seen:
        seen.add(following)
        found = by_id.get(following)
        following = found.successor if found else model_with_id(following).successor
    return found if found and not found.retired else None


def _with_way_out(offer: Offer, among: Sequence[Offer]) -> Offer:
    """The withdrawn offer with a sentence that says so, and what to choose instead."""
    instead = _stand_in(offer, among)
    note = _("Perplexity has ended this service.")
    if instead:
        note = _("Perplexity has ended this service. %(model)s does its work.") % {"model": instead.label}
    return replace(offer, retired_note=note)
