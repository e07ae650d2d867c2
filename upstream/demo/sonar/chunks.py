"""An answer as JSON: whole, or in the chunks of a stream, in the two modes that Sonar has."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import orjson

from upstream.demo.sonar.answers import Answer
from upstream.demo.sonar.usage import Cost, tokens
from upstream.demo.switches import Switches

_WORDS = re.compile(r"\s*\S{1,60}|\s+")
_WORDS_PER_CHUNK = (2, 3, 4, 3)
_CHUNK = "chat.completion.chunk"
_EMPTY = {"role": "assistant", "content": ""}


def pieces(text: str, *, split_tags: bool = False) -> list[str]:
    """The text in the portions in which it is streamed: a few words each; tags of reasoning cut in two where wanted."""
    tags = [tag for tag in ("<think>", "</think>") if split_tags and tag in text]
    cuts = [0, *(text.find(tag) + len(tag) // 2 for tag in tags), len(text)]
    found: list[str] = []
    for start, end in pairwise(cuts):
        words = _WORDS.findall(text[start:end])
        while words:
            count = _WORDS_PER_CHUNK[len(found) % len(_WORDS_PER_CHUNK)]
            found.append("".join(words[:count]))
            del words[:count]
    return found


def completion(result: Answer, switches: Switches) -> bytes:
    """The answer as one JSON object."""
    before = {**_usage(result, switches), **_known(result), **result.extras()}
    return _chunk(result, "chat.completion", _said(result.text), before=before, created=result.created, last=True)


def full(result: Answer, parts: Sequence[str], switches: Switches) -> Iterator[bytes]:
    """Mode `full`: every chunk repeats the text so far, the usage and the sources; the last one has the cost."""
    known = {} if "sources_last_only" in switches else _known(result)
    if known and result.images and not result.late_images:
        known["images"] = result.images
    chunk, done = ("chat.completion",) * 2 if "object_legacy" in switches else (_CHUNK, "chat.completion.done")
    text = ""
    for part in parts:
        text += part
        before = {**_usage(result, switches, "zero", completion=tokens(text)), **known}
        delta = _EMPTY if "message_only" in switches else _said(part)
        yield _chunk(result, chunk, _said(text), delta, before=before)
    before = {**_usage(result, switches), **_known(result), **result.extras()}
    yield _chunk(result, done, _said(result.text), before=before, last=True)


def concise(result: Answer, parts: Sequence[str], switches: Switches) -> Iterator[bytes]:
    """Mode `concise`: reasoning steps, then plain increments; sources and usage in the two `done` objects only."""
    steps = {"reasoning_steps": list(result.steps)}
    known = {"search_results": result.sources, "images": result.images}
    for step in result.steps:
        delta = {**_EMPTY, "reasoning_steps": [step]}
        yield _chunk(result, "chat.reasoning", _EMPTY, delta, after={"type": "message"})
    if result.steps:
        after = {**_usage(result, switches, "none", completion=0), **known}
        yield _chunk(result, "chat.reasoning.done", {**_EMPTY, **steps}, after=after)
    for part in parts:
        yield _chunk(result, _CHUNK, _EMPTY, _said(part))
    after = {**_usage(result, switches), **known, **result.extras()}
    yield _chunk(result, "chat.completion.done", {**_said(result.text), **steps}, after=after, last=True)


def interim(result: Answer, *, choices: Sequence[Mapping[str, Any]]) -> bytes:
    """A chunk with these choices and nothing else."""
    head = {"id": result.id, "model": result.model, "created": result.created}
    return orjson.dumps({**head, "object": _CHUNK, "choices": choices})


def _chunk(
    result: Answer,
    kind: str,
    message: Mapping[str, Any],
    delta: Mapping[str, Any] = _EMPTY,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    created: int = 0,
    last: bool = False,
) -> bytes:
    """An object of this kind; `before` and `after` are what stands on either side of the key `object`."""
    finish = result.finish_reason if last else None
    choice = {"index": 0, "finish_reason": finish, "message": message, "delta": delta}
    head = {"id": result.id, "model": result.model, "created": created or int(time.time())}
    return orjson.dumps({**head, **(before or {}), "object": kind, **(after or {}), "choices": [choice]})


def _said(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def _known(result: Answer) -> dict[str, Any]:
    return {"citations": [str(source.get("url", "")) for source in result.sources], "search_results": result.sources}


def _usage(result: Answer, switches: Switches, cost: Cost = "real", *, completion: int | None = None) -> dict[str, Any]:
    """The key `usage`; `completion` is the number of tokens so far."""
    if "null_usage" in switches:
        return {"usage": None}
    return {"usage": result.usage.as_dict("none" if "no_cost" in switches else cost, completion=completion)}
