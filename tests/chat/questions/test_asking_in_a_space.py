"""A question is asked in a space: who sees it, what goes along, and what is remembered."""

import re
import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Spending, Team, User
from accounts.services import instructions
from chat.models import Answer, Conversation, Space, SpaceInstructions
from chat.presets import service as presets
from tests.chat.conversations.conftest import as_, plain
from tests.chat.in_spaces import let_in, make_space, take_out
from tests.prompts import prompt_plan_for

pytestmark = pytest.mark.django_db

WORDS = "Who keeps the light?"


@pytest.fixture
def cora(harbour: Team) -> User:
    person = User.objects.create_user("cora")
    Membership.objects.create(team=harbour, user=person)
    return person


@pytest.fixture
def space(harbour: Team, alice: User, bob: User, cora: User) -> Space:
    """Alice's space, with Bob in it; Cora is not."""
    return make_space(harbour, alice, "Quarterly", people=[bob])


def asks(**fields: Any) -> dict[str, Any]:
    return {"text": WORDS, "model": "sonar", "key": str(uuid.uuid4()), **fields}


def page(person: User, path: str = "/") -> str:
    return " ".join(plain(person).get(path).content.decode().split())


def chosen(html: str) -> str:
    """The place that is chosen in the composer."""
    select = html[html.index('id="visibility"') :]
    found = re.search(r'<option value="([^"]*)" selected', select[: select.index("</select>")])
    assert found, select[:400]
    return found[1]


def write(space: Space, by: User, text: str) -> SpaceInstructions:
    number = space.instructions.count() + 1
    return SpaceInstructions.objects.create(space=space, number=number, text=text, author=by)


def system(answer: Answer) -> list[str]:
    return [turn.text for turn in prompt_plan_for(answer.pk).request.turns if turn.role == "system"]


def test_people_in_the_space_see_it_and_nobody_else(space: Space, alice: User, bob: User, cora: User) -> None:
    plain(alice).post("/ask/", asks(visible_to=str(space.pk)))

    conversation = Conversation.objects.get()
    assert (conversation.visibility, conversation.space) == ("space", space)
    assert WORDS in page(bob, "/history/")
    assert "Everyone in Quarterly sees this conversation" in page(bob, f"/c/{conversation.pk}/")
    assert WORDS not in page(cora, "/history/")
    assert plain(cora).get(f"/c/{conversation.pk}/").status_code == 404


def test_only_its_author_sees_what_is_asked_in_a_space_for_them_alone(space: Space, bob: User, alice: User) -> None:
    plain(bob).post("/ask/", asks(visible_to=f"{space.pk}/me"))

    conversation = Conversation.objects.get()
    assert (conversation.visibility, conversation.space) == ("private", space)
    assert "Only you see this conversation" in page(bob, f"/c/{conversation.pk}/")
    assert plain(alice).get(f"/c/{conversation.pk}/").status_code == 404


def test_the_space_is_remembered_for_the_next_question(space: Space, alice: User) -> None:
    plain(alice).post("/ask/", asks(visible_to=str(space.pk)))

    assert chosen(page(alice)) == str(space.pk)
    plain(alice).post("/ask/", asks(text="And this?"))
    assert Conversation.objects.get(title="And this?").space == space


@pytest.mark.parametrize("lost", ["taken out", "archived", "deleted", "gone", "only reads"])
def test_who_may_not_ask_there_any_more_falls_back_to_themselves_alone(space: Space, bob: User, lost: str) -> None:
    plain(bob).post("/ask/", asks(visible_to=str(space.pk)))
    if lost == "taken out":
        take_out(space, bob)
    elif lost == "archived":
        Space.objects.update(archived=True)
    elif lost == "deleted":
        Space.objects.update(deleted_at=timezone.now())
    elif lost == "gone":
        space.delete()
    else:
        take_out(space, bob)
        let_in(space, bob, "reader")

    home = page(bob)
    assert chosen(home) == "private"
    assert "You can’t ask in the space that you chose last any more" in home
    plain(bob).post("/ask/", asks(text="And this?"))
    made = Conversation.objects.get(title="And this?")
    assert (made.visibility, made.space) == ("private", None)


