"""Sonar ends, and people go on with one click: remembered for all processes, undone when it is back."""

import re
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from pytest_django import Settings

from chat.catalog import providers
from chat.models import Withdrawal
from chat.upkeep import withdrawals as chat_withdrawals
from tests.conftest import MakeServer
from tests.questions import Asked, ask, stored, watch
from tests.serving import Server
from upstream.client import Client, Endpoint
from upstream.demo.perplexity import Demo
from upstream.errors import Withdrawn, WrongKindOfKey
from upstream.requests import AskRequest, Turn

QUESTION = "How does the with statement work? #demo:fast"
ENDED = f"{QUESTION} #demo:withdrawn"


def article(client: httpx.Client, asked: Asked) -> str:
    return client.get(asked.path).text


def withdrawals(server: Server) -> list[tuple[Any, ...]]:
    return server.rows("SELECT service, status FROM chat_withdrawal")


def asked_instead(client: httpx.Client, asked: Asked) -> Asked:
    """Press the button in the failed answer's problem box, as a browser without JavaScript does."""
    form = re.search(r'<form class="again".*?</form>', article(client, asked), re.S)
    assert form
    action = re.search(r'action="([^"]+)"', form[0])
    fields = dict(re.findall(r'name="(key|model)"\s+value="([^"]+)"', form[0]))
    assert action
    response = client.post(action[1], data=fields)
    assert response.status_code == 302, response.text
    return Asked(asked.conversation, response.headers["location"].rpartition("#answer-")[2])


def test_the_failed_question_is_asked_of_the_successor_by_one_click(server: Server) -> None:
    client = server.client("alice")
    failed = ask(client, ENDED)
    final = watch(client, failed).final

    assert "Perplexity has discontinued this service" in final
    assert re.search(r"Ask\s+Agent · Quick\s+instead", final)
    assert 'value="agent:fast"' in final
    assert "Ask again" not in final
    assert withdrawals(server) == [("sonar demo:/chat/completions", 410)]

    answered = asked_instead(client, failed)
    article_after = watch(client, answered)

    assert article_after.state == "finished"
    assert "with" in article_after.final
    rows = server.rows("SELECT provider, model FROM chat_answer ORDER BY created_at")
    assert rows == [("sonar", "sonar"), ("agent", "fast")]


def test_new_questions_and_old_conversations_go_on_with_the_successor(server: Server) -> None:
    client = server.client("alice")
    before = ask(client, QUESTION, model="sonar-pro")
    watch(client, before)
    watch(client, ask(client, ENDED))

    def chosen(page: str) -> list[str]:
        found = re.findall(r'<input type="hidden"\s+name="model"\s+value="([^"]+)"', client.get(page).text)
        return [str(one) for one in found[-1:]]  # the composer's; a related question has its own

    assert chosen("/") == ["agent:fast"]
    assert chosen(before.page) == ["agent:low"]


def test_a_form_from_before_the_end_is_refused_with_the_successor_chosen(server: Server) -> None:
    client = server.client("alice")
    watch(client, ask(client, ENDED))

    data = {"text": "And now?", "model": "sonar", "key": str(uuid.uuid4())}
    refused = client.post("/ask/", data=data)

    assert refused.status_code == 422
    assert "Agent · Quick replaces it" in refused.text
    assert "And now?" in refused.text
    assert re.search(r'value="agent:fast"[^>]*?\sselected', refused.text)


def test_one_conversation_goes_on_across_services(server: Server) -> None:
    client = server.client("alice")
    first = ask(client, "How does json.load work? #demo:fast")
    watch(client, first)
    second = ask(client, "And json.dump? #demo:fast", page=first.page, model="agent:low")
    watch(client, second)
    third = ask(client, "And what was first? #demo:fast", page=first.page, model="sonar")
    watch(client, third)

    assert [stored(server, one)["state"] for one in (first, second, third)] == ["finished"] * 3
    assert stored(server, second)["cost_source"] == "reported"
    assert "/c/" in first.page


def test_a_single_refusal_is_no_end(server: Server) -> None:
    client = server.client("alice")
    final = watch(client, ask(client, f"{QUESTION} #demo:410")).final
    assert "no longer available at its address" in final
    assert "Ask again" in final
    assert withdrawals(server) == []


def test_another_process_knows_at_once(server: Server) -> None:
    other = server.twin()
    watch(server.client("alice"), ask(server.client("alice"), ENDED))
    assert "Perplexity has discontinued this service" in other.client("bob").get("/models/").text


def test_marks_without_sources_are_flagged_and_nothing_was_searched(server: Server) -> None:
    client = server.client("alice")
    final = watch(client, ask(client, f"{QUESTION} #demo:no_sources #demo:fast", model="agent:fast")).final
    assert "No web search was used." in final
    assert "Citations without a source" in final


