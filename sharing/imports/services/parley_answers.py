"""Answers as Parley's own exports have them, with what was checked of them and who vouches for them."""

from collections.abc import Mapping
from typing import Any

from chat.models import Answer, CheckedMark
from sharing.imports.foreign import Clock, ForeignAnswer, ForeignSource, dict_of, list_of, text_of
from sharing.imports.values import (
    MOST_WHOLE,
    choice_in,
    day_in,
    facts_of_mark,
    facts_of_text,
    highlights_in,
    json_in,
    media_in,
    money_in,
    opinion_in,
    place_in,
    problem_in,
    rows_in,
    steps_in,
    stored_text_in,
    text_in,
    texts_in,
    time_in,
    usage_in,
    whole_in,
)

MOST_MARKS = 5_000  # of one check
MOST_PASSAGES = 500  # of one answer
MOST_VERIFICATIONS = 200  # the same, as people can make in Parley
LONGEST_PASSAGE = 2_000_000  # characters
_STATES = ("finished", "stopped", "interrupted", "failed")
_UNFINISHED = ("waiting", "writing")
_LONGEST = {"provider": 20, "resolved_model": 100, "finish": 40, "upstream_id": 100, "request_id": 200}


def answer_of(said: Mapping[str, Any], clock: Clock, *, key: str) -> ForeignAnswer:
    """One answer. What is none of its columns is left out; `key` names one that has no id."""
    at = clock.read(said.get("created_at"))
    state = text_of(said.get("state"))
    more: dict[str, Any] = {name: text_in(said.get(name), most) for name, most in _LONGEST.items()}
    more["state"] = "interrupted" if state in _UNFINISHED else state if state in _STATES else "finished"
    more["format_problem"] = stored_text_in(said.get("format_problem"), 10_000)
    more["usage"] = usage_in(said.get("usage"))
    more["related"] = texts_in(said.get("related"), most=20, longest=2_000)
    more["media"], more["steps"] = media_in(said.get("media")), steps_in(said.get("steps"))
    more["error"] = problem_in(said.get("error"))
    more["searched"], more["background"] = said.get("searched") is True, said.get("background") is True
    more |= _cost(said)
    more["started_at"], more["first_word_at"] = time_in(said.get("started_at")), time_in(said.get("first_word_at"))
    more["ended_at"] = clock.read(said.get("ended_at"))
    more["imported_from"] = text_in(said.get("imported_from"), 40)
    more["asked_as"], more["options"] = text_in(said.get("asked_as"), 100), json_in(said.get("options"), {}, 100_000)
    more["from_space"] = json_in(said.get("from_space"), {}, 10_000)
    more["passages"] = _passages(said.get("passages"))
    more["check"] = _check(dict_of(said.get("check")))
    more["verifications"] = _verifications(said.get("verifications"))
    return ForeignAnswer(
        key=text_of(said.get("id")) or key,
        text=text_of(said.get("text")),
        at=at,
        model=text_of(said.get("model")),
        reasoning=text_of(said.get("reasoning")),
        sources=[_source(dict_of(one), place) for place, one in enumerate(list_of(said.get("sources")), start=1)],
        by=text_of(dict_of(said.get("asked_by")).get("username")),
        more=more,
    )


def _cost(said: Mapping[str, Any]) -> dict[str, Any]:
    """What it cost there. An estimate says of which day its prices are."""
    cost, day = money_in(said.get("cost")), day_in(said.get("price_date"))
    source = choice_in(said.get("cost_source"), Answer.CostSource.values)
    if cost is None or (source == Answer.CostSource.ESTIMATED and day is None):
        source, day = "", None
    return {"cost": cost, "cost_source": source, "price_date": day}


def _source(said: Mapping[str, Any], place: int) -> ForeignSource:
    number = said.get("number")
    return ForeignSource(
        number=number if isinstance(number, int) and 0 < number < 100_000 else place,
        url=text_of(said.get("url")),
        title=text_of(said.get("title")),
        date=text_of(said.get("date"))[:40],
        last_updated=text_of(said.get("last_updated"))[:40],
        snippet=text_of(said.get("snippet")),
        origin=text_of(said.get("origin"))[:40],
        kind=text_of(said.get("kind"))[:10],
        carried=said.get("carried") is True,
    )


