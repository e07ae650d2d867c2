"""Which models the token's team may ask."""

from django.http import HttpRequest, JsonResponse

from api.auth import Caller, api_view
from api.openai import catalog


@api_view(None, ("GET",))
def models(request: HttpRequest, caller: Caller) -> JsonResponse:
    """All of them."""
    found = [catalog.as_json(offer) for offer in catalog.offered_models(caller.token.team)]
    return JsonResponse({"object": "list", "data": found})


@api_view(None, ("GET",))
def model(request: HttpRequest, caller: Caller, name: str) -> JsonResponse:
    """One of them, by any of its names."""
    return JsonResponse(dict(catalog.as_json(catalog.model_for(name, caller.token.team))))
