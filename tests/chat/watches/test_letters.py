"""E-mails to followers: in their language, to readers alone, ended by one click."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, User
from chat.models import WatchFollower, WatchRun
from chat.watches import asking, letters, service
from tests.accounts.conftest import mail_server as mail_server  # a fixture
from tests.chat.watches.conftest import CHANGED, KEPT, MakeWatch, run_with
from tests.mail_server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_addresses(alice: User, bob: User, vera: User) -> None:
    for person in (alice, bob, vera):
        User.objects.filter(pk=person.pk).update(verified_email=f"{person.username}@harbour.example")


def test_followers_get_one_letter_with_the_difference(
    make_watch: MakeWatch, mail_server: MailServer, with_addresses: None, bob: User
) -> None:
    watch = make_watch()
    service.follow(watch=watch, by=bob)
    run_with(watch, KEPT)
    assert letters.write_to_followers() == 0
    run = run_with(watch, CHANGED)

    assert letters.write_to_followers() == 2
    assert letters.write_to_followers() == 0

    mail_server.wait_for(2)
    text = mail_server.text_to("bob@harbour.example")
    assert "Who keeps the light?" in text
    assert "3 → 4" in text
    assert f"/watches/{watch.pk}/runs/{run.pk}/" in text
    subject = {str(one["Subject"]) for one in mail_server.messages}
    assert subject == {"The answer changed: Who keeps the light?"}


def test_nobody_is_written_to_who_may_not_read_it_or_did_not_confirm_an_address(
    make_watch: MakeWatch, mail_server: MailServer, with_addresses: None, alice: User, bob: User, vera: User
) -> None:
    watch = make_watch()
    for person in (bob, vera):
        service.follow(watch=watch, by=person)
    Membership.objects.filter(user=bob).delete()
    User.objects.filter(pk=vera.pk).update(verified_email="")
    run_with(watch, CHANGED)

    assert letters.write_to_followers() == 1

    assert [one["To"] for one in mail_server.wait_for(1)] == ["alice@harbour.example"]


def test_what_changed_long_ago_is_not_written_about(
    make_watch: MakeWatch, mail_server: MailServer, with_addresses: None
) -> None:
    run_with(make_watch(), CHANGED)
    WatchRun.objects.update(ended_at=timezone.now() - letters.NOT_OLDER_THAN - timedelta(hours=1))
    assert letters.write_to_followers() == 0


def test_a_click_of_the_mail_program_ends_the_letters_and_opening_the_link_does_not(
    make_watch: MakeWatch, mail_server: MailServer, with_addresses: None, alice: User
) -> None:
    watch = make_watch()
    run_with(watch, CHANGED)
    letters.write_to_followers()
    (message,) = mail_server.wait_for(1)
    found = re.fullmatch(r"<https?://[^/]+(/.+)>", str(message["List-Unsubscribe"]).strip())
    assert found
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    anybody = Client(enforce_csrf_checks=True)

    assert "Stop e-mails" in anybody.get(found[1]).content.decode()
    assert WatchFollower.objects.get(person=alice).by_mail

    assert anybody.post(found[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not WatchFollower.objects.get(person=alice).by_mail
    run_with(watch, KEPT)
    assert letters.write_to_followers() == 0


def test_a_link_that_was_not_made_here_opens_nothing(make_watch: MakeWatch) -> None:
    follower = make_watch().followers.get()
    token = letters.token_of(follower)
    client = Client()
    for wrong in (token[:-1], f"{token}x", "", "token"):
        assert client.post(f"/watches/letters/{wrong}/").status_code in {404, 410}
    assert WatchFollower.objects.get().by_mail


def test_the_owner_is_written_to_once_when_a_watch_stops_by_itself(
    make_watch: MakeWatch, mail_server: MailServer, with_addresses: None, bob: User
) -> None:
    watch = make_watch()
    service.follow(watch=watch, by=bob)
    asking.stop(watch, watch.Reason.MODEL)

    assert [letters.write_to_owners() for _round in range(2)] == [1, 0]

    mail_server.wait_for(1)
    text = mail_server.text_to("alice@harbour.example")
    assert "Who keeps the light?" in text
    assert "Its model is no longer available." in text
    assert f"/watches/{watch.pk}/" in text
    assert [str(one["Subject"]) for one in mail_server.messages] == ["A watch stopped: Who keeps the light?"]


def test_an_owner_who_paused_it_or_may_not_read_it_any_more_gets_no_letter(
    make_watch: MakeWatch, mail_server: MailServer, with_addresses: None, alice: User
) -> None:
    watch = make_watch()
    service.pause_watch(watch=watch, by=alice)
    assert letters.write_to_owners() == 0

    asking.stop(watch, watch.Reason.OWNER)
    Membership.objects.filter(user=alice).delete()
    assert letters.write_to_owners() == 0