@pytest.mark.parametrize("said", ["elsewhere", "reader", "outside", "unknown", "archived"])
def test_nobody_asks_in_a_space_in_which_they_may_not(
    harbour: Team, elsewhere: Team, alice: User, bob: User, charlie: User, said: str
) -> None:
    spaces = {
        "elsewhere": make_space(elsewhere, charlie, people=[]),
        "reader": make_space(harbour, alice, readers=[bob]),
        "outside": make_space(harbour, alice),
        "archived": make_space(harbour, alice, people=[bob], archived=True),
    }
    value = str(spaces[said].pk if said in spaces else uuid.uuid4())
    for place in (value, f"{value}/me"):
        answer = as_(bob).post("/ask/", asks(visible_to=place))
        assert answer.status_code == 422
        assert "Choose who will see this question." in answer.content.decode()
        assert chosen(" ".join(answer.content.decode().split())) == "private"
    assert not Conversation.objects.exists()
    expected = {"reader": 403, "archived": 403}.get(said, 404)
    assert plain(bob).get(f"/?space={value}").status_code == expected


def test_a_link_chooses_the_space_beforehand(space: Space, alice: User, bob: User) -> None:
    assert chosen(page(bob, f"/?space={space.pk}")) == str(space.pk)
    assert chosen(page(bob, f"/?space={space.pk}&visibility=private")) == f"{space.pk}/me"
    Space.objects.update(visible_to="private")
    home = page(bob, f"/?space={space.pk}")
    assert chosen(home) == f"{space.pk}/me"
    assert "Only me, in Quarterly" in home
    assert plain(bob).get("/?space=nowhere").status_code == 404
    assert Membership.objects.get(user=bob).visible_to == ""


def test_the_choice_names_the_spaces_in_which_one_may_ask(harbour: Team, alice: User, bob: User, cora: User) -> None:
    make_space(harbour, alice, "Lanterns", people=[bob])
    make_space(harbour, alice, "Only to read", readers=[bob])
    make_space(harbour, alice, "Of others")
    make_space(harbour, alice, "Archive", everyone=True, archived=True)

    home = page(bob)
    offered = home[home.index('id="visibility"') :]
    offered = offered[: offered.index("</select>")]
    assert re.findall(r">([^<>]+)</option>", offered) == ["Team", "Lanterns", "Only me"]
    assert "Of others" not in home


def test_the_instructions_of_the_space_go_between_the_teams_and_ones_own(
    space: Space, harbour: Team, alice: User, bob: User
) -> None:
    instructions.save_team_instructions(team=harbour, by=alice, text="We sail small boats.", seen=0)
    instructions.save_personal_instructions(by=bob, text="Call me bosun.", seen=0)
    write(space, alice, "Only the third quarter.")

    plain(bob).post("/ask/", asks(visible_to=str(space.pk)))
    plain(bob).post("/ask/", asks(text="Elsewhere?", visible_to="team"))

    here, elsewhere = (Answer.objects.get(question__text=text) for text in (WORDS, "Elsewhere?"))
    assert system(here) == ["We sail small boats.", "Only the third quarter.", "Call me bosun."]
    assert system(elsewhere) == ["We sail small boats.", "Call me bosun."]


def test_a_private_conversation_has_them_as_long_as_its_owner_reads_the_space(space: Space, bob: User) -> None:
    write(space, space.owner, "Only the third quarter.")
    plain(bob).post("/ask/", asks(visible_to=f"{space.pk}/me"))
    conversation = Conversation.objects.get()
    take_out(space, bob)

    plain(bob).post(f"/c/{conversation.pk}/ask/", asks(text="And now?"))

    before, after = Answer.objects.order_by("question__position")
    assert system(before) == ["Only the third quarter."]
    assert system(after) == []
    assert Spending.objects.get(answer_id=after.pk).space_id is None
    assert "Quarterly" not in page(bob, f"/c/{conversation.pk}/")
    assert "Quarterly" not in page(bob)


def test_the_details_say_which_version_was_sent(space: Space, alice: User, bob: User, cora: User) -> None:
    write(space, alice, "Only the third quarter.")
    plain(bob).post("/ask/", asks(visible_to=str(space.pk)))
    answer = Answer.objects.get()
    write(space, alice, "Only the fourth quarter.")
    address = f"/c/{answer.question.conversation_id}/answers/{answer.pk}/instructions/"

    shown = page(alice, address)
    assert "Only the third quarter." in shown
    assert "Saved by alice" in shown
    assert "fourth" not in shown

    Conversation.objects.update(visibility="team", space=None)
    assert "Only the third quarter." in page(bob, address)
    hidden = page(cora, address)
    assert "Instructions of a space were sent, which only people in that space can read." in hidden
    assert "third quarter" not in hidden
    assert "Quarterly" not in hidden