def test_what_the_successor_does_not_take_is_left_out(server: Server) -> None:
    client = server.client("alice")
    data = {
        "text": ENDED,
        "model": "sonar",
        "key": str(uuid.uuid4()),
        "o.top_k": "5",
        "o.search_recency_filter": "year",
    }
    location = client.post("/ask/", data=data).headers["location"]
    failed = Asked(location.split("/")[2], location.rpartition("#answer-")[2])
    watch(client, failed)
    answered = asked_instead(client, failed)
    assert watch(client, answered).state == "finished"
    request = server.rows("SELECT request FROM chat_answer WHERE provider = 'agent'")[0][0]
    assert "search_recency_filter" in str(request)
    assert "top_k" not in str(request)


@pytest.mark.parametrize("provider", ["agent", "sonar"])
def test_one_service_may_be_pinned(make_server: MakeServer, demo_upstream: str, provider: str) -> None:
    env = {"PERPLEXITY_BASE_URL": demo_upstream, "PERPLEXITY_API_KEY": "k", "PERPLEXITY_PROVIDER": provider}
    server = make_server(env=env)
    client = server.client("alice")
    model = "agent:fast" if provider == "agent" else "sonar"
    assert watch(client, ask(client, f"{QUESTION} #demo:fast", model=model)).state == "finished"
    assert ("agent:low" in client.get("/").text) == (provider == "agent")


# --- When a service counts as ended ----------------------------------------------------------------------------------


async def run(work: Callable[[], Any]) -> Any:
    return await sync_to_async(work)()


@pytest.fixture
def demo() -> Demo:
    return Demo(chunks_per_second=0, sonar="410")


@pytest.fixture
async def client(demo: Demo) -> AsyncIterator[Client]:
    made = Client(endpoint=Endpoint("http://demo", api_key="k"), transport=httpx.MockTransport(demo.handle))
    yield made
    await made.aclose()


REQUEST = AskRequest(model="sonar", turns=[Turn("user", "Why?")])


async def heard(client: Client, request: AskRequest = REQUEST) -> Withdrawn:
    with pytest.raises(Withdrawn) as caught:
        [event async for event in client.ask(request)]
    return await chat_withdrawals.examine(caught.value, provider=request.provider, client=client, run=run)


@pytest.mark.django_db(transaction=True)
async def test_an_end_is_remembered_when_another_service_is_there(client: Client) -> None:
    assert "has discontinued" in (await heard(client)).message
    assert await run(providers.withdrawn_providers) == {"sonar"}


def answering(**statuses: tuple[int, str]) -> Client:
    """A client of a place where each path answers with a status and a content type."""

    async def handle(request: httpx.Request) -> httpx.Response:
        status, kind = statuses["agent" if request.url.path == "/v1/agent" else "sonar"]
        return httpx.Response(status, headers={"Content-Type": kind}, content=b"{}")

    return Client(endpoint=Endpoint("http://place", api_key="k"), transport=httpx.MockTransport(handle))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("sonar", "agent"),
    [
        ((404, "text/html"), (404, "text/html")),  # a wrong address
        ((200, "text/html"), (200, "text/html")),  # a page to sign in on
        ((302, "text/html"), (400, "application/json")),
        ((404, "application/json"), (503, "application/json")),  # nobody can tell
    ],
)
async def test_a_wrong_address_is_no_end(sonar: tuple[int, str], agent: tuple[int, str]) -> None:
    await heard(answering(sonar=sonar, agent=agent))
    assert await run(providers.withdrawn_providers) == frozenset()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", [404, 405, 410])
@pytest.mark.parametrize("kind", ["text/html", "application/json"])
async def test_every_way_of_being_gone_counts(status: int, kind: str) -> None:
    await heard(answering(sonar=(status, kind), agent=(401, "text/html")))
    assert await run(providers.withdrawn_providers) == {"sonar"}
    assert await run(lambda: Withdrawal.objects.get().status) == status


@pytest.mark.django_db(transaction=True)
async def test_the_agent_can_end_too() -> None:
    request = AskRequest(model="low", provider="agent", turns=REQUEST.turns)
    await heard(answering(sonar=(400, "application/json"), agent=(404, "application/json")), request)
    assert await run(providers.withdrawn_providers) == {"agent"}


@pytest.mark.django_db(transaction=True)
async def test_a_service_that_is_back_is_offered_again(client: Client) -> None:
    await heard(client)
    await run(lambda: Withdrawal.objects.update(seen_at="2020-01-01T00:00:00Z"))
    await chat_withdrawals.look_again(client, run=run)
    assert await run(providers.withdrawn_providers) == {"sonar"}
    assert await run(providers.providers_to_recheck) == []

    await run(lambda: Withdrawal.objects.update(seen_at="2020-01-01T00:00:00Z"))
    back = AskRequest(model="low", provider="agent", turns=[Turn("user", "Why? #demo:withdrawn=0")])
    [event async for event in client.ask(back)]
    await chat_withdrawals.look_again(client, run=run)
    assert await run(providers.withdrawn_providers) == frozenset()


