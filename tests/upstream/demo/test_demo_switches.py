"""Every switch of the demo does on the wire what its table promises."""

import json
import re

import httpx
import pytest

from tests.upstream.demo.demo_fixtures import (
    KEY,
    QUESTION,
    answered,
    asked,
    body,
    chunks,
    content,
    deltas,
    in_process,
    on_the_wire,
    quick,
    served,
    streamed,
)
from upstream.demo.switches import SwitchError
from upstream.demo.switches import read_switches as read
from upstream.demo.switches import without_switches as without

TEXT = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"


async def wire(switches: str, text: str = TEXT, **more: object) -> list[bytes]:
    """The pieces of a streamed echo over a socket."""
    async with served() as address:
        head, pieces = await on_the_wire(address, body(f"{switches} #demo:echo {text}", stream=True, **more))
    assert head.startswith(b"HTTP/1.1 200")
    return pieces


def test_switches_are_cut_out_of_the_question() -> None:
    switches, question = read("What is #demo:429=3 a loop? #demo:fast", "pings, slow=5")
    assert question == "What is a loop?"
    assert dict(switches.values) == {"pings": "", "slow": "5", "429": "3", "fast": ""}


def test_what_follows_echo_is_not_read() -> None:
    switches, question = read("#demo:fast #demo:echo  *a* #demo:crlf\n")
    assert switches.echo == " *a* #demo:crlf\n"
    assert question == "*a* #demo:crlf"
    assert "crlf" not in switches
    assert without("why? #demo:fast #demo:echo #demo:x") == "why?"


@pytest.mark.parametrize(
    "prompt",
    [
        "#demo:nonsense",
        *(f"#demo:echo_sources {given}" for given in ("nothing", "3", '{"sources": 3}', '["x"]', '["\\ud800"]')),
    ],
)
def test_a_mistyped_switch_is_told(prompt: str) -> None:
    with pytest.raises(SwitchError):
        read(prompt)


@pytest.mark.parametrize("switch", ["slow=soon", "long=nan", "429=date:soon", "times=x"])
async def test_a_wrong_number_is_a_bad_request(switch: str) -> None:
    response = await asked(f"#demo:{switch} why?", stream=True)
    assert (response.status_code, response.json()["error"]["type"]) == (400, "bad_request")


async def test_a_plain_stream_sends_a_frame_at_a_time() -> None:
    pieces = await wire("")
    assert all(piece.startswith(b"data: ") and piece.endswith(b"\n\n") for piece in pieces)
    assert pieces[-1] == b"data: [DONE]\n\n"
    assert "".join(deltas(chunks(b"".join(pieces)))) == TEXT


