"""Who will see a question is chosen before it is asked, remembered, and said in words."""

import re
import uuid
from typing import Any

import pytest

from accounts.models import Membership, Team, User
from chat.models import Conversation
from tests.chat.conversations.conftest import as_, plain

pytestmark = pytest.mark.django_db


def asks(**fields: Any) -> dict[str, Any]:
    return {"text": "Who keeps the light?", "model": "sonar", "key": str(uuid.uuid4()), **fields}


def page(person: User, path: str = "/") -> str:
    return " ".join(plain(person).get(path).content.decode().split())


def chosen(html: str) -> list[str]:
    return re.findall(r'<option value="(team|private)" selected', html)


def test_a_question_only_for_me_is_private_from_the_first_moment(harbour: Team, alice: User, bob: User) -> None:
    plain(alice).post("/ask/", asks(visible_to="private"))

    conversation = Conversation.objects.get()
    assert conversation.visibility == "private"
    assert "Who keeps the light?" in page(alice, "/history/")
    assert "Who keeps the light?" not in page(bob, "/history/")
    assert plain(bob).get(f"/c/{conversation.pk}/").status_code == 404


def test_without_a_choice_the_team_sees_it(harbour: Team, alice: User, bob: User) -> None:
    plain(alice).post("/ask/", asks())

    assert Conversation.objects.get().visibility == "team"
    assert "Who keeps the light?" in page(bob, "/history/")


def test_the_last_choice_is_remembered_for_each_person(harbour: Team, alice: User, bob: User) -> None:
    plain(alice).post("/ask/", asks(visible_to="private"))

    assert chosen(page(alice)) == ["private"]
    assert chosen(page(bob)) == ["team"]
    plain(alice).post("/ask/", asks(text="And this?"))
    assert Conversation.objects.get(title="And this?").visibility == "private"


def test_choosing_is_remembered_before_anything_is_asked(harbour: Team, alice: User) -> None:
    assert as_(alice).post("/ask/place/", {"visible_to": "private", "began": "team"}).status_code == 204
    assert chosen(page(alice)) == ["private"]

    plain(alice).post("/ask/place/", {"visible_to": "everybody"})
    assert chosen(page(alice)) == ["private"]


def test_the_team_default_holds_for_those_who_have_not_chosen(harbour: Team, alice: User, bob: User) -> None:
    Membership.objects.filter(user=bob).update(visible_to="team")

    plain(alice).post("/accounts/team/visible-to/", {"visible_to": "private"})

    assert (chosen(page(alice)), chosen(page(bob))) == (["private"], ["team"])
    plain(alice).post("/ask/", asks())
    assert Conversation.objects.get().visibility == "private"


def test_a_default_that_is_none_changes_nothing(harbour: Team, alice: User) -> None:
    answer = plain(alice).post("/accounts/team/visible-to/", {"visible_to": "nobody"}, follow=True)

    assert "Nothing was changed." in answer.content.decode()
    assert Team.objects.get(pk=harbour.pk).visible_to == "team"


def test_a_choice_that_is_none_asks_nothing_and_keeps_the_text(harbour: Team, alice: User) -> None:
    answer = as_(alice).post("/ask/", asks(visible_to="everybody"))

    assert answer.status_code == 422
    assert "Choose who will see this question." in answer.content.decode()
    assert "Who keeps the light?" in answer.content.decode()
    assert not Conversation.objects.exists()


def test_a_refused_question_keeps_its_choice(harbour: Team, alice: User) -> None:
    assert chosen(as_(alice).post("/ask/", asks(text=" ", visible_to="private")).content.decode()) == ["private"]


def test_the_composer_says_who_sees_the_conversation(harbour: Team, alice: User, bob: User) -> None:
    plain(alice).post("/ask/", asks(visible_to="private"))
    private = Conversation.objects.get()
    plain(alice).post("/ask/", asks(text="And this?", visible_to="team"))
    shared = Conversation.objects.get(title="And this?")

    assert "Only you see this conversation" in page(alice, f"/c/{private.pk}/")
    assert f"Everyone in {harbour.name} sees this conversation" in page(bob, f"/c/{shared.pk}/")


def test_what_the_composer_says_changes_with_the_conversation(harbour: Team, alice: User) -> None:
    plain(alice).post("/ask/", asks(visible_to="private"))
    conversation = Conversation.objects.get()

    answer = as_(alice, on=f"/c/{conversation.pk}/").post(f"/c/{conversation.pk}/share/").content.decode()

    assert f"Everyone in {harbour.name} sees this conversation" in " ".join(answer.split())


def test_a_question_in_a_private_conversation_stays_private(harbour: Team, alice: User) -> None:
    plain(alice).post("/ask/", asks(visible_to="private"))
    conversation = Conversation.objects.get()

    plain(alice).post(f"/c/{conversation.pk}/ask/", asks(text="And then?", visible_to="team"))

    conversation.refresh_from_db()
    assert (conversation.visibility, conversation.questions.count()) == ("private", 2)
    assert chosen(page(alice)) == ["private"]


def test_a_viewer_has_no_choice_to_make(harbour: Team, vera: User) -> None:
    assert "Visible to" not in page(vera)
