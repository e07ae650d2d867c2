"""Answers that cite something, and what a process would have found out about them."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Team, User
from chat.models import Answer, CheckedMark, CitationCheck, Conversation, Source
from chat.questions import service as questions
from chat.sources.checks import plans, records, request_check
from chat.sources.checks.judging import Judged
from tests import wishes

Cite = Callable[..., Answer]
TEXT = "The light has 42 lamps [1]. It was lit in 1890 [2]."


@pytest.fixture
def cite(harbour: Team) -> Cite:
    """A finished answer with sources: `cite(alice, "The light has 42 lamps [1].")`."""

    def make(by: User, text: str = TEXT, *, sources: int = 2, private: bool = False, **fields: Any) -> Answer:
        answer = questions.ask_in_new_conversation(wishes.wish("Who keeps the light?"), team=harbour, by=by)
        if private:
            Conversation.objects.filter(questions__answers=answer).update(visibility="private")
        given = {"state": "finished", "text": text, "ended_at": timezone.now(), "lease_holder": None}
        Answer.objects.filter(pk=answer.pk).update(**given | fields)
        Source.objects.bulk_create(
            Source(
                answer=answer,
                number=number,
                url=f"https://site{number}.example/page",
                title=f"Page {number}",
                snippet=f"Snippet {number}: the light has 42 lamps.",
                cited=True,
            )
            for number in range(1, sources + 1)
        )
        return Answer.objects.select_related("question__conversation__team").get(pk=answer.pk)

    return make


def mark(position: int, number: int, state: str = "found", **fields: Any) -> dict[str, Any]:
    """What the process with the rules says of a mark."""
    said = {"position": position, "number": number, "state": state, "of_document": False}
    words = {"sentence": f"Sentence {position}.", "start": 0, "end": 9, "passage": f"Passage {position}."}
    return said | words | {"page": 0, "highlights": [], "facts": [], "from_search": True, "passage_start": 0} | fields


def figure(text: str, *, cited: list[str], others: list[str] | None = None) -> dict[str, Any]:
    """What it says of a figure of the whole text."""
    places = {"cited": cited, "others": others or [], "apart": [], "near": "", "looked_at_all": True}
    return {"kind": "figure", "text": text, "start": 0, "end": 2, "value": text, "times": 1} | places


JUDGED = Judged([mark(1, 1), mark(2, 2, "missing")], [figure("42", cited=["1"]), figure("1890", cited=[])])


def taken(check: CitationCheck) -> uuid.UUID:
    """Has somebody hold the check's lease; returns who."""
    holder = uuid.uuid4()
    CitationCheck.objects.filter(pk=check.pk).update(lease_holder=holder)
    return holder


def checked(answer: Answer, by: User, judged: Judged = JUDGED) -> CitationCheck:
    """A check of the answer as it ends when these things are said, with every page read in vain."""
    check = request_check(answer=answer, by=by)
    holder = taken(check)
    plan = records.begin_check(check.pk, holder=holder)
    assert plan
    for page in plan.to_read:
        records.note_page(plan, page, None, problem="unreachable", holder=holder)
    records.end_check(plan, judged, plans.material(plan.answer, check.pk), holder=holder)
    return CitationCheck.objects.get(pk=check.pk)


def marks_of(check: CitationCheck) -> list[CheckedMark]:
    """The marks of the check in their order."""
    return list(CheckedMark.objects.filter(check_of=check))
