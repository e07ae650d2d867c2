"""Reports to try things on."""

from collections.abc import Callable, Sequence

import pytest

from accounts.models import Team, User
from chat import access
from chat.models import Answer, Source
from sharing.models import Report
from sharing.reports import service
from tests.chat.conversations.conftest import Make
from tests.chat.conversations.conftest import converse as converse  # a fixture

Told = Callable[..., Answer]
Begin = Callable[..., Report]


@pytest.fixture
def told(converse: Make) -> Told:
    """A finished answer with these sources: `told("Bob [1].", ["https://a.example/"])`."""

    def tell(text: str, urls: Sequence[str] = (), *, question: str = "Who keeps it?", **fields: object) -> Answer:
        conversation = converse((question, text), **fields)
        answer = Answer.objects.select_related("question__conversation").get(question__conversation=conversation)
        Source.objects.bulk_create(
            Source(answer=answer, number=number, title=f"Page {number}", url=url, cited=True)
            for number, url in enumerate(urls, start=1)
        )
        return answer

    return tell


@pytest.fixture
def begin(harbour: Team, alice: User) -> Begin:
    """A report, Alice's and her team's unless said otherwise, with a section for each of the answers."""

    def make(
        *answers: Answer, by: User | None = None, place: access.Place = access.TEAM, title: str = "Tides"
    ) -> Report:
        report = service.begin_report(team=harbour, by=by or alice, title=title, place=place)
        if answers:
            service.add_answers(report=report, answers=answers, by=by or alice)
        return report

    return make
