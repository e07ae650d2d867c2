"""A question as the body of the gateway's `/v1/search/stream` (docs/gateway.md, "Requests").

The gateway takes one query and no conversation: what was said before is behind the `backend_uuid` that it left with
an earlier answer. What that does not know, such as answers of other services, is told in front of the query. So are
standing instructions, each time: they may have changed since the gateway heard them, and whoever asks has their own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from core.sentences import sentence
from upstream.errors import InvalidRequest
from upstream.requests import AskRequest, Document, Picture, Turn
from upstream.translation import think_tags

MODES = ("search", "reason", "research")
LULL = 30.0  # seconds; a stream that is alive says so every 15
MOST_TOLD = 12_000  # characters of the conversation that stand in front of a query
_MOST_OF_ONE = 3_000  # characters of one turn

_PATIENCE = {"search": 40.0, "reason": 130.0, "research": 310.0}  # seconds: the gateway's own limits and ten more
_OPTIONS = ("sources", "language", "incognito")

_NO_QUESTION = "There is no question to answer."
_NO_MODEL = "The gateway doesn’t know the model “%(model)s”. Choose another one."
_NO_FILES = "The gateway accepts only images. Remove the files, or choose a model that reads files."
_NO_PICTURES = "Only the gateway’s search models accept images. Remove them or choose another model."


def mode_of(model: str) -> tuple[str, str]:
    """The mode and the gateway's own name of a model that is called `search/sonar`. Raises InvalidRequest."""
    mode, slash, name = model.partition("/")
    if mode not in MODES or not slash or not name:
        raise InvalidRequest(sentence(_NO_MODEL, model=model[:100]))
    return mode, name


def answer_timeout(request: AskRequest) -> float:
    """The seconds that its response may take to begin."""
    return _PATIENCE.get(request.model.partition("/")[0], max(_PATIENCE.values()))


def gateway_body(request: AskRequest) -> dict[str, Any]:
    """The request as the gateway wants it, with nothing in it that nobody set. Pictures have to be at their addresses.

    Raises InvalidRequest when there is no question, when the mode does not take what goes along, or for an unknown
    mode.
    """
    mode, name = mode_of(request.model)
    standing = [turn.text.strip() for turn in request.turns if turn.role == "system" and turn.text.strip()]
    turns = [turn for turn in request.turns if turn.role != "system"]
    if not turns or turns[-1].role != "user" or not turns[-1].text.strip():
        raise InvalidRequest(_NO_QUESTION)
    if any(isinstance(part, Document) for part in turns[-1].parts):
        raise InvalidRequest(_NO_FILES)
    if mode != "search" and any(isinstance(part, Picture) for part in turns[-1].parts):
        raise InvalidRequest(_NO_PICTURES)
    backend_uuid = request.follow_up.get("backend_uuid")
    is_known = isinstance(backend_uuid, str) and bool(backend_uuid)
    untold = turns[request.known if is_known else 0 : -1]
    asked: dict[str, Any] = {"query": _query(standing, untold, turns[-1]), "mode": mode}
    if mode != "research":
        asked["model"] = name
    asked |= {option: request.options[option] for option in _OPTIONS if request.options.get(option) is not None}
    own = _addresses(turns[-1:])
    carried = [url for url in _addresses(turns[:-1]) if url not in own] if mode == "search" else []
    if own:
        asked["attachments"] = own
    if is_known or carried:
        asked["follow_up"] = {"backend_uuid": backend_uuid if is_known else None, "attachments": carried}
    return asked


def _addresses(turns: Sequence[Turn]) -> list[str]:
    """Where the pictures of these turns are, in order and each once."""
    parts = (part for turn in turns for part in turn.parts)
    return list(dict.fromkeys(part.url for part in parts if isinstance(part, Picture) and part.url))


def _query(standing: Sequence[str], untold: Sequence[Turn], asked: Turn) -> str:
    """The question, after all instructions, as much of the conversation before it as there is room for (the newest
    turns), and what is quoted for it."""
    lines: list[str] = []
    room = MOST_TOLD
    for turn in reversed(untold):
        text = think_tags.split_thinking(turn.text).answer if turn.role == "assistant" else turn.text
        if not text.strip():
            continue
        line = f"{_SPEAKERS[turn.role]}: {_shorten(text.strip())}"
        room -= len(line)
        if room < 0:
            break
        lines.append(line)
    parts = ["Follow these instructions:", *standing] if standing else []
    parts += ["Our conversation so far:", *reversed(lines)] if lines else []
    parts += [asked.quoted] if asked.quoted else []
    return "\n\n".join([*parts, "Now answer this:", asked.text]) if parts else asked.text


_SPEAKERS: Mapping[str, str] = {"user": "Question", "assistant": "Answer"}


def _shorten(text: str) -> str:
    return text if len(text) <= _MOST_OF_ONE else f"{text[: _MOST_OF_ONE - 1].rstrip()}…"
