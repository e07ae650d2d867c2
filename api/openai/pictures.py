"""Pictures that come with a question as text: kept as uploads of the person, judged by their bytes like any other."""

import base64
import binascii
import io
import re
from collections.abc import Sequence

from accounts.models import Team, User
from api.openai.body import wrong
from chat.attachments import service as attachments
from chat.catalog.offers import Offer
from chat.models import Attachment
from core.web.wording import said
from files import FileRefused, limits

_DATA = re.compile(r"data:image/(?:png|jpe?g|gif|webp|heic|heif);base64,", re.IGNORECASE)


def keep_pictures(addresses: Sequence[str], *, offer: Offer, team: Team, by: User) -> list[Attachment]:
    """The pictures of these data: addresses as uploads. None is kept where one of them is refused. Takes seconds for
    large ones. Raises ApiError."""
    if len(addresses) > limits.MOST_ATTACHMENTS:
        raise wrong("messages", f"A question can have up to {limits.MOST_ATTACHMENTS} pictures.")
    if addresses and offer.refuses_image:
        raise wrong("messages", offer.refuses_image, code="unsupported_value")
    kept: list[Attachment] = []
    try:
        for number, address in enumerate(addresses, start=1):
            source = io.BytesIO(_bytes_in(address))
            kept.append(attachments.keep_upload(source=source, name=f"image-{number}", team=team, by=by))
        if problem := attachments.attachments_problem(kept):
            raise wrong("messages", problem)
    except FileRefused as refusal:
        forget(kept, by=by)
        raise wrong("messages", said(refusal.sentence), code="invalid_image") from None
    except BaseException:
        forget(kept, by=by)
        raise
    return kept


def forget(kept: Sequence[Attachment], *, by: User) -> None:
    """Keep uploads no longer that went with no question."""
    for one in kept:
        attachments.remove_upload(attachment=one, by=by)


def _bytes_in(address: str) -> bytes:
    kind = _DATA.match(address)
    if kind is None:
        raise wrong("messages", "Pictures must be PNG, JPEG, GIF, WEBP or HEIC, in Base64.", code="invalid_image")
    try:
        return base64.b64decode(address[kind.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise wrong("messages", "A picture is not valid Base64.", code="invalid_image") from None
