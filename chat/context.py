"""What every page knows about the product it belongs to."""

from django.conf import settings
from django.http import HttpRequest


def product(request: HttpRequest) -> dict[str, object]:
    """Whether answers come from the demo upstream, which the interface has to say."""
    return {"answers_are_demo": not (settings.PERPLEXITY_API_KEY or settings.PERPLEXITY_BASE_URL)}
