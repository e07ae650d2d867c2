"""The official clients of OpenAI and Perplexity, and `llm`, ask a running Parley; what they ask is in its history."""

import base64
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openai
import perplexity
import pytest

from tests.api.making import token_on_page
from tests.chat.notifications.test_notices import Told
from tests.questions import eventually
from tests.serving import Server
from tests.stores import ROOT

QUESTION = "#demo:fast How does the with statement work in Python?"
ASKED = """
    SELECT q.conversation_id, q.text, a.text, a.state FROM chat_question q JOIN chat_answer a ON a.question_id = q.id
    ORDER BY q.created_at, a.created_at
"""


@pytest.fixture
def token(server: Server) -> str:
    return token_on_page(server.client("alice"), "ask", "draw")


@pytest.fixture
def client(server: Server, token: str) -> openai.OpenAI:
    return openai.OpenAI(api_key=token, base_url=f"{server.url}/v1", max_retries=0)


def asked(server: Server) -> list[tuple[Any, ...]]:
    """Conversation, question, answer and its state, in the order of asking."""
    return server.rows(ASKED)


def user(text: str) -> Any:
    return {"role": "user", "content": text}


def test_a_chat_in_openais_client_is_one_conversation(server: Server, client: openai.OpenAI) -> None:
    instructions: Any = {"role": "system", "content": "Be brief."}
    messages: list[Any] = [instructions, user(QUESTION)]
    first = client.chat.completions.create(model="agent/fast", messages=messages)
    said = first.choices[0].message.content
    assert said
    assert first.choices[0].finish_reason == "stop"
    extra = first.model_extra
    assert extra
    assert f"[{len(extra['citations'])}]" in said
    assert [result["url"] for result in extra["search_results"]] == extra["citations"]
    assert first.choices[0].message.annotations
    cited = [one.url_citation for one in first.choices[0].message.annotations]
    assert list(dict.fromkeys(one.url for one in cited)) == extra["citations"]
    assert {said[one.start_index : one.end_index] for one in cited if one.url == extra["citations"][0]} == {"[1]"}

    messages += [{"role": "assistant", "content": said}, user("#demo:fast And without it?")]
    figures: Any = {"include_usage": True}
    chunks = list(client.chat.completions.create(model="fast", messages=messages, stream=True, stream_options=figures))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    figures_of = [chunk.usage.total_tokens for chunk in chunks if chunk.usage]
    assert len(figures_of) == 1  # clients add up what comes
    assert figures_of[0] > 0
    assert not chunks[-1].choices
    rows = asked(server)
    assert [row[1] for row in rows] == [QUESTION, "#demo:fast And without it?"]
    assert rows[0][0] == rows[1][0]
    assert (rows[0][2], rows[1][2]) == (said, text)
    assert str(rows[0][0]).replace("-", "") == extra["parley"]["conversation_id"].replace("-", "")


def test_messages_that_nobody_asked_here_go_along_as_they_were_given(server: Server, client: openai.OpenAI) -> None:
    before: list[Any] = [user("Who keeps it?"), {"role": "assistant", "content": "The pilot."}]
    found = client.chat.completions.create(model="fast", messages=[*before, user("#demo:fast And what is a list?")])
    assert found.model_extra
    page = server.client("alice").get(f"/c/{found.model_extra['parley']['conversation_id']}/").text
    assert "2 earlier messages" in page
    assert "The pilot." in page
    assert len(asked(server)) == 1


