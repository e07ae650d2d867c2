"""Owners choose which models and tools their team uses; it holds wherever somebody asks."""

import re
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from accounts.models import Team, User
from accounts.services import teams
from chat.catalog import offers as catalog_offers
from chat.models import Answer, Preset, Question
from chat.questions import service as questions
from core.errors import ActionRefused
from tests import wishes
from tests.chat.conftest import Browser
from tests.questions import words

pytestmark = pytest.mark.django_db

PAGE = "/team/models/"
CHEAP = ["agent:fast", "agent:low", "sonar"]
EVERYTHING = {"models_scope": "all", "tools_scope": "all"}


def allow(team: Team, models: list[str] | None = None, tools: list[str] | None = None) -> None:
    Team.objects.filter(pk=team.pk).update(allowed_models=models, allowed_tools=tools)
    team.refresh_from_db()


def asks(model: str, **options: str) -> dict[str, Any]:
    return {"text": "Who keeps the light?", "model": model, "key": str(uuid.uuid4())} | {
        f"o.{name}": value for name, value in options.items()
    }


def offered(client: Client, page: str = "/") -> list[str]:
    html = client.get(page).content.decode()
    return re.findall(r'<option value="([^"]+)">', html.partition("<optgroup")[2])


def test_without_a_choice_everything_is_offered(browser: Browser, harbour: Team, alice: User) -> None:
    assert offered(browser(alice)) == [offer.id for offer in catalog_offers.offers() if not offer.retired]
    html = browser(alice).get(PAGE).content.decode()
    assert html.count('value="all"') == 2
    assert harbour.allowed_models is None


def test_an_owner_chooses_and_the_others_are_not_offered_any_more(
    browser: Browser, harbour: Team, alice: User, bob: User
) -> None:
    data = {"models_scope": "chosen", "models": CHEAP, "tools_scope": "chosen", "tools": ["finance_search"]}
    assert browser(alice).post(PAGE, data).status_code == 302

    harbour.refresh_from_db()
    assert (sorted(harbour.allowed_models), harbour.allowed_tools) == (sorted(CHEAP), ["finance_search"])
    assert sorted(offered(browser(bob))) == sorted(CHEAP)
    assert sorted(offered(browser(alice))) == sorted(CHEAP)  # owners too

    assert browser(alice).post(PAGE, EVERYTHING | {"models": CHEAP}).status_code == 302
    harbour.refresh_from_db()
    assert (harbour.allowed_models, harbour.allowed_tools) == (None, None)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"models_scope": "chosen"}, "Choose at least one available model."),
        ({"models_scope": "chosen", "models": ["sonar-reasoning"]}, "Choose at least one available model."),
        ({"models_scope": "chosen", "models": ["made-up"]}, "made-up is not one of the available choices."),
        ({"tools_scope": "chosen", "tools": ["made-up"]}, ""),
        ({"models_scope": "many"}, ""),
    ],
)
def test_a_choice_that_leaves_nobody_to_ask_is_refused(
    browser: Browser, harbour: Team, alice: User, data: dict[str, Any], said: str
) -> None:
    response = browser(alice).post(PAGE, EVERYTHING | data)
    assert response.status_code == 422
    assert said in response.content.decode()
    harbour.refresh_from_db()
    assert (harbour.allowed_models, harbour.allowed_tools) == (None, None)


def test_only_owners_choose(browser: Browser, harbour: Team, bob: User, alice: User) -> None:
    with pytest.raises(Exception, match="Only a team owner"):
        teams.set_allowed(team=harbour, by=bob, models=[], tools=[])
    assert "Models and tools" in browser(alice).get("/accounts/team/").content.decode()
    assert "Models and tools" not in browser(bob).get("/accounts/team/").content.decode()


def test_a_question_to_another_model_is_refused_and_can_be_sent_again(
    browser: Browser, harbour: Team, bob: User
) -> None:
    allow(harbour, CHEAP)
    response = browser(bob).post("/ask/", asks("agent:high"))
    html = response.content.decode()
    assert response.status_code == 422
    assert "This model isn’t available to your team. Choose another one." in html
    assert "Who keeps the light?" in html
    assert not Answer.objects.exists()
    assert browser(bob).post("/ask/", asks("agent:low")).status_code == 302


def test_asking_again_and_following_up_are_held_to_it_too(browser: Browser, harbour: Team, bob: User) -> None:
    browser(bob).post("/ask/", asks("agent:high"))
    question = Question.objects.get()
    allow(harbour, CHEAP)
    conversation = f"/c/{question.conversation_id}/"

    again = browser(bob).post(f"{conversation}questions/{question.pk}/again/", asks("agent:high"), follow=True)
    assert "This model isn’t available to your team." in again.content.decode()
    assert browser(bob).post(f"{conversation}ask/", asks("agent:high")).status_code == 422
    assert Answer.objects.count() == 1

    page = browser(bob).get(conversation).content.decode()
    assert "Agent · Research isn’t available to your team, so Sonar answers instead." in page


