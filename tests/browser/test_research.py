"""A long research, and a search in several steps, as their readers see them."""

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests import questions
from tests.agent_runs import serve_runs
from tests.browser.conftest import PageFor
from tests.browser.steps import answer, choose_model, composer, prose, wait_for
from tests.conftest import MakeServer
from tests.questions import Asked, eventually, stored, words
from tests.serving import PLAIN, Server
from tests.walks import long_walk

RESEARCH = "sonar-deep-research"
QUESTION = "How does the with statement work?"


@pytest.fixture
def lasting(make_server: MakeServer, demo_upstream: str) -> Server:
    """A server whose upstream stays when it goes."""
    return make_server(env={"PERPLEXITY_BASE_URL": demo_upstream, "PERPLEXITY_API_KEY": "some-key"})


def work_of(demo_upstream: str, question: str) -> int:
    found = httpx.get(f"{demo_upstream}/demo/calls", params={"question": question}, **PLAIN).json()
    return int(found["jobs"])


def is_submitted(server: Server, asked: Asked) -> bool:
    return bool(server.rows("SELECT job FROM chat_answer WHERE id = ?", [server.store.identifier(asked.answer)])[0][0])


def steps(article: Locator) -> Locator:
    return article.get_by_role("list", name="Steps").locator("> li")


def below(lower: Locator, upper: Locator) -> bool:
    """Whether nothing of the one lies under the other."""
    one, other = lower.bounding_box(), upper.bounding_box()
    assert one
    assert other
    return one["y"] >= other["y"] + other["height"]


@long_walk
@pytest.mark.parametrize(
    ("end", "question"),
    [
        ("leave", "How do I debug a program with pdb?"),
        ("kill", "How does the for statement work?"),
    ],
)
def test_a_research_lives_through_a_restart_while_its_page_stays_open(
    page_for: PageFor, axe: Callable[[Page], None], lasting: Server, demo_upstream: str, end: str, question: str
) -> None:
    asked = questions.ask(lasting.client("alice"), f"{question} #demo:slow=4000", model=RESEARCH, delivery="background")
    page = page_for("alice", server=lasting)
    page.goto(asked.page)
    article = answer(page)
    expect(article.locator(".status")).to_contain_text("You can leave this page and come back")
    expect(article.locator(".elapsed")).to_have_text(re.compile(r"\d+ s"))
    axe(page)
    eventually(lambda: is_submitted(lasting, asked))

    if end == "kill":
        lasting.kill()
    else:
        lasting.stop()
    lasting.start()
    wait_for(article, "finished")

    kept = stored(lasting, asked)
    assert kept["state"] == "finished"
    whole = prose(article)
    assert "".join(words(kept["html"]).split()) == "".join(whole.split())
    expect(article.get_by_role("list", name="Sources")).to_be_visible()
    assert work_of(demo_upstream, question) == 1
    page.reload()
    assert prose(answer(page)) == whole
    axe(page)


def test_whoever_leaves_a_research_finds_it_on_another_device(page_for: PageFor, lasting: Server) -> None:
    asked = questions.ask(lasting.client("alice"), f"{QUESTION} #demo:slow=5000", model=RESEARCH, delivery="background")
    page = page_for("alice", server=lasting)
    page.goto(asked.page)
    expect(answer(page).locator(".status")).to_contain_text("Researching…")
    page.close()

    narrow = page_for("bob", server=lasting, width=360)
    narrow.goto(asked.page)
    wait_for(answer(narrow), "finished")
    assert len(prose(answer(narrow))) > 100


