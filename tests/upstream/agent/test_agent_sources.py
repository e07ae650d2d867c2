"""Sources stand under their own numbers, steps and pictures are told once, wherever they come from."""

from typing import Any

import pytest

from tests.upstream.agent.agent_fixtures import (
    TEXT,
    VARN,
    completed,
    delta,
    heard,
    heard_whole,
    message,
    response,
    told,
)
from tests.upstream.conftest import all_of, last, text_in
from upstream.events import MediaFound, SourcesFound, StatusChanged, StepTaken, WebSource


def sources_in(*events: dict[str, Any], text: str = "") -> list[tuple[int, str]]:
    found = all_of(SourcesFound, heard(*events, completed(output=[message(text)])))
    return [(source.number, source.url) for source in found[-1].sources] if found else []


def results(*found: Any) -> dict[str, Any]:
    return told("reasoning.search_results", results=list(found))


def source(url: str, id: Any = None) -> dict[str, Any]:
    return {"url": url, "title": url, "snippet": "", **({} if id is None else {"id": id})}


def searched(*found: Any, queries: Any = ("varn",)) -> dict[str, Any]:
    return {"type": "search_results", "queries": queries and list(queries), "results": list(found)}


def read(*addresses: str) -> dict[str, Any]:
    return {"type": "fetch_url_results", "contents": [source(url) for url in addresses]}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([results(source("a", 1), source("b", 2))], [(1, "a"), (2, "b")]),
        ([results(source("b", 2), source("a", 1))], [(1, "a"), (2, "b")]),
        ([results(source("k", 11)), results(source("a", 1)), results(source("f", 6))], [(1, "a"), (6, "f"), (11, "k")]),
        ([results(source("a", 1)), results(source("a", 1))], [(1, "a")]),
        ([results(source("a", 1), source("a", 4))], [(1, "a"), (4, "a")]),
        ([results(source("a"), source("b"))], [(1, "a"), (2, "b")]),
        ([results(source("a", 1), source("b", 1), source("c", 2))], [(1, "a"), (2, "c"), (3, "b")]),
        ([results(source("b"), source("a", 3))], [(3, "a"), (4, "b")]),
        ([results(source("a#1"), source("a#2")), results(source("a#1"))], [(1, "a#1"), (2, "a#2")]),
        (
            [results(source("a", 0), source("b", "x"), source("c", True), source("d", 10**9))],
            [(1, "a"), (2, "b"), (3, "c"), (4, "d")],
        ),
        ([results(source("a", "7"), source("b", "12345"))], [(7, "a"), (8, "b")]),
        ([results("a", None, {"title": "b"}, source("c"))], [(1, "a"), (2, "c")]),
        ([told("reasoning.search_results", results=None)], []),
        ([told("reasoning.search_results", results="many")], []),
        ([told("output_item.done", output_index=0, item=searched(source("a", 1)))], [(1, "a")]),
    ],
)
def test_a_source_has_the_number_that_the_service_gave_it(
    events: list[dict[str, Any]], expected: list[tuple[int, str]]
) -> None:
    assert sources_in(*events) == expected


def test_pages_that_were_read_follow_with_numbers_that_no_mark_means() -> None:
    pages = told("reasoning.fetch_url_results", contents=[source("a/"), source("p")])
    assert sources_in(results(source("a", 1)), pages) == [(1, "a"), (2, "p")]
    assert sources_in(pages, results(source("a", 1))) == [(1, "a"), (2, "p")]
    assert sources_in(pages, results(source("a", 1)), text="It was so.[web:2][3]") == [(1, "a"), (4, "p")]


def test_the_same_results_from_three_places_are_told_once() -> None:
    found = searched(VARN, source("b", 2))
    events = heard(
        told("reasoning.search_queries", queries=["varn"], thought="Searching the web..."),
        results(VARN, source("b", 2)),
        told("output_item.done", output_index=0, item=found),
        completed(output=[found, message()]),
    )
    assert len(all_of(SourcesFound, events)) == 1
    assert all_of(StepTaken, events) == [StepTaken("searching", "", ("varn",))]


def test_what_was_told_once_about_a_source_is_kept() -> None:
    bare = {"id": 1, "url": VARN["url"]}
    events = heard(results(VARN), completed(output=[searched(bare), message()]))
    (kept,) = last(SourcesFound, events).sources
    assert (kept.title, kept.date, kept.snippet) == ("Varn harbour light", "2025-02-03", "Automated in spring.")


def test_what_an_earlier_answer_had_found_is_told_apart_and_is_no_search() -> None:
    output = [searched(source("a", 1), source("b", 2), queries=None), searched(source("c", 3)), message()]
    events = heard_whole(response(output=output))
    assert [(s.number, s.carried) for s in last(SourcesFound, events).sources] == [(1, True), (2, True), (3, False)]
    assert [step.terms for step in all_of(StepTaken, events)] == [("varn",)]


def test_people_are_sources_of_their_kind() -> None:
    item = {"type": "people_search_results", "queries": ["keeper of Varn"], "results": [source("k", 3)]}
    events = heard_whole(response(output=[searched(source("a", 1)), item, message()]))
    assert [(s.number, s.kind) for s in last(SourcesFound, events).sources] == [(1, ""), (3, "people")]


def test_an_answer_without_a_search_has_no_sources_whatever_its_marks_say() -> None:
    events = heard(delta(TEXT), completed(output=[message()]))
    assert not all_of(SourcesFound, events)
    assert text_in(events) == TEXT


