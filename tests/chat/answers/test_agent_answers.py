"""What the Agent API says, as readers see it afterwards: marks, sources, steps, figures, and every kind of end."""

import re
import threading
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest

from tests.agent_replay import AgentReplay, Script
from tests.questions import Article, ask, stored, watch, words
from tests.serving import Server
from tests.stores import Store
from tests.upstream.agent.agent_fixtures import completed, created, delta, message, response, told

MEDIUM = {
    "input_tokens": 2400,
    "output_tokens": 300,
    "total_tokens": 2700,
    "input_tokens_details": {"cached_tokens": 900, "cache_read_input_tokens": 900},
    "output_tokens_details": {"reasoning_tokens": 120},
    "tool_calls_details": {
        "search_web": {"cost_usd": 0.003, "invocation": 3},
        "fetch_url": {"cost_usd": 0.0105, "invocation": 2, "token_usage": []},
    },
    "cost": {
        "currency": "USD",
        "input_cost": 0,
        "output_cost": 0.0002,
        "cache_read_cost": 0.00001,
        "tool_calls_cost": 0.0135,
        "tool_calls_cost_details": {"search_web": 0.003, "fetch_url": 0.0105},
        "total_cost": 0.01371,
    },
}


def found(*numbers: int, queries: Any = ("varn",)) -> dict[str, Any]:
    results = [
        {"id": n, "url": f"https://harbour.example/{n}", "title": f"Page {n}", "snippet": "", "source": "web"}
        for n in numbers
    ]
    return {"type": "search_results", "queries": queries and list(queries), "results": results}


@pytest.fixture(scope="module")
def replay() -> Iterator[AgentReplay]:
    service = AgentReplay()
    yield service
    service.close()


