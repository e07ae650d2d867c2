"""What every page knows about the product it belongs to."""

from django.http import HttpRequest

from chat import services


def product(request: HttpRequest) -> dict[str, object]:
    """Whether answers come from the demo upstream, which the interface has to say."""
    return {"answers_are_demo": services.is_demo()}