def test_what_goes_along_stands_below_the_field(space: Space, alice: User, bob: User) -> None:
    write(space, alice, "Only the third quarter.")

    assert "Instructions of Quarterly apply" in page(bob, f"/?space={space.pk}")
    assert "Only the third quarter." in page(bob, f"/?space={space.pk}")
    assert "third quarter" not in page(bob)


def test_the_composer_begins_with_what_the_space_has(space: Space, bob: User, harbour: Team) -> None:
    presets.save_defaults(team=harbour, by=bob, options={"search_mode": "academic"}, model="")
    Space.objects.update(model="sonar-pro", options={"search_recency_filter": "week"})

    there, elsewhere = page(bob, f"/?space={space.pk}"), page(bob, "/?visibility=private")

    assert 'name="model" value="sonar-pro"' in there
    assert 'data-option-off="search_recency_filter"' in there
    assert 'data-option-off="search_mode"' not in there
    assert 'data-option-off="search_mode"' in elsewhere


def test_a_form_without_options_asks_with_those_of_the_space(space: Space, bob: User) -> None:
    Space.objects.update(options={"search_recency_filter": "week"})

    plain(bob).post("/ask/", asks(visible_to=str(space.pk)))

    assert Answer.objects.get().question.options == {"search_recency_filter": "week"}


def switch(person: User, **fields: Any) -> str:
    answer = as_(person).post("/ask/place/", fields)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_choosing_a_space_brings_its_model_and_options(space: Space, bob: User) -> None:
    write(space, space.owner, "Only the third quarter.")
    Space.objects.update(model="sonar-pro", options={"search_recency_filter": "week"})

    brought = switch(bob, visible_to=str(space.pk), began="team", model="sonar")

    assert chosen(brought) == str(space.pk)
    assert "Only me, in Quarterly" in brought
    assert 'name="model" value="sonar-pro"' in brought
    assert 'data-option-off="search_recency_filter"' in brought
    assert "Only the third quarter." in brought
    assert Membership.objects.get(user=bob).visible_to == str(space.pk)


def test_choosing_a_space_leaves_what_was_set_by_hand(space: Space, bob: User) -> None:
    Space.objects.update(model="sonar-pro", options={"search_recency_filter": "week"})
    by_hand = {"model": "sonar-reasoning-pro", "o.search_recency_filter": "day"}

    brought = switch(bob, visible_to=str(space.pk), began="team", **by_hand)
    assert 'id="models"' not in brought
    assert 'id="options-fields"' not in brought

    brought = switch(bob, visible_to=str(space.pk), began="team", **by_hand | {"model": "sonar"})
    assert 'name="model" value="sonar-pro"' in brought
    assert 'name="o.search_recency_filter" value="day"' in brought or 'value="day" selected' in brought


def test_leaving_a_space_takes_back_what_it_brought(space: Space, bob: User) -> None:
    Space.objects.update(model="sonar-pro", options={"search_recency_filter": "week"})

    brought = switch(
        bob, visible_to="team", began=str(space.pk), model="sonar-pro", **{"o.search_recency_filter": "week"}
    )

    assert 'name="model" value="sonar"' in brought
    assert 'data-option-off="search_recency_filter"' not in brought


def test_a_space_in_which_one_may_not_ask_is_not_remembered(harbour: Team, alice: User, bob: User, vera: User) -> None:
    space = make_space(harbour, alice, everyone=True)
    closed = make_space(harbour, alice, "Closed")

    assert as_(bob).post("/ask/place/", {"visible_to": str(closed.pk), "began": "team"}).status_code == 204
    assert as_(vera).post("/ask/place/", {"visible_to": str(space.pk), "began": "team"}).status_code == 204
    assert set(Membership.objects.values_list("visible_to", flat=True)) == {""}


def test_a_viewer_chooses_no_space(harbour: Team, alice: User, vera: User) -> None:
    space = make_space(harbour, alice, everyone=True)

    assert plain(vera).get(f"/?space={space.pk}").status_code == 403
    assert plain(vera).post("/ask/", asks(visible_to=str(space.pk))).status_code == 403
