"""Moving conversations between the team, spaces and their owner: who may, who sees them then, and at once."""

import re
import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Team, User
from chat import access
from chat.conversations import moving
from chat.models import Answer, AnswerPassage, Conversation, Space
from tests.chat.conversations.conftest import Make, as_, membership_of, plain
from tests.chat.in_spaces import make_space, place
from tests.racing import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def cora(harbour: Team) -> User:
    person = User.objects.create_user("cora")
    Membership.objects.create(team=harbour, user=person)
    return person


@pytest.fixture
def space(harbour: Team, alice: User, bob: User) -> Space:
    """Alice's space, with Bob in it."""
    return make_space(harbour, alice, "Quarterly", people=[bob])


def move(person: User, conversation: Conversation, to: str, seen: str = "team", **extra: Any) -> Any:
    return plain(person).post(f"/c/{conversation.pk}/move/", {"to": to, "seen": seen, **extra})


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_conversation_is_moved_into_a_space_and_out_again(
    space: Space, bob: User, cora: User, converse: Make
) -> None:
    conversation = converse(owner=bob)

    assert move(bob, conversation, str(space.pk)).status_code == 302
    assert place(conversation) == ("space", space.pk)
    assert plain(cora).get(f"/c/{conversation.pk}/").status_code == 404

    assert move(bob, conversation, f"{space.pk}/me", str(space.pk)).status_code == 302
    assert place(conversation) == ("private", space.pk)
    assert move(bob, conversation, "private", f"{space.pk}/me").status_code == 302
    assert place(conversation) == ("private", None)
    assert move(bob, conversation, "team", "private").status_code == 302
    assert place(conversation) == ("team", None)


def test_who_moves_it_is_told_where_it_is_and_can_take_it_back(space: Space, bob: User, converse: Make) -> None:
    conversation = converse(owner=bob)
    client = as_(bob, on=f"/c/{conversation.pk}/")

    said = words(client.post(f"/c/{conversation.pk}/move/", {"to": str(space.pk), "seen": "team"}))

    assert "Moved to Quarterly." in said
    assert "Everyone in Quarterly sees this conversation" in said
    toast = said[said.index('class="toast"') :]
    fields = dict(re.findall(r'name="(to|seen)" value="([^"]*)"', toast))
    assert fields == {"to": "team", "seen": str(space.pk)}
    assert client.post(f"/c/{conversation.pk}/move/", fields).status_code == 200
    assert place(conversation) == ("team", None)


def test_it_stays_where_somebody_else_put_it_meanwhile(space: Space, alice: User, bob: User, converse: Make) -> None:
    conversation = converse(owner=bob)
    assert move(alice, conversation, str(space.pk)).status_code == 302

    late = move(bob, conversation, "team", "team")

    assert late.status_code == 422
    assert "Someone moved this conversation meanwhile. It wasn’t moved again." in words(late)
    assert "It’s now in: Quarterly" in words(late)
    assert place(conversation) == ("space", space.pk)


def test_who_lost_sight_of_it_meanwhile_learns_nothing(
    harbour: Team, alice: User, bob: User, cora: User, converse: Make
) -> None:
    conversation = converse(owner=bob)
    secret = make_space(harbour, bob, "Secret", people=[])
    moving.move_conversation(conversation=conversation, by=membership_of(bob), to=access.in_space(secret), seen="team")

    response = move(alice, conversation, "team", "team")  # she owns the team, not the space

    assert response.status_code == 404
    assert "Secret" not in words(response)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_move_it_at_once_one_moves_it(harbour: Team, alice: User, bob: User, converse: Make) -> None:
    conversation = converse(owner=bob)
    first = make_space(harbour, alice, "First", people=[bob])
    second = make_space(harbour, alice, "Second", people=[bob])

    tries = iter([(membership_of(alice), first), (membership_of(bob), second)])

    def try_to_move() -> str:
        by, space = next(tries)
        one = Conversation.objects.get(pk=conversation.pk)
        try:
            moving.move_conversation(conversation=one, by=by, to=access.in_space(space), seen="team")
        except moving.MovedMeanwhile:
            return ""
        return space.name

    moved_to = [name for name in at_once(2, try_to_move) if name]

    conversation.refresh_from_db()
    assert len(moved_to) == 1
    assert conversation.space in (first, second)
    assert moved_to == [conversation.space.name]


