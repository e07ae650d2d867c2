"""Of what is in a space nothing comes out to whoever isn't in it: no answer that is known, and no tag."""

import pytest

from accounts.models import User
from chat import access
from chat.conversations import tags
from chat.search.known import known_answers
from tests.chat.conversations.conftest import Make, as_, membership_of, plain
from tests.chat.spaces.conftest import MakeSpace

pytestmark = pytest.mark.django_db

ASKED = "What does the shipyard cost us this year?"


def test_a_question_of_a_space_is_known_to_its_people_alone(
    bob: User, cora: User, dora: User, make_space: MakeSpace, converse: Make
) -> None:
    space = make_space(people={"bob": "reader"})
    converse((ASKED, "Too much."), owner=dora, space=space, visibility="space")
    assert [one.question.text for one in known_answers(membership_of(bob), text=ASKED)] == [ASKED]
    assert [one.question.text for one in known_answers(membership_of(dora), text=ASKED)] == [ASKED]
    assert known_answers(membership_of(cora), text=ASKED) == []
    assert as_(cora).post("/ask/known/", {"text": ASKED}).status_code == 204
    assert "Q3" in as_(bob).post("/ask/known/", {"text": ASKED}).content.decode()


def test_a_tag_of_a_space_is_seen_by_its_people_alone(
    bob: User, cora: User, dora: User, make_space: MakeSpace, converse: Make
) -> None:
    space = make_space(people={"bob": "reader"})
    conversation = converse((ASKED, "Too much."), owner=dora, space=space, visibility="space")
    tag = tags.add_tag(conversation=conversation, name="Takeover", by=dora)
    assert [one.name for one in access.visible_tags(membership_of(bob))] == ["Takeover"]
    assert [one.name for one in access.visible_tags(membership_of(cora))] == []
    assert "Takeover" not in plain(cora).get("/tags/").content.decode()
    where = f"/c/{conversation.pk}/tags/"
    assert plain(cora).get(where).status_code == 404
    assert plain(cora).post(f"{where}add/", {"name": "Mine"}).status_code == 404
    assert plain(bob).post(f"{where}add/", {"name": "Mine"}).status_code == 403  # who may only read there
    assert plain(bob).post(f"{where}{tag.pk}/remove/").status_code == 403
