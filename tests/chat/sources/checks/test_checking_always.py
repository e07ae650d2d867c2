"""Checks that a setting asks for: once for each answer, as soon as it has ended."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from chat.models import CheckingChoice, CitationCheck, Conversation, Space
from chat.sources.checks import always
from tests.chat.conftest import Browser
from tests.chat.sources.checks.conftest import Cite, checked

pytestmark = pytest.mark.django_db


@pytest.fixture
def choice(alice: User) -> None:
    always.choose_always(membership=Membership.objects.get(user=alice), always=True)


@pytest.mark.usefixtures("choice")
def test_an_answer_of_somebody_who_wants_it_is_checked_once(cite: Cite, alice: User, bob: User) -> None:
    answer, _of_bob = cite(alice), cite(bob)
    assert always.ask_for_checks() == 1
    assert always.ask_for_checks() == 0
    check = CitationCheck.objects.get()
    assert (check.answer, check.requested_by) == (answer, None)
    CitationCheck.objects.update(state="failed")
    assert always.ask_for_checks() == 0


@pytest.mark.usefixtures("choice")
@pytest.mark.parametrize(
    "fields",
    [
        {"state": "writing"},
        {"state": "stopped"},
        {"sources": 0},
        {"text": ""},
        {"ended_at": timezone.now() - timedelta(days=1)},
    ],
)
def test_other_answers_are_not(cite: Cite, alice: User, fields: dict[str, object]) -> None:
    cite(alice, **fields)
    assert always.ask_for_checks() == 0


@pytest.mark.usefixtures("choice")
def test_what_was_checked_by_hand_is_not_checked_again(cite: Cite, alice: User) -> None:
    checked(cite(alice), alice)
    assert always.ask_for_checks() == 0


def test_every_answer_in_a_space_that_says_so_is_checked(cite: Cite, alice: User, bob: User) -> None:
    answer = cite(bob)
    space = Space.objects.create(team=answer.question.conversation.team, owner=alice, name="Q3", check_citations=True)
    assert always.ask_for_checks() == 0
    Conversation.objects.filter(questions__answers=answer).update(space=space, visibility="space")
    assert always.ask_for_checks() == 1


def test_people_choose_it_on_their_account_page(browser: Browser, alice: User, bob: User, vera: User) -> None:
    client = browser(bob)
    assert 'name="always"' in client.get(reverse("accounts:me")).content.decode()
    assert client.post("/checks/always/", {"always": "on"})["Location"].endswith("#checks")
    assert 'name="always" checked' in " ".join(client.get(reverse("accounts:me")).content.decode().split())
    assert CheckingChoice.objects.get(always=True).user == bob
    client.post("/checks/always/", {})
    assert not CheckingChoice.objects.filter(always=True).exists()
    assert 'name="always"' not in browser(vera).get(reverse("accounts:me")).content.decode()
    assert (
        "checked"
        not in browser(alice).get(reverse("accounts:me")).content.decode().split('id="checks"')[1].split("</form>")[0]
    )


def test_whoever_manages_a_space_chooses_it_for_all_in_it(browser: Browser, cite: Cite, alice: User) -> None:
    team = cite(alice).question.conversation.team
    space = Space.objects.create(team=team, owner=alice, name="Q3")
    client = browser(alice)
    page = client.get(f"/spaces/{space.pk}/settings/").content.decode()
    assert 'name="check_citations"' in page
    data = {"name": "Q3", "colour": "red", "visible_to": "space", "model": "", "check_citations": "on"}
    assert client.post(f"/spaces/{space.pk}/settings/", data).status_code == 302
    space.refresh_from_db()
    assert space.check_citations
