"""What was set in the form is what arrives at the upstream, and what must be refused never leaves."""

import html
import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.questions import Asked, ask, stored, watch
from tests.serving import PLAIN, Server
from tests.stores import Store

PLACE = "o.web_search_options.user_location."
RESEARCH, PRO, SONAR, REASONING = "sonar-deep-research", "sonar-pro", "sonar", "sonar-reasoning-pro"
SHAPE = {
    "type": "object",
    "properties": {"year": {"type": "integer"}},
    "required": ["year"],
    "additionalProperties": False,
}
SCHEMA = json.dumps(SHAPE)


@pytest.fixture(scope="module")
def own_server(template: Store, tmp_path_factory: pytest.TempPathFactory, demo_upstream: str) -> Iterator[Server]:
    """A server whose questions arrive at the demo upstream, which tells what the last one was."""
    env = {"PERPLEXITY_BASE_URL": demo_upstream, "PERPLEXITY_API_KEY": "pplx-test", "PERPLEXITY_PROVIDER": "sonar"}
    server = Server(template.copy(tmp_path_factory.mktemp("options") / "data"), env=env).start()
    yield server
    server.close()


def arrived(demo_upstream: str, question: str) -> dict[str, Any]:
    """What came besides the conversation, and how often."""
    found = httpx.get(f"{demo_upstream}/demo/calls", params={"question": question}, **PLAIN).json()
    last = dict(found["last"])
    assert found["calls"] == 1
    assert [turn["content"] for turn in last.pop("messages")][-1] == question
    return last


def send(server: Server, question: str, model: str, typed: dict[str, str], *, page: str = "/") -> httpx.Response:
    data = {"text": question, "model": model, "key": str(uuid.uuid4())}
    return server.client("alice").post(f"{page}ask/", data=data | {f"o.{name}": text for name, text in typed.items()})


def asked(response: httpx.Response) -> Asked:
    assert response.status_code == 302, response.text[:3000]
    conversation, _, answer = response.headers["location"].removeprefix("/c/").partition("/#answer-")
    return Asked(conversation, answer)


@pytest.mark.parametrize(
    ("model", "typed", "wire"),
    [
        (SONAR, {}, {"return_related_questions": True}),
        (RESEARCH, {"reasoning_effort": "low", "delivery": "streamed"}, {"reasoning_effort": "low"}),
        (SONAR, {"return_related_questions": "off"}, {"return_related_questions": False}),
        (SONAR, {"max_tokens": "16", "temperature": "0", "top_p": "1", "top_k": "0"}, None),
        (SONAR, {"presence_penalty": "-2", "frequency_penalty": "0.5", "stop": "the end"}, None),
        (PRO, {"stream_mode": "full", "response_formatting_locale": "es-MX"}, None),
        (REASONING, {"language_preference": "Korean", "disable_search": "on"}, None),
        (
            SONAR,
            {"search_mode": "sec", "enable_search_classifier": "on", "safe_search": "off", "num_search_results": "7"},
            None,
        ),
        (
            SONAR,
            {"search_domain_filter": "a.example\n.gov", "search_recency_filter": "month"},
            {"search_domain_filter": ["a.example", ".gov"], "search_recency_filter": "month"},
        ),
        (
            SONAR,
            {
                "search_domain_filter": "a.example",
                "search_domain_filter:how": "deny",
                "search_after_date_filter": "2024-01-09",
                "search_before_date_filter": "2025-12-31",
                "last_updated_after_filter": "2024-02-29",
                "last_updated_before_filter": "2025-11-01",
                "search_language_filter": "en, Korean",
            },
            {
                "search_domain_filter": ["-a.example"],
                "search_after_date_filter": "01/09/2024",
                "search_before_date_filter": "12/31/2025",
                "last_updated_after_filter": "02/29/2024",
                "last_updated_before_filter": "11/01/2025",
                "search_language_filter": ["en", "ko"],
            },
        ),
        (
            PRO,
            {
                "web_search_options.search_context_size": "high",
                "web_search_options.search_type": "auto",
                "web_search_options.image_search_relevance_enhanced": "on",
                "web_search_options.user_location.country": "kr",
                "web_search_options.user_location.region": "Seoul",
                "web_search_options.user_location.city": "Jung-gu",
                "web_search_options.user_location.latitude": "37.56",
                "web_search_options.user_location.longitude": "127",
            },
            {
                "stream_mode": "concise",  # a search in several steps tells them, unless somebody chose otherwise
                "web_search_options": {
                    "search_context_size": "high",
                    "search_type": "auto",
                    "image_search_relevance_enhanced": True,
                    "user_location": {
                        "country": "KR",
                        "region": "Seoul",
                        "city": "Jung-gu",
                        "latitude": 37.56,
                        "longitude": 127,
                    },
                },
            },
        ),
        (
            PRO,
            {
                "return_images": "on",
                "num_images": "3",
                "image_domain_filter": "a.example",
                "image_format_filter": "jpg",
                "media_response.overrides.return_videos": "on",
                "media_response.overrides.return_images": "on",
            },
            {
                "return_images": True,
                "num_images": 3,
                "image_domain_filter": ["a.example"],
                "image_format_filter": ["jpg", "jpeg"],
                "media_response": {"overrides": {"return_videos": True, "return_images": True}},
            },
        ),
        (
            PRO,
            {"response_format": "json_schema", "response_format:schema": SCHEMA},
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"schema": SHAPE},
                }
            },
        ),
        (
            SONAR,
            {"response_format": "regex", "response_format:regex": "[0-9]+"},
            {"response_format": {"type": "regex", "regex": {"regex": "[0-9]+"}}},
        ),
    ],
)
def test_exactly_what_was_set_arrives(
    own_server: Server, demo_upstream: str, model: str, typed: dict[str, str], wire: dict[str, Any] | None
) -> None:
    question = f"What arrives? {uuid.uuid4()} #demo:fast"
    answer = asked(send(own_server, question, model, typed))
    watch(own_server.client("alice"), answer)
    if wire is None:
        wire = {name: _plain(text, name) for name, text in typed.items()}
    standing = {} if model == RESEARCH else {"return_related_questions": True}
    assert arrived(demo_upstream, question) == {"model": model, "stream": True, **standing, **wire}
    assert stored(own_server, answer)["state"] == "finished"