SAID = b'{"error": {"message": "Sonar is now the Agent API.", "type": "chat_completions_not_available", "code": 403}}'


def saying(sonar: bytes) -> Client:
    """A client of a place whose Sonar refuses with these words, and whose Agent API nobody may use."""

    async def handle(request: httpx.Request) -> httpx.Response:
        said = b"{}" if request.url.path == "/v1/agent" else sonar
        return httpx.Response(403, headers={"Content-Type": "application/json"}, content=said)

    return Client(endpoint=Endpoint("http://place", api_key="k"), transport=httpx.MockTransport(handle))


@pytest.mark.django_db(transaction=True)
async def test_a_service_that_says_that_it_has_ended_is_believed_at_once() -> None:
    assert "has discontinued" in (await heard(saying(SAID))).message
    assert await run(providers.withdrawn_providers) == {"sonar"}
    assert await run(lambda: Withdrawal.objects.get().status) == 403


@pytest.mark.django_db(transaction=True)
async def test_an_end_that_was_said_is_not_forgotten_by_the_daily_look() -> None:
    client = saying(SAID)
    await heard(client)
    await run(lambda: Withdrawal.objects.update(seen_at="2020-01-01T00:00:00Z"))
    await chat_withdrawals.look_again(client, run=run)
    assert await run(providers.withdrawn_providers) == {"sonar"}
    assert await run(providers.providers_to_recheck) == []


@pytest.mark.django_db(transaction=True)
async def test_the_words_about_sonars_end_do_not_end_the_agent() -> None:
    async def handle(request: httpx.Request) -> httpx.Response:
        status, said = (400, b"{}") if b'"input":""' in request.content else (403, SAID)
        return httpx.Response(status, headers={"Content-Type": "application/json"}, content=said)

    client = Client(endpoint=Endpoint("http://place", api_key="k"), transport=httpx.MockTransport(handle))
    request = AskRequest(model="fast", provider="agent", turns=REQUEST.turns)

    assert "no longer available at its address" in (await heard(client, request)).message
    assert await run(providers.withdrawn_providers) == frozenset()


@pytest.mark.django_db(transaction=True)
async def test_a_key_that_is_refused_is_no_end() -> None:
    forbidden = b'{"error": {"message": "No.", "type": "forbidden", "code": 403}}'
    with pytest.raises(WrongKindOfKey):
        await heard(saying(forbidden))
    assert await run(providers.withdrawn_providers) == frozenset()


# --- Where Sonar is known to have ended ------------------------------------------------------------------------------

AT_PERPLEXITY = {"PERPLEXITY_API_KEY": "k", "PERPLEXITY_BASE_URL": "", "PERPLEXITY_PROVIDER": "auto"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "asked", "ended"),
    [
        ({}, ("agent", "sonar"), {"sonar"}),
        ({"PERPLEXITY_BASE_URL": "https://api.perplexity.ai"}, ("agent", "sonar"), {"sonar"}),
        (
            {"PERPLEXITY_BASE_URL": "https://proxy.example", "PERPLEXITY_PROVIDER": "both"},
            ("agent", "sonar"),
            {"sonar"},
        ),
        ({"PERPLEXITY_BASE_URL": "https://other.example"}, ("sonar",), set()),
        ({"PERPLEXITY_PROVIDER": "sonar"}, ("sonar",), set()),
        ({"PERPLEXITY_PROVIDER": "agent"}, ("agent",), set()),
        ({"PERPLEXITY_API_KEY": "", "DEMO_SONAR": "ended"}, ("agent", "sonar"), {"sonar"}),
        ({"PERPLEXITY_API_KEY": "", "DEMO_SONAR": "answers"}, ("agent", "sonar"), set()),
    ],
)
def test_sonar_counts_as_ended_at_perplexity_itself_before_anybody_has_asked(
    settings: Settings, change: dict[str, str], asked: tuple[str, ...], ended: set[str]
) -> None:
    for name, value in {**AT_PERPLEXITY, **change}.items():
        setattr(settings, name, value)
    assert providers.perplexity_providers() == asked
    assert providers.withdrawn_providers() == ended


class Offering:
    """Probes that find every service in the same state."""

    def __init__(self, found: bool | None) -> None:
        self.found = found

    async def offers(self, provider: str) -> bool | None:
        return self.found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("found", "ended"), [(True, set()), (False, {"sonar"}), (None, {"sonar"})])
async def test_what_is_believed_beforehand_is_put_right_by_looking(
    settings: Settings, found: bool | None, ended: set[str]
) -> None:
    for name, value in AT_PERPLEXITY.items():
        setattr(settings, name, value)
    assert await run(providers.providers_to_recheck) == ["sonar"]

    await chat_withdrawals.look_again(Offering(found), run=run)

    assert await run(providers.withdrawn_providers) == ended
    assert await run(providers.providers_to_recheck) == ([] if found is not None else ["sonar"])
