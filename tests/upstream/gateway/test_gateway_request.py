"""Questions to the gateway, byte by byte (docs/gateway.md, "Requests")."""

from dataclasses import replace
from typing import Any

import pytest

from tests.upstream.gateway.gateway_fixtures import PNG, Scripted, done, heard, question, streamed
from upstream.catalog.rules import parameters_of, refusals
from upstream.errors import InvalidRequest
from upstream.gateway.request import MOST_TOLD, gateway_body
from upstream.requests import AskRequest, Document, Picture, Turn

EARLIER = (Turn("user", "What is Varn?"), Turn("assistant", "<think>Hm.</think>A harbour.[1]"))


def shown(url: str) -> Picture:
    return Picture("image/png", PNG, url=url)


async def sent(request: AskRequest, *, key: str = "") -> tuple[str, str, bytes, str]:
    """Method, path and body of the one request that leaves, and its key."""
    script = Scripted(streamed(done("A.")))
    events, failure = await heard(script.gateway(key=key), request)
    assert failure is None, failure
    assert events
    (asked,) = script.asked
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["accept-encoding"] == "identity"
    return asked.method, asked.url.path, asked.content, asked.headers.get("authorization", "")


async def test_a_first_question_says_nothing_that_nobody_set() -> None:
    assert await sent(question(), key="opensesame") == (
        "POST",
        "/v1/search/stream",
        b'{"query":"Who keeps the light?","mode":"search","model":"sonar"}',
        "Bearer opensesame",
    )


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (
            question(model="reason/gpt-5.4-thinking"),
            b'{"query":"Who keeps the light?","mode":"reason","model":"gpt-5.4-thinking"}',
        ),
        (question(model="research/pplx_alpha"), b'{"query":"Who keeps the light?","mode":"research"}'),
        (
            question(options={"language": "ko-KR", "incognito": False, "sources": ["web", "social"]}),
            b'{"query":"Who keeps the light?","mode":"search","model":"sonar","sources":["web","social"],'
            b'"language":"ko-KR","incognito":false}',
        ),
        (
            question("What is shown?", shown("https://a.example/2"), shown("https://a.example/1")),
            b'{"query":"What is shown?","mode":"search","model":"sonar",'
            b'"attachments":["https://a.example/2","https://a.example/1"]}',
        ),
        (
            question(before=EARLIER),
            b'{"query":"Our conversation so far:\\n\\nQuestion: What is Varn?\\n\\nAnswer: A harbour.[1]\\n\\n'
            b'Now answer this:\\n\\nWho keeps the light?","mode":"search","model":"sonar"}',
        ),
    ],
)
async def test_a_body_byte_by_byte(request_: AskRequest, expected: bytes) -> None:
    assert (await sent(request_))[2] == expected


def made(**more: Any) -> dict[str, Any]:
    return gateway_body(question(**more))


def test_what_the_state_knows_is_not_told_again() -> None:
    state = {"backend_uuid": "0b7f", "attachments": ["https://old.example/1"]}
    later = (Turn("user", "Since when?"), Turn("assistant", "Since 1998."))
    known = made(before=(*EARLIER, *later), follow_up=state, known=4)
    assert known["query"] == "Who keeps the light?"
    assert known["follow_up"] == {"backend_uuid": "0b7f", "attachments": []}

    half = made(before=(*EARLIER, *later), follow_up=state, known=2)
    assert "Question: Since when?" in half["query"]
    assert "Varn" not in half["query"]
    assert half["follow_up"]["backend_uuid"] == "0b7f"

    assert "Varn" in made(before=EARLIER, follow_up={"backend_uuid": None}, known=2)["query"]


def test_pictures_of_earlier_questions_are_carried_by_searches_alone() -> None:
    before = (Turn("user", "Look.", (shown("https://a.example/1"), shown("https://a.example/2"))), EARLIER[1])
    state = {"backend_uuid": "0b7f"}
    carried = gateway_body(question("More?", shown("https://a.example/2"), before=before, follow_up=state, known=2))
    assert carried["attachments"] == ["https://a.example/2"]
    assert carried["follow_up"] == {"backend_uuid": "0b7f", "attachments": ["https://a.example/1"]}
    reason = made(model="reason/sonar-reasoning", before=before, follow_up=state, known=2)
    assert reason["follow_up"] == {"backend_uuid": "0b7f", "attachments": []}
    assert "attachments" not in reason
    without_state = made(before=before)
    assert without_state["follow_up"] == {
        "backend_uuid": None,
        "attachments": ["https://a.example/1", "https://a.example/2"],
    }