@pytest.fixture(scope="module")
def parley(replay: AgentReplay, template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Parley, connected with what is replayed."""
    env = {"PERPLEXITY_BASE_URL": replay.url, "PERPLEXITY_API_KEY": "pplx-secret", "PERPLEXITY_PROVIDER": "agent"}
    server = Server(template.copy(tmp_path_factory.mktemp("replayed") / "data"), env=env).start()
    yield server
    server.close()


class Seen:
    """An answer as it is stored and shown."""

    def __init__(
        self, server: Server, replay: AgentReplay, script: Script, *, model: str = "agent:medium", **options: str
    ) -> None:
        question = f"Question {len(replay.scripts)}"
        replay.scripts[question] = script
        client = server.client("alice")
        asked = ask(client, question, model=model, **options)
        self.live: Article = watch(client, asked)
        self.row = stored(server, asked)
        self.html = self.live.final
        self.words = words(self.html)
        self.page = client.get(asked.page).text

    @property
    def marks(self) -> list[tuple[str, str]]:
        """What each mark says, and the address of the source to which it leads."""
        sources = re.findall(r'id="(source-[^"]+)".*?<a class="source-title"\s+(?:href="([^"]*)")?', self.html, re.S)
        leads = dict(sources)
        return [(text, leads[to]) for to, text in re.findall(r'class="cite" href="#([^"]+)"[^>]*>([^<]*)<', self.html)]


def test_marks_lead_to_the_sources_with_their_ids_over_blocks_in_any_order(parley: Server, replay: AgentReplay) -> None:
    text = "Varn is oldest. [web:11] Lamp follows. [web:21, web:1]\n\n`b[web:1]` and [web:77]."
    page = {
        "type": "fetch_url_results",
        "contents": [{"url": "https://harbour.example/11", "title": "x", "snippet": ""}],
    }
    output = [found(11, 12), found(21), found(1, 2), page, message(text)]
    cuts = [text[at : at + 3] for at in range(0, len(text), 3)]
    seen = Seen(
        parley,
        replay,
        [
            told("created", response=response("in_progress", output=[], model="medium", usage=None)),
            *(told("output_item.done", output_index=place, item=item) for place, item in enumerate(output[:4])),
            *(delta(cut, index=4) for cut in cuts),
            completed(output=output, model="maker/small-6", usage=MEDIUM),
        ],
    )

    assert seen.row["text"].startswith("Varn is oldest. [11] Lamp follows. [21][1]")
    assert seen.marks == [
        ("[11]", "https://harbour.example/11"),
        ("[21]", "https://harbour.example/21"),
        ("[1]", "https://harbour.example/1"),
    ]
    assert "<code>b[web:1]</code>" in seen.html
    assert "Citations without a source [77]" in seen.words
    assert re.findall(r'<li class="source "\s+id="[^"]+"\s+value="(\d+)"', seen.html) == ["1", "11", "21"]
    assert re.findall(r'<li class="source uncited"\s+id="[^"]+"\s+value="(\d+)"', seen.html) == ["2", "12"]
    for told_figure in (
        "Reasoning tokens 120",
        "Cached tokens 900",
        "Searches 3 $0.003",
        "Pages read 2 $0.0105",
    ):
        assert told_figure in seen.words
    assert "Cost $0.01371, reported" in seen.words
    assert "maker/small-6 (Maker), through Perplexity" in seen.words
    assert "Thorough · Small 6" in seen.words
    assert "Read 1 page" in seen.words


def test_while_it_works_readers_see_what_it_does(parley: Server, replay: AgentReplay) -> None:
    searches, reads, writes = (threading.Event() for _ in range(3))
    replay.scripts["Watched"] = [
        created(),
        told("reasoning.search_queries", queries=["varn light"], thought="Searching the web..."),
        searches,
        told("reasoning.search_results", results=found(1, 2)["results"]),
        told("reasoning.fetch_url_queries", urls=["https://harbour.example/log"]),
        reads,
        told("reasoning.finance_search_queries", queries=["VRN"]),
        writes,
        completed(output=[found(1, 2), message("So.[2]")]),
    ]
    client = parley.client("alice")
    asked = ask(client, "Watched", model="agent:medium")

    seen = watch(client, asked, until=lambda seen: "Searching" in seen.places.get("status", ""))
    assert "Searching… varn light" in words(seen.places["status"])
    searches.set()
    watch(client, asked, article=seen, until=lambda seen: "Reading" in seen.places["status"])
    assert "Reading… 2 sources found harbour.example" in words(seen.places["status"])
    assert "Searched for: varn light Read 1 page harbour.example" in words(seen.places["reasoning"])
    reads.set()
    watch(client, asked, article=seen, until=lambda seen: "financial" in seen.places["status"])
    assert "Looking up financial data… 2 sources found VRN" in words(seen.places["status"])
    writes.set()
    assert "So." in words(watch(client, asked, article=seen).final)


def test_what_is_from_before_is_told_apart(parley: Server, replay: AgentReplay) -> None:
    seen = Seen(parley, replay, response(output=[found(1, 2, queries=None), found(3), message("So.[3]")]))
    assert "1 source · 2 from earlier answers" in seen.words
    assert len(re.findall("<span>from an earlier answer</span>", seen.html)) == 2
    assert "1 step" in seen.words
    only = Seen(parley, replay, response(output=[found(1, 2, queries=None), message("So.[1]")]))
    assert "No web search was used." in only.words
    assert only.marks == [("[1]", "https://harbour.example/1")]


@pytest.mark.parametrize(
    ("model", "options", "sentence"),
    [
        (
            "perplexity/sonar",
            {},
            "The service was asked to search but didn’t, so the answer comes from the model’s memory.",
        ),
        ("low", {}, "The service chose not to search, so the answer comes from the model’s memory."),
        ("perplexity/sonar", {"disable_search": "on"}, "No web search was used, as requested."),
    ],
)
def test_an_answer_without_a_search_says_whose_wish_that_was(
    parley: Server, replay: AgentReplay, model: str, options: dict[str, str], sentence: str
) -> None:
    script = response(output=[message("It was so.")])
    seen = Seen(parley, replay, script, model=f"agent:{model}", **options)
    assert sentence in unescape(seen.words)


def test_a_search_that_found_nothing_is_no_missing_search(parley: Server, replay: AgentReplay) -> None:
    seen = Seen(parley, replay, response(output=[found(), message("Nobody knows.")]))
    assert "The web search found nothing." in seen.words


@pytest.mark.parametrize(
    ("script", "state", "sentence"),
    [
        (response(output=[]), "finished", "The answer service finished without writing anything."),
        ([created(), completed(output=[])], "finished", "The answer service finished without writing anything."),
        (
            response("incomplete", output=[], incomplete_details={"reason": "max_output_tokens"}),
            "finished",
            "reached its length limit before the first word",
        ),
        (
            [created(), delta("So f"), told("incomplete", response=response("incomplete", output=[message("So far")]))],
            "finished",
            "This answer reached its length limit and ends here.",
        ),
        (
            response("incomplete", output=[], incomplete_details={"reason": "content_filter"}),
            "finished",
            "filter blocked this answer",
        ),
        (response("failed", output=[], error={"message": "The run could not be finished."}), "failed", "gave up"),
        (response("cancelled", output=[found(1)], usage=None), "failed", "was told to stop working"),
        ([created(), told("failed", error={"message": "No.", "type": "internal_error"})], "failed", "gave up"),
        ([created(), delta("So far.[we"), told("failed", error={"message": "No."})], "interrupted", "cut off"),
        ([created(), delta("So far.[we")], "interrupted", "cut off"),
        ([created(), delta("So far."), {"type": "error", "message": "No."}], "interrupted", "cut off"),
    ],
)
def test_every_end_is_told_in_a_sentence(
    parley: Server, replay: AgentReplay, script: Any, state: str, sentence: str
) -> None:
    seen = Seen(parley, replay, script)
    assert seen.row["state"] == state
    assert sentence in unescape(seen.words)
    if state == "interrupted":
        assert seen.row["text"].startswith("So far.")
        assert seen.row["text"] in ("So far.", "So far.[we")


def test_a_run_that_was_cancelled_keeps_what_it_had_found(parley: Server, replay: AgentReplay) -> None:
    seen = Seen(parley, replay, response("cancelled", output=[found(31), found(16)], usage=None))
    assert re.findall(r'value="(\d+)"', seen.html)[:2] == ["16", "31"]
    assert "not reported" in seen.words or "estimated" in seen.words


def test_financial_data_is_a_table_among_the_steps(parley: Server, replay: AgentReplay) -> None:
    item = {
        "type": "finance_results",
        "categories": ["quote"],
        "tickers": ["VRN"],
        "results": [
            {
                "category": "quote",
                "content": "## VRN\n| price |\n|---|\n| <b>3.50</b> |\n\nhttps://vrn.example",
                "sources": ["https://money.example/VRN"],
                "tickers": ["VRN"],
            }
        ],
    }
    seen = Seen(parley, replay, response(output=[{"type": "skill_loaded", "name": "finance"}, item, message("3.50.")]))
    assert "Looked up financial data VRN , quote" in seen.words
    assert "<td><strong>3.50</strong></td>" in seen.html
    assert 'class="unsourced"' not in seen.html
    assert "financial data not cited" in seen.words
    assert "1 source" in seen.words


def test_a_cost_of_nothing_is_reported_as_such(parley: Server, replay: AgentReplay) -> None:
    usage = {"input_tokens": 5, "output_tokens": 1, "total_tokens": 6, "cost": {"currency": "USD", "total_cost": 0}}
    seen = Seen(parley, replay, response(output=[message("OK")], usage=usage))
    assert seen.row["cost_source"] == "reported"
    assert "Cost $0.00, reported" in seen.words
