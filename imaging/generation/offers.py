"""Who draws by the operator's settings: the services with their models, sizes and prices.

The demo stands for all of them where nothing at all is connected, so that everything can be tried; with an image
service alone questions are answered by the demo, and drawn is in earnest.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from chat.catalog import gateway, providers
from core.web.money import exact_dollars
from imaging.models import GeneratedImage
from upstream.catalog.agent_models import label_of

Service = GeneratedImage.Service

FREE = Decimal(0)
_PLAIN_NAME = re.compile(r"[a-z0-9.]+(?:-[a-z0-9.]+)*")
_PROPER_NAMES = {"dall-e-2": "DALL·E 2", "dall-e-3": "DALL·E 3", "gpt": "GPT", "sd": "SD", "sdxl": "SDXL", "xl": "XL"}
DEMO_MODELS = ("gpt-image-1", "gpt-image-1-mini", "sd-turbo")


@dataclass(frozen=True, slots=True)
class OfferedModel:
    """One model of a service; without a name the service's own choice. `sizes` are those that one can choose for it,
    `prices` what a picture costs in each and without a choice, in US dollars, as far as that is known."""

    name: str
    label: str
    sizes: Sequence[str] = ()
    prices: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DrawingOffer:
    """One service. `takes_language` says whether one chooses a language, and what the service keeps in its history."""

    service: Service
    models: Sequence[OfferedModel]
    default_model: str
    takes_language: bool = False

    def model_named(self, name: str) -> OfferedModel | None:
        """The model of that name, if it is among the offered ones."""
        return next((model for model in self.models if model.name == name), None)


def drawing_offers() -> list[DrawingOffer]:
    """The services that draw now, the first choice first."""
    return [offer() for offer, is_connected in _SERVICES if is_connected()]


def can_draw() -> bool:
    """Whether anybody draws."""
    return bool(drawing_offers())


def is_drawn_by_demo() -> bool:
    """Whether what is drawn comes from the demo."""
    return providers.is_demo() and not settings.IMAGES_BASE_URL


def price_of(service: str, *, model: str, size: str) -> Decimal | None:
    """What a picture costs, in US dollars; None where nobody has said. Gateway and demo charge nothing."""
    if service == Service.GATEWAY or is_drawn_by_demo():
        return FREE
    prices: dict[str, Decimal] = settings.IMAGES_PRICES
    names = (f"{model}@{size}", model, f"*@{size}", "*")
    return next((prices[name] for name in names if name in prices), None)


def _gateway_offer() -> DrawingOffer:
    listed = gateway.gateway_model_list().current()
    return DrawingOffer(
        service=Service.GATEWAY,
        models=[OfferedModel(model.name, label_of(f"/{model.name}")) for model in listed.search],
        default_model=listed.default_search,
        takes_language=True,
    )


def _images_offer() -> DrawingOffer:
    named = settings.IMAGES_MODELS or (("",) if settings.IMAGES_BASE_URL else DEMO_MODELS)
    return DrawingOffer(
        service=Service.IMAGES,
        models=[_images_model(name) for name in named],
        default_model=named[0],
    )


def _images_model(name: str) -> OfferedModel:
    sizes = sizes_of(name)
    found = {size: price_of(Service.IMAGES, model=name, size=size) for size in ("", *sizes)}
    prices = {size: price for size, price in found.items() if price}
    label = model_label(name) if name else _("Default model")
    if prices:
        label = f"{label}: {_range_in_words(prices.values())}"
    return OfferedModel(name, label, sizes, prices)


def sizes_of(model: str) -> list[str]:
    """The sizes that people can choose for the image service's model: its own, where the settings name some, else those
    that are named for all."""
    named = [what.rpartition("@") for what in settings.IMAGES_SIZES]
    own = [size for name, _at, size in named if name and name == model]
    return own or [size for name, _at, size in named if not name]


def model_label(name: str, description: str = "") -> str:
    """A model's name as its makers write it, by what the service says of it or else from its name."""
    if description and not description.rstrip(".").endswith("model"):
        return description
    if not _PLAIN_NAME.fullmatch(name):
        return name
    return _PROPER_NAMES.get(name) or " ".join(_PROPER_NAMES.get(part, part.capitalize()) for part in name.split("-"))


def _range_in_words(prices: Iterable[Decimal]) -> str:
    ordered = sorted(prices)
    least, most = exact_dollars(ordered[0]), exact_dollars(ordered[-1])
    return least if least == most else _("%(least)s to %(most)s") % {"least": least, "most": most}


# Each service with whether it is connected.
_SERVICES: tuple[tuple[Callable[[], DrawingOffer], Callable[[], bool]], ...] = (
    (_gateway_offer, lambda: providers.is_gateway_connected() or is_drawn_by_demo()),
    (_images_offer, lambda: bool(settings.IMAGES_BASE_URL) or is_drawn_by_demo()),
)
