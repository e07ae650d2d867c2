"""The three steps of the first sign-in: the team, who reviews, connecting Perplexity."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from tests.accounts.conftest import SignedIn
from tests.accounts.test_first_sign_in import FORM, path_in, printed

REVIEW, TEAM = "accounts:setup_review", "accounts:setup_team"


@pytest.fixture
def first(anyone: Client, db: None) -> Client:
    """The browser of whoever has just made the first account."""
    anyone.post(path_in(printed()), FORM)
    return anyone


def test_each_step_leads_to_the_next_and_the_last_one_to_the_first_question(first: Client) -> None:
    step = first.get(reverse(REVIEW))
    assert 'value="approved" id="id_images_0" required checked' in " ".join(step.content.decode().split())

    chosen = first.post(reverse(REVIEW), {"images": "at_once"})

    assert not Team.objects.get().images_need_approval
    assert chosen["Location"] == f"{reverse('chat:connect')}?setup"
    page = first.get(chosen["Location"]).content.decode()
    assert "Use the demo for now" in page
    assert f'href="{reverse(REVIEW)}"' in page
    assert f'href="{reverse("chat:home")}"' in page


def test_going_back_changes_the_name_and_loses_nothing(first: Client) -> None:
    assert 'value="Lighthouse"' in first.get(reverse(TEAM)).content.decode()

    answer = first.post(reverse(TEAM), {"name": "Harbour Light"})

    assert answer["Location"] == reverse(REVIEW)
    assert Team.objects.get().name == "Harbour Light"
    assert first.post(reverse(TEAM), {"name": ""}).status_code == 422


def test_who_opens_the_link_again_goes_on(anyone: Client, db: None) -> None:
    path = path_in(printed())
    anyone.post(path, FORM)

    assert anyone.get(path)["Location"] == reverse(REVIEW)
    elsewhere = Client().get(path)  # a browser in which nobody is signed in
    assert elsewhere.status_code == 410
    assert f"?next={reverse(REVIEW)}" in elsewhere.content.decode()


def test_a_choice_that_is_none_changes_nothing(first: Client) -> None:
    for images in ("", "perhaps"):
        answer = first.post(reverse(REVIEW), {"images": images})

        assert answer.status_code == 422
        assert "Choose one of the two." in answer.content.decode()
    assert Team.objects.get().images_need_approval


def test_an_owner_who_does_not_administer_the_server_ends_at_the_front_page(
    signed_in: SignedIn, crew: Team, alice: User
) -> None:
    assert signed_in(alice).post(reverse(REVIEW), {"images": "approved"})["Location"] == reverse("chat:home")


def test_everything_that_is_wrong_is_said_at_once(anyone: Client, db: None) -> None:
    path = path_in(printed())

    page = anyone.post(path, {"username": "?", "team_name": "", "password1": "short", "password2": "other"})

    text = page.content.decode()
    assert page.status_code == 422
    assert "This password is too short." in text
    assert "The two password fields didn’t match." in text
    assert "Enter a valid username." in text
    assert text.count("field-error") == 4