# --- Financial data, programs, skills, pictures ----------------------------------------------------------------------


def test_financial_data_is_a_step_with_its_tables_and_sources_with_its_addresses() -> None:
    item = {
        "type": "finance_results",
        "categories": ["balance_sheet"],
        "tickers": ["VRN", "LMP"],
        "results": [
            {
                "category": "balance_sheet",
                "content": "## VRN\n| a | b |\n|---|---|\n| 1 | 2 |",
                "sources": ["https://money.example/VRN/sheet", "https://money.example/LMP/sheet?x=1"],
                "tickers": ["VRN", "LMP"],
            },
            {
                "category": "notes",
                "content": '[{"url":"u","content":"**Notes** of VRN"}]',
                "sources": None,
                "tickers": None,
            },
        ],
    }
    events = heard_whole(response(output=[{"type": "skill_loaded", "name": "finance"}, item, message("Dear.")]))

    assert [(s.number, s.kind, s.title) for s in last(SourcesFound, events).sources] == [
        (1, "finance", "VRN balance sheet"),
        (2, "finance", "LMP balance sheet"),
    ]
    skill, step = all_of(StepTaken, events)
    assert (skill.kind, skill.terms) == ("preparing", ("finance",))
    assert (step.kind, step.terms) == ("finance", ("VRN", "LMP", "balance sheet"))
    assert step.content == "## VRN\n| a | b |\n|---|---|\n| 1 | 2 |\n\n**Notes** of VRN"


@pytest.mark.parametrize("results", [None, [], [None], [{"content": None, "sources": [3]}], "x"])
def test_financial_data_of_any_shape_does_no_harm(results: Any) -> None:
    item = {"type": "finance_results", "categories": None, "tickers": None, "results": results}
    assert text_in(heard_whole(response(output=[item, message("Dear.")]))) == "Dear."


def test_a_program_and_what_it_printed_is_a_step() -> None:
    item = {
        "type": "sandbox_results",
        "language": "python",
        "code": "print('```')",
        "results": [{"stdout": "```\n", "stderr": "", "exit_code": 0}],
    }
    events = heard(
        told("output_item.added", output_index=0, item={**item, "results": []}),
        told("output_item.done", output_index=0, item=item),
        told("output_item.done", output_index=1, item={"type": "share_file", "filename": "lights.csv"}),
        completed(output=[item, message()]),
    )
    assert StatusChanged("calculating") in events
    assert [(step.kind, step.terms, step.content) for step in all_of(StepTaken, events)] == [
        ("calculating", (), "````python\nprint('```')\n````\n\n````\n```\n````"),
        ("calculating", ("lights.csv",), ""),
    ]


def test_a_skill_is_told_once() -> None:
    loaded = {"type": "skill_loaded", "name": "office"}
    events = heard(told("skill.loaded", name="office"), completed(output=[loaded, message()]))
    assert all_of(StepTaken, events) == [StepTaken("preparing", "", ("office",))]
    assert StatusChanged("preparing", "office") in events


def test_reading_pages_is_a_step_for_those_that_are_new() -> None:
    events = heard(
        told("reasoning.fetch_url_queries", urls=["https://a.example/x"], thought=" Read it. "),
        told("reasoning.fetch_url_results", contents=None, thought="Fetched content from 0 URLs"),
        completed(output=[read("https://a.example/x", "https://b.example/y"), message()]),
    )
    assert StatusChanged("reading", "a.example") in events
    assert [(step.kind, step.thought, [page.url for page in step.sources]) for step in all_of(StepTaken, events)] == [
        ("reading", "Read it.", ["https://a.example/x"]),
        ("reading", "", ["https://b.example/y"]),
    ]


def test_a_page_that_a_search_had_found_is_read_by_its_title() -> None:
    events = heard(results(VARN), told("reasoning.fetch_url_queries", urls=[f"{VARN['url']}/"]), completed())
    assert StatusChanged("reading", "Varn harbour light") in events


def test_searches_of_kinds_to_come_are_searches() -> None:
    events = heard(told("reasoning.map_search_queries", queries=["Varn"]), completed())
    assert StatusChanged("searching", "Varn") in events
    assert StatusChanged("finance", "VRN") in heard(
        told("reasoning.finance_search_queries", queries=["VRN"]), completed()
    )


def test_pictures_are_found() -> None:
    image = {"image_url": "https://p.example/1.png", "origin_url": "https://p.example/", "width": 3, "height": 2}
    found = told("reasoning.image_search_results", call_id="c", results=[image, image])
    item = {"type": "image_search_results", "results": [image, {**image, "image_url": "https://p.example/2.png"}]}
    failed = {"type": "image_search_results", "queries": None, "results": None, "error": "no"}
    events = heard(
        told("reasoning.image_search_queries", call_id="c", queries=["a light"]),
        found,
        completed(output=[item, failed, message()]),
    )
    assert [len(event.images) for event in all_of(MediaFound, events)] == [1, 2]
    assert StatusChanged("searching", "a light") in events


def test_a_page_has_its_address_and_title() -> None:
    events = heard_whole(response(output=[read("https://p.example/1"), message("So.[web:0]")]))
    assert last(SourcesFound, events).sources == (
        WebSource("https://p.example/1", "https://p.example/1", number=1, kind="page"),
    )
    assert text_in(events) == "So.[1]"