async def test_no_done_marker() -> None:
    pieces = await wire("#demo:no_done_marker")
    assert b"[DONE]" not in b"".join(pieces)
    assert chunks(b"".join(pieces))[-1]["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize(("switch", "eol"), [("crlf", b"\r\n"), ("cr", b"\r")])
async def test_other_line_ends(switch: str, eol: bytes) -> None:
    raw = b"".join(await wire(f"#demo:{switch}"))
    assert raw.endswith(b"data: [DONE]" + eol * 2)
    assert set(re.findall(rb"[\r\n]+", raw)) == {eol * 2}


async def test_split_bytes_cuts_inside_characters() -> None:
    text = "ünï😀 " * 40
    pieces = await wire("#demo:split_bytes=3", text.strip())
    assert max(map(len, pieces)) <= 3
    assert any(_is_broken(piece) for piece in pieces)
    assert "".join(deltas(chunks(b"".join(pieces)))) == text.strip()


async def test_pings_are_comments() -> None:
    pieces = await wire("#demo:pings")
    assert pieces[0] == b": ping\n\n"
    assert "".join(deltas(chunks(b"".join(pieces)))) == TEXT


async def test_a_line_that_is_no_json_stands_between_good_ones() -> None:
    pieces = await wire("#demo:bad_json_line")
    bad = [piece for piece in pieces if not _is_json(piece) and b"[DONE]" not in piece]
    assert len(bad) == 1
    assert 0 < pieces.index(bad[0]) < len(pieces) - 2


async def test_the_connection_breaks_midway() -> None:
    pieces = await wire("#demo:drop_midway")
    assert pieces[-1] in (b"cut", b"reset")
    assert 0 < len(deltas(chunks(b"".join(pieces[:-1])))) < 5


async def test_the_connection_breaks_after_the_chunk_that_was_named() -> None:
    pieces = await wire("#demo:drop_midway=2")
    assert len(pieces) == 3


async def test_the_response_ends_midway_without_a_mark() -> None:
    pieces = await wire("#demo:close_midway")
    assert pieces[-1] not in (b"cut", b"reset")
    found = chunks(b"".join(pieces))
    assert all(chunk["choices"][0]["finish_reason"] is None for chunk in found)
    assert b"[DONE]" not in b"".join(pieces)


async def test_a_stall_lasts_until_the_reader_has_enough() -> None:
    async with served() as address, httpx.AsyncClient(headers=KEY, timeout=httpx.Timeout(5, read=0.2)) as client:
        request = body(f"#demo:stall=2 #demo:echo {TEXT}", stream=True)
        heard: list[bytes] = []
        with pytest.raises(httpx.ReadTimeout):
            await _hear(client, f"{address}/chat/completions", request, heard)
    assert len(chunks(b"".join(heard))) == 2


async def test_a_stall_in_process_honours_the_read_timeout() -> None:
    async with in_process(timeout=httpx.Timeout(5, read=0.05)) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.post("/chat/completions", json=body("#demo:stall", stream=True))


async def test_the_old_object_names() -> None:
    found = chunks(b"".join(await wire("#demo:object_legacy")))
    assert {chunk["object"] for chunk in found} == {"chat.completion"}


async def test_sources_in_the_last_chunk_only() -> None:
    found = chunks(await streamed(f"#demo:sources_last_only {QUESTION}", return_images=True))
    assert not any({"search_results", "citations", "images"} & set(chunk) for chunk in found[:-1])
    assert found[-1]["search_results"]
    assert found[-1]["images"]


async def test_only_the_message_grows() -> None:
    found = chunks(b"".join(await wire("#demo:message_only")))
    assert deltas(found) == []
    assert found[-2]["choices"][0]["message"]["content"] == TEXT


async def test_usage_without_cost_and_no_usage() -> None:
    without_cost = chunks(b"".join(await wire("#demo:no_cost")))
    without_usage = chunks(b"".join(await wire("#demo:null_usage")))
    assert not any("cost" in chunk["usage"] for chunk in without_cost)
    assert all(chunk["usage"] is None for chunk in without_usage)


async def test_chunks_without_choices_and_with_a_null_delta_stand_in_between() -> None:
    found = chunks(b"".join(await wire("#demo:empty_choices #demo:null_delta")))
    assert any(chunk["choices"] == [] for chunk in found)
    assert any(chunk["choices"] and chunk["choices"][0]["delta"] is None for chunk in found)
    assert "".join(deltas(found)) == TEXT


@pytest.mark.parametrize(("switch", "start"), [("error_event", b"event: error\ndata: "), ("error_data", b"data: ")])
async def test_an_error_in_the_stream_ends_it(switch: str, start: bytes) -> None:
    pieces = await wire(f"#demo:{switch}", "<b>bad</b> news in many words that go on")
    assert pieces[-1].startswith(start)
    assert json.loads(pieces[-1].removeprefix(start))["error"]["message"].startswith("<b>bad</b> news")


async def test_think_tags_are_split_across_chunks() -> None:
    found = deltas(chunks(b"".join(await wire("#demo:think_split"))))
    assert not any("<think>" in delta or "</think>" in delta for delta in found)
    whole = "".join(found)
    assert whole.startswith("<think>\n")
    assert whole.endswith(f"</think>\n\n{TEXT}")


async def test_think_can_stay_open() -> None:
    found = chunks(await streamed(f"#demo:think_unclosed {QUESTION}", model="sonar-reasoning-pro"))
    assert "".join(deltas(found)).startswith("<think>")
    assert "</think>" not in "".join(deltas(found))
    assert found[-1]["choices"][0]["finish_reason"] == "length"


async def test_long_answers_have_the_length_that_was_asked() -> None:
    assert len(content(await answered(f"#demo:long=30000 {QUESTION}"))) == 30_000


async def test_numbered_lines() -> None:
    text = content(await answered("#demo:lines=300"))
    assert text.split("\n\n") == [f"Line {number} of 300." for number in range(1, 301)]


async def test_echoed_sources_come_back_as_they_were_given() -> None:
    given = {
        "sources": [{"title": "<i>x", "url": "javascript:1"}],
        "related_questions": ["<b>?"],
        "videos": [{"url": "x"}],
    }
    answer = await answered(f"#demo:echo_sources {json.dumps(given)}\n**bold**[1]")
    assert content(answer) == "**bold**[1]"
    assert answer["search_results"] == given["sources"]
    assert answer["citations"] == ["javascript:1"]
    assert answer["related_questions"] == ["<b>?"]
    assert answer["videos"] == [{"url": "x"}]


async def test_switches_also_come_in_a_header() -> None:
    async with in_process() as client:
        response = await client.post(
            "/chat/completions", json=body("plain"), headers={"X-Demo-Switches": "echo, 503, times=0"}
        )
    assert response.json()["choices"][0]["message"]["content"] == "plain"


async def test_calls_are_counted_for_each_question() -> None:
    demo = quick()
    for prompt in ("#demo:fast one", "#demo:503 one", "two"):
        await asked(prompt, demo=demo)
    async with in_process(demo) as client:
        every = (await client.get("/demo/calls")).json()
        one = (await client.get("/demo/calls", params={"question": "one #demo:fast"})).json()
    assert every["calls"] == 3
    assert every["last"]["messages"][0]["content"] == "two"
    assert one["calls"] == 2


async def _hear(client: httpx.AsyncClient, url: str, request: dict[str, object], heard: list[bytes]) -> None:
    async with client.stream("POST", url, json=request) as response:
        async for piece in response.aiter_raw():
            heard.append(piece)


def _is_json(piece: bytes) -> bool:
    try:
        json.loads(piece.removeprefix(b"data: "))
    except ValueError:
        return False
    return True


def _is_broken(piece: bytes) -> bool:
    try:
        piece.decode()
    except UnicodeDecodeError:
        return True
    return False
