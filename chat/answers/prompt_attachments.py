"""What goes along with a request: this question's attachments, and those of earlier ones as far as there is room.

Every request carries the whole conversation, pictures included, so what was attached once is paid for again and again.
The newest go first; what finds no room is left out, and the answer's details say so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from chat.answers.document_blocks import MOST_TEXT, Block, TextBudget
from chat.attachments import service as attachment_service
from chat.attachments.texts import text_of
from chat.catalog import document_ways, gateway
from chat.models import Attachment
from core.sentences import sentence
from files import FileMissing, limits
from files.text import DocumentText
from upstream.catalog.rules import refusals
from upstream.errors import InvalidRequest, UpstreamDown
from upstream.gateway.uploads import MOST_FILES
from upstream.requests import Document, Picture

PIXELS_PER_TOKEN = 750  # docs/images.md, "What images cost"
MOST_EARLIER_TOKENS = 32_000  # of earlier pictures: a quarter of the smallest window of any model

Part = Picture | Document

_GONE = sentence("An attachment of this question is no longer readable. Attach it again with the question.")
_TOO_HEAVY = sentence(
    "These attachments are too large for this answer service, even as smaller copies. It accepts up to %(most)s MB at "
    "once. Remove some of them, or ask a model from another service."
)
_NO_TEXT = sentence(
    "This answer service doesn’t accept “%(name)s” as a file, and it has no text to send instead. Remove it, or attach "
    "a copy that contains text."
)
_NOT_NOW = sentence(
    "The attachments can’t be read right now because Parley’s storage isn’t responding. Ask again in a moment."
)


@dataclass(slots=True)
class AttachmentBudget:
    """What one request can take along. `left_out` counts what it could not, by the reason."""

    takes: Mapping[str, bool]
    provider: str = "sonar"
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
        fits = self.parts > 0 and self._size_of(one) <= self.bytes and tokens_of(one) <= self.tokens
        if not fits:
            self.left_out["room"] += 1
        return fits

    def _size_of(self, one: Attachment) -> int:
        """Bytes that go along; text is counted elsewhere."""
        is_file = one.kind == Attachment.Kind.FILE
        as_text = is_file and not document_ways.takes_file(one.media_type, provider=self.provider)
        return 0 if as_text else one.size

    def _count(self, one: Attachment) -> bool:
        self.parts -= 1
        self.bytes -= self._size_of(one)
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
    return AttachmentBudget(
        takes=takes,
        provider=provider,
        bytes=document_ways.most_bytes(provider=provider),
        parts=MOST_FILES if provider == gateway.PROVIDER else limits.MOST_PARTS,
    )


def text_characters(attachments: Iterable[Attachment], *, provider: str) -> int:
    """How much text of these documents goes along with a request, by what is known of them beforehand."""
    sent = (one.characters or 0 for one in attachments if document_ways.needs_text(one.media_type, provider=provider))
    return min(sum(sent), MOST_TEXT)


def tokens_of(one: Attachment) -> int:
    """What a picture costs, at the model's price for what it reads; 0 for documents, whose text has a budget of its
    own."""
    return one.width * one.height // PIXELS_PER_TOKEN


@dataclass(slots=True)
class PartsReader:
    """Reads what goes along from the store, this question's attachments first and then those of earlier ones, newest
    first. This can take a while and needs no database.

    `sent` tells of each document what went along, and `made_smaller` how many pictures went as smaller copies.
    """

    provider: str
    texts: TextBudget = field(default_factory=TextBudget)
    sent: list[dict[str, Any]] = field(default_factory=list)
    made_smaller: int = 0

    def read(self, attachments: Sequence[Attachment], *, own: bool) -> list[Part]:
        """The attachments of one question with their bytes.

        Raises InvalidRequest when one of the question's own is gone, or when they are too large however small they are
        made; an earlier one that is gone is left out. Raises UpstreamDown when the store does not answer.
        """
        try:
            there = [one for one in attachments if self._is_there(one, own=own)]
            blocks = self._blocks(there)
            parts = [self._part(one, blocks.get(one.pk, Block())) for one in there]
        except FileMissing:
            raise InvalidRequest(_GONE) from None
        except OSError as fault:
            raise UpstreamDown(_NOT_NOW) from fault
        parts = self._fitting(parts) if own else parts
        self._note(there, parts, blocks)
        empty = [part for part in parts if isinstance(part, Document) and not part.data and not part.text]
        if own and empty:
            raise InvalidRequest(_NO_TEXT % {"name": empty[0].name})
        return [part for part in parts if part not in empty]

    def _is_there(self, one: Attachment, *, own: bool) -> bool:
        there = attachment_service.store.has(one.sha256)
        if own and not there:
            raise InvalidRequest(_GONE)
        return there

    def _blocks(self, attachments: Sequence[Attachment]) -> dict[Any, Block]:
        named: dict[Any, tuple[str, DocumentText]] = {
            one.pk: (one.name, text_of(one))
            for one in attachments
            if one.kind == Attachment.Kind.FILE and document_ways.needs_text(one.media_type, provider=self.provider)
        }
        return self.texts.blocks(named)

    def _part(self, one: Attachment, block: Block) -> Part:
        if one.kind == Attachment.Kind.IMAGE:
            known = {"name": one.name, "url": gateway.gateway_address_of(one), "reference": str(one.pk)}
            return Picture(one.media_type, attachment_service.store.read(one.sha256), **known)
        as_file = document_ways.takes_file(one.media_type, provider=self.provider)
        data = attachment_service.store.read(one.sha256) if as_file else b""
        return Document(one.name, one.media_type, data, block.text)

    def _fitting(self, parts: list[Part]) -> list[Part]:
        """The parts, the largest pictures as smaller copies and the largest documents as text, until all together fit
        into one request. Raises InvalidRequest when they do not even then."""
        most = document_ways.most_bytes(provider=self.provider)
        largest_first = sorted(range(len(parts)), key=lambda number: -len(parts[number].data))
        for kind in (Picture, Document):
            for number in largest_first:
                if sum(len(part.data) for part in parts) <= most:
                    return parts
                if isinstance(parts[number], kind):
                    parts[number] = self._lighter(parts[number])
        if sum(len(part.data) for part in parts) > most:
            raise InvalidRequest(_TOO_HEAVY % {"most": most // limits.MEGABYTE})
        return parts

    def _lighter(self, part: Part) -> Part:
        if isinstance(part, Document):
            return replace(part, data=b"") if part.text else part
        smaller = gateway.smaller_copy(part)
        if smaller is None or len(smaller.data) >= len(part.data):
            return part
        self.made_smaller += 1
        return smaller

    def _note(self, attachments: Sequence[Attachment], parts: Sequence[Part], blocks: Mapping[Any, Block]) -> None:
        for one, part in zip(attachments, parts, strict=True):
            if isinstance(part, Document):
                way = "file" if part.data else "text"
                self.sent.append({"name": one.name, "way": way, **blocks.get(one.pk, Block()).as_json()})
