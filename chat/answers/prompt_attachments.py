"""What goes along with a request: this question's attachments, and those of earlier ones as far as there is room.

Every request carries the whole conversation, pictures included, so what was attached once is paid for again and again.
The newest go first; what finds no room is left out, and the answer's details say so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat.attachments import service as attachment_service
from chat.catalog import gateway
from chat.models import Attachment
from files import FileMissing, limits
from upstream.catalog.rules import refusals
from upstream.errors import InvalidRequest, UpstreamDown
from upstream.gateway.uploads import MOST_FILES
from upstream.requests import Document, Picture

PIXELS_PER_TOKEN = 750  # docs/images.md, "What images cost"
MOST_EARLIER_TOKENS = 32_000  # of earlier pictures: a quarter of the smallest window of any model

Part = Picture | Document

_GONE = "An attachment of this question cannot be read any more. Attach it again, with the question."
_NOT_NOW = "What is attached cannot be read right now, because Parley’s storage does not answer. Ask again in a moment."


@dataclass(slots=True)
class AttachmentBudget:
    """What one request can take along. `left_out` counts what it could not, by the reason."""

    takes: Mapping[str, bool]
    bytes: int = limits.MOST_TOGETHER_BYTES
    parts: int = limits.MOST_PARTS
    tokens: int = MOST_EARLIER_TOKENS
    left_out: Counter[str] = field(default_factory=Counter)

    def own(self, attachments: Iterable[Attachment]) -> list[Attachment]:
        """Those of the question itself that go along: all that the model takes."""
        return [one for one in attachments if self._is_taken(one) and self._count(one)]

    def earlier(self, attachments: Iterable[Attachment]) -> list[Attachment]:
        """Those of an earlier question that go along."""
        return [one for one in attachments if self._is_taken(one) and self._fits(one) and self._count(one)]

    def _is_taken(self, one: Attachment) -> bool:
        if not self.takes[one.kind]:
            self.left_out["model"] += 1
        return self.takes[one.kind]

    def _fits(self, one: Attachment) -> bool:
        fits = self.parts > 0 and one.size <= self.bytes and tokens_of(one) <= self.tokens
        if not fits:
            self.left_out["room"] += 1
        return fits

    def _count(self, one: Attachment) -> bool:
        self.parts -= 1
        self.bytes -= one.size
        self.tokens -= tokens_of(one)
        return True


def attachment_budget_for(*, model: str, provider: str, options: Mapping[str, Any]) -> AttachmentBudget:
    """The room in a request to this model with these options."""
    found = refusals(model, options, provider=provider, with_images=True, with_files=True)
    refused = {refusal.parameter for refusal in found}
    takes: dict[str, bool] = {
        Attachment.Kind.IMAGE: "images" not in refused,
        Attachment.Kind.FILE: "files" not in refused,
    }
    return (
        AttachmentBudget(takes=takes, parts=MOST_FILES)
        if provider == gateway.PROVIDER
        else AttachmentBudget(takes=takes)
    )


def tokens_of(one: Attachment) -> int:
    """What a picture costs, at the model's price for what it reads; 0 for documents, which nobody here can count."""
    return one.width * one.height // PIXELS_PER_TOKEN


def read_parts(attachments: Sequence[Attachment], *, own: bool) -> list[Part]:
    """The attachments with their bytes, read from the store: this can take a while and needs no database.

    Raises InvalidRequest when one of the question's own is gone; an earlier one that is gone is left out. Raises
    UpstreamDown when the store does not answer.
    """
    found: list[Part] = []
    for one in attachments:
        try:
            data = attachment_service.store.read(one.sha256)
        except FileMissing:
            if own:
                raise InvalidRequest(_GONE) from None
            continue
        except OSError as fault:
            raise UpstreamDown(_NOT_NOW) from fault
        if one.kind == Attachment.Kind.IMAGE:
            known = {"name": one.name, "url": gateway.gateway_address_of(one), "reference": str(one.pk)}
            found.append(Picture(one.media_type, data, **known))
        else:
            found.append(Document(one.name, one.media_type, data))
    return found
