"""The demo's streams have the shape of the service's, to the byte."""

import json
import re

import pytest

from tests.upstream.demo.demo_fixtures import QUESTION, answered, chunks, content, deltas, streamed

SOURCES = [
    {
        "title": "Varn harbour light",
        "url": "https://harbour.example/varn",
        "date": "2025-02-03",
        "last_updated": "2025-06-01",
        "snippet": "Automated in spring.",
        "source": "web",
    },
    {
        "title": "List of lights",
        "url": "https://lights.example/list",
        "date": None,
        "last_updated": None,
        "snippet": "",
        "source": "web",
    },
]
GIVEN = {"sources": SOURCES, "related_questions": ["Who kept the Varn light before?"]}


def frame(*, made: str, created: str, text: str, delta: str, counts: tuple[int, int], done: bool = False) -> bytes:
    """A frame of mode `full`, in which text so far and usage are repeated."""
    prompt, written = counts
    total = f"{(prompt + written) / 1e6 + 0.005:.5f}".rstrip("0")
    costs = (
        f'"cost":{{"input_tokens_cost":{prompt / 1e6:.5f},"output_tokens_cost":0.00001,"request_cost":0.005,'
        f'"total_cost":{total}}}'
        if done
        else '"cost":{"input_tokens_cost":0.0,"output_tokens_cost":0.0,"total_cost":0.0}'
    )
    return (
        f'data: {{"id":"{made}","model":"sonar","created":{created},"usage":{{"prompt_tokens":{prompt},'
        f'"completion_tokens":{written},"total_tokens":{prompt + written},"search_context_size":"low",{costs}}},'
        '"citations":["https://harbour.example/varn","https://lights.example/list"],"search_results":['
        '{"title":"Varn harbour light","url":"https://harbour.example/varn","date":"2025-02-03",'
        '"last_updated":"2025-06-01","snippet":"Automated in spring.","source":"web"},{"title":"List of lights",'
        '"url":"https://lights.example/list","date":null,"last_updated":null,"snippet":"","source":"web"}],'
        + ('"related_questions":["Who kept the Varn light before?"],' if done else "")
        + f'"object":"chat.completion.{"done" if done else "chunk"}","choices":[{{"index":0,"finish_reason":'
        f'{json.dumps("stop" if done else None)},"message":{{"role":"assistant","content":"{text}"}},'
        f'"delta":{{"role":"assistant","content":"{delta}"}}}}]}}\n\n'
    ).encode()


async def test_a_full_stream_is_byte_for_byte_the_worked_example() -> None:
    prompt = f"#demo:echo_sources {json.dumps(GIVEN)} The light was automated in spring 1998.[1][2]"

    raw = await streamed(prompt)

    made = chunks(raw)[0]["id"]
    created = [str(chunk["created"]) for chunk in chunks(raw)]
    prompt_tokens = -(-len(prompt) // 4)
    assert raw == b"".join(
        [
            frame(made=made, created=created[0], text="The light", delta="The light", counts=(prompt_tokens, 3)),
            frame(
                made=made,
                created=created[1],
                text="The light was automated in",
                delta=" was automated in",
                counts=(prompt_tokens, 7),
            ),
            frame(
                made=made,
                created=created[2],
                text="The light was automated in spring 1998.[1][2]",
                delta=" spring 1998.[1][2]",
                counts=(prompt_tokens, 12),
            ),
            frame(
                made=made,
                created=created[3],
                text="The light was automated in spring 1998.[1][2]",
                delta="",
                counts=(prompt_tokens, 12),
                done=True,
            ),
            b"data: [DONE]\n\n",
        ]
    )


@pytest.mark.parametrize("model", ["sonar", "sonar-pro", "sonar-reasoning-pro", "sonar-deep-research"])
@pytest.mark.parametrize("mode", ["full", "concise"])
async def test_a_stream_says_the_same_as_the_blocking_answer(model: str, mode: str) -> None:
    more = {"model": model, "return_related_questions": True, "stream_mode": mode}

    whole = await answered(**more)
    found = chunks(await streamed(**more))

    last = found[-1]
    assert "".join(deltas(found)) == content(whole) == last["choices"][0]["message"]["content"]
    assert len(found) > 10
    assert last["object"] == "chat.completion.done"
    assert last["choices"][0]["finish_reason"] == "stop"
    assert last["search_results"] == whole["search_results"]
    assert last["related_questions"] == whole["related_questions"]
    assert last["usage"] == whole["usage"]
    assert {chunk["id"] for chunk in found} == {last["id"]}


async def test_each_full_chunk_repeats_the_text_so_far_and_the_sources_with_a_cost_of_zero() -> None:
    found = chunks(await streamed())

    so_far = ""
    for chunk in found[:-1]:
        choice = chunk["choices"][0]
        so_far += choice["delta"]["content"]
        assert choice["message"]["content"] == so_far
        assert chunk["usage"]["completion_tokens"] == -(-len(so_far) // 4)
        assert chunk["usage"]["cost"] == {"input_tokens_cost": 0, "output_tokens_cost": 0, "total_cost": 0}
        assert chunk["search_results"] == found[-1]["search_results"]
    assert found[-1]["usage"]["cost"]["total_cost"] > 0.005


async def test_a_concise_stream_with_better_search_shows_its_steps_first() -> None:
    more = {"model": "sonar-pro", "stream_mode": "concise", "web_search_options": {"search_type": "pro"}}

    found = chunks(await streamed(**more))

    kinds = [chunk["object"] for chunk in found]
    assert kinds[:3] == ["chat.reasoning", "chat.reasoning", "chat.reasoning.done"]
    assert set(kinds[3:-1]) == {"chat.completion.chunk"}
    assert kinds[-1] == "chat.completion.done"
    step, reading = (chunk["choices"][0]["delta"]["reasoning_steps"][0] for chunk in found[:2])
    assert (step["type"], step["web_search"]["search_keywords"]) == ("web_search", ["with statement"])
    assert step["web_search"]["search_results"]
    assert (reading["type"], len(reading["fetch_url_content"]["contents"])) == ("fetch_url_content", 2)
    assert found[2]["choices"][0]["message"]["reasoning_steps"] == [step, reading]
    assert "cost" not in found[2]["usage"]
    assert list(found[3]) == ["id", "model", "created", "object", "choices"]
    assert found[-1]["usage"]["cost"]["request_cost"] == 0.014


async def test_deep_research_shows_that_it_is_alive_before_it_writes() -> None:
    raw = await streamed(model="sonar-deep-research")
    assert raw.startswith(b": ping\n\n: ping\n\n")
    assert chunks(raw)[-1]["usage"]["num_search_queries"] >= 1


async def test_enhanced_pictures_come_late() -> None:
    options = {"image_search_relevance_enhanced": True}

    at_once = chunks(await streamed(return_images=True))
    late = chunks(await streamed(return_images=True, web_search_options=options))

    assert all(chunk["images"] for chunk in at_once)
    assert [chunk for chunk in late if chunk.get("images")] == [late[-1]]


async def test_long_words_and_odd_characters_arrive_unchanged() -> None:
    text = "x" * 500 + ' \t\n\n  ünï—😀\u2028\x00\x1f"\\ </think> [1] ```\n' + "  "

    found = chunks(await streamed(f"#demo:echo {text}"))

    assert "".join(deltas(found)) == text
    assert max(len(delta) for delta in deltas(found)) <= 300


async def test_the_pace_follows_the_switch() -> None:
    words = re.findall(r"\S+", QUESTION)
    raw = await streamed(f"#demo:slow=20 #demo:echo {' '.join(words)}")
    assert len(chunks(raw)) == 4