def test_whatever_the_way_a_model_that_the_team_does_not_use_is_not_asked(harbour: Team, bob: User) -> None:
    allow(harbour, CHEAP)
    for model in ("high", "xai/grok-4.7", "maker/listed-nowhere"):
        with pytest.raises(ActionRefused, match="isn’t available to your team"):
            questions.ask_in_new_conversation(wishes.wish("Who?", model=model, provider="agent"), team=harbour, by=bob)
    assert not Question.objects.exists()


def test_another_team_is_not_held_to_it(browser: Browser, harbour: Team, charlie: User) -> None:
    allow(harbour, CHEAP)
    assert "agent:high" in offered(browser(charlie))
    assert browser(charlie).post("/ask/", asks("agent:high")).status_code == 302


def test_a_stored_preset_with_such_a_model_falls_back_with_a_sentence(
    browser: Browser, harbour: Team, bob: User
) -> None:
    allow(harbour, CHEAP)
    Preset.objects.create(team=harbour, owner=bob, name="", model="agent:high", options={})
    kept = Preset.objects.create(team=harbour, owner=bob, name="Deep", model="agent:xhigh", options={})

    assert (
        "Agent · Research isn’t available to your team, so Sonar answers instead."
        in browser(bob).get("/").content.decode()
    )
    html = browser(bob).get(f"/?preset={kept.pk}").content.decode()
    assert "Agent · Deep research isn’t available to your team, so Sonar answers instead." in html


def test_when_nothing_of_the_choice_is_offered_any_more_the_default_model_answers(
    browser: Browser, harbour: Team, alice: User, bob: User
) -> None:
    told = "so Sonar answers until you choose again"
    assert told not in words(browser(alice).get(PAGE).content.decode())
    allow(harbour, ["agent:maker/long-gone"])
    assert told in words(browser(alice).get(PAGE).content.decode())
    assert offered(browser(bob)) == ["sonar"]
    assert browser(bob).post("/ask/", asks("sonar")).status_code == 302


def test_a_tool_that_the_team_does_not_use_is_not_offered_and_left_out(
    browser: Browser, harbour: Team, bob: User
) -> None:
    pictures = asks("agent:low", return_images="on")
    html = browser(bob).post("/options/", pictures).content.decode()
    assert 'name="o.return_images"' in html
    allow(harbour, None, ["finance_search"])

    html = browser(bob).post("/options/", pictures).content.decode()
    refused = browser(bob).post("/ask/", pictures)

    assert 'name="o.return_images"' not in html
    assert refused.status_code == 422
    assert "“Images” was left out because it isn’t available to your team." in words(refused.content.decode())


def test_a_question_from_before_is_asked_again_without_the_tool(browser: Browser, harbour: Team, bob: User) -> None:
    browser(bob).post("/ask/", asks("agent:low", return_images="on"))
    question = Question.objects.get()
    assert question.answers.get().request["options"] == {"return_images": True}
    allow(harbour, None, [])

    browser(bob).post(f"/c/{question.conversation_id}/questions/{question.pk}/again/", asks("agent:low"))

    latest = question.answers.order_by("created_at").last()
    assert latest
    assert "return_images" not in latest.request["options"]


def test_a_draft_for_such_a_model_goes_on_with_another_one_and_says_so(
    browser: Browser, harbour: Team, bob: User
) -> None:
    allow(harbour, CHEAP)
    for remembered, said in (
        ("agent:high", "Agent · Research isn’t available to your team, so Sonar answers instead."),
        ("agent:maker/gone-1", "Gone 1 · Maker is no longer available, so Sonar answers instead."),
    ):
        html = browser(bob).post("/options/", asks("sonar") | {"remembered": remembered}).content.decode()
        assert said in html
    assert "answers instead" not in browser(bob).post("/options/", asks("sonar")).content.decode()
    hostile = asks("sonar") | {"remembered": "<script>alert(1)</script>" * 50}
    assert "<script>" not in browser(bob).post("/options/", hostile).content.decode()


def test_a_model_reads_no_pages_by_itself_where_the_team_does_not_use_that(harbour: Team, bob: User) -> None:
    wish = wishes.wish("What does https://harbour.example/ say?", model="perplexity/sonar", provider="agent")
    assert "fetch_url" not in questions.ask_in_new_conversation(wish, team=harbour, by=bob).request["options"]
    allow(harbour, None, ["finance_search"])
    again = replace(wish, key=uuid.uuid4())
    assert questions.ask_in_new_conversation(again, team=harbour, by=bob).request["options"]["fetch_url"] is False
