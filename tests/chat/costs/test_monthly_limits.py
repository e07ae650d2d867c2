"""Monthly limits as people meet them: set by owners, shown as they are used, in the way of a question too dear."""

import re
import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Team, User
from chat.models import Conversation
from tests.chat.conftest import Browser, Spend
from tests.questions import words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("5", "5"),
        ("12.50", "12.5"),
        ("$ 3.000001", "3.000001"),
        ("0", "0"),
        ("100000", "100000"),
        ("", None),
        ("  ", None),
    ],
)
def test_an_owner_sets_and_removes_limits(
    browser: Browser, harbour: Team, alice: User, bob: User, written: str, kept: str | None
) -> None:
    Team.objects.update(monthly_limit=1)
    Membership.objects.update(monthly_limit=1)
    member = Membership.objects.get(user=bob)

    assert browser(alice).post("/costs/limit/", {"limit": written}).status_code == 302
    assert browser(alice).post(f"/costs/members/{member.pk}/limit/", {"limit": written}).status_code == 302

    harbour.refresh_from_db()
    member.refresh_from_db()
    wanted = None if kept is None else Decimal(kept)
    assert (harbour.monthly_limit, member.monthly_limit) == (wanted, wanted)
    assert Membership.objects.get(user=alice).monthly_limit == 1


@pytest.mark.parametrize("written", ["-1", "1,5", "many", "NaN", "Infinity", "1e9", "100001", "0.0000001", "1 2 3"])
def test_what_is_no_amount_is_refused_in_words_and_given_back(
    browser: Browser, harbour: Team, alice: User, bob: User, written: str
) -> None:
    member = Membership.objects.get(user=bob)

    for address in ("/costs/limit/", f"/costs/members/{member.pk}/limit/"):
        response = browser(alice).post(address, {"limit": written})
        html = response.content.decode()
        assert response.status_code == 422
        assert html.count('aria-invalid="true"') == 1
        assert f'value="{written}"' in html
        assert re.search(r'class="field-error"[^>]*role="alert">\s*\w', html)

    harbour.refresh_from_db()
    member.refresh_from_db()
    assert (harbour.monthly_limit, member.monthly_limit) == (None, None)


def test_limits_show_how_far_they_are_used(browser: Browser, spend: Spend, alice: User, bob: User) -> None:
    Team.objects.update(monthly_limit=Decimal(4))
    Membership.objects.filter(user=bob).update(monthly_limit=Decimal(1))
    spend(bob, "1.5")

    said = words(browser(alice).get("/costs/").content.decode())

    assert "$2.50 left of $4.00 (37% used)" in said
    assert "Limit reached: all of $1.00 has been used. No more questions can be asked this month." in said


def ask(client: Client, address: str = "/ask/", *, htmx: bool = True) -> Any:
    data = {"text": "Who keeps the light?", "model": "sonar", "key": str(uuid.uuid4())}
    return client.post(address, data, headers={"HX-Request": "true"} if htmx else {})


@pytest.mark.parametrize("htmx", [True, False])
def test_a_question_beyond_the_limit_comes_back_to_the_composer_with_the_reason(
    browser: Browser, harbour: Team, alice: User, bob: User, htmx: bool
) -> None:
    Team.objects.update(monthly_limit=Decimal("0.001"))

    response = ask(browser(bob), htmx=htmx)

    html = response.content.decode()
    assert response.status_code == 422
    assert "The monthly limit of the team Harbour is $0.001." in html
    assert "Who keeps the light?</textarea>" in html
    assert "See costs and limits" not in html
    assert "See costs and limits" in ask(browser(alice), htmx=htmx).content.decode()
    assert not Conversation.objects.exists()


def test_a_later_question_beyond_the_limit_comes_back_too(browser: Browser, harbour: Team, alice: User) -> None:
    ask(browser(alice))
    conversation = Conversation.objects.get()
    Team.objects.update(monthly_limit=Decimal("0.001"))

    response = ask(browser(alice), f"/c/{conversation.pk}/ask/")

    assert response.status_code == 422
    assert "It has been reached and resets on" in response.content.decode()
    assert conversation.questions.count() == 1


def test_asking_again_beyond_the_limit_is_refused_at_its_place(browser: Browser, harbour: Team, alice: User) -> None:
    client = browser(alice)
    ask(client)
    question = Conversation.objects.get().questions.get()
    address = f"/c/{question.conversation_id}/questions/{question.pk}/again/"
    Team.objects.update(monthly_limit=Decimal("0.001"))

    response = ask(client, address)

    assert (response.status_code, response["HX-Retarget"]) == (422, f"#problem-{question.pk}")
    assert "The monthly limit of the team Harbour" in response.content.decode()
    assert f'id="problem-{question.pk}"' in client.get(f"/c/{question.conversation_id}/").content.decode()

    plain = ask(client, address, htmx=False)

    assert plain["Location"] == f"/c/{question.conversation_id}/#exchange-{question.pk}"
    assert "The monthly limit of the team Harbour" in client.get(plain["Location"]).content.decode()
    assert question.answers.count() == 1
