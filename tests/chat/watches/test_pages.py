"""The pages of watches, without a script."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from chat.models import Question, Watch, WatchFollower
from tests.accounts.conftest import signed_in as signed_in  # a fixture
from tests.chat.watches.conftest import CHANGED, KEPT, MakeWatch, run_with

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
PLAN = {"every": "week", "hour": "9", "weekday": "2", "day": "", "budget": "$2.50", "until": ""}


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_somebody_watches_a_question_changes_their_mind_and_undoes_that(
    question: Question, alice: User, signed_in: Browser
) -> None:
    client = signed_in(alice)
    User.objects.filter(pk=alice.pk).update(time_zone="Europe/Berlin")
    page = f"/c/{question.conversation_id}/"
    assert "Watch this question" in text_of(client, f"{page}questions/{question.pk}/watch/")

    made = client.post(f"{page}questions/{question.pk}/watch/", PLAN)

    watch = Watch.objects.get()
    assert made["Location"] == f"/watches/{watch.pk}/"
    assert (watch.every, watch.weekday, watch.day, str(watch.budget)) == ("week", 2, 1, "2.500000")
    assert (watch.time_zone, watch.owner) == ("Europe/Berlin", alice)
    assert "Watched every week" in text_of(client, page)

    client.post(f"/watches/{watch.pk}/edit/", PLAN | {"every": "day"})
    assert "Watched every day" in text_of(client, page)

    deleted = client.post(f"/watches/{watch.pk}/delete/")
    assert "Watched every day" not in text_of(client, page)
    assert f"/watches/{watch.pk}/restore/" in text_of(client, deleted["Location"])
    client.post(f"/watches/{watch.pk}/restore/")
    assert "Watched every day" in text_of(client, page)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("budget", "", "Enter an amount such as 2.50."),
        ("budget", "-1", "A limit can’t be negative."),
        ("hour", "25", "Select a valid choice"),
        ("until", "2020-01-01", "This day has passed."),
        ("every", "minute", "Select a valid choice"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_beside_it(
    field: str, value: str, sentence: str, question: Question, alice: User, signed_in: Browser
) -> None:
    path = f"/c/{question.conversation_id}/questions/{question.pk}/watch/"
    response = signed_in(alice).post(path, PLAN | {field: value})
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not Watch.objects.exists()


def test_the_list_has_what_one_may_read_with_schedule_change_and_money(
    make_watch: MakeWatch, alice: User, bob: User, charlie: User, signed_in: Browser
) -> None:
    watch = make_watch()
    run_with(watch, CHANGED, cost="0.25")
    for person in (alice, bob):
        text = text_of(signed_in(person), "/watches/")
        assert "Who keeps the light?" in text
        assert "$0.25 of $5.00 spent this month" in text
        assert "1 figure changed" in text
    assert "Who keeps the light?" not in text_of(signed_in(charlie), "/watches/")
    conversation = watch.question.conversation
    conversation.visibility = "private"
    conversation.save()
    assert "Who keeps the light?" not in text_of(signed_in(bob), "/watches/")


def test_a_run_shows_the_difference_and_its_answer(make_watch: MakeWatch, vera: User, signed_in: Browser) -> None:
    watch = make_watch()
    run_with(watch, KEPT)
    changed = run_with(watch, CHANGED)
    client = signed_in(vera)

    history = text_of(client, f"/watches/{watch.pk}/")
    assert history.index("Changed") < history.index("Unchanged")
    page = text_of(client, f"/watches/{watch.pk}/runs/{changed.pk}/")

    assert "<del>3</del>" in page
    assert "<ins>4</ins>" in page
    assert f'id="answer-{changed.answer_id}"' in page


def test_any_reader_follows_and_unfollows(make_watch: MakeWatch, vera: User, signed_in: Browser) -> None:
    watch = make_watch()
    client = signed_in(vera)
    client.post(f"/watches/{watch.pk}/follow/")
    client.post(f"/watches/{watch.pk}/follow/")
    assert WatchFollower.objects.filter(person=vera).count() == 1
    client.post(f"/watches/{watch.pk}/unfollow/")
    assert not WatchFollower.objects.filter(person=vera).exists()


def test_a_watch_whose_model_ended_says_so_and_offers_what_does_its_work(
    make_watch: MakeWatch, alice: User, signed_in: Browser
) -> None:
    watch = make_watch()
    Watch.objects.update(model="sonar-of-yesteryear", state="paused", reason="model", next_at=None)
    client = signed_in(alice)
    page = text_of(client, f"/watches/{watch.pk}/")
    assert "Its model is no longer available." in page
    assert "Go on with" in page

    client.post(f"/watches/{watch.pk}/model/")

    watch.refresh_from_db()
    assert watch.state == "running"
    assert watch.model != "sonar-of-yesteryear"


def test_the_list_takes_no_more_queries_for_many_watches(
    make_watch: MakeWatch, alice: User, signed_in: Browser, django_assert_max_num_queries: Any
) -> None:
    conversation = make_watch().question.conversation
    for number in range(2, 40):
        fields = {"conversation": conversation, "author": alice, "position": number, "key": uuid.uuid4()}
        question = Question.objects.create(text="And then?", **fields)
        Watch.objects.create(question=question, owner=alice, provider="sonar", model="sonar", budget=1)
    client = signed_in(alice)
    text_of(client, "/watches/")
    with django_assert_max_num_queries(24):
        assert "Show more" in text_of(client, "/watches/")
