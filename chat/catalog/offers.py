"""Which models are offered, and which of them to a team: those of the services that can be asked, with their prices.

Who connects another server names its models, and the owners of a team may choose some of them.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Team
from chat.catalog import agent, available, gateway, team_choice
from chat.catalog import providers as catalog_providers
from chat.catalog.brief_prices import brief_price
from core.web.wording import said
from upstream.catalog import prices
from upstream.catalog.agent_models import family_of, maker_of
from upstream.catalog.rules import (
    Model,
    Parameter,
    model_named,
    model_with_id,
    parameters_of,
    refusals,
)

PROVIDER = "sonar"
AGENT = "agent"
DELIVERY = "delivery"  # the option that says whether the service works by itself
READS_PAGES = "fetch_url"  # the option
FIRST_CHOICE = "agent:fast"  # always searches, and answers in seconds for a tenth of a cent
_IMPORTED = "import:"  # begins the ids of models that answered elsewhere, before their conversation was imported
_DEMO_EXAMPLES = (  # in English, as everything that the demo knows
    "How does the with statement work in Python?",
    "How do I debug a program with pdb?",
    "What is a list?",
)
_LONG = frozenset({"medium", "high", "xhigh", "wide-research"})  # presets of the Agent API that take minutes


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as the model picker shows it, among those of its `group`.

    `asked_as` is what its service is told. One that is `retired` is shown with its `retired_note` and cannot be chosen;
    `withdrawn` says that its whole service has ended. `successor` is the id of the model that does its work then.
    `refuses_image` and `refuses_file` say why it takes no such attachments; they are empty where it takes them.
    `without` has the names of options that the team does not allow. `brief_price` is what a question costs in a word or
    two, `price` how that comes about.
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
    asked_as: str = ""
    brief_price: str = ""
    without: frozenset[str] = frozenset()

    @property
    def model(self) -> str:
        """The model's own name, by which its provider knows it."""
        return self.id.removeprefix(f"{self.provider}:")

    @property
    def parameters(self) -> list[Parameter]:
        """What can be set for a question to it, in the order in which it is shown."""
        taken = parameters_of(self.model, provider=self.provider)
        return [parameter for parameter in taken if parameter.name not in self.without]


def offers(team: Team | None = None) -> list[Offer]:
    """All models that the team may ask, without a team all that there are: those of one service and maker together,
    those that have ended last."""
    made = list(_current_catalog().offers)
    return _allowed(made, team) if team else made


def default_offer(team: Team | None = None, among: Sequence[Offer] | None = None) -> Offer:
    """What answers when nobody chose: DEFAULT_MODEL, else the quickest preset, else the first model; or what does its
    work when it is gone."""
    return _default_among(among or offers(team))


def find_offer(name: str, team: Team | None = None) -> Offer | None:
    """The team's offer of that id; the default one for no id; None when there is no such model here."""
    made = offers(team)
    return next((offer for offer in made if offer.id == name), None) if name else default_offer(among=made)


def offer_of(model: str, provider: str, team: Team | None = None) -> Offer:
    """The offer of this provider's model, whether or not it is still made, with what the team does not allow."""
    offer = _offer(model_named(model, provider=provider))
    return replace(offer, without=team_choice.options_without(team)) if team else offer


def offer_or_successor(name: str, among: Sequence[Offer] | None = None) -> Offer:
    """The offer of that id if it can still be chosen, else the one that does its work, else the default one."""
    made = among or offers()
    offer = next((offer for offer in made if offer.id == name), None)
    instead = _stand_in(offer or _offer(model_with_id(name)), made, must_be_offered=offer is None)
    return instead or default_offer(among=made)


