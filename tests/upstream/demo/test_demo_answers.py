"""The demo's answers are real text with real sources, the same for the same question, and honest about themselves."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from tests.upstream.demo.demo_fixtures import answered, asked, body, content, in_process
from upstream.demo.documents import formats as shapes
from upstream.demo.documents import library, patterns
from upstream.demo.perplexity import DOCUMENTS_URL
from upstream.demo.sonar.usage import Usage

MARK = re.compile(r"\[(\d+)\]")


def total(usage: Usage) -> float:
    return float(json.loads(orjson.dumps(usage.as_dict()))["cost"]["total_cost"])


def without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("question", "address"),
    [
        ("How does the with statement work?", "https://docs.python.org/3/reference/compound_stmts.html#with"),
        ("What does json.dumps do?", "https://docs.python.org/3/library/json.html#json.dumps"),
        ("How do I read a JSON file?", "https://docs.python.org/3/library/json.html#json.load"),
        ("asyncio gather", "https://docs.python.org/3/library/asyncio.html#asyncio.gather"),
        ("How do generators work?", "https://docs.python.org/3/reference/datamodel.html#generator-functions"),
    ],
)
async def test_a_question_about_python_is_answered_from_its_documentation(question: str, address: str) -> None:
    answer = await answered(question)

    sources = answer["search_results"]
    assert sources[0]["url"] == address
    assert 2 <= len(sources) <= 6
    assert answer["citations"] == [source["url"] for source in sources]
    for source in sources:
        assert list(source) == ["title", "url", "date", "last_updated", "snippet", "source"]
        assert source["title"]
        assert source["snippet"]
    marks = {int(mark) for mark in MARK.findall(without_code(content(answer)))}
    assert marks <= set(range(1, len(sources) + 1))
    assert 1 in marks


async def test_what_is_quoted_stands_in_the_source() -> None:
    passages = {passage.url: passage.plain for passage in library.shared(DOCUMENTS_URL).passages}

    answer = await answered("What is a context manager?")

    first = content(answer).split("[1]")[0].replace("*", "")
    assert first.split(". ")[0].replace("`", '"') in passages[answer["citations"][0]].replace("*", "")


async def test_our_own_documentation_answers_questions_about_us() -> None:
    answer = await answered("What is Parley?")
    assert answer["search_results"][0]["url"].startswith(f"{DOCUMENTS_URL}/README.md")


async def test_every_answer_says_that_it_is_the_demo() -> None:
    for question in ("How does the with statement work?", "Who won the cup in 1954?"):
        assert "Parley's demo. No language model wrote this" in content(await answered(question)).splitlines()[-1]


async def test_a_question_without_a_match_gets_no_sources_and_a_hint_what_to_ask() -> None:
    answer = await answered("Who won the world cup in 1954?", return_related_questions=True)

    assert "nothing about this question" in content(answer)
    assert answer["search_results"] == answer["citations"] == []
    for suggestion in answer["related_questions"]:
        assert (await answered(suggestion))["search_results"]


async def test_the_same_question_gets_the_same_answer() -> None:
    first, second = [await answered("How do decorators work?", return_related_questions=True) for _ in range(2)]
    for answer in (first, second):
        del answer["id"], answer["created"]
    assert first == second


async def test_a_short_follow_up_is_read_with_the_question_before_it() -> None:
    messages = [
        {"role": "user", "content": "How does asyncio.gather work? #demo:fast"},
        {"role": "assistant", "content": "It gathers."},
        {"role": "user", "content": "and why?"},
    ]

    alone = await answered("and why?")
    following = await answered(messages=messages)

    assert alone["search_results"] == []
    assert following["citations"][0].endswith("#asyncio.gather")


async def test_related_questions_can_be_asked() -> None:
    answer = await answered("What is a context manager?", return_related_questions=True)
    assert 3 <= len(answer["related_questions"]) <= 4
    for question in answer["related_questions"]:
        assert (await answered(question))["search_results"], question


async def test_reasoning_models_account_for_their_searches() -> None:
    text = content(await answered("How do generators work?", model="sonar-reasoning-pro"))
    thoughts, _, rest = text.partition("</think>\n\n")
    assert thoughts.startswith("<think>\n")
    assert "“generators”" in thoughts
    assert "Generator functions" in thoughts
    assert rest.startswith("A function or method which uses")


async def test_deep_research_writes_sections_and_counts_what_it_read() -> None:
    answer = await answered("How do generators work?", model="sonar-deep-research")
    assert content(answer).count("\n## ") > 5
    assert "| Title | Page | Date |" in content(answer)
    assert len(answer["search_results"]) > 6
    usage = answer["usage"]
    assert usage["num_search_queries"] > 1
    assert usage["citation_tokens"] > 100
    assert usage["reasoning_tokens"] > 100
    assert "request_cost" not in usage["cost"]


async def test_without_search_there_are_neither_marks_nor_sources() -> None:
    answer = await answered("How does the with statement work?", disable_search=True)
    assert not MARK.search(without_code(content(answer)))
    assert answer["search_results"] == answer["citations"] == []
    assert "search was switched off" in content(answer)


async def test_the_answer_is_cut_at_its_limit() -> None:
    answer = await answered(max_tokens=20)
    assert answer["choices"][0]["finish_reason"] == "length"
    assert len(content(answer)) == 80
    assert answer["usage"]["completion_tokens"] == 20


async def test_the_answer_ends_before_a_stop_word() -> None:
    answer = await answered("#demo:echo one two three", stop=["three", "two"])
    assert content(answer) == "one "


async def test_only_allowed_hosts_are_sources() -> None:
    elsewhere = await answered(search_domain_filter=["harbour.example"])
    denied = await answered(search_domain_filter=["-python.org"])
    path = await answered(search_domain_filter=["docs.python.org/3/library"])
    ending = await answered(search_domain_filter=[".org"])

    assert elsewhere["search_results"] == denied["search_results"] == []
    assert "`harbour.example`" in content(elsewhere)
    assert path["citations"]
    assert all(url.startswith("https://docs.python.org/3/library/") for url in path["citations"])
    assert ending["citations"]


@pytest.mark.parametrize(("mode", "host"), [("academic", "papers.example"), ("sec", "filings.example")])
async def test_other_kinds_of_search_name_other_hosts(mode: str, host: str) -> None:
    answer = await answered(search_mode=mode)
    assert {urlsplit(url).hostname for url in answer["citations"]} == {host}


async def test_dates_fall_into_the_span_that_was_asked_for() -> None:
    span = {"search_after_date_filter": "1/5/2019", "search_before_date_filter": "02/01/2019"}
    dates = [source["date"] for source in (await answered(**span))["search_results"]]
    assert dates
    assert all("2019-01-05" <= date <= "2019-02-01" for date in dates)


async def test_nothing_is_found_in_other_languages() -> None:
    assert (await answered(search_language_filter=["de"]))["search_results"] == []
    assert (await answered(search_language_filter=["de", "en"]))["search_results"]


async def test_what_the_demo_cannot_do_is_said() -> None:
    messages = [{"role": "system", "content": "Be *brief*."}, {"role": "user", "content": "What is a generator?"}]
    text = content(await answered(messages=messages, language_preference="Korean"))
    assert "It cannot follow instructions, and does not repeat them; 11 characters were sent." in text
    assert "Asked for in Korean" in text


async def test_pictures_and_videos_come_when_they_are_asked_for() -> None:
    overrides = {"return_videos": True, "return_images": False}

    with_pictures = await answered(return_images=True)
    with_videos = await answered(return_images=True, media_response={"overrides": overrides})

    assert set(with_pictures["images"][0]) == {"image_url", "origin_url", "title", "width", "height"}
    assert "images" not in with_videos
    assert with_videos["videos"][0]["url"].startswith("https://")


async def test_pictures_are_as_many_and_of_the_kind_that_was_asked_for() -> None:
    many = await answered(return_images=True, num_images=12)
    photographs = await answered(return_images=True, image_format_filter=["jpg", "jpeg"])
    from_elsewhere = await answered(return_images=True, image_domain_filter=["elsewhere.example"])
    from_there = await answered(return_images=True, image_domain_filter=["-elsewhere.example"])

    assert len({image["image_url"] for image in many["images"]}) == 12
    assert all(image["image_url"].endswith(".jpeg") for image in photographs["images"])
    assert "images" not in from_elsewhere
    assert len(from_there["images"]) == 5


SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 20},
        "kind": {"enum": ["statement", "function"]},
        "count": {"type": "integer", "minimum": 3},
        "points": {"type": "array", "items": {"$ref": "#/$defs/point"}, "minItems": 3},
        "sure": {"type": "boolean"},
    },
    "required": ["title", "kind", "count", "points", "sure"],
    "$defs": {"point": {"type": "object", "properties": {"text": {"type": "string"}}}},
}


async def test_an_answer_by_schema_is_a_valid_object() -> None:
    wanted = {"type": "json_schema", "json_schema": {"schema": SCHEMA}}

    plain = content(await answered(response_format=wanted))
    reasoned = content(await answered(response_format=wanted, model="sonar-reasoning-pro"))

    made = json.loads(plain)
    assert list(made) == ["title", "kind", "count", "points", "sure"]
    assert len(made["title"]) <= 20
    assert (made["kind"], made["count"], made["sure"]) == ("statement", 3, True)
    assert [list(point) for point in made["points"]] == [["text"]] * 3
    assert json.loads(reasoned.rpartition("</think>")[2]) == made


def test_schemas_of_other_forms_are_filled() -> None:
    schema = {
        "anyOf": [{"type": "array", "items": {"type": ["number", "null"], "multipleOf": 0.5}, "minItems": 1}, {}],
    }
    assert shapes.fill(schema, sentences=[]) == [1.0]
    assert shapes.fill({"allOf": [{"type": "string"}, {"format": "date"}]}, sentences=[]) == "2024-01-31"


@pytest.mark.parametrize(
    "pattern", [r"\d{4}-\d{2}-\d{2}", r"(yes|no)[!?]+", r"[^a-y ]{2,5}\s?\w*", r"(?:a|b)c*\.", r"[A-F0-9-]+", ""]
)
async def test_an_answer_by_pattern_matches_it(pattern: str) -> None:
    assert re.fullmatch(pattern, patterns.example(pattern))
    if pattern:
        wanted = {"type": "regex", "regex": {"regex": pattern}}
        assert re.fullmatch(pattern, content(await answered(response_format=wanted)))


@pytest.mark.parametrize("pattern", ["(a", "a)", "[a", "*a", r"\1", "^a$", "(?<n>a)", "a{x}", "\\"])
def test_patterns_that_are_not_supported_are_refused(pattern: str) -> None:
    with pytest.raises(patterns.PatternError):
        patterns.example(pattern)


def test_costs_are_those_of_the_price_list() -> None:
    totals = {size: total(Usage("sonar", 500, 200, size)) for size in ("low", "medium", "high")}
    research = Usage("sonar-deep-research", 33, 7163, "low", citation=20016, searches=18, reasoning=73997)
    assert totals == {"low": 0.0057, "medium": 0.0087, "high": 0.0127}
    assert total(research) == 0.40939


async def test_questions_that_are_no_questions_are_answered_too() -> None:
    for prompt in ("", " ", "?", "\x00\x01", "“”", '" OR 1', "x" * 100_000, "AND NOT NEAR(", "日本語の質問"):
        assert (await asked(prompt)).status_code == 200


async def test_search_returns_ranked_passages_within_its_limits() -> None:
    async with in_process() as client:
        request = {"query": ["json load", "with statement"], "max_results": 3, "max_tokens_per_page": 10}
        found = (await client.post("/search", json=request)).json()
        refused = await client.post("/v1/search", json={"query": ["a"] * 6})
        timed = (await client.post("/v1/search", json={"query": "json", "display_server_time": True})).json()

    assert list(found) == ["id", "results", "server_time"]
    assert 4 <= len(found["results"]) <= 6
    assert list(found["results"][0]) == ["title", "url", "snippet", "date", "last_updated"]
    assert found["results"][0]["url"].endswith("#json.load")
    assert all(len(result["snippet"]) <= 40 for result in found["results"])
    assert (refused.status_code, found["server_time"]) == (400, None)
    assert timed["server_time"]


async def test_a_demo_wants_the_key_for_search_too() -> None:
    async with in_process() as client:
        response = await client.post("/search", json=body(), headers={"Authorization": ""})
    assert response.status_code == 401
