"""The options of the Agent API's names in the composer: one choice of when to search, tools with their prices."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import scrolls_sideways
from tests.browser.test_options import chips, choose_model, disclosure, open_options, option, panel
from tests.serving import Server
from tests.stores import Store
from tests.walks import long_walk, widths

LUNA = "openai/gpt-6-luna"


@pytest.fixture(scope="module")
def agent_server(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that asks the Agent API alone; nothing is sent in these tests."""
    env = {
        "PERPLEXITY_API_KEY": "pplx-test",
        "PERPLEXITY_BASE_URL": "http://127.0.0.1:9",
        "PERPLEXITY_PROVIDER": "agent",
        "PERPLEXITY_MODELS": f"{LUNA}, fast, low",
    }
    server = Server(template.copy(tmp_path_factory.mktemp("agent") / "data"), env=env).start()
    yield server
    server.close()


def open_all(page: Page) -> None:
    """Everything behind “More options” too."""
    for more in panel(page).locator("details.option-more > summary").all():
        more.click()


@long_walk
def test_when_to_search_is_chosen_seen_and_taken_off(agent_server: Server, page_for: PageFor) -> None:
    page = page_for("alice", server=agent_server)
    open_options(page)
    when = option(page, "When to search")
    expect(when.get_by_role("radio")).to_have_count(3)
    expect(when.get_by_role("radio", name="Always")).to_be_checked()
    when.get_by_role("radio", name="Only when needed").check()
    expect(chips(page)).to_have_text([re.compile(r"When to search\s*Only when needed")])
    when.get_by_role("radio", name="Never").check()
    expect(chips(page)).to_have_text([re.compile(r"When to search\s*Never")])

    option(page, "Finance").get_by_role("radio", name="On").check()
    expect(option(page, "Finance").get_by_text("“Finance” needs a search")).to_be_visible()
    page.get_by_role("button", name="Remove “When to search”").click()
    disclosure(page).click()
    expect(when.get_by_role("radio", name="Always")).to_be_checked()
    expect(option(page, "Finance").get_by_text("“Finance” needs a search")).to_have_count(0)
    expect(chips(page)).to_have_text([re.compile(r"Finance\s*On")])


def test_what_a_preset_does_not_take_is_not_there_and_said(agent_server: Server, page_for: PageFor) -> None:
    page = page_for("alice", server=agent_server)
    open_options(page)
    option(page, "When to search").get_by_role("radio", name="Only when needed").check()
    expect(chips(page)).to_have_count(1)
    choose_model(page, "Agent · Quick")
    expect(
        page.get_by_text("doesn’t support these options, so they were left out: Search only when needed")
    ).to_be_visible()
    disclosure(page).click()
    expect(option(page, "When to search")).to_have_count(0)
    expect(option(page, "Sandbox")).to_have_count(0)
    expect(option(page, "Finance")).to_have_count(1)
    choose_model(page, "Agent · Careful")
    disclosure(page).click()
    labels = option(page, "When to search").locator("label").all_inner_texts()
    assert [label.strip() for label in labels] == ["Preset decides", "Never"]


@pytest.mark.parametrize("width", widths(360, 1280))
def test_all_of_it_fits(
    agent_server: Server,
    page_for: PageFor,
    axe: Callable[[Page], None],
    width: int,
) -> None:
    page = page_for("alice", server=agent_server, width=width)
    open_options(page)
    open_all(page)
    assert scrolls_sideways(page) == []
    axe(page)
