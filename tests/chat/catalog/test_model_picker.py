"""The list of models: what is in it, and the marks and the history of whoever opens it."""

import re

import pytest
from django.test import Client

from accounts.models import Membership, Team, User
from chat.catalog import favourites, offers
from chat.models import Answer, FavouriteModel
from chat.questions import service as questions
from tests import wishes
from tests.chat.conftest import Browser

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


def picker(client: Client) -> str:
    return client.get("/models/", headers=HTMX).content.decode()


def under(title: str, html: str) -> list[str]:
    """The ids of the models under a heading of the list."""
    group = re.search(rf'<ul aria-label="{re.escape(title)}">(.*?)</ul>', html, re.DOTALL)
    return re.findall(r'class="model-choice [^>]*?\svalue="([^"]+)"', group[1]) if group else []


def ask(team: Team, by: User, model: str, provider: str = "sonar") -> None:
    questions.ask_in_new_conversation(wishes.wish("Who keeps it?", model=model, provider=provider), team=team, by=by)


def test_every_model_that_can_be_asked_is_in_it_and_those_that_are_gone_stand_apart(
    browser: Browser, alice: User
) -> None:
    html = picker(browser(alice))
    everything = html.partition('id="all-models"')[2].partition("discontinued")[0]
    listed = re.findall(r'class="model-choice [^>]*?\svalue="([^"]+)"', everything)
    assert listed == [offer.id for offer in offers.offers() if not offer.retired]
    assert "retired the model sonar-reasoning" in html.partition("discontinued")[2]


def test_a_model_is_marked_once_and_unmarked(browser: Browser, alice: User, bob: User) -> None:
    client = browser(alice)
    for model in ("sonar-pro", "agent:openai/gpt-6-luna", "sonar-pro"):
        html = client.post("/models/favourites/add/", {"model": model}, headers=HTMX).content.decode()
    assert under("Favourites", html) == ["sonar-pro", "agent:openai/gpt-6-luna"]
    assert under("Favourites", picker(client)) == ["sonar-pro", "agent:openai/gpt-6-luna"]
    assert "Favourites" not in picker(browser(bob))

    client.post("/models/favourites/remove/", {"model": "sonar-pro"}, headers=HTMX)
    assert under("Favourites", picker(client)) == ["agent:openai/gpt-6-luna"]


@pytest.mark.parametrize("model", ["", "nobody:knows", "x" * 121, "sonar\x00"])
def test_what_is_no_model_is_not_marked(browser: Browser, alice: User, model: str) -> None:
    assert browser(alice).post("/models/favourites/add/", {"model": model}, headers=HTMX).status_code == 404
    assert not FavouriteModel.objects.exists()


def test_a_mark_waits_while_the_team_does_not_use_the_model(browser: Browser, harbour: Team, alice: User) -> None:
    favourites.add_favourite(model="sonar-pro", by=alice)
    harbour.allowed_models = ["sonar"]
    harbour.save()
    assert "Favourites" not in picker(browser(alice))
    assert "sonar-pro" not in picker(browser(alice))
    harbour.allowed_models = None
    harbour.save()
    assert under("Favourites", picker(browser(alice))) == ["sonar-pro"]


def test_recent_are_the_models_of_one_s_own_questions(browser: Browser, harbour: Team, alice: User, bob: User) -> None:
    assert "Recent" not in picker(browser(alice))
    ask(harbour, alice, "sonar-pro")
    ask(harbour, alice, "sonar-pro")
    ask(harbour, alice, "fast", "agent")
    ask(harbour, bob, "sonar-deep-research")
    assert under("Recent", picker(browser(alice))) == ["sonar-pro", "agent:fast"]
    membership = Membership.objects.get(user=alice, team=harbour)
    only = [offer for offer in offers.offers() if offer.id == "sonar"]
    assert favourites.recent_models(membership, only) == []


def test_whoever_marks_without_scripts_is_led_back(browser: Browser, alice: User) -> None:
    response = browser(alice).post("/models/favourites/add/", {"model": "sonar"})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_a_model_is_called_the_same_in_the_list_and_below_its_answer(
    browser: Browser, harbour: Team, alice: User
) -> None:
    ask(harbour, alice, "sonar-pro")
    Answer.objects.update(state="finished", text="Nobody.", html="<p>Nobody.</p>")
    conversation = Answer.objects.get().question.conversation_id
    foot = browser(alice).get(f"/c/{conversation}/").content.decode().partition('class="answer-foot"')[2]
    assert "<span>Sonar Pro</span>" in foot
