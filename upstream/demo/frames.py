"""The chunks of a streamed answer as JSON, one bytes object each (contract A9.3, A9.4).

What is the same in every chunk is serialised once, and the text so far grows as JSON, so that a chunk costs some
microseconds however long the answer is.
"""

import re
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import orjson

from upstream.demo.chat import Answer, cost_of
from upstream.demo.switches import Switches
from upstream.demo.usage import CHARACTERS_PER_TOKEN

_WORDS = re.compile(r"\s*\S{1,60}|\s+")
_WORDS_PER_CHUNK = (2, 3, 4, 3)
_TAGS = ("<think>", "</think>")


def pieces(text: str, *, split_tags: bool = False) -> list[str]:
    """The text in the portions in which it is streamed: a few words each; tags cut in two where wanted."""
    cuts = [0]
    for tag in _TAGS if split_tags else ():
        position = text.find(tag)
        if position >= 0:
            cuts.append(position + len(tag) // 2)
    cuts.append(len(text))
    found: list[str] = []
    for start, end in pairwise(cuts):
        words = _WORDS.findall(text[start:end])
        at = 0
        while at < len(words):
            count = _WORDS_PER_CHUNK[len(found) % len(_WORDS_PER_CHUNK)]
            found.append("".join(words[at : at + count]))
            at += count
    return found


def full(result: Answer, parts: Sequence[str], switches: Switches) -> Iterator[bytes]:
    """Mode `full`: every chunk repeats the text so far, the usage and the sources; the last one has the cost."""
    late = "sources_last_only" in switches
    known: dict[str, Any] = {} if late else {"citations": result.citations, "search_results": result.sources}
    if not late and result.images and not result.late_images:
        known["images"] = result.images
    interim = result.usage.as_dict("none" if "no_cost" in switches else "zero", completion=0)
    before, between, after = _usage_parts(interim, null="null_usage" in switches)
    head = orjson.dumps({"id": result.id, "model": result.model})[:-1] + b',"created":'
    kind = b"chat.completion" if "object_legacy" in switches else b"chat.completion.chunk"
    middle = (
        after
        + (b"," + orjson.dumps(known)[1:-1] if known else b"")
        + b',"object":"'
        + kind
        + b'","choices":[{"index":0,"finish_reason":null,"message":{"role":"assistant","content":"'
    )
    prompt = result.usage.prompt
    counted = "null_usage" not in switches
    shown = "message_only" not in switches
    so_far = b""
    length = 0
    for part in parts:
        escaped = orjson.dumps(part)[1:-1]
        so_far += escaped
        length += len(part)
        written = -(-length // CHARACTERS_PER_TOKEN)
        figures = b"%b%d%b%d" % (before, written, between, prompt + written) if counted else before
        yield b'%b%d,"usage":%b%b%b"},"delta":{"role":"assistant","content":"%b"}}]}' % (
            head,
            int(time.time()),
            figures,
            middle,
            so_far,
            escaped if shown else b"",
        )
    yield _last(result, switches, {"citations": result.citations, "search_results": result.sources})


def concise(result: Answer, parts: Sequence[str], switches: Switches) -> Iterator[bytes]:
    """Mode `concise`: reasoning steps, then plain increments; sources and usage in the two `done` objects only."""
    steps = list(result.steps)
    empty = {"role": "assistant", "content": ""}
    for step in steps:
        delta = {**empty, "reasoning_steps": [step]}
        yield _concise(result, "chat.reasoning", {"type": "message"}, message=empty, delta=delta)
    if steps:
        known = {
            "usage": None if "null_usage" in switches else result.usage.as_dict("none", completion=0),
            "search_results": result.sources,
            "images": result.images,
        }
        message = {**empty, "reasoning_steps": steps}
        yield _concise(result, "chat.reasoning.done", known, message=message, delta=empty)
    head = orjson.dumps({"id": result.id, "model": result.model})[:-1] + b',"created":'
    tail = (
        b',"object":"chat.completion.chunk","choices":[{"index":0,"finish_reason":null,'
        b'"message":{"role":"assistant","content":""},"delta":{"role":"assistant","content":'
    )
    for part in parts:
        yield b"%b%d%b%b}}]}" % (head, int(time.time()), tail, orjson.dumps(part))
    yield _last_concise(result, switches)


def without_choices(result: Answer) -> bytes:
    """A chunk that has no choice."""
    body = {"id": result.id, "model": result.model, "created": result.created, "object": "chat.completion.chunk"}
    return orjson.dumps({**body, "choices": []})


def without_delta(result: Answer) -> bytes:
    """A chunk whose delta is null."""
    body = {"id": result.id, "model": result.model, "created": result.created, "object": "chat.completion.chunk"}
    return orjson.dumps({**body, "choices": [{"index": 0, "finish_reason": None, "delta": None}]})


def _usage_parts(interim: dict[str, Any], *, null: bool) -> tuple[bytes, bytes, bytes]:
    """The interim usage cut open where the two growing figures stand."""
    if null:
        return b"null", b"", b""
    raw = orjson.dumps(interim)
    before, found, rest = raw.partition(b'"completion_tokens":0,"total_tokens":')
    rest = rest[len(str(interim["total_tokens"])) :]
    return before + found[: found.index(b"0")], b',"total_tokens":', rest


def _last(result: Answer, switches: Switches, known: dict[str, Any]) -> bytes:
    usage = None if "null_usage" in switches else result.usage.as_dict(cost_of(switches))
    kind = "chat.completion" if "object_legacy" in switches else "chat.completion.done"
    body: dict[str, Any] = {"id": result.id, "model": result.model, "created": int(time.time()), "usage": usage}
    body |= {**known, **result.extras(), "object": kind, "choices": [_final_choice(result, {})]}
    return orjson.dumps(body)


def _last_concise(result: Answer, switches: Switches) -> bytes:
    known: dict[str, Any] = {
        "usage": None if "null_usage" in switches else result.usage.as_dict(cost_of(switches)),
        "search_results": result.sources,
        "images": result.images,
        **{name: value for name, value in result.extras().items() if name != "images"},
    }
    body: dict[str, Any] = {"id": result.id, "model": result.model, "created": int(time.time())}
    body |= {"object": "chat.completion.done", **known}
    body["choices"] = [_final_choice(result, {"reasoning_steps": list(result.steps)})]
    return orjson.dumps(body)


def _final_choice(result: Answer, more: dict[str, Any]) -> dict[str, Any]:
    return {
        "index": 0,
        "finish_reason": result.finish_reason,
        "message": {"role": "assistant", "content": result.text, **more},
        "delta": {"role": "assistant", "content": ""},
    }


def _concise(result: Answer, kind: str, known: dict[str, Any], *, message: Any, delta: Any) -> bytes:
    body: dict[str, Any] = {"id": result.id, "model": result.model, "created": int(time.time()), "object": kind}
    body |= known
    body["choices"] = [{"index": 0, "finish_reason": None, "message": message, "delta": delta}]
    return orjson.dumps(body)
