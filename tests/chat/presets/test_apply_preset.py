"""Presets in the composer: one is applied, what is set is kept, and new conversations begin with one's defaults."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Team, User
from chat.models import Conversation, Preset, Question
from chat.presets import service as presets
from tests.chat.conversations.conftest import Make, add, as_, plain

pytestmark = pytest.mark.django_db

ACADEMIC: dict[str, Any] = {"search_mode": "academic"}
COMPOSER = {"text": "Who keeps it?", "model": "sonar", "o.search_mode": "sec", "o.max_tokens": ""}


def keep(team: Team, by: User, **fields: Any) -> Preset:
    return presets.save_preset(team=team, by=by, **{"name": "Papers", "options": ACADEMIC, **fields})


def apply(client: Client, preset: Preset, **data: str) -> str:
    response = client.post(reverse("chat:apply_preset", args=[preset.pk]), COMPOSER | data)
    assert response.status_code == 200
    return response.content.decode()


def keep_as(client: Client, name: str, **data: str) -> tuple[int, str]:
    response = client.post(reverse("chat:keep_preset"), COMPOSER | {"name": name} | data)
    return response.status_code, response.content.decode()


def chosen(html: str, name: str = "o.search_mode") -> str:
    """The value of the radio that is checked, or of the field that nobody sees."""
    tags = re.findall(r"<input[^>]*>", html)
    values = [tag for tag in tags if f'name="{name}"' in tag and ("checked" in tag or "hidden" in tag)]
    found = re.search(r'value="([^"]*)"', values[0])
    assert found
    return found[1]


# --- Applying ----------------------------------------------------------------------------------------


def test_applying_sets_the_presets_options_in_place_of_those_in_the_form(harbour: Team, alice: User) -> None:
    html = apply(as_(alice), keep(harbour, alice), **{"o.max_tokens": "500"})

    assert (chosen(html), chosen(html, "model")) == ("academic", "sonar")
    assert 'value="500"' not in html
    assert "Scholarly" in html


def test_applying_switches_to_the_presets_model(harbour: Team, alice: User) -> None:
    html = apply(as_(alice), keep(harbour, alice, model="sonar-pro"))

    assert chosen(html, "model") == "sonar-pro"


@pytest.mark.parametrize(("model", "left_out"), [("", True), ("sonar-deep-research", False)])
def test_what_the_model_does_not_take_is_told(harbour: Team, alice: User, model: str, left_out: bool) -> None:
    kept = keep(harbour, alice, options={**ACADEMIC, "reasoning_effort": "high"}, model=model)

    html = apply(as_(alice), kept)

    assert ("so they were left out: Effort" in " ".join(html.split())) == left_out
    assert chosen(html) == "academic"


@pytest.mark.parametrize(("model", "label"), [("gone-for-good",) * 2, ("sonar-reasoning", "Sonar Reasoning")])
def test_a_model_that_is_not_offered_any_more_leaves_the_chosen_one(
    harbour: Team, alice: User, model: str, label: str
) -> None:
    html = apply(as_(alice), keep(harbour, alice, model=model))

    assert f"{label} is no longer available, so Sonar answers instead." in html
    assert chosen(html, "model") == "sonar"


def test_options_that_nobody_knows_are_left_out_quietly(harbour: Team, alice: User) -> None:
    kept = keep(harbour, alice)
    Preset.objects.update(options={"search_mode": "moon", "made_up": {"x": [1]}, "max_tokens": "many"})

    assert chosen(apply(as_(alice), kept)) == ""
    assert "Papers" in plain(alice).get(reverse("chat:presets")).content.decode()


def test_a_teammate_applies_what_is_shared_and_nothing_else(harbour: Team, alice: User, bob: User) -> None:
    shared, own = keep(harbour, alice, shared=True), keep(harbour, alice, name="Mine")

    assert chosen(apply(as_(bob), shared)) == "academic"
    assert as_(bob).post(reverse("chat:apply_preset", args=[own.pk]), COMPOSER).status_code == 404


def test_the_menu_lists_what_one_may_apply_in_the_team_of_the_open_conversation(
    harbour: Team, elsewhere: Team, alice: User, bob: User, charlie: User, converse: Make
) -> None:
    there = converse(owner=charlie, team=elsewhere)
    Membership.objects.create(team=elsewhere, user=bob)
    keep(harbour, alice, name="Ours", shared=True)
    keep(elsewhere, charlie, name="Theirs", shared=True)
    presets.save_defaults(team=harbour, by=bob, options=ACADEMIC)

    def menu(on: str) -> str:
        return as_(bob, on=on).get(reverse("chat:presets_menu")).content.decode()

    here = menu("/")
    assert ("Ours" in here, "Theirs" in here, "Your defaults" in here) == (True, False, True)
    here = menu(f"/c/{there.pk}/")
    assert ("Ours" in here, "Theirs" in here, "Your defaults" in here) == (False, True, False)


def test_a_link_begins_a_question_with_the_preset(harbour: Team, alice: User, bob: User) -> None:
    shared, own = keep(harbour, alice, shared=True, model="sonar-pro"), keep(harbour, alice, name="Mine")

    page = plain(bob).get("/", {"preset": shared.pk}).content.decode()

    assert (chosen(page), chosen(page, "model")) == ("academic", "sonar-pro")
    for unknown in (own.pk, uuid.uuid4(), "papers"):
        assert plain(bob).get("/", {"preset": unknown}).status_code == 404


# --- Keeping -----------------------------------------------------------------------------------------


def test_what_the_composer_has_is_kept_under_a_name(harbour: Team, alice: User) -> None:
    assert "“Filings”" in keep_as(as_(alice), " Filings\n", shared="on")[1]

    kept = Preset.objects.get()
    assert (kept.name, kept.options, kept.model, kept.shared) == ("Filings", {"search_mode": "sec"}, "", True)


def test_the_model_is_kept_for_who_wants_that(harbour: Team, alice: User) -> None:
    keep_as(as_(alice), "Filings", model="sonar-pro", with_model="on")

    assert Preset.objects.get().model == "sonar-pro"


def test_the_question_is_no_part_of_what_is_asked_for_a_name(alice: User) -> None:
    html = as_(alice).post(reverse("chat:new_preset"), COMPOSER).content.decode()

    assert 'name="o.search_mode" value="sec"' in html
    assert "SEC filings" in html
    assert "Who keeps it?" not in html


def test_a_name_that_is_taken_is_told_with_the_offer_to_replace(harbour: Team, alice: User) -> None:
    keep(harbour, alice)

    status, html = keep_as(as_(alice), "papers")
    assert (status, "You already have a preset called “papers”." in html, 'name="replace"' in html) == (422, True, True)
    assert Preset.objects.get().options == ACADEMIC

    keep_as(as_(alice), "papers", replace="on")
    assert Preset.objects.get().options == {"search_mode": "sec"}


@pytest.mark.parametrize(("name", "sentence"), [("", "Enter a name."), ("x" * 61, "up to 60 characters")])
@pytest.mark.parametrize("javascript", [True, False])
def test_a_name_that_will_not_do_comes_back_with_the_options(
    alice: User, name: str, sentence: str, javascript: bool
) -> None:
    status, html = keep_as(as_(alice) if javascript else plain(alice), name)

    assert (status, sentence in html, 'name="o.search_mode" value="sec"' in html) == (422, True, True)
    assert not Preset.objects.exists()


def test_nothing_set_and_no_model_is_refused(alice: User) -> None:
    status, html = keep_as(as_(alice), "Nothing", **{"o.search_mode": ""})

    assert (status, "There’s nothing to save" in html) == (422, True)


def test_options_that_would_be_refused_are_not_kept(alice: User) -> None:
    wrong = {"o.max_tokens": "3"}

    asked = as_(alice).post(reverse("chat:new_preset"), COMPOSER | wrong).content.decode()
    status, _html = keep_as(as_(alice), "Short", **wrong)
    defaults = as_(alice).post(reverse("chat:keep_defaults"), COMPOSER | wrong)

    assert "This can’t be saved yet" in asked
    assert (status, defaults.status_code) == (422, 422)
    assert not Preset.objects.exists()


def test_presets_are_kept_in_the_team_of_the_open_conversation(
    elsewhere: Team, bob: User, charlie: User, converse: Make
) -> None:
    there = converse(owner=charlie, team=elsewhere)
    Membership.objects.create(team=elsewhere, user=bob)

    keep_as(as_(bob, on=f"/c/{there.pk}/"), "Filings")

    assert Preset.objects.get().team == elsewhere


def test_a_viewer_of_the_open_conversation_keeps_nothing_there(
    elsewhere: Team, bob: User, charlie: User, converse: Make
) -> None:
    there = converse(owner=charlie, team=elsewhere)
    client = as_(bob, on=f"/c/{there.pk}/")
    assert keep_as(client, "Filings")[0] == 404

    Membership.objects.create(team=elsewhere, user=bob, role="viewer")
    assert keep_as(client, "Filings")[0] == 403
    assert client.post(reverse("chat:keep_defaults"), COMPOSER).status_code == 403
    assert not Preset.objects.exists()


# --- Defaults ----------------------------------------------------------------------------------------


def test_a_new_conversation_begins_with_ones_defaults(alice: User, bob: User) -> None:
    told = as_(alice).post(reverse("chat:keep_defaults"), COMPOSER | {"model": "sonar-pro"}).content.decode()

    page = plain(alice).get("/").content.decode()
    assert "New questions will start with Sonar Pro and these options." in told
    assert (chosen(page), chosen(page, "model")) == ("sec", "sonar-pro")
    assert chosen(plain(bob).get("/").content.decode()) == ""


def test_the_default_model_is_not_nailed_down(harbour: Team, alice: User) -> None:
    as_(alice).post(reverse("chat:keep_defaults"), COMPOSER)

    assert Preset.objects.get().model == ""


def test_a_question_from_a_form_without_options_has_ones_defaults(harbour: Team, alice: User) -> None:
    presets.save_defaults(team=harbour, by=alice, options=ACADEMIC)

    plain(alice).post("/ask/", {"text": "Who keeps it?", "model": "sonar", "key": str(uuid.uuid4())})

    assert Question.objects.get().options == ACADEMIC


def test_what_one_asked_last_goes_before_ones_defaults(harbour: Team, alice: User, bob: User, converse: Make) -> None:
    conversation: Conversation = converse(owner=alice)
    add(conversation, 1, "One?", "One.")
    Question.objects.update(options={"search_mode": "sec"})
    for person in (alice, bob):
        presets.save_defaults(team=harbour, by=person, options=ACADEMIC, model="sonar-pro")

    def begins(person: User) -> str:
        return chosen(plain(person).get(reverse("chat:conversation", args=[conversation.pk])).content.decode())

    assert (begins(alice), begins(bob)) == ("sec", "academic")


def test_a_preset_without_a_model_is_asked_with_ones_default_model(harbour: Team, alice: User) -> None:
    presets.save_defaults(team=harbour, by=alice, options={"search_mode": "sec"}, model="sonar-pro")

    page = plain(alice).get("/", {"preset": keep(harbour, alice).pk}).content.decode()

    assert (chosen(page), chosen(page, "model")) == ("academic", "sonar-pro")


# --- Instructions ------------------------------------------------------------------------------------


def test_a_preset_carries_instructions_and_shows_them_where_it_is_applied(harbour: Team, alice: User) -> None:
    text = "Answer as a limerick.\n\n" + "Rhyme well. " * 20
    status, _ = keep_as(as_(alice), "Limericks", **{"o.instructions": text})
    preset = Preset.objects.get(name="Limericks")
    assert (status, preset.options["instructions"]) == (200, text.strip())

    html = apply(as_(alice), preset)

    assert f">\n{text.strip()}</textarea>" in html
    assert 'data-option-off="instructions"' in html
    assert text.strip() in as_(alice).get(reverse("chat:presets")).content.decode()