def test_a_long_conversation_is_told_from_its_end_and_within_a_limit() -> None:
    before = [
        turn
        for number in range(40)
        for turn in (Turn("user", f"Question {number}?"), Turn("assistant", f"Answer {number}. " + "x" * 2000))
    ]
    query = made(before=before)["query"]
    assert MOST_TOLD / 2 < len(query) < MOST_TOLD + 200
    assert "Question 39?" in query
    assert "Question 0?" not in query
    assert query.endswith("\n\nNow answer this:\n\nWho keeps the light?")
    one = made(before=[Turn("user", "Q"), Turn("assistant", "y" * 9000)])["query"]
    assert "y…" in one
    assert len(one) < 3500


@pytest.mark.parametrize(
    "request_",
    [
        question("  "),
        AskRequest(provider="gateway", model="search/sonar", turns=[]),
        AskRequest(provider="gateway", model="search/sonar", turns=EARLIER),
        question(model="sonar"),
        question(model="draw/sonar"),
        question(model="search/"),
        question("Look.", Picture("image/png", PNG), model="reason/sonar-reasoning"),
        question("Look.", Picture("image/png", PNG), model="research/pplx_alpha"),
        AskRequest(
            provider="gateway",
            model="search/sonar",
            turns=[Turn("user", "Read.", (Document("a.pdf", "application/pdf", b"%PDF"),))],
        ),
        question(options={"temperature": 0.2}),
        question(options={"search_mode": "academic"}),
        question(options={"sources": ["web", "archive"]}),
        question(options={"sources": []}),
        question(options={"incognito": "yes"}),
        question(options={"language": "Korean language"}),
        question(options={"tools": []}),
    ],
)
async def test_what_the_gateway_would_refuse_does_not_leave(request_: AskRequest) -> None:
    script = Scripted(streamed(done("A.")))
    events, failure = await heard(script.gateway(), request_)
    assert isinstance(failure, InvalidRequest)
    assert str(failure)
    assert (events, script.asked) == ([], [])


@pytest.mark.parametrize("model", ["search/sonar", "reason/sonar-reasoning", "research/pplx_alpha", "search/new-one"])
def test_every_mode_takes_what_the_gateway_has_and_nothing_else(model: str) -> None:
    names = {parameter.name for parameter in parameters_of(model, provider="gateway")}
    assert names == {"sources", "incognito", "language", "instructions"}


@pytest.mark.parametrize("provider", ["sonar", "agent"])
def test_nobody_else_takes_what_the_gateway_has(provider: str) -> None:
    model = "sonar" if provider == "sonar" else "low"
    for options in ({"sources": ["web"]}, {"incognito": True}, {"language": "en-US"}):
        (refusal,) = refusals(model, options, provider=provider)
        assert refusal.sentence == "Only the gateway has this option."


def test_instructions_stand_whole_before_the_conversation_and_the_question() -> None:
    standing = [Turn("system", "Be brief. " * 700), Turn("system", "Name years.")]
    request = question(before=EARLIER)
    request = replace(request, turns=[*standing, *request.turns])

    assert gateway_body(request)["query"] == "\n\n".join(
        [
            *("Follow these instructions:", ("Be brief. " * 700).strip(), "Name years."),
            *("Our conversation so far:", "Question: What is Varn?", "Answer: A harbour.[1]"),
            *("Now answer this:", "Who keeps the light?"),
        ]
    )


def test_instructions_are_said_again_though_the_state_knows_the_rest() -> None:
    asked = question(before=EARLIER)
    request = replace(
        asked, turns=[Turn("system", "Be brief."), *asked.turns], follow_up={"backend_uuid": "b-1"}, known=2
    )

    assert gateway_body(request)["query"] == (
        "Follow these instructions:\n\nBe brief.\n\nNow answer this:\n\nWho keeps the light?"
    )
