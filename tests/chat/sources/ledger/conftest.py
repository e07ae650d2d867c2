"""Answers with sources, in the ledger."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Team, User
from chat.models import Answer, CheckedMark, CitationCheck, Conversation, LedgerNews, LedgerSource, Source
from chat.sources.ledger import settling
from chat.sources.ledger.audiences import ledger_named
from tests.chat.conversations.conftest import Make, add, membership_of

LIGHT = "https://light.example/keepers"
TIDES = "https://docs.tides.example/tables"


def use(answer: Answer, *urls: str, cited: bool = True, **fields: Any) -> Answer:
    """Give the answer these sources, as if it had just ended."""
    first = answer.sources.count() + 1
    Source.objects.bulk_create(
        Source(answer=answer, number=number, url=url, cited=cited, **({"title": f"About {url}"} | fields))
        for number, url in enumerate(urls, start=first)
    )
    answer.ended_at = answer.ended_at or timezone.now()
    answer.save(update_fields=["ended_at"])
    LedgerNews.of_answers([answer.pk])
    return answer


def note_all() -> None:
    """Do what the background does until there is nothing left to do."""
    while settling.settle_news():
        pass
    settling.note_pages()


def check(answer: Answer, *states: tuple[int, str]) -> CitationCheck:
    """A check of the answer that finished with these states of these sources."""
    checked = CitationCheck.objects.create(answer=answer, state="finished", ended_at=timezone.now())
    CheckedMark.objects.bulk_create(
        CheckedMark(
            check_of=checked,
            position=position,
            sentence=f"Sentence {position} of it.",
            start=0,
            end=1,
            number=number,
            state=state,
        )
        for position, (number, state) in enumerate(states, start=1)
    )
    LedgerNews.of_answers([answer.pk])
    return checked


def rows_of(person: User, where: str = "") -> list[tuple[str, int, int]]:
    """What the person is shown in that ledger: address, in how many answers, in how many of them cited."""
    membership = membership_of(person)
    assert settling.settle_moves(membership.team)
    there = LedgerSource.objects.filter(audience=ledger_named(membership, where).audience)
    return list(there.order_by("address").values_list("address", "answers", "cited"))


Used = Callable[..., Conversation]


@pytest.fixture
def used(converse: Make, harbour: Team) -> Used:
    """A conversation whose only answer used these addresses, in the ledger by now."""

    def make(*urls: str, cited: bool = True, **fields: Any) -> Conversation:
        conversation = converse(**fields)
        use(add(conversation, 1, "Who keeps the light?", "Nobody [1]."), *urls, cited=cited)
        note_all()
        return conversation

    return make


def answer_of(conversation: Conversation) -> Answer:
    """Its only answer."""
    return Answer.objects.get(question__conversation=conversation)
