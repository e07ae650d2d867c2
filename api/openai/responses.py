"""An answer as OpenAI's Responses API has it, with the types of events that its streams have."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from api.errors import ApiError
from api.openai.told import Told
from core.web.params import uuid_in

PREFIX = "resp_"


def response_id(answer_id: UUID) -> str:
    """What programs call the response."""
    return f"{PREFIX}{answer_id.hex}"


def answer_id_in(name: str) -> UUID | None:
    """The answer's id; None for what names no response."""
    return uuid_in(name.removeprefix(PREFIX)) if name.startswith(PREFIX) else None


class ResponseFace:
    """`wish` has those fields of the request that the response repeats."""

    def __init__(self, *, answer_id: UUID, model: str, created: int, place: Mapping[str, str], wish: Mapping[str, Any]):
        self._id = response_id(answer_id)
        self._item_id = f"msg_{answer_id.hex}"
        self._place = place
        self._frame: dict[str, Any] = {
            "id": self._id,
            "object": "response",
            "created_at": created,
            "model": model,
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "store": True,
            "truncation": "disabled",
            "metadata": {},
            **wish,
        }
        self._number = 0

    def begin(self) -> bytes:
        """The response, its message and the part that its words go into."""
        begun = self._response("in_progress")
        place = {"item_id": self._item_id, "output_index": 0, "content_index": 0}
        return b"".join(
            (
                self._event("response.created", response=begun),
                self._event("response.in_progress", response=begun),
                self._event("response.output_item.added", output_index=0, item=self._item("in_progress", [])),
                self._event("response.content_part.added", **place, part=_part("", [])),
            )
        )

    def words(self, text: str, reasoning: str) -> bytes:
        """Further words. What a model thinks is not part of its response."""
        del reasoning
        if not text:
            return b""
        place = {"item_id": self._item_id, "output_index": 0, "content_index": 0}
        return self._event("response.output_text.delta", **place, delta=text, logprobs=[])

    def end(self, told: Told) -> bytes:
        """What it cites, and that everything that was begun is done."""
        annotations, text = _annotations(told), told.answer.text
        place = {"item_id": self._item_id, "output_index": 0, "content_index": 0}
        said = [
            self._event("response.output_text.annotation.added", **place, annotation_index=number, annotation=one)
            for number, one in enumerate(annotations)
        ]
        part = _part(text, annotations)
        return b"".join(
            (
                *said,
                self._event("response.output_text.done", **place, text=text, logprobs=[]),
                self._event("response.content_part.done", **place, part=part),
                self._event("response.output_item.done", output_index=0, item=self._item("completed", [part])),
                self._event(
                    "response.incomplete" if told.finish_reason == "length" else "response.completed",
                    response=self._whole(told, part),
                ),
            )
        )

    def fail(self, error: ApiError) -> bytes:
        """That the response failed."""
        failed = {"code": error.code or error.type, "message": error.message}
        return self._event("response.failed", response={**self._response("failed"), "error": failed})

    def whole(self, told: Told) -> Mapping[str, Any]:
        """The response."""
        return self._whole(told, _part(told.answer.text, _annotations(told)))

    def _whole(self, told: Told, part: dict[str, Any]) -> Mapping[str, Any]:
        is_cut = told.finish_reason == "length"
        item = self._item("completed", [part])
        counted = told.usage
        return {
            **self._response("incomplete" if is_cut else "completed"),
            "incomplete_details": {"reason": "max_output_tokens"} if is_cut else None,
            "output": [item],
            "usage": {
                "input_tokens": counted["prompt_tokens"],
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": counted["completion_tokens"],
                "output_tokens_details": {"reasoning_tokens": counted.get("reasoning_tokens", 0)},
                "total_tokens": counted["total_tokens"],
                **({"cost": counted["cost"]} if "cost" in counted else {}),
            },
            "citations": told.citations,
            "search_results": told.search_results,
        }

    def _response(self, status: str) -> dict[str, Any]:
        return {
            **self._frame,
            "status": status,
            "error": None,
            "incomplete_details": None,
            "output": [],
            "usage": None,
            "parley": self._place,
        }

    def _item(self, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
        return {"id": self._item_id, "type": "message", "role": "assistant", "status": status, "content": content}

    def _event(self, kind: str, **data: Any) -> bytes:
        body = orjson.dumps({"type": kind, "sequence_number": self._number, **data})
        self._number += 1
        return b"event: " + kind.encode() + b"\ndata: " + body + b"\n\n"


def _annotations(told: Told) -> list[dict[str, Any]]:
    return [{"type": "url_citation", **one.as_json} for one in told.cited]


def _part(text: str, annotations: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": annotations, "logprobs": []}
