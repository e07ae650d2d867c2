"""What stands in the passport of an answer, for one reader. docs/passports.md describes each part.

What this reader may not see is there as a hash: what a person wrote for themselves alone, and instructions and
documents of a space that the reader may not read.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from chat import access
from chat.answers import instructions, passages, prompt
from chat.models import Answer, AnswerPassage, CitationCheck, Verification
from chat.sources.passports.canonical import text_sha256
from chat.sources.passports.commitments import commitment
from chat.sources.passports.digests import log_of
from chat.sources.passports.signing import salt_for
from chat.sources.passports.verify import FORMAT, VERSION
from core.version import parley_version

Part = dict[str, Any]


def contents_for(reader: User, answer: Answer) -> Part:
    """The passport of an answer that has ended. Who calls has looked whether the reader may read it."""
    question = answer.question
    log = log_of(answer)
    return {
        "format": FORMAT,
        "version": VERSION,
        "parley": parley_version(),
        "site": settings.SITE_URL,
        "made_at": _moment(timezone.now()),
        "made_for": reader.display_name,
        "question": {
            "id": str(question.pk),
            "conversation": str(question.conversation_id),
            "asked_by": question.author.display_name,
            "asked_at": _moment(question.created_at),
            "text": question.text,
            "text_sha256": text_sha256(question.text),
        },
        "conversation_before": [
            {"question_sha256": text_sha256(one.asked), "answer_sha256": text_sha256(one.told)}
            for one in prompt.told_before(answer)
        ],
        "sent": _sent(reader, answer),
        "received": _received(answer),
        "answer": {
            "id": str(answer.pk),
            "asked_by": answer.asked_by.display_name,
            "state": answer.state,
            "text": answer.text,
            "text_sha256": text_sha256(answer.text),
            "reasoning_sha256": text_sha256(answer.reasoning),
        },
        "check": _check(answer),
        "verifications": _verifications(answer),
        "log": {"entries": log.entries, "head": log.head, "is_whole": log.is_whole} if log else None,
    }


def _sent(reader: User, answer: Answer) -> Part:
    asked = answer.request
    given = prompt.given_before(answer, prompt.told_before(answer))
    return {
        **({"given": [{"role": one.role, "text_sha256": text_sha256(one.text)} for one in given]} if given else {}),
        "provider": answer.provider,
        "host": "" if asked.get("demo") else asked.get("host", ""),
        "is_demo": bool(asked.get("demo")),
        "model": answer.model,
        "pinned_model": asked.get("asked_as", ""),
        "options": {name: value for name, value in asked.get("options", {}).items() if name != instructions.OPTION},
        "background": answer.background,
        "instructions": _instructions(reader, answer),
        "documents": _documents(reader, answer),
        "attachments": [
            {
                "name": one.name,
                "media_type": one.media_type,
                "size": one.size,
                "sha256": one.sha256,
                "original_sha256": one.original_sha256,
            }
            for one in answer.question.attachments.all()
        ],
        "left_out": asked.get("left_out", {}),
        "at": _moment(answer.sent_at),
    }


def _instructions(reader: User, answer: Answer) -> list[Part]:
    """In the order in which they were sent."""
    seen = instructions.sent_as_seen_by(reader, answer)
    found = []
    for sent, shown in zip(instructions.sent_with(answer), seen, strict=True):
        version = sent.version
        content = {
            "text": sent.text,
            "text_sha256": text_sha256(sent.text),
            "version": version.number if version else 0,
            "version_id": str(version.pk) if version else "",
            "written_by": version.author.display_name if version and version.author else "",
            "written_at": _moment(version.created_at) if version else "",
        }
        salt = salt_for(f"instructions {sent.origin}", answer.pk)
        found.append({"of": str(sent.origin), "what": commitment(content, salt=salt, shown=not shown.hidden)})
    return found


def _documents(reader: User, answer: Answer) -> Part | None:
    """All that went along out of documents of a space, with one hash: how much it was is withheld, too."""
    space = passages.space_of(answer)
    if space is None:
        return None
    rows: Sequence[AnswerPassage] = list(answer.passages.select_related("version"))
    may_see = space in access.spaces_read_by(reader.pk, {space})
    content = {"space": str(space), "passages": [_passage(one) for one in rows]}
    salt = salt_for("documents", answer.pk)
    return {"of": "documents", "what": commitment(content, salt=salt, shown=may_see)}


def _passage(one: AnswerPassage) -> Part:
    version = one.version
    return {
        "number": one.number,
        "document": one.name if version else "",
        "document_id": str(version.document_id) if version else "",
        "version": version.number if version else 0,
        "file_sha256": version.sha256 if version else "",
        "unit": one.unit,
        "page": one.page,
        "is_whole": not one.text,
        "text": one.text,
        "text_sha256": text_sha256(one.text),
        "cited": one.cited,
    }


def _received(answer: Answer) -> Part:
    return {
        "resolved_model": answer.resolved_model,
        "upstream_id": answer.upstream_id,
        "request_id": answer.request_id,
        "job": answer.job,
        "finish": answer.finish,
        "created_at": _moment(answer.created_at),
        "started_at": _moment(answer.started_at),
        "first_word_at": _moment(answer.first_word_at),
        "ended_at": _moment(answer.ended_at),
        "usage": answer.usage,
        "cost": None if answer.cost is None else str(answer.cost),
        "cost_source": answer.cost_source,
        "price_date": answer.price_date.isoformat() if answer.price_date else "",
        "searched": answer.searched,
        "sources": [
            {
                "number": one.number,
                "title": one.title,
                "address": one.url,
                "date": one.date,
                "last_updated": one.last_updated,
                "origin": one.origin,
                "kind": one.kind,
                "carried": one.carried,
                "cited": one.cited,
                "snippet_sha256": text_sha256(one.snippet),
            }
            for one in answer.sources.all()
        ],
    }


def _check(answer: Answer) -> Part | None:
    """The newest check that finished, as the answer wears it."""
    finished = CitationCheck.objects.filter(answer=answer, state=CitationCheck.State.FINISHED)
    check = finished.order_by("-created_at", "-id").first()
    if check is None:
        return None
    return {
        "rules": check.rules,
        "text_sha256": check.text_sha256,
        "ended_at": _moment(check.ended_at),
        "found": check.found,
        "partly": check.partly,
        "not_found": check.missing,
        "could_not_be_read": check.unread,
        "passage_shown": check.shown,
        "figures": check.figures,
        "figures_missing": check.figures_missing,
        "pages_unread": check.pages_unread,
        "marks": [
            {
                "start": one.start,
                "end": one.end,
                "number": one.number,
                "of_document": one.of_document,
                "state": one.state,
            }
            for one in check.marks.all()
        ],
        "sources": [
            {
                "number": one.number,
                "from_search": one.from_search,
                "problem": one.problem,
                "text_sha256": one.text_sha256,
                "address": one.copy.final_address or one.copy.address if one.copy else "",
                "read_at": _moment(one.copy.read_at) if one.copy else "",
                "file_sha256": one.copy.file_sha256 if one.copy else "",
            }
            for one in check.sources.select_related("copy")
        ],
    }


def _verifications(answer: Answer) -> list[Part]:
    """All of them, also those that were withdrawn, in their order."""
    return [
        {
            "by": one.vouched_by,
            "at": _moment(one.at),
            "until": one.until.isoformat() if one.until else "",
            "note": one.note,
            "sentence": one.text,
            "start": one.start,
            "end": one.end,
            "withdrawn_at": _moment(one.withdrawn_at),
            "withdrawn_by": one.withdrawn_by.display_name if one.withdrawn_by else "",
            "was_changed": one.replaced_by_id is not None,
        }
        for one in Verification.objects.filter(answer=answer).select_related("by", "withdrawn_by")
    ]


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""
