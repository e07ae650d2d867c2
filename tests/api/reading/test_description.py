"""The description is valid, names every address, and every answer is as it says."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from accounts.models import Membership, Team, User
from api.reading.description.document import openapi_document
from api.reading.description.paths import OPERATIONS, Operation
from api.reading.urls import urlpatterns
from chat.conversations import tags
from chat.models import Answer, CheckedMark, CitationCheck, Source, Space
from chat.questions import service as questions
from chat.sources.ledger.sums import record_uses, sum_up
from tests import wishes
from tests.api.programs import program
from tests.imaging.stored_images import drawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def ids(harbour: Team, alice: User, bob: User) -> dict[str, Any]:
    """Something of everything that can be read."""
    space = Space.objects.create(team=harbour, owner=alice, name="Quarter", inherited_from=alice)
    answer = questions.ask_in_new_conversation(wishes.wish("Who keeps the light?"), team=harbour, by=alice)
    Answer.objects.filter(pk=answer.pk).update(state="finished", text="Nobody keeps the light [1].", cost="0.01")
    Source.objects.create(answer=answer, number=1, url="https://light.example/a", title="Lights", cited=True)
    check = CitationCheck.objects.create(answer=answer, state="finished", found=1)
    CheckedMark.objects.create(
        check_of=check, position=1, sentence="Nobody keeps the light [1].", start=0, end=27, number=1, state="found"
    )
    tags.add_tag(conversation=answer.question.conversation, name="Lights", by=alice)
    sum_up(record_uses([answer.pk]))
    image = drawn(team=harbour, by=bob)
    Membership.objects.filter(user=alice).update(is_reviewer=True)
    conversation = answer.question.conversation_id
    return {
        "conversation_id": conversation,
        "answer_id": answer.pk,
        "space_id": space.pk,
        "image_id": image.pk,
    }


def test_the_description_is_valid_openapi(client: Client) -> None:
    told = client.get(reverse("api:openapi")).json()
    assert told == openapi_document()
    OpenAPIV31SpecValidator(told).validate()


def test_every_address_is_described() -> None:
    described = {f"{one.path[1:].replace('{', '<uuid:').replace('}', '>')}" for one in OPERATIONS}
    served = {str(one.pattern) for one in urlpatterns}
    assert served - described == {"api/", "api/openapi.json"}
    assert not described - served


def matches(told: Any, name: str) -> None:
    schemas = {"components": {"schemas": openapi_document()["components"]["schemas"]}}
    schema = {"$ref": f"#/components/schemas/{name}", **schemas}
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(told)


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.method == "get"], ids=lambda one: one.name)
def test_what_is_read_is_as_described(operation: Operation, ids: dict[str, Any], harbour: Team, alice: User) -> None:
    asked = {"q": "keeps light"} if operation.name == "search" else {}
    response = program(alice, harbour).get(operation.path.format(**ids), asked)
    assert response.status_code == 200, response.content
    if not operation.answers:
        assert response["Content-Type"] == "image/png"
        return
    told = response.json()
    matches(told, operation.answers)
    assert told.get("data") != []
    again = program(alice, harbour)
    known = again.get(operation.path.format(**ids), asked, headers={"If-None-Match": response["ETag"]})
    assert known.status_code == 304


def test_a_decision_is_as_described_and_made_once(ids: dict[str, Any], harbour: Team, alice: User) -> None:
    reviewer = program(alice, harbour)
    waiting = reviewer.get("/api/reviews").json()["data"][0]

    def decide(**said: str) -> Any:
        where = f"/api/reviews/{ids['image_id']}"
        return reviewer.post(where, {"seen": waiting["seen"], **said}, content_type="application/json")

    assert decide(verdict="reject").status_code == 400
    assert decide(verdict="maybe").json()["error"]["param"] == "verdict"
    assert decide(verdict="approve", seen="nonsense").json()["error"]["param"] == "seen"
    made = decide(verdict="reject", reason="Shows a real person")
    matches(made.json(), "Decision")
    late = decide(verdict="approve")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "already_decided")
    matches(late.json(), "Error")