def test_who_may_move_what_where(
    harbour: Team, alice: User, bob: User, cora: User, vera: User, charlie: User, converse: Make
) -> None:
    everyones = make_space(harbour, bob, "For all", everyone=True)
    bobs = make_space(harbour, bob, "Of Bob", people=[cora])
    of_cora = converse(owner=cora)

    assert move(charlie, of_cora, "private").status_code == 404
    assert move(vera, of_cora, str(everyones.pk)).status_code == 403
    assert move(bob, of_cora, str(bobs.pk)).status_code == 403
    assert move(alice, of_cora, str(bobs.pk)).status_code == 422  # she isn't in it
    assert "Only its owner can make this conversation private" in words(move(alice, of_cora, "private"))
    assert place(of_cora) == ("team", None)

    assert move(alice, of_cora, str(everyones.pk)).status_code == 302  # a team owner
    assert move(bob, of_cora, str(bobs.pk), str(everyones.pk)).status_code == 302  # who manages the space
    assert place(of_cora) == ("space", bobs.pk)


def test_nobody_is_made_to_lose_sight_of_what_they_started(
    harbour: Team, alice: User, bob: User, cora: User, converse: Make
) -> None:
    without_cora = make_space(harbour, alice, "Without Cora", people=[bob])
    conversation = converse(owner=cora)

    refused = move(alice, conversation, str(without_cora.pk))

    assert refused.status_code == 422
    assert "cora started this conversation and isn’t in Without Cora." in words(refused)
    Membership.objects.filter(user=cora).delete()
    assert move(alice, conversation, str(without_cora.pk)).status_code == 302


@pytest.mark.parametrize("state", ["archived", "deleted"])
def test_nothing_is_moved_into_a_space_that_is_out_of_use(space: Space, bob: User, converse: Make, state: str) -> None:
    conversation = converse(owner=bob)
    Space.objects.update(**({"archived": True} if state == "archived" else {"deleted_at": timezone.now()}))

    assert move(bob, conversation, str(space.pk)).status_code == 422
    assert place(conversation) == ("team", None)


def test_the_choice_says_who_sees_it_where(space: Space, alice: User, bob: User, converse: Make) -> None:
    make_space(space.team, alice, "For all", everyone=True)
    conversation = converse(owner=bob)

    html = words(plain(bob).get(f"/c/{conversation.pk}/move/"))

    offered = re.findall(r'<option value="[^"]*"> ?([^<]*?) ?</option>', html)
    assert offered == [
        f"For all (seen by everyone in {space.team.name})",
        "Quarterly (seen by the people in it)",
        "Only me (seen by nobody else)",
    ]
    assert "It’s now in: Team" in html


def test_sharing_takes_it_out_of_its_space_and_making_it_private_leaves_it_there(
    space: Space, bob: User, converse: Make
) -> None:
    conversation = converse(owner=bob, visibility="space", space=space)

    plain(bob).post(f"/c/{conversation.pk}/unshare/")
    assert place(conversation) == ("private", space.pk)
    plain(bob).post(f"/c/{conversation.pk}/share/")
    assert place(conversation) == ("team", None)


def test_what_was_in_a_space_that_was_deleted_can_be_moved_by_its_owner(
    space: Space, bob: User, converse: Make
) -> None:
    conversation = converse(owner=bob, visibility="space", space=space)
    Space.objects.update(deleted_at=timezone.now())

    assert move(bob, conversation, "team", str(space.pk)).status_code == 302
    assert place(conversation) == ("team", None)


def selected(person: User, action: str, *conversations: Conversation, **fields: Any) -> str:
    client = plain(person)
    data = {"id": [str(one.pk) for one in conversations], **fields}
    html = words(client.get(client.post(f"/history/selected/{action}/", data)["Location"]))
    return html[html.index("<main") : html.index("</main")]


def take_back(person: User, page: str) -> str:
    fields = dict(re.findall(r'name="(back|undoing|page)" value="([^"]*)"', page[page.index('class="notice"') :]))
    return selected(person, "put_back", **fields)


def test_many_are_moved_at_once_and_each_is_put_back_where_it_was(space: Space, bob: User, converse: Make) -> None:
    shared, private, there = converse(owner=bob), converse(owner=bob, visibility="private"), converse(owner=bob)
    Conversation.objects.filter(pk=there.pk).update(visibility="space", space=space)

    page = selected(bob, "move", shared, private, there, to=str(space.pk))
    assert "Moved to Quarterly: 2 conversations." in page
    assert {place(one) for one in (shared, private, there)} == {("space", space.pk)}

    assert "Moved back: 2 conversations." in take_back(bob, page)
    assert [place(one) for one in (shared, private, there)] == [
        ("team", None),
        ("private", None),
        ("space", space.pk),
    ]


