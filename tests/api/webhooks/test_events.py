"""What becomes a message, to whom, and what it says."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Team, User
from api.models import Delivery, Webhook, WebhookEvent
from api.webhooks import events, messages, records, service
from api.webhooks.records import Attempt
from chat.models import Answer, Conversation, Space
from chat.notifications import news, notice
from chat.questions import service as questions
from tests import wishes
from tests.imaging.stored_images import drawn

pytestmark = pytest.mark.django_db

ALL = [WebhookEvent.ANSWER, WebhookEvent.IMAGE, WebhookEvent.WATCH]


def webhook_of(team: Team, by: User, **changed: object) -> Webhook:
    wish = {"name": "Log", "url": "https://receiver.example/in", "events": ALL, "include_text": False} | changed
    webhook, _secret = service.add_webhook(service.WebhookWish(**wish), team=team, by=by)  # type: ignore[arg-type]
    return webhook


def ended(team: Team, by: User, *, text: str = "Who keeps it?", state: str = "finished") -> Answer:
    answer = questions.ask_in_new_conversation(wishes.wish(text), team=team, by=by)
    Answer.objects.filter(pk=answer.pk).update(state=state, text="Nobody.", ended_at=timezone.now())
    return answer


def noted() -> list[tuple[str, object]]:
    events.note_events()
    return list(Delivery.objects.order_by("created_at").values_list("event", "subject"))


def test_a_finished_answer_becomes_one_message_however_often_anybody_looks(harbour: Team, alice: User) -> None:
    webhook_of(harbour, alice)
    answer = ended(harbour, alice)
    assert noted() == noted() == [("answer.finished", answer.pk)]


def test_what_not_everyone_on_the_team_may_read_becomes_no_message(
    harbour: Team, elsewhere: Team, alice: User, charlie: User
) -> None:
    webhook_of(harbour, alice)
    private, chosen, deleted = (ended(harbour, alice) for _ in range(3))
    ended(elsewhere, charlie)
    ended(harbour, alice, state="failed")
    of = Conversation.objects.filter
    of(questions__answers=private.pk).update(visibility="private")
    space = Space.objects.create(team=harbour, owner=alice, name="Few", inherited_from=alice, everyone=False)
    of(questions__answers=chosen.pk).update(visibility="space", space=space)
    of(questions__answers=deleted.pk).update(deleted_at=timezone.now())
    assert noted() == []
    Space.objects.update(everyone=True)
    assert noted() == [("answer.finished", chosen.pk)]


def test_what_became_private_before_it_was_sent_is_not_told(harbour: Team, alice: User) -> None:
    webhook_of(harbour, alice)
    ended(harbour, alice)
    noted()
    Conversation.objects.update(visibility="private")
    delivery = Delivery.objects.get()
    assert records.begin(delivery.pk) is None
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem) == ("dropped", "gone")


def test_a_message_has_texts_only_where_they_are_wanted(harbour: Team, alice: User) -> None:
    for include_text in (False, True):
        webhook_of(harbour, alice, include_text=include_text)
    answer = ended(harbour, alice)
    noted()
    said = [json.loads(messages.body_of(one) or b"") for one in Delivery.objects.order_by("webhook__created_at")]
    assert [one["type"] for one in said] == ["answer.finished"] * 2
    assert said[0]["data"]["answer"] == str(answer.pk)
    assert "Nobody." not in str(said[0])
    assert said[1]["data"]["answer_text"] == "Nobody."


def test_an_image_that_waits_is_told_without_its_prompt(harbour: Team, alice: User) -> None:
    webhook_of(harbour, alice, include_text=True)
    image = drawn(team=harbour, by=alice, state="pending")
    image.drawn_at = timezone.now()
    image.save()
    assert noted() == [("image.pending", image.pk)]
    body = messages.body_of(Delivery.objects.get())
    assert body
    assert set(json.loads(body)["data"]) == {"team", "image", "url"}


def test_a_webhook_hears_only_what_it_asked_for_and_nothing_while_it_is_paused(harbour: Team, alice: User) -> None:
    webhook_of(harbour, alice, events=[WebhookEvent.IMAGE])
    webhook = webhook_of(harbour, alice)
    owner = alice.memberships.get()
    service.pause(webhook=webhook, by=owner)
    ended(harbour, alice)
    assert noted() == []
    service.resume(webhook=webhook, by=owner)
    Answer.objects.update(ended_at=timezone.now() - timedelta(minutes=1))
    assert noted() == []


def test_a_message_is_tried_again_later_and_later_and_then_given_up(harbour: Team, alice: User) -> None:
    webhook = webhook_of(harbour, alice)
    delivery = service.send_test(webhook=webhook, by=alice.memberships.get())
    waits = []
    for _attempt in range(7):
        Delivery.objects.update(due_at=timezone.now())
        taken = records.delivery_leases.claim_due(holder=webhook.pk, most=9)
        assert taken == {delivery.pk: webhook.pk}
        assert records.delivery_leases.claim_due(holder=alice.pk, most=9) == {}
        records.note(delivery.pk, Attempt(status=500, problem="status", took=7), holder=webhook.pk)
        delivery.refresh_from_db()
        assert delivery.tried_at
        waits.append(round((delivery.due_at - delivery.tried_at).total_seconds()))
    assert waits[:6] == [5, 60, 600, 3_600, 21_600, 86_400]
    assert (delivery.state, delivery.attempts, delivery.status) == ("given_up", 7, 500)


def test_a_webhook_that_fails_for_three_days_is_paused_and_one_success_begins_anew(
    harbour: Team, alice: User, bob: User, client: Client
) -> None:
    webhook = webhook_of(harbour, alice)
    owner = alice.memberships.get()

    def attempt(problem: str) -> None:
        delivery = service.send_test(webhook=webhook, by=owner)
        Delivery.objects.filter(pk=delivery.pk).update(lease_holder=webhook.pk)
        records.note(delivery.pk, Attempt(problem=problem), holder=webhook.pk)
        webhook.refresh_from_db()

    attempt("slow")
    assert webhook.failing_since
    attempt("")
    assert webhook.failing_since is None
    attempt("slow")
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=3))
    attempt("slow")
    assert webhook.paused == "failed"
    told = news.news_since(timezone.now() - timedelta(minutes=1), {alice.pk, bob.pk})
    assert [(one.kind, one.title, one.address) for one in told[alice.pk]] == [
        ("other", "Log", f"/team/webhooks/{webhook.pk}/")
    ]
    assert not told[bob.pk]
    assert b"A webhook was paused" in notice.frame(told[alice.pk][0], reader_id=alice.pk, language="en")
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    assert "accepted nothing for three days" in client.get(f"/team/webhooks/{webhook.pk}/").content.decode()


def test_one_webhook_with_much_to_send_holds_up_no_other(harbour: Team, alice: User) -> None:
    busy, quiet = webhook_of(harbour, alice), webhook_of(harbour, alice)
    owner = alice.memberships.get()
    for _ in range(20):
        service.send_test(webhook=busy, by=owner)
    service.send_test(webhook=quiet, by=owner)
    taken = records.delivery_leases.claim_due(holder=alice.pk, most=9)
    assert sorted(taken.values(), key=str) == sorted([busy.pk] * records.OF_ONE_WEBHOOK + [quiet.pk], key=str)


def test_the_log_keeps_the_last_hundred_messages(harbour: Team, alice: User) -> None:
    webhook = webhook_of(harbour, alice)
    long_ago = timezone.now() - timedelta(hours=2)
    Delivery.objects.bulk_create(
        Delivery(
            webhook=webhook, event="test", subject=alice.pk.__class__(int=n), state="delivered", created_at=long_ago
        )
        for n in range(120)
    )
    events.trim(webhook)
    assert Delivery.objects.count() == events.KEPT