def no_longer_offered(name: str, instead: Offer) -> str:
    """Why the other offer stands in for the one of that id, in a sentence; empty where it does not, and for no id."""
    if name in ("", instead.id) or name.startswith(_IMPORTED):
        return ""
    words = {"model": offer_label(name), "chosen": instead.label}
    if any(offer.id == name and not offer.retired for offer in offers()):
        return _("%(model)s isn’t available to your team, so %(chosen)s answers instead.") % words
    return _("%(model)s is no longer available, so %(chosen)s answers instead.") % words


def nothing_chosen_is_left(team: Team) -> bool:
    """Whether none of the models that the team's owners have chosen can be asked any more."""
    chosen = team_choice.models_of(team)
    return chosen is not None and not any(offer.id in chosen and not offer.retired for offer in offers())


def is_allowed(name: str, team: Team) -> bool:
    """Whether the team may ask the model of that id, as far as its owners have chosen; also one that is not listed."""
    return team_choice.models_of(team) is None or any(offer.id == name for offer in offers(team))


def offer_id_of(model: str, provider: str) -> str:
    """What this provider's model is called among all offers."""
    return model_named(model, provider=provider).id


def offer_label(name: str) -> str:
    """What readers know the offer of that id by, whether or not it is still made."""
    model = model_with_id(name)
    return model_label(model.name, model.provider)


def model_label(model: str, provider: str) -> str:
    """What readers know this provider's model by, the same everywhere."""
    return said(model_named(model, provider=provider).label)


def asked_as(model: str, provider: str) -> str:
    """What the service is told: the model's name, with the version to which the operator has pinned it, if any."""
    version = settings.PERPLEXITY_EFFORT_PINS.get(model) if provider == AGENT else None
    return f"{model}@{version}" if version else model


def standing_options(model: str, provider: str = PROVIDER) -> dict[str, Any]:
    """What is asked of a model without anybody setting it: related questions, where the model knows them."""
    known = {parameter.name for parameter in parameters_of(model, provider=provider)}
    return {"return_related_questions": True} if "return_related_questions" in known else {}


def barred_options(offer: Offer) -> dict[str, Any]:
    """What has to be said so that the model does not do by itself what its team does not allow: it would read the pages
    that a question names."""
    taken = {parameter.name for parameter in parameters_of(offer.model, provider=offer.provider)}
    return {READS_PAGES: False} if READS_PAGES in offer.without & taken else {}


