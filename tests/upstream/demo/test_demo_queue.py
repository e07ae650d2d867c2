"""The demo's asynchronous endpoint: queued, worked on, answered, failed, listed."""

import asyncio

import pytest

from tests.upstream.demo.demo_fixtures import QUESTION, answered, body, content, in_process


async def test_a_request_goes_through_its_states_to_its_answer() -> None:
    async with in_process() as client:
        first = (await client.post("/async/chat/completions", json={"request": body("#demo:slow=300 loops")})).json()
        states = [first["status"]]
        while states[-1] != "COMPLETED":
            await asyncio.sleep(0.02)
            job = (await client.get(f"/async/chat/completions/{first['id']}")).json()
            states.append(job["status"])

    assert list(dict.fromkeys(states)) == ["CREATED", "IN_PROGRESS", "COMPLETED"]
    assert (first["response"], first["started_at"]) == (None, None)
    assert job["response"]["object"] == "chat.completion"
    assert job["completed_at"] >= job["started_at"] >= job["created_at"]


async def test_the_answer_is_the_blocking_one() -> None:
    request = {"request": body(f"#demo:fast {QUESTION}", model="sonar-deep-research")}
    async with in_process() as client:
        job = (await client.post("/v1/async/sonar", json=request)).json()
    assert content(job["response"]) == content(await answered(model="sonar-deep-research"))


async def test_a_request_can_fail() -> None:
    request = {"request": body("#demo:fast #demo:failed #demo:echo out of paper")}
    async with in_process() as client:
        job = (await client.post("/async/chat/completions", json=request)).json()
    assert (job["status"], job["error_message"], job["response"]) == ("FAILED", "out of paper", None)
    assert job["failed_at"]


async def test_the_same_key_queues_once() -> None:
    async with in_process() as client:
        ids = [
            (await client.post("/async/chat/completions", json={"request": body(), "idempotency_key": key})).json()[
                "id"
            ]
            for key in ("a", "a", "b")
        ]
    assert ids[0] == ids[1] != ids[2]


async def test_requests_are_listed_by_pages_newest_first() -> None:
    async with in_process() as client:
        ids = [(await client.post("/async/chat/completions", json={"request": body()})).json()["id"] for _ in range(5)]
        listed, token = [], ""
        while token is not None:
            page = (await client.get("/v1/async/sonar", params={"limit": 2, "next_token": token})).json()
            listed += [entry["id"] for entry in page["requests"]]
            token = page["next_token"]
    assert listed == ids[::-1]
    assert "response" not in page["requests"][0]


@pytest.mark.parametrize("wrapped", [body(), {"request": "text"}, {}])
async def test_a_request_without_its_wrapper_is_unprocessable(wrapped: dict[str, object]) -> None:
    async with in_process() as client:
        response = await client.post("/async/chat/completions", json=wrapped)
    assert response.status_code == 422
    assert response.json()["detail"] == [{"loc": ["body", "request"], "msg": "Field required", "type": "missing"}]


async def test_what_is_wrong_inside_is_refused_at_once_and_unknown_ids_are_not_found() -> None:
    async with in_process() as client:
        refused = await client.post("/async/chat/completions", json={"request": body(model="gpt")})
        unknown = await client.get("/async/chat/completions/nothing")
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "invalid_model")
    assert unknown.status_code == 404
