"""Whatever shape the Agent API's objects have, nothing is harmed by it."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.upstream.agent.agent_fixtures import heard_whole, message, response
from tests.upstream.conftest import all_of, frame, last, text_in
from upstream.agent.stream import AgentTranslation
from upstream.events import Event, SourcesFound
from upstream.sse import Messages
from upstream.translation.base import StreamFailed

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_names = st.sampled_from(
    ["response", "item", "delta", "text", "results", "queries", "urls", "contents", "item_id", "thought"]
)
_REASONING = [f"response.reasoning.{what}" for what in ("started", "search_queries", "fetch_url_queries", "x_results")]
_kinds = st.sampled_from([*sorted(AgentTranslation()._handlers), *_REASONING])


@given(st.lists(st.tuples(_kinds, st.dictionaries(_names, _json, max_size=4)), max_size=6))
def test_no_shape_of_any_event_does_harm(stream: list[tuple[str, dict[str, Any]]]) -> None:
    translation = AgentTranslation()
    take: Callable[[bytes], list[Event]] = lambda raw: [  # noqa: E731
        event for found in Messages().feed(raw) for event in translation.take(found)
    ]
    for kind, fields in stream:
        try:
            take(frame({**fields, "type": kind}))
        except StreamFailed:
            return
    translation.end()


_items = st.dictionaries(
    st.sampled_from(["content", "results", "queries", "contents", "sources", "categories", "tickers", "code", "name"]),
    _json
    | st.lists(
        st.dictionaries(st.sampled_from(["url", "id", "title", "text", "content", "sources"]), _json, max_size=3),
        max_size=2,
    ),
    max_size=3,
)
_item_kinds = st.sampled_from(
    [
        *("message", "search_results", "people_search_results", "fetch_url_results", "finance_results", "skill_loaded"),
        *("image_search_results", "sandbox_results", "sandbox_grep", "share_file", "function_call", "of_tomorrow"),
    ]
)


@given(st.lists(st.tuples(_item_kinds, _items), max_size=4))
def test_no_shape_of_any_item_does_harm(output: list[tuple[str, dict[str, Any]]]) -> None:
    items = [{**item, "type": kind} for kind, item in output]
    events = heard_whole(response(output=[*items, message("In the end.")]))
    assert text_in(events).endswith("In the end.")
    numbers = [source.number for event in all_of(SourcesFound, events) for source in event.sources]
    assert 0 not in numbers
    found = last(SourcesFound, events).sources if numbers else ()
    assert len({source.number for source in found}) == len(found)
