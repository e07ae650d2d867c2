"""What programs read, and what they don't."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Team, User
from api.models import Token
from chat.models import Answer, Conversation, Space
from chat.questions import service as questions
from chat.search import note_facts
from tests import wishes
from tests.api.programs import program
from tests.imaging.stored_images import drawn
from tests.test_growing_pages import MOMENTARY

pytestmark = pytest.mark.django_db


def asked(team: Team, by: User, text: str = "Who keeps it?", **conversation: Any) -> Answer:
    answer = questions.ask_in_new_conversation(wishes.wish(text), team=team, by=by)
    Answer.objects.filter(pk=answer.pk).update(state="finished", text="Nobody.")
    Conversation.objects.filter(pk=answer.question.conversation_id).update(**conversation)
    return answer


def titles(client: Client, query: str = "") -> list[str]:
    return [one["title"] for one in client.get(f"/api/conversations{query}").json()["data"]]


def test_a_program_sees_what_its_person_sees_in_the_team_of_its_token(
    harbour: Team, elsewhere: Team, alice: User, bob: User
) -> None:
    Membership.objects.create(user=alice, team=elsewhere)
    asked(harbour, bob, "Shared")
    private = asked(harbour, bob, "Of Bob", visibility="private")
    asked(harbour, alice, "Of Alice", visibility="private")
    there = asked(elsewhere, alice, "Elsewhere")
    reader = program(alice, harbour, scopes=["read"])
    assert titles(reader) == ["Of Alice", "Shared"]
    for hidden in (private, there):
        assert reader.get(f"/api/answers/{hidden.pk}").status_code == 404
        assert reader.get(f"/api/conversations/{hidden.question.conversation_id}").status_code == 404


def test_every_address_needs_its_scope_and_a_good_token(harbour: Team, alice: User, bob: User) -> None:
    answer = asked(harbour, alice)
    Membership.objects.filter(user=alice).update(is_reviewer=True)
    image = drawn(team=harbour, by=bob)
    reading = ["conversations", f"conversations/{answer.question.conversation_id}", f"answers/{answer.pk}"]
    reading += ["search?q=keeps", "spaces", "sources"]
    reviewing = ["reviews", f"reviews/{image.pk}/picture"]
    for path in reading + reviewing:
        right, other = ("read", "review") if path in reading else ("review", "read")
        assert program(alice, harbour, scopes=[right]).get(f"/api/{path}").status_code == 200, path
        refused = program(alice, harbour, scopes=[other, "ask", "draw"]).get(f"/api/{path}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "missing_scope"), path
        assert Client().get(f"/api/{path}").status_code == 401, path
    assert program(bob, harbour).get("/api/reviews").status_code == 403
    reader = program(alice, harbour)
    Token.objects.update(revoked_at=timezone.now())
    assert reader.get("/api/spaces").status_code == 401


def test_conversations_are_narrowed_and_paged_without_gap_or_repetition(harbour: Team, alice: User) -> None:
    space = Space.objects.create(team=harbour, owner=alice, name="Quarter", inherited_from=alice)
    for number in range(5):
        asked(harbour, alice, f"Light {number}")
    Conversation.objects.filter(title="Light 1").update(visibility="space", space=space)
    Conversation.objects.filter(title="Light 0").update(last_asked_at=timezone.now() - timedelta(days=9))
    reader = program(alice, harbour)
    seen, cursor = [], ""
    for _page in range(3):
        page = reader.get(f"/api/conversations?limit=2{cursor}").json()
        seen += [one["title"] for one in page["data"]]
        cursor = f"&cursor={page['next']}"
    assert seen == ["Light 4", "Light 3", "Light 2", "Light 1", "Light 0"]
    assert page["next"] is None
    assert titles(reader, "?q=light+3") == ["Light 3"]
    assert titles(reader, f"?space={space.pk}") == ["Light 1"]
    assert len(titles(reader, f"?since={(timezone.now() - timedelta(days=1)).date()}")) == 4
    assert titles(reader, "?tag=nothing") == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("conversations?limit=0", "limit"),
        ("conversations?limit=many", "limit"),
        ("conversations?cursor=x", "cursor"),
        ("conversations?since=soon", "since"),
        ("conversations?since=2026-13-41", "since"),
        ("conversations?space=x", "space"),
        (f"conversations?q={'x' * 401}", "q"),
        ("search", "q"),
        ("search?q=a&cursor=x", "cursor"),
        ("search?q=a&sort=x", "sort"),
        ("sources?show=x", "show"),
        ("sources?cursor=x", "cursor"),
    ],
)
def test_a_mistake_is_told_with_its_parameter(path: str, name: str, harbour: Team, alice: User) -> None:
    refused = program(alice, harbour).get(f"/api/{path}")
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, name)


def test_a_long_conversation_comes_in_pages(harbour: Team, alice: User) -> None:
    answer = asked(harbour, alice)
    conversation = answer.question.conversation
    for number in range(24):
        questions.ask_in_conversation(wishes.wish(f"And {number}?"), conversation=conversation, by=alice)
    reader = program(alice, harbour)
    where = f"/api/conversations/{conversation.pk}"
    first = reader.get(where).json()["questions"]
    rest = reader.get(f"{where}?cursor={first['next']}").json()["questions"]
    positions = [one["position"] for one in first["data"] + rest["data"]]
    assert positions == list(range(1, 26))
    assert rest["next"] is None


def test_searching_takes_the_operators_of_the_search_box(harbour: Team, alice: User, bob: User) -> None:
    asked(harbour, alice, "Which tides are high?")
    asked(harbour, bob, "Which tides are low?")
    note_facts(connection, most=100)
    reader = program(alice, harbour)
    both, mine = (reader.get("/api/search", {"q": text}).json()["data"] for text in ("tides", "tides from:me"))
    assert len(both) == 2
    assert [one["title"] for one in mine] == ["Which tides are high?"]
    assert mine[0]["places"][0]["snippet"] == "Which tides are high?"


def test_more_rows_cost_no_more_queries(harbour: Team, alice: User) -> None:
    reader = program(alice, harbour)

    def queries() -> list[int]:
        counts = []
        for path in ("conversations", "spaces", "search?q=light", "sources"):
            with CaptureQueriesContext(connection) as made:
                assert reader.get(f"/api/{path}").status_code == 200
            counts.append(len(made))
        return counts

    def grow(count: int) -> None:
        for number in range(count):
            person = User.objects.create_user(f"p{User.objects.count()}")
            Membership.objects.create(user=person, team=harbour)
            Space.objects.create(team=harbour, owner=person, name=f"S{number}", inherited_from=person)
            asked(harbour, person, f"Light {number}")

    grow(2)
    queries()
    before = queries()
    grow(6)
    assert all(after <= count + MOMENTARY for after, count in zip(queries(), before, strict=True))


def test_the_page_about_the_api_is_for_people_and_gone_where_it_is_switched_off(
    harbour: Team, alice: User, client: Client, settings: Any
) -> None:
    client.force_login(alice, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/api/").content.decode()
    assert "/api/conversations/{conversation_id}" in page
    settings.API = False
    assert client.get("/api/").status_code == client.get("/api/openapi.json").status_code == 404
    assert program(alice, harbour).get("/api/spaces").status_code == 404
