"""What the benchmark's upstream says is what the services would say."""

import json
from typing import Any

import pytest

from benchmarks import prose
from benchmarks.wire_formats import Face, agent, sonar


def messages(face: Face, *, count: int) -> list[dict[str, Any]]:
    said, frames = b"", face.begin()
    for number, (before, after) in enumerate(prose.chunks(count)):
        delta = b"%bt%08d%b" % (before, number, after)
        said += delta
        frames += face.chunk(said, delta, number)
    frames += face.end(said, count)
    payloads = [frame.removeprefix(b"data: ") for frame in frames.strip().split(b"\n\n")]
    return [json.loads(payload) for payload in payloads if payload != b"[DONE]"]


def test_sonar_repeats_the_whole_text_in_every_chunk() -> None:
    *chunks, end = [message["choices"][0] for message in messages(sonar, count=30)]

    text = ""
    for chunk in chunks:
        text += chunk["delta"]["content"]
        assert chunk["message"]["content"] == text
    assert end["message"]["content"] == text
    assert end["finish_reason"] == "stop"


def test_the_agent_api_says_each_part_once_and_the_whole_text_at_the_end() -> None:
    told = messages(agent, count=30)

    numbers = [event["sequence_number"] for event in told]
    assert numbers == sorted(set(numbers))
    text = "".join(event["delta"] for event in told if event["type"] == "response.output_text.delta")
    response = told[-1]["response"]
    assert response["output"][-1]["content"][0]["text"] == text
    assert prose.without_times(text.encode()) == prose.whole(30)


@pytest.mark.parametrize("shape", ["list", "table"])
def test_a_shape_is_one_block_that_grows_evenly(shape: str) -> None:
    chunks = prose.chunks(200, shape=shape)

    sizes = [len(before + after) for before, after in chunks]
    assert sum(sizes) > 12_000
    assert max(sizes[1:]) < 3 * min(sizes[1:])
    assert b"\\n\\n" not in b"".join(before + after for before, after in chunks)
