"""Who draws by the operator's settings: the services with their models, sizes and prices.

The demo stands for all of them where nothing at all is connected, so that everything can be tried; with an image
service alone questions are answered by the demo, and drawn is in earnest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from chat.catalog import gateway, providers
from core.web.money import exact_dollars
from imaging.models import GeneratedImage

Service = GeneratedImage.Service

FREE = Decimal(0)
DEMO_MODELS = ("gpt-image-1", "gpt-image-1-mini", "sd-turbo")


@dataclass(frozen=True, slots=True)
class OfferedModel:
    """One model of a service; without a name the service's own choice."""

    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class DrawingOffer:
    """One service. `sizes` are empty where none can be chosen; `takes_language` says the same of the language, and of
    what the service keeps in its history."""

    service: Service
    models: Sequence[OfferedModel]
    default_model: str
    sizes: Sequence[str] = ()
    takes_language: bool = False


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
        models=[OfferedModel(model.name, model.description) for model in listed.search],
        default_model=listed.default_search,
        takes_language=True,
    )


def _images_offer() -> DrawingOffer:
    named = settings.IMAGES_MODELS or (("",) if settings.IMAGES_BASE_URL else DEMO_MODELS)
    return DrawingOffer(
        service=Service.IMAGES,
        models=[OfferedModel(name, _price_in_words(name)) for name in named],
        default_model=named[0],
        sizes=settings.IMAGES_SIZES,
    )


def _price_in_words(model: str) -> str:
    """What a picture of the model costs, in all its sizes; empty where that is not known."""
    found = {price_of(Service.IMAGES, model=model, size=size) for size in ("", *settings.IMAGES_SIZES)}
    prices = sorted(price for price in found if price)
    if not prices:
        return ""
    least, most = exact_dollars(prices[0]), exact_dollars(prices[-1])
    return least if least == most else _("%(least)s to %(most)s") % {"least": least, "most": most}


# Each service with whether it is connected.
_SERVICES: tuple[tuple[Callable[[], DrawingOffer], Callable[[], bool]], ...] = (
    (_gateway_offer, lambda: providers.is_gateway_connected() or is_drawn_by_demo()),
    (_images_offer, lambda: bool(settings.IMAGES_BASE_URL) or is_drawn_by_demo()),
)