def test_a_response_goes_on_in_the_conversation_of_the_one_before(server: Server, client: openai.OpenAI) -> None:
    first = client.responses.create(model="agent/fast", input=QUESTION, instructions="Be brief.")
    message: Any = first.output[0]
    note = message.content[0].annotations[0]
    assert first.output_text[note.start_index : note.end_index] == "[1]"
    with client.responses.stream(
        model="agent/fast", input="#demo:fast What is a list?", previous_response_id=first.id
    ) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert kinds[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert "response.output_text.delta" in kinds
    assert kinds[-4:] == [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    rows = asked(server)
    assert rows[0][0] == rows[1][0]
    assert rows[1][2] == final.output_text
    assert client.responses.retrieve(first.id).output_text == first.output_text


def test_perplexitys_client_asks_in_both_ways(server: Server, token: str) -> None:
    vendor = perplexity.Perplexity(api_key=token, base_url=server.url, max_retries=0)
    whole: Any = vendor.chat.completions.create(model="fast", messages=[user(QUESTION)])
    streamed: Any = vendor.chat.completions.create(model="fast", messages=[user(QUESTION)], stream=True)
    chunks = list(streamed)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == chunks[-1].choices[0].message.content == whole.choices[0].message.content
    assert [source.url for source in chunks[-1].search_results] == chunks[-1].citations
    responded: Any = vendor.responses.create(preset="fast", input=QUESTION)
    assert responded.status == "completed"


def test_what_the_documentation_does_with_curl_works(server: Server, token: str) -> None:
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    section = page.partition("## With curl\n")[2].partition("\n## ")[0]
    commands = [f"curl {one}" for one in section.split("    curl ")[1:]]
    assert len(commands) == 5
    environ = {**os.environ, "PARLEY": server.url, "PARLEY_TOKEN": token, "NO_PROXY": "127.0.0.1"}
    said = [
        subprocess.run(["bash", "-c", one], env=environ, capture_output=True, text=True, timeout=60, check=True).stdout
        for one in commands
    ]
    assert "agent/fast" in [one["id"] for one in json.loads(said[0])["data"]]
    assert json.loads(said[1])["choices"][0]["message"]["content"] == asked(server)[0][2]
    assert said[2].endswith("data: [DONE]\n\n")
    assert json.loads(said[3])["status"] == "completed"
    assert json.loads(said[4])["data"][0]["b64_json"]


def test_llm_asks_on_the_command_line(server: Server, token: str, tmp_path: Path) -> None:
    models = f"- model_id: parley\n  model_name: agent/fast\n  api_base: {server.url}/v1\n  api_key_name: parley\n"
    (tmp_path / "extra-openai-models.yaml").write_text(models)
    (tmp_path / "keys.json").write_text(json.dumps({"parley": token}))
    said = subprocess.run(
        [sys.executable, "-m", "llm", "-m", "parley", QUESTION],
        env={**os.environ, "LLM_USER_PATH": str(tmp_path), "NO_PROXY": "127.0.0.1", "LLM_LOAD_PLUGINS": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip() == asked(server)[0][2].strip()


def test_a_picture_goes_along_and_pictures_are_drawn(server: Server, client: openai.OpenAI) -> None:
    drawn = client.images.generate(prompt="A lighthouse", model="gpt-image-1")
    assert drawn.data
    assert drawn.data[0].b64_json
    assert base64.b64decode(drawn.data[0].b64_json).startswith(b"\x89PNG")
    page = f"/images/{drawn.data[0].model_extra['parley']['image_id']}/"  # type: ignore[index]
    assert [server.client(name).get(page).status_code for name in ("alice", "bob")] == [200, 404]  # not reviewed yet
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{drawn.data[0].b64_json}"}}
    words = {"type": "text", "text": "#demo:fast What is this?"}
    messages: Any = [{"role": "user", "content": [words, picture]}]
    assert client.chat.completions.create(model="agent/low", messages=messages).choices[0].message.content
    assert server.rows("SELECT COUNT(*) FROM chat_attachment WHERE question_id IS NOT NULL") == [(1,)]


def test_a_program_that_asks_much_tells_its_person_only_of_what_they_have_opened(
    server: Server, client: openai.OpenAI
) -> None:
    alice = server.client("alice")
    messages: list[Any] = [user(QUESTION)]
    told = Told(alice)
    first = client.chat.completions.create(model="fast", messages=messages)
    client.chat.completions.create(model="fast", messages=[user("#demo:fast What is a list?")])
    assert first.model_extra
    opened = str(uuid.UUID(first.model_extra["parley"]["conversation_id"]))
    assert alice.post(f"/c/{opened}/seen/").status_code == 204

    messages += [{"role": "assistant", "content": first.choices[0].message.content}, user("#demo:fast And then?")]
    client.chat.completions.create(model="fast", messages=messages)

    (*_others, last) = server.rows("SELECT id FROM chat_answer ORDER BY created_at")
    notice = told.next_of("ended")
    while uuid.UUID(notice["place"].removeprefix("answer-")) != uuid.UUID(str(last[0])):
        assert notice["conversation"] == opened  # its first answer had ended just before
        notice = told.next_of("ended")
    assert (notice["conversation"], notice["isOwn"]) == (opened, False)


@contextmanager
def begun(client: openai.OpenAI, **more: Any) -> Iterator[Any]:
    """A stream of which the first words have come."""
    messages: Any = [user("#demo:slow=200 #demo:lines=200 Go on")]
    with client.chat.completions.create(model="fast", messages=messages, stream=True, **more) as stream:
        for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                break
        yield stream


def test_a_program_that_goes_away_stops_its_answer_if_it_says_so(server: Server, client: openai.OpenAI) -> None:
    with begun(client, extra_headers={"X-Parley-On-Disconnect": "stop"}):
        pass
    eventually(lambda: asked(server)[0][3] == "stopped")
    with begun(client):
        pass
    assert asked(server)[1][3] == "writing"


@pytest.mark.parametrize("code", ["token_revoked", "token_expired"])
def test_a_stream_ends_soon_when_its_token_does(server: Server, client: openai.OpenAI, code: str) -> None:
    with begun(client) as stream:
        [(token_id,)] = server.rows("SELECT id FROM api_token")
        if code == "token_revoked":
            server.client("alice").post(f"/account/tokens/{uuid.UUID(str(token_id))}/revoke/")
        else:
            server.rows("UPDATE api_token SET expires_at = created_at")
        with pytest.raises(openai.APIError, match="not valid any more") as ended:
            list(stream)
        assert ended.value.code == code


def test_one_key_is_one_question_and_errors_come_as_openais(server: Server, client: openai.OpenAI) -> None:
    once = {"Idempotency-Key": "order 1"}
    two = [client.chat.completions.create(model="fast", messages=[user(QUESTION)], extra_headers=once) for _ in "ab"]
    assert two[0].id == two[1].id
    assert len(asked(server)) == 1
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="no/such", messages=[user(QUESTION)])
    with pytest.raises(openai.BadRequestError):
        client.responses.create(model="fast", input=QUESTION, store=False)
    with pytest.raises(openai.RateLimitError):
        client.chat.completions.create(model="fast", messages=[user("#demo:429=1 #demo:times=9 Who keeps it?")])
    with pytest.raises(openai.APIError):
        list(client.chat.completions.create(model="fast", messages=[user("#demo:drop_midway Who?")], stream=True))
    server.client("alice").post("/costs/limit/", data={"limit": "0.01"})
    with pytest.raises(openai.RateLimitError, match="limit") as refused:
        client.chat.completions.create(model="agent/high", messages=[user(QUESTION)])
    assert refused.value.code == "insufficient_quota"
