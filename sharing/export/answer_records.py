"""Answers as import reads them back, with what was checked of them and who vouches for them: docs/export-format.md."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat.live.shown_passages import ShownPassages
from chat.models import Answer, AnswerPassage, CheckedMark, CheckedSource, CitationCheck, Verification
from sharing.export.records import Record, day, moment, person, someone


@dataclass(slots=True)
class CheckRows:
    """What belongs to a check: its marks, how each source was read, and where each fact of the text stands."""

    marks: list[CheckedMark] = field(default_factory=list)
    read: list[CheckedSource] = field(default_factory=list)
    facts: Sequence[Any] = ()


def answer_record(
    answer: Answer,
    *,
    text: str,
    sources: Iterable[Any],
    passages: ShownPassages,
    check: CitationCheck | None,
    checked: CheckRows,
    with_reasoning: bool,
) -> Record:
    """An answer; `text` and `sources` are what there is of one that is still being written."""
    kept = {"reasoning": answer.reasoning} if with_reasoning else {}
    return {
        "id": str(answer.pk),
        "asked_by": person(answer.asked_by),
        "provider": answer.provider,
        "model": answer.model,
        "imported_from": answer.request.get("imported_from", ""),
        "asked_as": answer.request.get("asked_as", ""),
        "options": answer.request.get("options", {}),
        "from_space": None if passages.hidden else answer.request.get("from_space"),
        "background": answer.background,
        "resolved_model": answer.resolved_model,
        "state": answer.state,
        "text": text,
        **kept,
        "related": answer.related,
        "media": answer.media,
        "steps": answer.steps if with_reasoning else [],
        "searched": answer.searched,
        "unknown_citations": answer.unknown_citations,
        "finish": answer.finish,
        "usage": answer.usage,
        "cost": None if answer.cost is None else str(answer.cost),
        "cost_source": answer.cost_source,
        "price_date": day(answer.price_date),
        "error": answer.error,
        "format_problem": answer.format_problem,
        "upstream_id": answer.upstream_id,
        "request_id": answer.request_id,
        "created_at": moment(answer.created_at),
        "started_at": moment(answer.started_at),
        "first_word_at": moment(answer.first_word_at),
        "ended_at": moment(answer.ended_at),
        "sources": [_source(one) for one in sources],
        "passages": None if passages.hidden else [_passage(one) for one in _rows_of(answer, passages)],
        "check": _check(check, checked, hides_documents=passages.hidden) if check else None,
        "verifications": _verifications(list(answer.verifications.all())),
    }


def _source(one: Any) -> Record:
    return {
        "number": one.number,
        "title": one.title,
        "url": one.url,
        "date": one.date,
        "last_updated": one.last_updated,
        "snippet": one.snippet,
        "origin": one.origin,
        "kind": one.kind,
        "carried": one.carried,
        "cited": one.cited,
    }


def _rows_of(answer: Answer, passages: ShownPassages) -> Iterable[Any]:
    return answer.passages.all() if passages.asked else ()


def _verifications(rows: Sequence[Verification]) -> list[Record]:
    """All that was said, also what was withdrawn or said anew since. `replaced_by` is a place in this list, from 0."""
    places = {one.pk: place for place, one in enumerate(rows)}
    return [
        {
            "by": someone(one.by, otherwise=one.by_name),
            "text": one.text,
            "start": one.start,
            "end": one.end,
            "note": one.note,
            "at": moment(one.at),
            "until": day(one.until),
            "withdrawn_at": moment(one.withdrawn_at),
            "withdrawn_by": someone(one.withdrawn_by),
            "replaced_by": places.get(one.replaced_by_id) if one.replaced_by_id else None,
        }
        for one in rows
    ]


def _passage(one: AnswerPassage) -> Record:
    version = one.version  # of a document that was deleted for good nothing is told
    is_there = version is not None
    return {
        "number": one.number,
        "document": one.name if is_there else "",
        "document_id": str(version.document_id) if version else "",
        "version": version.number if version else 0,
        "unit": one.unit,
        "page": one.page,
        "label": one.label if is_there else "",
        "text": one.text if is_there else "",
        "tokens": one.tokens,
        "cited": one.cited,
    }


def _check(check: CitationCheck, checked: CheckRows, *, hides_documents: bool) -> Record:
    return {
        "rules": check.rules,
        "text_sha256": check.text_sha256,
        "requested_by": someone(check.requested_by),
        "created_at": moment(check.created_at),
        "ended_at": moment(check.ended_at),
        "found": check.found,
        "partly": check.partly,
        "not_found": check.missing,
        "could_not_be_read": check.unread,
        "passage_shown": check.shown,
        "figures": check.figures,
        "figures_missing": check.figures_missing,
        "pages": check.pages,
        "pages_unread": check.pages_unread,
        "facts": [] if hides_documents else list(checked.facts),
        "sources": [
            {
                "number": one.number,
                "text_sha256": one.text_sha256,
                "from_search": one.from_search,
                "problem": one.problem,
            }
            for one in checked.read
        ],
        "marks": [_mark(one, is_hidden=hides_documents and one.of_document) for one in checked.marks],
    }


def _mark(one: CheckedMark, *, is_hidden: bool) -> Mapping[str, Any]:
    place = {"position": one.position, "start": one.start, "end": one.end, "number": one.number}
    place |= {"of_document": one.of_document}
    if is_hidden:
        return place
    return {
        **place,
        "sentence": one.sentence,
        "state": one.state,
        "passage": one.passage,
        "page": one.page,
        "from_search": one.from_search,
        "highlights": one.highlights,
        "facts": one.facts,
        "opinion": one.opinion,
    }