def example_questions() -> list[str]:
    """Questions to begin with: such as whatever is connected can answer. What the demo knows is in English."""
    if catalog_providers.is_demo():
        return [*_DEMO_EXAMPLES]
    return [
        _("What were the most important news stories this week?"),
        _("Which project management tools suit a small team, and what do they cost?"),
        _("What does recent research say about the four-day week?"),
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


@dataclass(frozen=True, slots=True)
class _Catalog:
    """Everything that is offered, those that have ended last, and the id of what the settings name first."""

    offers: tuple[Offer, ...]
    first: str


def _current_catalog() -> _Catalog:
    return _catalog(
        get_language(),
        catalog_providers.withdrawn_providers(),
        catalog_providers.providers(),
        catalog_providers.is_demo(),
        agent.listed_models(),
        gateway.gateway_model_list().current(),
        tuple(settings.PERPLEXITY_MODELS),
        tuple(settings.PERPLEXITY_EFFORT_PINS.items()),
    )


@lru_cache(maxsize=16)
def _catalog(_language: str | None, withdrawn: frozenset[str], *_what_it_follows_from: Hashable) -> _Catalog:
    """The catalog, made once for everything that it follows from: a page looks at it several times."""
    models = available.available_models()
    made = [_offer(model, withdrawn=model.provider in withdrawn) for model in models]
    made.sort(key=lambda offer: offer.withdrawn)
    return _Catalog(
        tuple(_with_way_out(offer, made) if offer.withdrawn else offer for offer in made), first=models[0].id
    )


def _offer(model: Model, *, withdrawn: bool = False) -> Offer:
    refuses_image, refuses_file = _refused_attachments(model.name, model.provider)
    return Offer(
        id=model.id,
        label=said(model.label),
        purpose=said(model.purpose),
        price=said(prices.price_line(model.name, provider=model.provider, listed=agent.listed_models())),
        retired=model.retired_on is not None or withdrawn,
        retired_note=said(model.notice),
        provider=model.provider,
        refuses_image=refuses_image,
        refuses_file=refuses_file,
        group=_group_of(model),
        withdrawn=withdrawn,
        successor=model.successor,
        asked_as=asked_as(model.name, model.provider),
        brief_price=brief_price(model=model.name, provider=model.provider),
    )


def _refused_attachments(model: str, provider: str) -> tuple[str, str]:
    """Why the model takes no pictures, and why no files; empty where it does."""
    found = refusals(model, {}, provider=provider, with_images=True, with_files=True)
    refused = {refusal.parameter: said(refusal.sentence) for refusal in found}
    return refused.get("images", ""), refused.get("files", "")


def _group_of(model: Model) -> str:
    """Under which heading the model stands. Where a service has many, each maker or mode has one."""
    if model.provider == catalog_providers.GATEWAY:
        modes = {"reason": _("Gateway: reasoning"), "research": _("Gateway: research")}
        return modes.get(model.name.partition("/")[0], _("Gateway: search"))
    if model.provider != AGENT:
        return _("Sonar")
    return _("Agent API: %(maker)s") % {"maker": maker_of(model.name)} if "/" in model.name else _("Agent API")


def _allowed(made: Sequence[Offer], team: Team) -> list[Offer]:
    """Those that the team's owners have chosen. Where none of them is left, the default one answers until they choose
    again: they wanted fewer, and not all."""
    chosen, without = team_choice.models_of(team), team_choice.options_without(team)
    found = [offer for offer in made if chosen is None or offer.id in chosen]
    if all(offer.retired for offer in found):
        found = [_default_among(made), *found]
    return [replace(offer, without=without) for offer in found] if without else found


def _default_among(made: Sequence[Offer]) -> Offer:
    by_id = {offer.id: offer for offer in made}
    first = _current_catalog().first
    wanted = (settings.DEFAULT_MODEL, first if available.is_narrowed() else FIRST_CHOICE, first)
    begun = next((by_id[name] for name in wanted if name in by_id), made[0])
    return _stand_in(begun, made) or next((offer for offer in made if not offer.retired), made[0])


def _stand_in(offer: Offer, among: Sequence[Offer], *, must_be_offered: bool = False) -> Offer | None:
    """The offer itself if it can be chosen, else the first one among its successors that can; None without one."""
    by_id = {other.id: other for other in among}
    found: Offer | None = None if must_be_offered else offer
    seen: set[str] = set()
    following = offer.successor or _newer(offer, among)
    while (found is None or found.retired) and following and following not in seen:
        seen.add(following)
        found = by_id.get(following)
        following = found.successor if found else model_with_id(following).successor
    return found if found and not found.retired else None


def _newer(offer: Offer, among: Sequence[Offer]) -> str:
    """The id of the newest model of the same family that is not dearer; empty where there is none, or nobody knows."""
    listed = agent.listed_models()
    price = listed.price_of(offer.model) if offer.provider == AGENT else None
    if price is None:
        return ""
    for other in among:
        asks = listed.price_of(other.model) if other.provider == AGENT else None
        akin = asks and family_of(other.model) == family_of(offer.model)
        if akin and asks and asks.input <= price.input and asks.output <= price.output:
            return other.id
    return ""


def _with_way_out(offer: Offer, among: Sequence[Offer]) -> Offer:
    """The withdrawn offer with a sentence that says so, and what to choose instead."""
    instead = _stand_in(offer, among)
    note = _("Perplexity has discontinued this service.")
    if instead:
        note = _("Perplexity has discontinued this service. %(model)s replaces it.") % {"model": instead.label}
    return replace(offer, retired_note=note)
