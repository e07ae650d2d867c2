"""A person with nothing but a Perplexity key: the first question works, and so does everything that follows it."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, answers, ask, choose_model, composer, open_models, prose, wait_for
from tests.cast import PASSWORD
from tests.conftest import MakeServer
from tests.files import samples
from tests.questions import eventually
from tests.serving import PLAIN, Server

PATIENCE = 40_000  # milliseconds


@pytest.fixture
def keyed(make_server: MakeServer, demo_without_sonar: str) -> Server:
    """A server as a key alone makes it: the demo stands where Perplexity would."""
    return make_server(
        env={
            "PERPLEXITY_BASE_URL": demo_without_sonar,
            "PERPLEXITY_API_KEY": "pplx-good",
            "PERPLEXITY_PROVIDER": "both",
            "DEFAULT_MODEL": "",
        }
    )


def sign_in(page: Page, server: Server) -> None:
    page.context.clear_cookies()
    page.goto(f"{server.url}/accounts/login/")
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(composer(page)).to_be_visible()


def runs(demo: str, question: str) -> int:
    called = httpx.get(f"{demo}/demo/calls", params={"question": question}, **PLAIN).json()
    return int(called["runs"])


def test_a_key_is_all_that_is_needed(keyed: Server, page_for: PageFor, demo_without_sonar: str, tmp_path: Path) -> None:
    page = page_for("alice", server=keyed)
    sign_in(page, keyed)

    # The first question, grounded and cited, without any other setting.
    ask(page, "How do context managers work?")
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    first = answer(page)
    wait_for(first, "finished")
    expect(first.locator(".prose a", has_text="[1]").first).to_be_visible()
    expect(first.get_by_role("list", name="Sources").first).to_be_visible()
    first.locator("summary", has_text="Details").click()
    expect(first.get_by_text("openai/gpt-6-luna", exact=False).first).to_be_visible()
    page.keyboard.press("Escape")

    # A follow-up, with a document and a picture.
    document, picture = tmp_path / "tides.pdf", tmp_path / "light.png"
    document.write_bytes(samples.pdf("High water at Varn is at noon."))
    picture.write_bytes(samples.encoded(samples.drawn(), "PNG"))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Attach files", exact=True).click()
    chooser.value.set_files([document, picture])
    expect(page.locator("#composer .tile")).to_have_count(2)
    ask(page, "What is a list?")
    expect(answers(page)).to_have_count(2)
    wait_for(answer(page), "finished")

    # A research that outlives a restart, and is paid for once.
    question = "How does the with statement work? #demo:slow=3000"
    choose_model(page, "Agent · Thorough")
    ask(page, question)
    expect(answers(page)).to_have_count(3)
    eventually(lambda: runs(demo_without_sonar, question) == 1)
    eventually(lambda: keyed.rows("SELECT count(*) FROM chat_answer WHERE job <> ''") == [(1,)])
    keyed.restart()
    wait_for(answer(page), "finished")
    expect(answer(page).locator(".prose a", has_text="[1]").first).to_be_visible()
    assert "[web:" not in prose(answer(page))
    assert runs(demo_without_sonar, question) == 1

    # Sonar's models are shown as ended, and what it all cost is known to a tenth of a cent.
    page.goto(f"{keyed.url}/")
    picker = open_models(page.locator("#models"))
    picker.get_by_text("Discontinued (5)").click()
    expect(picker.get_by_text("Perplexity has discontinued this service.").first).to_be_visible()
    costs = keyed.rows("SELECT cost, cost_source FROM chat_answer ORDER BY created_at")
    assert [source for _cost, source in costs] == ["reported"] * 3
    assert all(float(cost) > 0 for cost, _source in costs)
    page.goto(f"{keyed.url}/costs/")
    expect(page.get_by_role("heading", name="Costs").first).to_be_visible()
