"""Documents of the space that somebody sends whole with a question, as files where the service takes those.

They go as attachments do, with the same limits, and are no attachments: who may see them is decided by the space.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from chat.answers.document_blocks import TextBudget
from chat.answers.passage_block import harmless
from chat.catalog import document_ways
from chat.catalog.offers import Offer
from chat.documents import texts
from chat.models import Answer, AnswerPassage, Document
from chat.rendering.mark_forms import document_label
from core.sentences import sentence
from core.web.formats import number
from core.web.params import uuid_in
from files import FileMissing, limits
from files.text import DocumentText
from upstream.errors import InvalidRequest, UpstreamDown
from upstream.requests import Document as DocumentPart

MOST = 5
"""Documents that go whole with one question."""

_GONE = sentence("A document of this space can’t be read any more. Ask again without it.")
_TOO_HEAVY = sentence("These documents are too large for this answer service. Send fewer of them, or only passages.")
_NOT_NOW = sentence(
    "The documents can’t be read right now because Parley’s storage isn’t responding. Ask again in a moment."
)


def ids_in(said: Sequence[Any]) -> list[UUID]:
    """The ids among what a form says, each once, MOST at most."""
    found = dict.fromkeys(one for text in said[: 4 * MOST] if (one := uuid_in(str(text)[:40])))
    return list(found)[:MOST]


def documents_to_send(space_id: UUID, ids: Sequence[UUID]) -> list[Document]:
    """Those documents of the space, in this order, that can be sent now: none that was removed or is not read."""
    there = Document.objects.select_related("current").filter(
        space=space_id, pk__in=list(ids), deleted_at=None, current__isnull=False
    )
    found = {one.pk: one for one in there}
    return [found[one] for one in ids if one in found]


def reason_against(documents: Sequence[Document], offer: Offer) -> str:
    """Why they cannot go whole to this model, in a sentence; empty where they can."""
    if not documents:
        return ""
    if offer.refuses_file:
        return offer.refuses_file
    heavy = sum(one.current.size for one in documents if one.current)
    most = document_ways.most_bytes(provider=offer.provider)
    if heavy > most:
        return _("These documents total %(size)s MB. This model accepts up to %(most)s MB at once.") % {
            "size": number(heavy / limits.MEGABYTE, places=0),
            "most": most // limits.MEGABYTE,
        }
    return ""


def rows_for(answer: Answer, *, space_id: UUID, ids: Sequence[UUID], first: int) -> list[AnswerPassage]:
    """What is kept of the documents that go whole with the answer's question, numbered from `first`."""
    return [
        AnswerPassage(
            answer=answer,
            number=place,
            space_id=space_id,
            version=document.current,
            name=document.name,
            unit=document.current.unit if document.current else "",
        )
        for place, document in enumerate(documents_to_send(space_id, ids), start=first)
    ]


def parts_of(rows: Sequence[AnswerPassage], *, provider: str) -> list[DocumentPart]:
    """The documents with their bytes, or their text where the service takes no such file. This can take a while.

    Raises InvalidRequest when one is gone or they are too large, UpstreamDown when the store does not answer.
    """
    try:
        blocks = _blocks(rows, provider=provider)
        parts = [_part(row, blocks.get(row.number, ""), provider=provider) for row in rows]
    except FileMissing:
        raise InvalidRequest(_GONE) from None
    except OSError as fault:
        raise UpstreamDown(_NOT_NOW) from fault
    if sum(len(part.data) for part in parts) > document_ways.most_bytes(provider=provider):
        raise InvalidRequest(_TOO_HEAVY)
    return [part for part in parts if part.data or part.text]


def _blocks(rows: Sequence[AnswerPassage], *, provider: str) -> dict[Any, str]:
    """The text of those that go as text, or may, by their numbers."""
    named: dict[Any, tuple[str, DocumentText]] = {
        row.number: (f"{document_label(row.number)}: {row.name}", texts.text_of(row.version))
        for row in rows
        if row.version and document_ways.needs_text(row.version.media_type, provider=provider)
    }
    return {number: _quoted(block.text) for number, block in TextBudget().blocks(named).items()}


def _quoted(block: str) -> str:
    """The block with a text that cannot leave it."""
    opening, _end, rest = block.partition("\n")
    text, _end, closing = rest.rpartition("\n")
    return f"{opening}\n{harmless(text)}\n{closing}" if text else block


def _part(row: AnswerPassage, text: str, *, provider: str) -> DocumentPart:
    version = row.version
    if version is None:
        raise FileMissing
    as_file = document_ways.takes_file(version.media_type, provider=provider)
    return DocumentPart(row.name, version.media_type, texts.store.read(version.sha256) if as_file else b"", text)
