"""Which answers rely on a document, and what they keep of it."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from accounts.models import Membership
from chat import access
from chat.models import Answer, AnswerPassage, Document, LogEntry

MOST = 50
"""Answers that are listed."""


def answers_citing(document: Document, membership: Membership) -> list[Answer]:
    """The answers that cite the document and that the person may read, the newest first, with their questions."""
    cites = AnswerPassage.objects.filter(answer=OuterRef("pk"), version__document=document, cited=True)
    readable = access.readable_conversations(membership).values("pk")
    found = Answer.objects.filter(Exists(cites), question__conversation__in=readable)
    return list(found.select_related("question__conversation").order_by("-created_at", "-id")[:MOST])


def forget_quotes(document_id: UUID) -> None:
    """Let answers keep nothing of a document that is deleted for good but that there was one, in the caller's
    transaction."""
    rows = AnswerPassage.objects.filter(version__document=document_id)
    told = LogEntry.objects.filter(kind=LogEntry.Kind.DOCUMENTS, answer__in=rows.values("answer"))
    for entry in told.iterator(chunk_size=100):
        told_of = [
            _nothing_of(one) if one.get("document") == str(document_id) else one for one in entry.data["passages"]
        ]
        LogEntry.objects.filter(answer=entry.answer_id, seq=entry.seq).update(data={"passages": told_of})
    rows.update(name="", label="", text="")


def _nothing_of(passage: dict[str, Any]) -> dict[str, Any]:
    return {**passage, "name": "", "label": "", "text": ""}
