"""People hear of it in time that what they verified ends."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from chat.models import Answer, Verification
from chat.notifications.news import news_since
from chat.sources.verified.reminders import note_reminders, own_verifications
from chat.sources.verified.service import VerificationWish, verify, withdraw
from tests.chat.conversations.conftest import Make, membership_of

pytestmark = pytest.mark.django_db
Make_ = Callable[[int], Verification]


@pytest.fixture
def verified(converse: Make, bob: User) -> Make_:
    """What Bob verified so that it ends in so many days, as of a month ago."""

    def make(days: int) -> Verification:
        conversation = converse(("Since when?", "Since 1904."))
        answer = Answer.objects.select_related("question").get(question__conversation=conversation)
        made = verify(VerificationWish(), answer=answer, by=bob)
        made.at -= timedelta(days=30)
        made.until = timezone.localdate() + timedelta(days=days)
        made.save()
        return made

    return make


def told(*people: User) -> dict[str, list[str]]:
    found = news_since(timezone.now() - timedelta(seconds=5), {person.pk for person in people})
    return {
        person.username: [one.state for one in found.get(person.pk, []) if one.kind == "verification"]
        for person in people
    }


def test_its_author_alone_is_reminded_a_week_before_once(verified: Make_, alice: User, bob: User) -> None:
    verified(8)
    assert note_reminders() == 0

    verified(7)

    assert (note_reminders(), note_reminders()) == (1, 0)
    assert told(alice, bob) == {"alice": [], "bob": ["soon"]}


def test_and_told_again_when_it_has_ended(verified: Make_, bob: User) -> None:
    one = verified(0)
    note_reminders()
    assert told(bob) == {"bob": ["soon"]}

    Verification.objects.update(until=timezone.localdate() - timedelta(days=1), reminded_at=timezone.now())

    assert note_reminders() == 1
    assert told(bob) == {"bob": ["over"]}
    one.refresh_from_db()
    assert one.ended_at


def test_what_was_withdrawn_reminds_nobody(verified: Make_, bob: User) -> None:
    withdraw(verification=verified(3), by=bob)

    assert note_reminders() == 0


def test_whoever_chooses_a_day_within_the_week_is_not_reminded_at_once(converse: Make, bob: User) -> None:
    conversation = converse(("Since when?", "Since 1904."))
    answer = Answer.objects.select_related("question").get(question__conversation=conversation)

    verify(VerificationWish(until=timezone.localdate() + timedelta(days=2)), answer=answer, by=bob)

    assert note_reminders() == 0
    assert told(bob) == {"bob": []}


def test_somebody_who_left_the_team_is_told_nothing(verified: Make_, bob: User) -> None:
    verified(3)
    note_reminders()

    Membership.objects.filter(user=bob).delete()

    assert told(bob) == {"bob": []}


def test_the_page_of_ones_own_has_what_ends_on_top(
    verified: Make_, browser: Callable[[User], Client], bob: User
) -> None:
    over, soon, later = verified(-1), verified(3), verified(60)

    own = own_verifications(membership_of(bob))

    assert ([one.pk for one in own.over], [one.pk for one in own.soon]) == ([over.pk], [soon.pk])
    assert [one.pk for one in own.others] == [later.pk]
    shown = browser(bob).get("/verified/").content.decode()
    assert shown.index("Ended") < shown.index("Ending within a week") < shown.index("Current")