def test_a_run_of_the_agent_api_shows_how_far_it_is_and_can_be_stopped(
    page_for: PageFor, axe: Callable[[Page], None], make_server: MakeServer
) -> None:
    with serve_runs() as agent:
        server = make_server(env=agent.settings)
        asked = questions.ask(server.client("alice"), QUESTION, model="agent:medium", delivery="background")
        page = page_for("alice", server=server)
        page.goto(asked.page)
        article = answer(page)
        run = eventually(lambda: agent.runs_of(QUESTION))[0]
        run.searches("with statement", "context manager")
        run.reads("https://harbour.example/varn", "https://harbour.example/keeper")

        expect(steps(article)).to_have_count(2)
        expect(steps(article).first).to_contain_text("context manager")
        expect(steps(article).nth(1).get_by_role("link")).to_have_count(2)
        expect(article.get_by_role("list", name="Sources")).to_contain_text("Varn harbour light")
        expect(article.locator(".status")).to_contain_text("You can leave this page and come back")
        expect(article.locator(".elapsed")).to_have_text(re.compile(r"\d+ s"))
        assert below(article.locator(".reasoning"), article.locator(".status"))
        axe(page)
        article.get_by_role("button", name="Stop").click()

        wait_for(article, "stopped")
        expect(article).to_contain_text("The answer service may charge for the work it has already done.")
        axe(page)
        eventually(lambda: run.cancels)


@long_walk
def test_what_a_research_will_cost_is_said_before_it_is_asked(page_for: PageFor, axe: Callable[[Page], None]) -> None:
    page = page_for("alice")
    page.goto("/")
    notes = page.locator(".option-notes")
    expect(notes).not_to_contain_text("Usually about")

    choose_model(page, "Sonar Deep Research")
    expect(notes).to_contain_text("Usually about $1.19")
    axe(page)
    page.locator(".options > summary").click()
    page.locator('[name="o.reasoning_effort"][value="low"]').check(force=True)
    expect(notes).to_contain_text("Usually about $0.41")

    page.locator(".options > summary").click()
    choose_model(page, "Sonar")
    expect(notes).not_to_contain_text("Usually about")
    expect(composer(page)).to_be_visible()


@long_walk
def test_the_details_of_a_research_say_what_its_cost_consists_of(page_for: PageFor, server: Server) -> None:
    asked = questions.ask(server.client("alice"), f"{QUESTION} #demo:fast", model=RESEARCH)
    page = page_for("alice")
    page.goto(asked.page)
    wait_for(answer(page), "finished")

    answer(page).locator(".figures > summary").click()

    details = answer(page).locator(".details")
    for part in ("Question", "Answer", "Reasoning", "Citations", "Searches"):
        expect(details.locator(".share", has_text=part)).to_contain_text("$0.")


@long_walk
def test_the_steps_of_a_search_are_open_while_it_works_and_closed_afterwards(
    page_for: PageFor, axe: Callable[[Page], None], server: Server
) -> None:
    asked = questions.ask(
        server.client("alice"),
        f"{QUESTION} #demo:slow=120",
        model="sonar-pro",
        **{"web_search_options.search_type": "pro"},
    )
    page = page_for("alice")
    page.goto(asked.page)
    article = answer(page)

    expect(steps(article).first).to_contain_text("Searched for")
    expect(steps(article).nth(1)).to_contain_text("Read 2 pages")
    expect(steps(article).nth(1).get_by_role("link")).to_have_count(2)
    axe(page)
    wait_for(article, "finished")

    expect(steps(article).first).to_be_hidden()
    article.get_by_text("2 steps").click()
    expect(steps(article).first).to_be_visible()
    axe(page)


@long_walk
def test_steps_that_were_closed_while_it_works_stay_closed(page_for: PageFor, server: Server) -> None:
    asked = questions.ask(
        server.client("alice"),
        f"{QUESTION} #demo:slow=400",
        model="sonar-pro",
        **{"web_search_options.search_type": "pro"},
    )
    page = page_for("alice")
    page.goto(asked.page)
    article = answer(page)
    expect(steps(article).first).to_be_visible()

    article.locator(".reasoning > summary").click()
    expect(article.get_by_text("2 steps")).to_be_visible()

    expect(steps(article).first).to_be_hidden()
