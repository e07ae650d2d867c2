"""What every page knows about the product it belongs to."""

from django.http import HttpRequest

from chat.catalog import providers


def product(request: HttpRequest) -> dict[str, object]:
    """Whether answers come from the demo upstream, which the interface has to say."""
    return {"answers_are_demo": providers.is_demo()}
