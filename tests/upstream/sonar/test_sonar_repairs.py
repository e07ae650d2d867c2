"""How a stream is put together (docs/sonar.md, "Reading a stream"), heard over real HTTP."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.upstream.conftest import all_of, chunk, done, last, text_in
from upstream.events import (
    Event,
    Finished,
    MediaFound,
    RelatedFound,
    SourcesFound,
    TextDelta,
    TextReplaced,
    UsageReported,
    WebSource,
)

Heard = Callable[..., Awaitable[list[Event]]]


def result(name: str, **more: Any) -> dict[str, Any]:
    return {"title": name.upper(), "url": f"https://{name}.example/", **more}


def urls(events: list[Event]) -> list[str]:
    return [source.url for source in last(SourcesFound, events).sources]


# --- Text -------------------------------------------------------------------------------------------------------


async def test_a_missing_tail_is_taken_from_the_message(heard: Heard):
    events = await heard(chunk("The light"), chunk("", message="The light was"), chunk(" old.", finish="stop"))
    assert [event.text for event in all_of(TextDelta, events)] == ["The light", " was", " old."]


async def test_messages_alone_are_enough(heard: Heard):
    events = await heard(
        chunk(message="A"), chunk(message="A b"), chunk(message="A b"), chunk(message="A b c", finish="stop")
    )
    assert text_in(events) == "A b c"
    assert not all_of(TextReplaced, events)


async def test_a_message_in_between_that_says_something_else_is_passed_over(heard: Heard):
    events = await heard(chunk("One"), chunk("", message="Another thing"), chunk(" two", finish="stop"))
    assert text_in(events) == "One two"


async def test_the_last_object_adds_what_is_missing(heard: Heard):
    events = await heard(chunk("One"), done("One two"))
    assert (text_in(events), all_of(TextReplaced, events)) == ("One two", [])


@pytest.mark.parametrize("message", ["Two altogether", "On", "one two", "One tw0 three"])
async def test_the_last_object_wins_where_it_differs(heard: Heard, message: str):
    events = await heard(chunk("One two"), done(message))
    assert text_in(events) == message
    assert len(all_of(TextReplaced, events)) == 1


async def test_the_last_object_wins_without_a_reason_to_finish_too(heard: Heard):
    events = await heard(chunk("One two"), done("On", finish=None))
    assert (text_in(events), events[-1]) == ("On", Finished("stop"))


async def test_a_message_as_long_as_the_text_wins_beside_a_reason_to_finish(heard: Heard):
    events = await heard(chunk("One"), chunk("", message="Two", finish="stop"))
    assert text_in(events) == "Two"


async def test_a_text_that_was_held_back_is_replaced_too(heard: Heard):
    events = await heard(chunk("<thi"), done("Other"))
    assert text_in(events) == "Other"


async def test_an_empty_last_message_does_not_clear_the_text(heard: Heard):
    events = await heard(chunk("One"), done(""))
    assert text_in(events) == "One"


async def test_a_shorter_message_beside_a_reason_to_finish_takes_nothing_away(heard: Heard):
    events = await heard(chunk("One"), chunk(" two", message="One", finish="stop"))
    assert text_in(events) == "One two"


async def test_a_longer_message_beside_a_reason_to_finish_wins(heard: Heard):
    events = await heard(chunk("One"), chunk("", message="Once more", finish="stop"))
    assert text_in(events) == "Once more"


async def test_the_last_delta_counts_before_the_message_is_compared(heard: Heard):
    events = await heard(chunk("One"), chunk(" two", message="One two", finish="stop", object="chat.completion.done"))
    assert [event.text for event in all_of(TextDelta, events)] == ["One", " two"]


# --- Sources ----------------------------------------------------------------------------------------------------


async def test_sources_repeated_in_every_chunk_are_told_once(heard: Heard):
    found = [result("a"), result("b")]
    events = await heard(
        *(chunk(word, search_results=found, citations=["https://a.example/"]) for word in "abc"), "[DONE]"
    )
    assert len(all_of(SourcesFound, events)) == 1


async def test_sources_that_differ_only_in_what_nobody_reads_are_told_once(heard: Heard):
    events = await heard(*(chunk(word, search_results=[result("a", rank=word)]) for word in "ab"), "[DONE]")
    assert len(all_of(SourcesFound, events)) == 1


@pytest.mark.parametrize("nothing", [[], None])
async def test_nothing_never_clears_the_sources(heard: Heard, nothing: Any):
    events = await heard(
        chunk("A", search_results=[result("a")], citations=["https://a.example/"]),
        done("A", search_results=nothing, citations=nothing),
    )
    assert urls(events) == ["https://a.example/"]
    assert len(all_of(SourcesFound, events)) == 1


async def test_later_sources_replace_earlier_ones(heard: Heard):
    events = await heard(chunk("A", search_results=[result("a")]), done("A", search_results=[result("b"), result("a")]))
    assert urls(events) == ["https://b.example/", "https://a.example/"]


async def test_citations_alone_become_sources_named_by_their_host(heard: Heard):
    events = await heard(chunk("A", citations=["https://www.harbour.example/varn", "nonsense", None]), "[DONE]")
    assert last(SourcesFound, events).sources == (
        WebSource("https://www.harbour.example/varn", "harbour.example"),
        WebSource("nonsense", ""),
        WebSource("", ""),
    )


async def test_citations_give_the_order_and_results_the_details(heard: Heard):
    events = await heard(
        chunk("A", citations=["https://b.example/", "https://a.example/"], search_results=[result("a"), result("b")]),
        "[DONE]",
    )
    assert [(source.url, source.title) for source in last(SourcesFound, events).sources] == [
        ("https://b.example/", "B"),
        ("https://a.example/", "A"),
    ]


async def test_results_without_a_citation_come_after_the_cited_ones(heard: Heard):
    found = [result("a"), result("b"), result("c")]
    events = await heard(chunk("A", citations=["https://b.example/"], search_results=found), "[DONE]")
    assert urls(events) == ["https://b.example/", "https://a.example/", "https://c.example/"]


async def test_an_address_that_comes_twice_keeps_both_its_numbers(heard: Heard):
    twice = [result("a", snippet="one"), result("a", snippet="two"), result("b")]
    events = await heard(chunk("[3]", citations=[item["url"] for item in twice], search_results=twice), "[DONE]")
    assert urls(events) == ["https://a.example/", "https://a.example/", "https://b.example/"]
    assert [source.snippet for source in last(SourcesFound, events).sources] == ["one", "two", ""]


async def test_an_odd_result_keeps_its_place_so_that_no_number_moves(heard: Heard):
    odd = [None, {"title": "No address"}, "https://c.example/", result("d", date=20250203, snippet=None, source=True)]
    events = await heard(chunk("[4]", search_results=odd), "[DONE]")
    assert last(SourcesFound, events).sources == (
        WebSource(""),
        WebSource("", "No address"),
        WebSource("https://c.example/", "c.example"),
        WebSource("https://d.example/", "D", date="20250203"),
    )


async def test_an_odd_date_is_no_trouble(heard: Heard):
    events = await heard(chunk("A", search_results=[result("a", date="spring " * 50, last_updated=["x"])]), "[DONE]")
    source = last(SourcesFound, events).sources[0]
    assert (len(source.date), source.last_updated) == (40, "")


# --- Pictures, videos, related questions ------------------------------------------------------------------------


async def test_pictures_and_videos_are_told_once_and_by_one_name(heard: Heard):
    pictures = [
        {"image_url": "https://i.example/1.png", "title": "One"},
        {"url": "https://i.example/2.png"},
        None,
        {"image_url": 7},
    ]
    films = [{"url": "https://v.example/1", "duration": 61}, "https://v.example/2", {"duration": 3}]
    events = await heard(chunk("A", images=pictures), chunk("B", images=pictures, videos=films), "[DONE]")
    assert len(all_of(MediaFound, events)) == 2
    media = last(MediaFound, events)
    assert [image["image_url"] for image in media.images] == ["https://i.example/1.png", "https://i.example/2.png"]
    assert [video["url"] for video in media.videos] == ["https://v.example/1", "https://v.example/2"]


async def test_better_pictures_that_come_late_replace_the_first_ones(heard: Heard):
    first, better = [{"image_url": "https://i.example/1.png"}], [{"image_url": "https://i.example/2.png"}]
    events = await heard(chunk("A", images=first), chunk("B", images=[]), done("AB", images=better))
    assert [image["image_url"] for image in last(MediaFound, events).images] == ["https://i.example/2.png"]


async def test_related_questions_come_once_each(heard: Heard):
    asked = ["Who?", " When? ", "Who?", None]
    events = await heard(chunk("A", related_questions=asked), done("A", related_questions=asked))
    assert all_of(RelatedFound, events) == [RelatedFound(("Who?", "When?"))]


# --- Figures ----------------------------------------------------------------------------------------------------


async def test_figures_are_replaced_and_never_added_up(heard: Heard):
    events = await heard(*(chunk("x", usage={"completion_tokens": count}) for count in (1, 2, 3)), "[DONE]")
    assert all_of(UsageReported, events) == [UsageReported({"completion_tokens": 3}, None)]


async def test_the_zero_cost_of_an_unfinished_answer_is_no_cost(heard: Heard):
    events = await heard(chunk("x", usage={"completion_tokens": 1, "cost": {"total_cost": 0.0}}), "[DONE]")
    assert last(UsageReported, events) == UsageReported({"completion_tokens": 1}, None)


async def test_the_last_cost_above_zero_is_kept(heard: Heard):
    costs = [0.0, 0.00501, 0.0]
    events = await heard(
        *(chunk("x", usage={"completion_tokens": n, "cost": {"total_cost": cost}}) for n, cost in enumerate(costs)),
        "[DONE]",
    )
    assert last(UsageReported, events) == UsageReported(
        {"completion_tokens": 2, "cost": {"total_cost": 0.00501}}, Decimal("0.005010")
    )


@pytest.mark.parametrize(
    "cost", [None, 3, {}, {"total_cost": "1"}, {"total_cost": -1}, {"total_cost": True}, {"total_cost": 1e12}]
)
async def test_a_cost_that_cannot_be_is_no_cost(heard: Heard, cost: Any):
    events = await heard(chunk("x", usage={"completion_tokens": 1, "cost": cost}), "[DONE]")
    assert last(UsageReported, events).cost is None


async def test_a_long_answer_reports_its_figures_now_and_then(heard: Heard):
    events = await heard(*(chunk("x", usage={"completion_tokens": count}) for count in range(1, 101)), "[DONE]")
    assert [event.usage["completion_tokens"] for event in all_of(UsageReported, events)] == [32, 64, 96, 100]


async def test_the_kind_of_search_that_was_charged_is_kept_with_the_figures(heard: Heard):
    events = await heard(
        chunk("x", usage={"completion_tokens": 1}, search_metadata={"search_type_used": "pro"}),
        "[DONE]",
        model="sonar-pro",
    )
    assert last(UsageReported, events).usage["search_type_used"] == "pro"
