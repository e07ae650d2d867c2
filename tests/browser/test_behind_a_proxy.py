"""Parley below a path of a host, and behind a proxy that holds streams back, in the browser."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, Response, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask, composer, only_grew, wait_for, wait_for_words, watch_texts
from tests.browser.test_attachments import PICTURE, attached, choose, is_drawn, send
from tests.browser.test_images import draw_button, prompt, tiles
from tests.cast import PASSWORD
from tests.fronts import PREFIX, Front, settings_for
from tests.imaging.review.pending_images import grant, queue
from tests.serving import Server
from tests.stores import Store
from tests.walks import long_walk

SLOW = "Who counts the lines? #demo:lines=40 #demo:slow=400"
HELD_BACK = "Your proxy is buffering answers"

MakeFront = Callable[..., Front]


@pytest.fixture(scope="module")
def make_front(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeFront]:
    """nginx with Parley behind it, below a path."""
    folder = tmp_path_factory.mktemp("fronts")
    server = Server(template.copy(folder / "data"), env=settings_for(PREFIX)).start()
    fronts: list[Front] = []

    def make(change: Callable[[str], str] = str) -> Front:
        fronts.append(Front("nginx", folder / f"front-{len(fronts)}", server, prefix=PREFIX, change=change))
        return fronts[-1]

    yield make
    for front in fronts:
        front.close()
    print(server.log())
    server.close()


def holding_back(block: str) -> str:
    """The block with what distributions and cautious people put around it: buffers, and compression of everything."""
    block = block.replace("proxy_buffering off;", "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;")
    return block.replace("gzip off;", "gzip on; gzip_types *; gzip_proxied any; gzip_min_length 0;")


def sign_in(page: Page, front: Front, name: str) -> None:
    page.goto(front.url)
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{front.url}/")


def test_below_a_path_everything_works_and_nothing_is_asked_of_the_rest_of_the_host(
    make_front: MakeFront, page_for: PageFor
) -> None:
    front = make_front()
    grant(front.server.store, "alice")
    queue(front.server.store, [{"prompt": "A light", "by": "bob"}])
    page = page_for("", server=front)
    paths: list[str] = []
    refused: list[str] = []

    def note_request(request: Request) -> None:
        paths.append(urlsplit(request.url).path)

    def note_refusal(response: Response) -> None:
        if response.status >= 400:
            refused.append(f"{response.status} {response.url}")

    page.context.on("request", note_request)
    page.context.on("response", note_refusal)

    sign_in(page, front, "alice")
    assert page.evaluate("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
    ask(page, SLOW)
    page.wait_for_url(re.compile(rf"{PREFIX}/c/[0-9a-f-]{{36}}/$"))
    wait_for_words(answer(page))
    answer(page).get_by_role("button", name="Stop", exact=True).click()
    wait_for(answer(page), "stopped")

    page.get_by_role("link", name="New question").first.click()
    choose(page, ("light.png", PICTURE))
    expect(attached(page)).to_have_count(1)
    wait_for(send(page), "finished")
    assert is_drawn(page.locator(".question").get_by_role("img", name="light.png"))

    page.get_by_role("searchbox", name="Search conversations").press_sequentially("picture", delay=15)
    page.wait_for_url(f"{front.url}/search/?q=picture")
    page.locator("#hits a").first.click()
    page.wait_for_url(f"{front.url}/c/**")

    composer(page).fill("A draft")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.includes('draft:'))")
    keys: list[str] = page.evaluate("Object.keys(localStorage)")
    assert all(key.startswith(f"{PREFIX}/") for key in keys), keys
    page.goto(f"{front.url}/images/")
    prompt(page).fill("A red lighthouse")
    draw_button(page).click()
    expect(tiles(page).first.get_by_role("img", name=re.compile("A red lighthouse"))).to_be_visible(timeout=40_000)

    page.goto(f"{front.url}/admin/imaging/review/")
    expect(page.locator(".review-prompt")).to_have_text("A light")
    page.keyboard.press("a")
    expect(page.get_by_text("No images to review.")).to_be_visible()
    page.get_by_role("link", name="View site").click()
    page.wait_for_url(f"{front.url}/")

    page.goto(f"{front.url}/accounts/me/")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("Your name has been saved.").wait_for()
    page.locator("details.account summary").click()
    page.get_by_label("Dark").check(force=True)
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{front.url}/accounts/login/")

    assert refused == []
    assert len(paths) > 40
    assert [path for path in paths if not path.startswith(f"{PREFIX}/") and path != PREFIX] == []
    kept = page.context.cookies()
    assert {cookie["name"] for cookie in kept} >= {"theme", "__Secure-csrftoken"}
    assert {cookie["path"] for cookie in kept} == {f"{PREFIX}/"}


def test_a_proxy_that_holds_streams_back_is_noticed_told_once_and_got_around(
    make_front: MakeFront, page_for: PageFor
) -> None:
    front = make_front(holding_back)
    owner, member = page_for("alice", server=front), page_for("bob", server=front)
    owner.goto(f"{front.url}/")
    ask(owner, SLOW)
    owner.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    member.goto(owner.url)
    seen = watch_texts(owner)

    notice = owner.locator(".toast").filter(has_text=HELD_BACK)
    expect(notice).to_be_visible()
    way = notice.get_by_role("link", name="How to fix this")
    expect(way).to_have_attribute("href", re.compile(f"^{PREFIX}/docs/README.md"))
    assert owner.request.get(f"{front.origin}{way.get_attribute('href')}").ok
    for page in (owner, member):
        wait_for_words(answer(page), 30)
        expect(answer(page)).to_have_attribute("data-state", "writing")
    so_far = len(seen())
    owner.wait_for_function("before => window.texts.length > before + 3", arg=so_far)
    assert only_grew(seen())
    expect(member.locator(".toast")).to_have_count(0)

    notice.get_by_role("button", name="Close").click()
    owner.reload()
    wait_for_words(answer(owner), 30)
    owner.wait_for_timeout(500)
    expect(notice).to_have_count(0)
    answer(owner).get_by_role("button", name="Stop", exact=True).click()
    for page in (owner, member):
        wait_for(answer(page), "stopped")


@long_walk
def test_where_nothing_is_held_back_nothing_is_said(make_front: MakeFront, page_for: PageFor) -> None:
    front = make_front()
    owner = page_for("alice", server=front)
    owner.goto(f"{front.url}/")
    polls: list[str] = []
    owner.on("request", lambda request: polls.append(request.url) if "poll=" in request.url else None)
    ask(owner, "Who counts the lines? #demo:lines=10 #demo:slow=400")
    owner.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))

    wait_for(answer(owner), "finished")

    assert not polls
    expect(owner.locator(".toast")).to_have_count(0)
