"""An answer with sources whose check has been made, as rows, without a worker and without reading anything."""

import uuid
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.utils import timezone

from accounts.models import Team, User
from chat.answers import finalize
from chat.models import Answer, CheckedMark, CheckedSource, CitationCheck, LogEntry, PageCopy
from chat.questions import service as questions

SITES = ("https://lights.example/north", "https://keepers.example/log", "https://harbour.example/fees")
TEXT = """\
The lighthouse of Harbour was built in 1872 [1]. It has 203 steps and a light that reaches 18 nautical miles [1][2].

The keepers say that the tower is worth the climb [2]. In 2025 it had 41,230 visitors, who paid 3.20 euros each [3].
"""
SOURCES = [
    {"title": "The north light", "url": SITES[0], "snippet": "The lighthouse was built in 1872 and has 203 steps."},
    {"title": "The keepers’ log", "url": SITES[1], "snippet": "Our tower is worth every step, all 199 of them."},
    {"title": "Fees of the harbour", "url": SITES[2], "snippet": ""},
]
_FIRST, _SECOND = (
    "The lighthouse of Harbour was built in 1872",
    "It has 203 steps and a light that reaches 18 nautical miles",
)
_THIRD, _FOURTH = (
    "The keepers say that the tower is worth the climb",
    "In 2025 it had 41,230 visitors, who paid 3.20 euros each",
)
PASSAGES = {
    1: "The lighthouse was built in 1872 and has 203 steps. Its light reaches 18 nautical miles on a clear night.",
    2: "Our tower is worth every step, all 199 of them, and the light reaches 18 nautical miles.",
}


def fact(sentence: str, text: str, *, kind: str = "figure", found: bool = True, **known: Any) -> dict[str, Any]:
    """A fact of the sentence as a check keeps it."""
    start = sentence.index(text)
    place = {"kind": kind, "text": text, "start": start, "end": start + len(text), "value": text}
    return {**place, "found": found, "elsewhere": False, "near": "", "in_passage": [0, 0], **known}


MARKS: Sequence[Mapping[str, Any]] = (
    {"number": 1, "sentence": _FIRST, "state": "found", "facts": [fact(_FIRST, "1872", kind="date")]},
    {
        "number": 1,
        "sentence": _SECOND,
        "state": "found",
        "facts": [fact(_SECOND, "203 steps"), fact(_SECOND, "18 nautical miles")],
    },
    {
        "number": 2,
        "sentence": _SECOND,
        "state": "partly",
        "facts": [fact(_SECOND, "203 steps", found=False, near="199"), fact(_SECOND, "18 nautical miles")],
    },
    {"number": 2, "sentence": _THIRD, "state": ""},
    {
        "number": 3,
        "sentence": _FOURTH,
        "state": "unread",
        "facts": [fact(_FOURTH, "41,230 visitors", found=False), fact(_FOURTH, "3.20 euros", found=False)],
    },
)
FACTS = [
    {"kind": "date", "text": "1872", "cited": ["1"], "others": [], "apart": [], "near": ""},
    {"kind": "figure", "text": "203 steps", "cited": ["1"], "others": [], "apart": [], "near": ""},
    {"kind": "figure", "text": "18 nautical miles", "cited": ["1", "2"], "others": [], "apart": [], "near": ""},
    {"kind": "figure", "text": "41,230 visitors", "cited": [], "others": [], "apart": [], "near": ""},
    {"kind": "figure", "text": "3.20 euros", "cited": [], "others": [], "apart": [], "near": ""},
]


def write(wish: Mapping[str, Any]) -> dict[str, str]:
    """Alice's answer, checked unless `checked` says otherwise; with `ends`, what is made of the answer with that id
    ends as a check. The ids of the conversation and of the answer."""
    if "ends" in wish:
        answer = Answer.objects.get(pk=wish["ends"])
        CitationCheck.objects.filter(answer=answer, state__in=CitationCheck.LIVE).delete()
        check_of(answer)
    else:
        alice = User.objects.get(username="alice")
        answer = answered(team=alice.memberships.get().team, by=alice, visibility=wish.get("visibility", "team"))
        if wish.get("checked", True):
            check_of(answer)
    return {"conversation": str(answer.question.conversation_id), "answer": str(answer.pk)}


def answered(*, team: Team, by: User, visibility: str = "team", text: str = TEXT) -> Answer:
    """A finished answer with sources."""
    wish = questions.Wish(text="How high is the light?", model="sonar", provider="sonar", key=uuid.uuid4())
    answer = questions.ask_in_new_conversation(wish, team=team, by=by)
    empty = {"title": "", "date": "", "last_updated": "", "snippet": "", "origin": "web"}
    entries = {"started": {"model": "sonar"}, "sources": [empty | source for source in SOURCES], "text": text}
    LogEntry.objects.bulk_create(
        LogEntry(answer=answer, seq=seq, kind=kind, data=data)
        for seq, (kind, data) in enumerate(entries.items(), start=1)
    )
    assert finalize.end_answer(answer_id=answer.pk, state=Answer.State.FINISHED)
    conversation = answer.question.conversation
    conversation.visibility = visibility
    conversation.save(update_fields=["visibility"])
    return Answer.objects.get(pk=answer.pk)


def check_of(answer: Answer, *, marks: Sequence[Mapping[str, Any]] = MARKS, **fields: Any) -> CitationCheck:
    """A check of it that has finished."""
    states = [mark["state"] for mark in marks]
    counts = {name: states.count(name) for name in ("found", "partly", "missing", "unread")}
    check = CitationCheck.objects.create(
        answer=answer,
        **{
            "state": CitationCheck.State.FINISHED,
            "rules": 1,
            "text_sha256": sha256(answer.text.encode()).hexdigest(),
            **counts,
            "shown": states.count(""),
            "figures": 4,
            "figures_missing": 2,
            "pages": 3,
            "pages_done": 3,
            "pages_unread": 1,
            "facts": FACTS,
            "ended_at": timezone.now(),
            **fields,
        },
    )
    for number, site in enumerate(SITES, start=1):
        copy = None
        if number < 3:
            copy = PageCopy.objects.create(
                team=answer.question.conversation.team,
                address=site,
                address_key=sha256(f"{check.pk} {site}".encode()).hexdigest(),
                site=site.split("/")[2],
                text_sha256=sha256(site.encode()).hexdigest(),
            )
        problem = "" if copy else "login"
        CheckedSource.objects.create(check_of=check, number=number, copy=copy, problem=problem)
    CheckedMark.objects.bulk_create(_mark(check, answer, place, mark) for place, mark in enumerate(marks, start=1))
    return check


def _mark(check: CitationCheck, answer: Answer, position: int, mark: Mapping[str, Any]) -> CheckedMark:
    sentence = str(mark["sentence"])
    start = answer.text.find(sentence)
    passage = str(mark.get("passage", PASSAGES.get(int(mark["number"]), "")))
    found = [str(one["text"]) for one in mark.get("facts", ()) if one["found"]]
    spans = sorted([passage.index(text), passage.index(text) + len(text)] for text in found if text in passage)
    return CheckedMark(
        check_of=check,
        position=position,
        start=max(start, 0),
        end=max(start, 0) + len(sentence),
        highlights=spans,
        **{"facts": [], **mark, "passage": passage},
    )
