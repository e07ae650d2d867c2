"""One frame goes to many readers: it tells no time of day as one of them has it."""

import re
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import User
from chat.live.answer_display import Reader
from chat.live.article import render_article
from chat.live.partials import Partials
from chat.models import Answer
from tests.chat.conversations.conftest import Make

pytestmark = pytest.mark.django_db
READER = Reader(may_ask=True)
ZONES = ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"]


@pytest.fixture
def answer(alice: User, converse: Make) -> Answer:
    converse(("Who keeps the light?", "Nobody since 1998."))
    found = Answer.objects.get()
    found.usage = {"prompt_tokens": 12, "completion_tokens": 3456, "total_tokens": 3468}
    found.cost, found.cost_source = "0.0123", "estimated"
    found.price_date = found.created_at.date()
    found.started_at = found.first_word_at = found.ended_at = found.created_at
    found.save()
    found.sources.create(number=1, title="Varn", url="https://harbour.example/varn", date="2026-11-20", cited=True)
    return found


def test_the_finished_article_is_the_same_in_every_zone(answer: Answer) -> None:
    articles = set()
    for zone in ZONES:
        with timezone.override(ZoneInfo(zone)):
            articles.add(re.sub(r'name="key" value="[^"]*"', "", render_article(answer.pk, READER)))

    (article,) = articles
    assert "20 Nov 2026" in article
    assert "3,456 out" in article


def test_a_frame_is_the_same_in_every_zone(answer: Answer) -> None:
    answer.state = Answer.State.WRITING
    frames = set()
    for zone in ZONES:
        with timezone.override(ZoneInfo(zone)):
            frames.add(Partials(answer).frame(after=0, reader=READER))

    (frame,) = frames
    assert f'data-since="{int(answer.created_at.timestamp())}"' in frame
    assert 'data-seconds="{seconds} s"' in frame
