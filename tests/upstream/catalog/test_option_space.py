"""Any options for any model: either it is said why they cannot be sent, or exactly they are sent and taken."""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests import walks
from tests.upstream.catalog.parameter_table import JSON_FORMAT, REGEX_FORMAT
from upstream.catalog.rules import MODELS, PARAMETERS, Parameter, parameters_of, refusals
from upstream.demo.perplexity import Demo
from upstream.demo.sonar import checks as validation
from upstream.requests import AskRequest, Turn
from upstream.sonar import request as sonar_request

HOSTS = st.sampled_from(["a.example", "-b.example", ".gov", "c.example/path", "-d.example", "e.example"])
WORDS: Mapping[str, st.SearchStrategy[str]] = {
    "search_language_filter": st.sampled_from(["en", "ko", "de", "EN", "english"]),
    "image_format_filter": st.sampled_from(["png", "jpg", "jpeg", "webp", ".gif"]),
}
TEXTS: Mapping[str, st.SearchStrategy[str]] = {
    "web_search_options.user_location.country": st.sampled_from(["KR", "US", "kr", "Korea"]),
}
ODD = st.sampled_from(["", [], {}, None, "x", 0, -1, 1.5, True, [""], ["a", 3], {"a": 1}, 10**9, float("nan")])


def likely(parameter: Parameter) -> st.SearchStrategy[Any]:
    """Values that a person would choose, with some that are a little out of bounds."""
    least, most = parameter.least or 0, parameter.most or 100
    match parameter.kind:
        case "choice":
            return st.sampled_from(parameter.choices)
        case "flag":
            return st.booleans()
        case "integer":
            return st.integers(int(least) - 1, int(most) + 1)
        case "number":
            return st.floats(least - 0.5, most + 0.5) | st.integers(int(least) - 1, int(most) + 1)
        case "date":
            return st.sampled_from(["1/1/2024", "02/29/2024", "12/31/2025", "2/29/2025", "2025-01-01"])
        case "sites":
            return st.lists(HOSTS, min_size=1, max_size=22)
        case "words":
            return st.lists(WORDS.get(parameter.name, st.text(min_size=1, max_size=8)), min_size=1, max_size=4)
        case "format":
            return st.sampled_from([JSON_FORMAT, REGEX_FORMAT, {"type": "text"}, {"type": "json_schema"}])
        case "text":
            return TEXTS.get(parameter.name, st.text(min_size=1, max_size=12))


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path, value in values.items():
        *above, last = path.split(".")
        place = found
        for step in above:
            place = place.setdefault(step, {})
        place[last] = value
    return found


likely_options = st.fixed_dictionaries({}, optional={one.name: likely(one) for one in PARAMETERS}).map(nested)
odd_options = st.dictionaries(st.sampled_from([one.name for one in PARAMETERS]), ODD, max_size=6).map(nested)
few_options = st.lists(st.sampled_from(PARAMETERS), min_size=1, max_size=4, unique=True).flatmap(
    lambda chosen: st.fixed_dictionaries({one.name: likely(one) for one in chosen}).map(nested)
)
models = st.sampled_from(list(MODELS))


def leaves(value: Any, *path: str) -> Iterator[tuple[str, Any]]:
    """What is set, by its path; a format and a list are one value."""
    if isinstance(value, dict) and path != ("response_format",):
        for name, inner in value.items():
            yield from leaves(inner, *path, name)
    else:
        yield ".".join(path), value


def sent(model: str, options: Mapping[str, Any], *, stream: bool) -> dict[str, Any]:
    request = AskRequest(model=model, turns=[Turn("user", "When?")], options=options)
    body: dict[str, Any] = orjson.loads(orjson.dumps(sonar_request.sonar_body(request, stream=stream)))
    return body


@given(model=models, options=likely_options | few_options | odd_options, stream=st.booleans())
@settings(max_examples=walks.examples(1000), deadline=None)
def test_options_are_refused_in_words_or_sent_exactly_and_taken(
    model: str, options: dict[str, Any], stream: bool
) -> None:
    refused = refusals(model, options, stream=stream)
    if refused:
        assert all(refusal.parameter and refusal.sentence.endswith((".", "”.")) for refusal in refused)
        return
    body = sent(model, options, stream=stream)
    assert body.pop("model") == model
    assert body.pop("messages") == [{"role": "user", "content": "When?"}]
    assert body.pop("stream", False) is stream
    ours = {"delivery", "instructions"} | (set() if stream else {"stream_mode"})
    wanted = {path: value for path, value in leaves(options) if value is not None and path not in ours}
    assert dict(leaves(body)) == wanted
    assert not [path for path, value in leaves(body) if value in ("", [], {}, None)]
    validation.check(sent(model, options, stream=stream), extra_models={"sonar-reasoning"})


@given(model=models, options=few_options)
@settings(max_examples=60, deadline=None)
def test_what_is_not_refused_is_answered_by_the_demo(model: str, options: dict[str, Any]) -> None:
    assume(not refusals(model, options))
    demo = Demo(chunks_per_second=0, sonar="answers", extra_models={"sonar-reasoning"})
    request = httpx.Request(
        "POST",
        "https://api.example/chat/completions",
        headers={"Authorization": "Bearer pplx-test"},
        json=sent(model, options, stream=False),
    )
    response = asyncio.run(demo.handle(request))
    assert response.status_code == 200, response.text


@pytest.mark.parametrize("model", MODELS)
def test_every_parameter_that_a_model_takes_can_be_sent_alone_or_with_what_it_needs(model: str) -> None:
    needs = {"return_images": True, "web_search_options": {"user_location": {"country": "KR"}}}
    good: dict[str, Any] = {
        "flag": True, "integer": 20, "number": 0.5, "date": "1/1/2025", "sites": ["a.example"], "format": JSON_FORMAT,
    }  # fmt: skip
    texts = {"web_search_options.user_location.country": "KR"}
    words = {"search_language_filter": ["en"], "image_format_filter": ["png"]}
    for parameter in parameters_of(model):
        value = good.get(parameter.kind) or texts.get(parameter.name, "word")
        value = parameter.choices[0] if parameter.kind == "choice" else value
        value = words.get(parameter.name, ["word"]) if parameter.kind == "words" else value
        options = nested({**dict(leaves(needs)), parameter.name: value})
        assert refusals(model, options) == [], parameter.name
        arrived = dict(leaves(sent(model, options, stream=True)))
        assert parameter.ours or arrived[parameter.name] == value, parameter.name
