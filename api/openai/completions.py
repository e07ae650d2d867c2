"""An answer as OpenAI's and Perplexity's chat completions have it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from api.errors import ApiError
from api.openai.told import Told

PREFIX = "chatcmpl-"


class CompletionFace:
    """`model` is what the answer is said to be of; with `include_usage` a last chunk has the figures, and no other."""

    def __init__(self, *, answer_id: UUID, model: str, created: int, place: Mapping[str, str], include_usage: bool):
        self._id = f"{PREFIX}{answer_id.hex}"
        self._model = model
        self._created = created
        self._place = place
        self._include_usage = include_usage
        head = orjson.dumps(self._chunk()).decode()[:-1]
        self._head = f'data: {head},"choices":[{{"index":0,"finish_reason":null,"delta":'.encode()

    def begin(self) -> bytes:
        """The chunk that says who speaks. The conversation's address is in it."""
        choices = [{"index": 0, "finish_reason": None, "delta": {"role": "assistant", "content": ""}}]
        return _event({**self._chunk(), "choices": choices, "parley": self._place})

    def words(self, text: str, reasoning: str) -> bytes:
        """A chunk with further words."""
        delta: dict[str, str] = {}
        if text:
            delta["content"] = text
        if reasoning:
            delta["reasoning_content"] = reasoning
        return self._head + orjson.dumps(delta) + b"}]}\n\n"

    def end(self, told: Told) -> bytes:
        """The chunk with the end, the sources and the figures, that with the figures alone, and the last line."""
        last = {
            **self._chunk(),
            "choices": [
                {
                    "index": 0,
                    "finish_reason": told.finish_reason,
                    "delta": {"annotations": annotations} if (annotations := _annotations(told)) else {},
                    "message": {"role": "assistant", "content": told.answer.text},
                }
            ],
            "usage": None if self._include_usage else told.usage,  # told twice, clients add them up
            **_sources(told),
        }
        figures = {**self._chunk(), "choices": [], "usage": told.usage}
        return _event(last) + (_event(figures) if self._include_usage else b"") + b"data: [DONE]\n\n"

    def fail(self, error: ApiError) -> bytes:
        """What clients take for an error in mid-stream."""
        return _event(error.body)

    def whole(self, told: Told) -> Mapping[str, Any]:
        """The completion."""
        message: dict[str, Any] = {
            "role": "assistant",
            "content": told.answer.text,
            "refusal": None,
            "annotations": _annotations(told),
        }
        if told.answer.reasoning:
            message["reasoning_content"] = told.answer.reasoning
        return {
            **self._chunk(),
            "object": "chat.completion",
            "choices": [{"index": 0, "finish_reason": told.finish_reason, "message": message, "logprobs": None}],
            "usage": told.usage,
            **_sources(told),
            "parley": told.place,
        }

    def _chunk(self) -> dict[str, Any]:
        return {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": self._created,
            "model": self._model,
        }


def _annotations(told: Told) -> list[dict[str, Any]]:
    return [{"type": "url_citation", "url_citation": one.as_json} for one in told.cited_by_number]


def _sources(told: Told) -> dict[str, Any]:
    found: dict[str, Any] = {"citations": told.citations, "search_results": told.search_results}
    if told.answer.related:
        found["related_questions"] = told.answer.related
    if images := told.answer.media.get("images"):
        found["images"] = images
    return found


def _event(data: Mapping[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(data) + b"\n\n"
