"""What is asked of an upstream, and the last look at it before it leaves."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Literal

import orjson

from core.sentences import then
from upstream.catalog.rules import refusals
from upstream.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes with a turn: PNG, JPEG or GIF.

    `url` is where the service keeps its copy, where it has one; `reference` is what the asker knows the picture by.
    """

    media_type: str
    data: bytes = field(repr=False)
    name: str = ""
    url: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document that goes with a turn.

    `text` is what stands for it where the service takes no such file: the beginning of what it says, ready for a
    prompt; empty where it has no text. Without `data` only the text goes along.
    """

    name: str
    media_type: str
    data: bytes = field(repr=False)
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the conversation as the upstream shall see it. `quoted` is what is quoted for it from elsewhere,
    in front of its text: no service shall search for that."""

    role: Literal["system", "user", "assistant"]
    text: str
    parts: Sequence[Picture | Document] = ()
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class AskRequest:
    """A question with the conversation before it.

    `turns` ends with the question. `options` holds only what the person set: names, values and nesting as on Sonar's
    wire, such as `{"web_search_options": {"search_context_size": "high"}}`, whichever the provider is.

    With `background` the upstream is asked to work on it by itself. `key` then makes one piece of work of a request
    that is sent twice, where the upstream knows such keys. `job` is what it called that work, where it is known
    already, and `submitted_at` when that was (seconds since 1970): nothing is sent again then, only waited for.

    `store` lets the service keep the answer, so that whoever holds a key of the account can read it by its id.

    `follow_up` is the state that the service left with an earlier answer (`events.FollowUp`); it knows the first
    `known` of the turns then, which need not be told again. Standing instructions are turns of the role *system*, in
    front of all others, and are not among those.
    """

    model: str
    turns: Sequence[Turn]
    provider: str = "sonar"
    options: Mapping[str, Any] = field(default_factory=dict)
    background: bool = False
    key: str = ""
    job: str = ""
    store: bool = False
    submitted_at: float = 0.0
    follow_up: Mapping[str, Any] = field(default_factory=dict)
    known: int = 0


def validate_request(request: AskRequest, *, stream: bool) -> None:
    """Raise InvalidRequest with the reasons when the upstream would refuse this request, whoever made it."""
    parts = [part for turn in request.turns for part in turn.parts]
    refused = refusals(
        request.model,
        request.options,
        provider=request.provider,
        with_images=any(isinstance(part, Picture) for part in parts),
        with_files=any(isinstance(part, Document) for part in parts),
        stream=stream,
    )
    if refused:
        raise InvalidRequest(reduce(then, (refusal.sentence for refusal in refused)))


async def encode_body(request: AskRequest, make: Callable[[], Mapping[str, Any]], *, stream: bool = True) -> bytes:
    """The body that `make` makes of the request, once that is valid. Raises InvalidRequest.

    One with attachments is made in a thread: while megabytes become base64, every other answer would wait.
    """

    def encode() -> bytes:
        validate_request(request, stream=stream)
        return orjson.dumps(make())

    return await asyncio.to_thread(encode) if any(turn.parts for turn in request.turns) else encode()