def _plain(text: str, name: str) -> Any:
    if name == "stop":
        return [text]
    numbers = {"max_tokens", "temperature", "top_p", "top_k", "presence_penalty", "num_search_results"}
    if name in numbers:
        return int(text)
    return {"on": True, "off": False, "0.5": 0.5}.get(text, text)


@pytest.mark.parametrize(
    ("model", "typed", "sentence"),
    [
        (SONAR, {"reasoning_effort": "high"}, "Only deep research lets you choose the effort."),
        (PRO, {"response_format": "regex", "response_format:regex": "[0-9]+"}, "Only Sonar supports answers by"),
        (SONAR, {"search_domain_filter": "a.example -b.example"}, "not both"),
        (SONAR, {"search_domain_filter": "\n".join(f"{n}.example" for n in range(21))}, "at most 20 entries"),
        (SONAR, {"search_recency_filter": "week", "search_after_date_filter": "2025-01-01"}, "not both"),
        (
            SONAR,
            {"search_after_date_filter": "2025-01-02", "search_before_date_filter": "2025-01-01"},
            "No date is after",
        ),
        (SONAR, {"web_search_options.user_location.latitude": "37.5"}, "In degrees. Requires a country"),
        (SONAR, {"web_search_options.search_type": "pro"}, "Only Sonar Pro can search in several steps."),
        (SONAR, {"image_domain_filter": "a.example"}, "This requires “Images”"),
        (SONAR, {"max_tokens": "15"}, "from 16 to 128000"),
        (SONAR, {"max_tokens": "128001"}, "from 16 to 128000"),
        (SONAR, {"temperature": "2"}, "from 0 to 1.99"),
        (SONAR, {"search_mode": "everything"}, "can’t be"),
        (SONAR, {"search_after_date_filter": "2025-02-30"}, "date that exists"),
        (RESEARCH, {"disable_search": "on"}, "always searches"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_what_the_upstream_would_refuse_never_leaves_and_comes_back_as_typed(
    own_server: Server, demo_upstream: str, model: str, typed: dict[str, str], sentence: str, htmx: bool
) -> None:
    question = f"What is refused? {uuid.uuid4()}"
    data = {"text": question, "model": model, "key": str(uuid.uuid4()), "o.language_preference": "Korean"}
    client = own_server.client("alice")
    headers = {"HX-Request": "true"} if htmx else {}
    page = client.post("/ask/", data=data | {f"o.{name}": text for name, text in typed.items()}, headers=headers)

    assert page.status_code == 422
    text = html.unescape(page.text)
    assert sentence in text
    assert question in text
    assert 'value="Korean"' in text
    if len(typed) == 1 and sentence.startswith("from"):
        assert f'value="{next(iter(typed.values()))}"' in text
    calls = httpx.get(f"{demo_upstream}/demo/calls", params={"question": question}, **PLAIN).json()
    assert calls["calls"] == 0
    assert own_server.rows("SELECT count(*) FROM chat_question WHERE text = ?", [question]) == [(0,)]


def test_another_model_is_asked_again_with_what_it_takes(own_server: Server, demo_upstream: str) -> None:
    question = f"And once more? {uuid.uuid4()} #demo:fast"
    typed = {"search_mode": "academic", "web_search_options.search_type": "pro", "language_preference": "Korean"}
    client = own_server.client("alice")
    first = asked(send(own_server, question, PRO, typed))
    watch(client, first)
    [(question_id,)] = own_server.rows(
        "SELECT question_id FROM chat_answer WHERE id = ?", [own_server.store.identifier(first.answer)]
    )
    data = {"model": SONAR, "key": str(uuid.uuid4())}

    again = asked(client.post(f"{first.page}questions/{uuid.UUID(str(question_id))}/again/", data=data))

    watch(client, again)
    last = httpx.get(f"{demo_upstream}/demo/calls", **PLAIN).json()["last"]
    last.pop("messages")
    assert last == {
        "model": SONAR,
        "stream": True,
        "return_related_questions": True,
        "search_mode": "academic",
        "language_preference": "Korean",
    }


def test_a_conversation_goes_on_with_the_options_of_ones_own_last_question(
    own_server: Server, demo_upstream: str
) -> None:
    alice, bob = own_server.client("alice"), own_server.client("bob")
    first = asked(send(own_server, f"First? {uuid.uuid4()} #demo:fast", SONAR, {"search_mode": "sec"}))
    watch(alice, first)

    assert 'name="o.search_mode" value="sec" checked' in " ".join(alice.get(first.page).text.split())
    assert 'name="o.search_mode" value="" checked' in " ".join(bob.get(first.page).text.split())

    # A related question is asked by a button that says nothing about options.
    question = f"Related? {uuid.uuid4()} #demo:fast"
    watch(alice, ask(alice, question, page=first.page))
    assert arrived(demo_upstream, question)["search_mode"] == "sec"

    # Whoever empties the field has it empty from then on.
    question = f"Emptied? {uuid.uuid4()} #demo:fast"
    watch(alice, asked(send(own_server, question, SONAR, {"search_mode": ""}, page=first.page)))
    assert "search_mode" not in arrived(demo_upstream, question)
    assert 'name="o.search_mode" value="" checked' in " ".join(alice.get(first.page).text.split())


def test_a_question_shows_with_which_options_it_was_asked(own_server: Server) -> None:
    first = asked(
        send(own_server, f"With what? {uuid.uuid4()} #demo:fast", SONAR, {"search_mode": "sec", "top_p": "0.5"})
    )
    page = " ".join(own_server.client("vera").get(first.page).text.split())
    shown = page.partition("asked-options")[2].partition("</ul>")[0]
    assert "Where to search" in shown
    assert "SEC filings" in shown
    assert "0.5" in shown
    assert "button" not in shown


def test_a_check_says_what_is_wrong_and_sends_nothing(own_server: Server, demo_upstream: str) -> None:
    before = httpx.get(f"{demo_upstream}/demo/calls", **PLAIN).json()["calls"]
    data = {"model": SONAR, "o.search_recency_filter": "week", "o.search_after_date_filter": "2025-01-01"}
    told = own_server.client("alice").post("/options/check/", data=data).text
    problem = told.partition('id="option-search_recency_filter-problem"')[2].partition("</div>")[0]
    assert "Choose either" in problem
    assert told.partition('id="option-top_p-problem"')[2].partition("</div>")[0].partition(">")[2] == ""
    assert "Last week" in told
    assert httpx.get(f"{demo_upstream}/demo/calls", **PLAIN).json()["calls"] == before


def test_another_model_shows_its_options_with_those_that_fit(own_server: Server) -> None:
    data = {"model": RESEARCH, "o.search_mode": "sec", "o.disable_search": "on", "o.response_format:schema": SCHEMA}
    told = own_server.client("alice").post("/options/", data=data).text
    assert 'name="o.reasoning_effort"' in told
    assert 'name="o.disable_search"' not in told
    assert 'name="o.search_mode" value="sec" checked' in " ".join(told.split())
    assert "Answer without searching" in told.partition("option-notes")[2].partition("</div>")[0]
    assert html.unescape(told).count(SCHEMA) == 1


def test_instructions_arrive_as_one_system_message_and_under_no_name_of_their_own(
    own_server: Server, demo_upstream: str
) -> None:
    alice = own_server.client("alice")
    for path in ("team", "me"):
        saved = alice.post(f"/accounts/{path}/instructions/", data={"text": f"For the {path}.", "seen": "0"})
        assert saved.status_code == 302
    question = f"How should it be said? {uuid.uuid4()} #demo:fast"

    watch(alice, asked(send(own_server, question, SONAR, {"instructions": "In rhymes.\n\nBriefly."})))

    last = httpx.get(f"{demo_upstream}/demo/calls", params={"question": question}, **PLAIN).json()["last"]
    for path in ("team", "me"):
        alice.post(f"/accounts/{path}/instructions/", data={"text": "", "seen": "1"})
    assert last == {
        "model": SONAR,
        "messages": [
            {"role": "system", "content": "For the team.\n\nFor the me.\n\nIn rhymes.\n\nBriefly."},
            {"role": "user", "content": question},
        ],
        "stream": True,
        "return_related_questions": True,
    }