def _passages(value: Any) -> list[dict[str, Any]]:
    """The passages of documents that went along, each number once."""
    found = {
        number: {
            "number": number,
            "document": text_in(one.get("document_id"), 100),
            "version": whole_in(one.get("version")),
            "name": text_in(one.get("document"), 200),
            "unit": text_in(one.get("unit"), 10),
            "page": whole_in(one.get("page")),
            "label": text_in(one.get("label"), 200),
            "text": text_in(one.get("text"), LONGEST_PASSAGE),
            "tokens": whole_in(one.get("tokens")),
            "cited": one.get("cited") is True,
        }
        for one in rows_in(value, MOST_PASSAGES)
        if (number := whole_in(one.get("number"), 32_767))
    }
    return list(found.values())


def _check(said: Mapping[str, Any]) -> dict[str, Any]:
    """A check that finished, without whose it was; empty for none."""
    ended_at = time_in(said.get("ended_at"))
    if ended_at is None:
        return {}
    counts = {
        "found": "found",
        "partly": "partly",
        "missing": "not_found",
        "unread": "could_not_be_read",
        "shown": "passage_shown",
        "figures": "figures",
        "figures_missing": "figures_missing",
        "pages": "pages",
        "pages_unread": "pages_unread",
    }
    sha256 = text_of(said.get("text_sha256"))
    return {
        "by": dict_of(said.get("requested_by")),
        "columns": {name: whole_in(said.get(key)) for name, key in counts.items()}
        | {
            "rules": whole_in(said.get("rules"), 32_767),
            "text_sha256": sha256 if _is_hash(sha256) else "",
            "facts": facts_of_text(said.get("facts")),
            "created_at": time_in(said.get("created_at")) or ended_at,
            "ended_at": ended_at,
        },
        "sources": _read(said.get("sources")),
        "marks": _marks(said.get("marks")),
    }


def _read(value: Any) -> list[dict[str, Any]]:
    found = {
        number: {
            "number": number,
            "text_sha256": sha256 if _is_hash(sha256 := text_of(one.get("text_sha256"))) else "",
            "from_search": one.get("from_search") is True,
            "problem": text_in(one.get("problem"), 20),
        }
        for one in rows_in(value, MOST_MARKS)
        if (number := whole_in(one.get("number")))
    }
    return list(found.values())


def _marks(value: Any) -> list[dict[str, Any]]:
    """The marks of a check, each position once. Of those whose sentence nobody was shown there is only the place."""
    found = {}
    for one in rows_in(value, MOST_MARKS):
        position, start, end = whole_in(one.get("position")), place_in(one.get("start")), place_in(one.get("end"))
        if position and start is not None and end is not None:
            found[position] = {
                "position": position,
                "start": start,
                "end": end,
                "number": whole_in(one.get("number"), MOST_WHOLE),
                "of_document": one.get("of_document") is True,
                "sentence": text_in(one.get("sentence"), 20_000),
                "state": choice_in(one.get("state"), CheckedMark.State.values),
                "passage": text_in(one.get("passage"), 20_000),
                "page": whole_in(one.get("page")),
                "from_search": one.get("from_search") is True,
                "highlights": highlights_in(one.get("highlights")),
                "facts": facts_of_mark(one.get("facts")),
                "opinion": opinion_in(one.get("opinion")),
            }
    return list(found.values())


def _verifications(value: Any) -> list[dict[str, Any]]:
    """What people vouched for, in its order; `None` in place of what says nothing, so that places stay."""
    found = []
    for one in rows_in(value, MOST_VERIFICATIONS):
        at, start, end = time_in(one.get("at")), place_in(one.get("start")), place_in(one.get("end"))
        text = text_in(one.get("text"), 20_000)
        is_of_sentence = bool(text) and start is not None and end is not None and start < end
        found.append(
            {
                "by": dict_of(one.get("by")),
                "withdrawn_by": dict_of(one.get("withdrawn_by")),
                "replaced_by": place_in(one.get("replaced_by")),
                "columns": {
                    "text": text if is_of_sentence else "",
                    "start": start if is_of_sentence else None,
                    "end": end if is_of_sentence else None,
                    "note": text_in(one.get("note"), 500),
                    "at": at,
                    "until": day_in(one.get("until")),
                    "withdrawn_at": time_in(one.get("withdrawn_at")),
                },
            }
        )
    return found


def _is_hash(text: str) -> bool:
    return len(text) == 64 and all(sign in "0123456789abcdef" for sign in text)
