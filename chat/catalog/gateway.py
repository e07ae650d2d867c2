"""The gateway as conversations know it: its models, and the pictures that it was handed."""

import io
from datetime import timedelta
from functools import cache
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from chat.models import Answer, Attachment
from files import FileRefused, judge
from upstream.catalog import gateway_models
from upstream.catalog.gateway_models import GatewayModels
from upstream.catalog.models import Model, gateway_model
from upstream.events import PictureUploaded
from upstream.model_list import ModelList
from upstream.requests import Picture

PROVIDER = "gateway"
KEPT_FOR = timedelta(hours=1)
"""How long a picture counts as being at the address that the gateway gave it; nobody knows how long it really is."""


@cache
def gateway_model_list() -> ModelList[GatewayModels]:
    """The gateway's list of models, shared by all processes on this data folder; without an address the demo's."""
    return ModelList(
        settings.DATA_DIR / "cache" / "gateway-models.json",
        base_url=settings.GATEWAY_BASE_URL,
        known=gateway_models.KNOWN,
        parse=gateway_models.models_in,
        service="The gateway",
    )


def models_through_gateway() -> list[Model]:
    """The models that the gateway listed last, the default one of each mode first."""
    return [gateway_model(name) for name in gateway_model_list().current().by_mode()]


def gateway_address_of(attachment: Attachment) -> str:
    """Where the gateway keeps its copy of the picture; empty where it has none, or one that may be gone."""
    at = attachment.gateway_url_at
    return attachment.gateway_url if at and timezone.now() - at < KEPT_FOR else ""


def note_upload(kept: PictureUploaded, *, answer_id: UUID) -> None:
    """Keep where the gateway has the attachment, and with the answer that it went along as a smaller copy."""
    Attachment.objects.filter(pk=UUID(kept.reference)).update(gateway_url=kept.url, gateway_url_at=timezone.now())
    if kept.smaller:
        answer = Answer.objects.only("request").get(pk=answer_id)
        count = answer.request.get("made_smaller", 0) + 1
        Answer.objects.filter(pk=answer_id).update(request=answer.request | {"made_smaller": count})


def smaller_copy(picture: Picture) -> Picture | None:
    """A smaller copy of a picture; None where it cannot be made. Takes up to seconds."""
    try:
        judged = judge(io.BytesIO(picture.data), name=picture.name, smaller=True)
    except FileRefused:
        return None
    if judged.picture is None:
        return None
    return Picture(judged.format.media_type, judged.picture.data, name=judged.name, reference=picture.reference)