def test_undoing_that_many_were_made_private_shows_them_to_no_more_people_than_before(
    space: Space, bob: User, cora: User, converse: Make
) -> None:
    there = converse(owner=bob, visibility="space", space=space)

    page = selected(bob, "unshare", there)
    assert place(there) == ("private", space.pk)
    take_back(bob, page)

    assert place(there) == ("space", space.pk)


def test_what_was_moved_on_meanwhile_is_not_put_back(space: Space, alice: User, bob: User, converse: Make) -> None:
    shared = converse(owner=bob)
    page = selected(alice, "move", shared, to=str(space.pk))
    assert move(bob, shared, "private", str(space.pk)).status_code == 302

    assert "There was nothing to change." in take_back(alice, page)
    assert place(shared) == ("private", None)


def test_those_that_one_may_not_move_there_are_named(
    harbour: Team, alice: User, bob: User, cora: User, converse: Make
) -> None:
    space = make_space(harbour, bob, "Quarterly", people=[])
    own, hers = converse(owner=bob, title="Of Bob"), converse(owner=cora, title="Of Cora")

    page = selected(bob, "move", own, hers, to=str(space.pk))

    assert "Moved to Quarterly: 1 conversation." in page
    assert "because you can’t move them there:</p> <ul> <li>Of Cora</li>" in page
    assert "Choose where to move the conversations." in words(
        plain(bob).post("/history/selected/move/", {"id": [str(own.pk)], "to": str(uuid.uuid4())}, follow=True)
    )


@pytest.mark.parametrize("back", ["", ";;;", "team", "team~private:", "x~y:z", "team~private:" + "a," * 5000, "~" * 99])
def test_a_way_back_that_is_none_changes_nothing(bob: User, converse: Make, back: str) -> None:
    conversation = converse(owner=bob)

    assert "There was nothing to change." in selected(bob, "put_back", back=back)
    assert place(conversation) == ("team", None)


def test_a_fork_keeps_its_place_or_gets_another(space: Space, bob: User, alice: User, converse: Make) -> None:
    conversation = converse(("One?", "First."), owner=alice, visibility="space", space=space)
    question = conversation.questions.get()
    address = f"/c/{conversation.pk}/questions/{question.pk}/fork/"

    form = words(plain(bob).get(address))
    assert f'value="{space.pk}" selected' in form

    for value in (str(space.pk), f"{space.pk}/me", "private"):
        response = plain(bob).post(address, {"visible_to": value, "key": str(uuid.uuid4())})
        made = Conversation.objects.get(pk=response["Location"].split("/")[2])
        assert moving.where(made) == value
    assert plain(bob).post(address, {"visible_to": str(uuid.uuid4()), "key": str(uuid.uuid4())}).status_code == 422


def test_a_conversation_in_a_space_that_one_cannot_see_is_not_said_to_be_there(
    space: Space, alice: User, bob: User, converse: Make
) -> None:
    conversation = converse(owner=bob, visibility="private", space=space, title="Mine")
    space.members.all().delete()

    for address in ("/", "/history/", f"/c/{conversation.pk}/", f"/c/{conversation.pk}/menu/", "/palette/?q=Mine"):
        assert "Quarterly" not in words(plain(bob).get(address)), address
    assert "Quarterly" not in words(plain(bob).get(f"/c/{conversation.pk}/move/"))


def test_who_moves_or_forks_it_is_told_that_answers_quote_documents(space: Space, bob: User, converse: Make) -> None:
    conversation = converse(("One?", "First."), ("Two?", "Second."), owner=bob, visibility="space", space=space)
    address = f"/c/{conversation.pk}/move/"
    assert "quote" not in words(plain(bob).get(address))

    for number, answer in enumerate(Answer.objects.all(), start=1):
        AnswerPassage.objects.create(answer=answer, number=1, space=space, name="Plan.pdf", cited=number == 1)
        AnswerPassage.objects.create(answer=answer, number=2, space=space, name="Plan.pdf", cited=number == 1)

    assert "1 answer quotes documents of a space." in words(plain(bob).get(address))
    question = conversation.questions.get(position=1)
    fork = words(plain(bob).get(f"/c/{conversation.pk}/questions/{question.pk}/fork/"))
    assert "1 answer quotes documents of a space." in fork
