"""The options of a question in the words of OpenAI's and Perplexity's APIs.

What Parley knows and the model takes is sent. What would change the answer and cannot be had is refused. What changes
nothing is ignored: `IGNORED` has it, and docs/api.md lists it.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import orjson

from api.errors import ApiError
from api.openai.body import Body, wrong
from chat.answers import instructions
from chat.catalog.offers import Offer
from chat.options import codec, formats
from chat.options.formats import InvalidOption
from core.web.wording import said
from upstream.catalog.rules import EVERY_PARAMETER, Parameter, formats_of, reason_against, refusals

IGNORED = frozenset(
    {
        "client", "metadata", "parallel_tool_calls", "prompt_cache_key", "prompt_cache_retention", "safety_identifier",
        "seed", "store", "stream", "stream_mode", "stream_options", "truncation", "user",
    }
)  # fmt: skip
"""Names that change nothing about an answer here, whatever they are set to."""

NEUTRAL: Mapping[str, tuple[Any, ...]] = {
    "audio": (),
    "background": (False,),
    "frequency_penalty": (0, 0.0),
    "function_call": ("auto", "none"),
    "functions": ([],),
    "include": ([],),
    "logit_bias": ({},),
    "logprobs": (False,),
    "modalities": (["text"],),
    "n": (1,),
    "presence_penalty": (0, 0.0),
    "reasoning": ({},),
    "service_tier": ("auto", "default"),
    "temperature": (1, 1.0),
    "text": ({}, {"format": {"type": "text"}}),
    "tool_choice": ("auto", "none"),
    "tools": ([],),
    "top_logprobs": (0,),
    "top_p": (1, 1.0),
    "verbosity": ("medium",),
}
"""Values that say what holds anyway: they are ignored where the model does not take the option itself."""

_ABOUT_REASONING = frozenset({"effort", "summary", "generate_summary"})  # and whether one reads of it
_OTHER_NAMES = {"max_completion_tokens": "max_tokens", "max_output_tokens": "max_tokens"}
_NOT_HERE = frozenset({instructions.OPTION, "stream_mode", "delivery"})  # said elsewhere, or ours alone
_LISTS = frozenset(one.name for one in EVERY_PARAMETER if one.kind in ("words", "sites"))
_LONGEST_PATH = 100  # characters of a name that is repeated to the program


def options_in(body: Body, *, offer: Offer, besides: frozenset[str]) -> dict[str, Any]:
    """What of the body are options for the model, nested as docs/sonar.md has them; `besides` are the names that say
    something else. Raises ApiError for what the model does not take."""
    sent = {name: value for name, value in body.items() if name not in besides}
    try:
        return _options_in(_in_our_words(sent), offer)
    except ApiError as error:
        error.param = _as_sent(error.param or "", sent)
        raise


def is_function(tool: Any) -> bool:
    """Whether it is a function that the program would run. One that may be called need not be: no answer calls it, and
    only to insist on a call (`tool_choice`) cannot be had."""
    return isinstance(tool, Mapping) and tool.get("type") == "function"


def _options_in(asked: Body, offer: Offer) -> dict[str, Any]:
    taken = {one.name: one for one in offer.parameters if one.name not in _NOT_HERE}
    values: dict[str, Any] = {}
    for name, parameter in taken.items():
        if (value := parameter.value_in(asked)) is not None and not (value == [] and name in _LISTS):
            values[name] = _format_in(value, offer=offer) if parameter.kind == "format" else value
    for path, value in _leaves(asked, known=taken):
        if value is not None and path not in taken and not _changes_nothing(path, value, known=taken):
            raise _refusal(path, offer)
    options = codec.nested_options({name: value for name, value in values.items() if value is not None})
    for refusal in refusals(offer.model, options, provider=offer.provider):
        raise wrong(refusal.parameter, said(refusal.sentence))
    return options


def _in_our_words(body: Body) -> dict[str, Any]:
    """The same with the names and shapes that Perplexity's API has for what OpenAI's calls otherwise."""
    found = {_OTHER_NAMES.get(name, name): value for name, value in body.items()}
    search = found.get("web_search_options")
    place = search.get("user_location") if isinstance(search, Mapping) else None
    if isinstance(search, Mapping) and isinstance(place, Mapping):
        near = place.get("approximate", {})
        flat = {**place, "approximate": None, **near} if isinstance(near, Mapping) else place
        kept = {name: value for name, value in flat.items() if name not in ("type", "timezone")}
        found["web_search_options"] = {**search, "user_location": kept}
    if search == {}:
        del found["web_search_options"]
    reasoning = found.get("reasoning")
    if isinstance(reasoning, Mapping):
        found["reasoning"] = {name: value for name, value in reasoning.items() if name not in _ABOUT_REASONING}
        found |= {"reasoning_effort": reasoning["effort"]} if reasoning.get("effort") is not None else {}
    text = found.get("text")
    if isinstance(text, Mapping) and isinstance(text.get("format"), Mapping):
        kind = text["format"].get("type")
        inner = {name: value for name, value in text["format"].items() if name != "type"}
        found["response_format"] = {"type": kind, "json_schema": inner} if kind == "json_schema" else {"type": kind}
        found["text"] = {name: value for name, value in text.items() if name != "format"}
    if found.get("text") == {"verbosity": "medium"}:
        del found["text"]
    return found


def _as_sent(path: str, sent: Body) -> str:
    """What the program calls it that we call `path`."""
    for name in _OTHER_NAMES:
        if path == _OTHER_NAMES[name] and name in sent:
            return name
    if path == "reasoning_effort" and path not in sent:
        return "reasoning.effort"
    if path.partition(".")[0] == "response_format" and "response_format" not in sent:
        return path.replace("response_format", "text.format", 1)
    return path[:_LONGEST_PATH]


def _format_in(value: Any, *, offer: Offer) -> Any:
    """The format of the answer; None for plain text. Raises ApiError."""
    kind = value.get("type") if isinstance(value, Mapping) else None
    if kind == "text":
        return None
    if kind not in formats_of(offer.model, provider=offer.provider):
        raise wrong("response_format.type", "The format must be one of: text, json_schema.", code="unsupported_value")
    inner = value.get(kind)
    if not isinstance(inner, Mapping):
        raise wrong(f"response_format.{kind}", f"“response_format.{kind}” must be an object.")
    named = {name: one for name, one in inner.items() if name not in ("strict", "description") and one is not None}
    try:
        if kind == "json_schema":
            return {"type": kind, kind: formats.schema_in(orjson.dumps(named).decode())}
        texts = {"response_format:regex": str(named.get("regex", ""))}
        return formats.parse_response_format(kind, texts, "response_format")
    except InvalidOption as fault:
        raise wrong("response_format", str(fault)) from None


def _leaves(options: Mapping[str, Any], *above: str, known: Mapping[str, Parameter]) -> Iterator[tuple[str, Any]]:
    """Everything that is set, by its path; what we know by name is not looked into."""
    for name, value in options.items():
        path = ".".join((*above, f"[{name}]" if "." in name else name))  # a name with a dot in it is no path
        is_named = path in known or path in NEUTRAL or path in IGNORED
        if isinstance(value, Mapping) and value and not is_named:
            yield from _leaves(value, *above, name, known=known)
        else:
            yield path, value


def _changes_nothing(path: str, value: Any, *, known: Collection[str]) -> bool:
    if path.partition(".")[0] in IGNORED or (value == [] and path in _LISTS):
        return True
    if value == {} and any(name.startswith(f"{path}.") for name in known):
        return True
    if path in ("tools", "functions") and isinstance(value, list):
        return all(isinstance(one, Mapping) and (path == "functions" or is_function(one)) for one in value)
    return any(type(value) is type(one) and value == one for one in NEUTRAL.get(path, ()))


def _refusal(path: str, offer: Offer) -> ApiError:
    why = said(reason_against(path, offer.model, provider=offer.provider))
    if path in offer.without:
        why = "Your team doesn’t allow it."
    if why:
        return wrong(path, f"“{path}” is not supported with this model. {why}", code="unsupported_parameter")
    if path.partition(".")[0] in (*NEUTRAL, "web_search_options"):
        why = "It would change the answer, and is not supported here."
        return wrong(path, f"“{path}” is set. {why}", code="unsupported_parameter")
    return wrong(path, f"Unrecognized request argument supplied: {path[:_LONGEST_PATH]}", code="unknown_parameter")
