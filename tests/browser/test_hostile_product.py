"""Hostile text through the whole product and Chromium: nothing runs, and no request leaves for another host.

Each text that tries to become something active comes in by every way that a text can come in, is watched while it
arrives, is looked at with the pointer, and is looked at once more after a reload.
"""

import json
import re
from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.filling import Talk, fill
from tests.browser.steps import PATIENCE, answer, answers, ask, ask_from_home, hover, prose, wait_for
from tests.chat.rendering.hostile import EVERY_PAYLOAD, PAYLOADS, RAW_HTML, UNICODE
from tests.chat.rendering.inert import HTML_ELEMENTS, MATHML_ELEMENTS
from tests.serving import Server
from tests.stores import Store
from tests.walks import long_walk

PER_ANSWER = 60
FENCE = re.compile(r"^\s*(```|~~~)(?!.*\n(```|~~~)\s*$)", re.S)  # one that is never closed
SURROGATE = re.compile("[\ud800-\udfff]")  # nobody can send half a character

# What is wrong with the elements under a root: they run, load, or lead elsewhere than a written text may lead.
FIND = """(root) => {
    const known = new Set(KNOWN);
    const bad = [];
    const note = (why, one) => bad.push(`${why}: ${one.outerHTML.slice(0, 200)}`);
    const active = "script:not([src]), iframe, frame, object, embed, base, style, img, image, video, audio, portal, "
        + "meta[http-equiv], body link, body script";
    const written = ".prose *, .question-text *, .source *, .related li *, .snippet *, .reasoning-text *";
    for (const one of root.querySelectorAll(active)) note("an active element", one);
    for (const one of root.querySelectorAll(".prose *"))
        if (!known.has(one.localName) && !one.closest(".copy-code, .table-tools")) note("an unknown element", one);
    for (const one of root.querySelectorAll("*")) {
        for (const {name, value} of one.attributes) {
            if (name.startsWith("on")) note("a handler", one);
            if (/^(data-)?hx-|^(style|id)$/.test(name) && one.matches(written)) note("a foreign attribute", one);
            if (!/^(href|src|srcset|action|formaction|data|poster|background|xlink:href)$/.test(name)) continue;
            const {protocol, origin} = new URL(value, "http://127.0.0.1/");
            const leads = one.matches("a") && /^(https?|mailto):$/.test(protocol);
            if (!leads && ![location.origin, "http://127.0.0.1"].includes(origin)) note("an address", one);
            if (one.matches(".prose a") && !/^(https?:\\/\\/|mailto:|#source-)/.test(value)) note("a link", one);
            if (one.matches(".source-title") && !/^https?:\\/\\//.test(value)) note("a source", one);
        }
    }
    return bad;
}""".replace("KNOWN", json.dumps(sorted(HTML_ELEMENTS | MATHML_ELEMENTS)))
# The page as it is, its templates too, after something has happened to every element to which something can happen.
LOOK = f"""() => {{
    const find = {FIND};
    for (const one of document.querySelectorAll("main *, .sidebar *"))
        for (const kind of ["mouseover", "mouseenter", "pointerover", "focus", "load", "toggle", "animationstart"])
            one.dispatchEvent(new Event(kind, {{bubbles: kind === "mouseover"}}));
    const templates = [...document.querySelectorAll("template")].map((one) => one.content);
    return [document, ...templates].flatMap(find);
}}"""
# Everything that comes into the page from now on.
WATCH = f"""() => {{
    const find = {FIND};
    window.bad = [];
    window.changes = 0;
    new MutationObserver(() => {{
        window.changes += 1;
        for (const prose of document.querySelectorAll("article[aria-busy]")) window.bad.push(...find(prose));
    }}).observe(document, {{subtree: true, childList: true}});
}}"""


@pytest.fixture
def page(page_for: PageFor) -> Iterator[Page]:
    """Alice's page, which notes when a text has run."""
    ran: list[str] = []
    page = page_for("alice")
    page.context.expose_function("somethingRan", lambda: ran.append(page.url))
    page.context.add_init_script("Object.defineProperty(window, '__ran', {set: () => window.somethingRan()})")
    yield page
    assert ran == []


@pytest.fixture(scope="module")
def hostile_server(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which people and conversations have hostile names."""
    server = Server(template.copy(tmp_path_factory.mktemp("hostile") / "data")).start()
    yield server
    server.close()


def sendable(payloads: Sequence[str]) -> list[str]:
    """Those that a browser can send at all."""
    return [payload for payload in payloads if not SURROGATE.search(payload)]


def batches(payloads: Sequence[str]) -> Iterator[list[str]]:
    """The payloads in portions; one that would swallow what comes after it is the last of its portion."""
    batch: list[str] = []
    for payload in payloads:
        batch.append(payload)
        if len(batch) == PER_ANSWER or FENCE.match(payload):
            yield batch
            batch = []
    if batch:
        yield batch


def look_at(page: Page) -> None:
    """Look at the page as it is, and after a reload."""
    assert page.evaluate(LOOK) == []
    page.reload()
    assert page.evaluate(LOOK) == []


def test_the_look_finds_what_is_active(chromium: Browser) -> None:
    page = chromium.new_page()
    found = 0
    for payload in RAW_HTML:
        page.evaluate(
            """(html) => {
                const template = document.createElement("template");
                template.innerHTML = `<div class="prose">${html}</div>`;
                document.body.replaceChildren(template);
            }""",
            payload,
        )
        found += bool(page.evaluate(LOOK))
    page.close()
    assert found >= 45


@pytest.mark.parametrize("category", PAYLOADS)
def test_an_answer_runs_nothing_while_it_arrives_and_afterwards(page: Page, category: str) -> None:
    page.goto("/")
    page.evaluate(WATCH)
    for number, batch in enumerate(batches(sendable(PAYLOADS[category])), start=1):
        pace = "slow=15" if number <= 3 else "fast"
        ask(page, f"#demo:{pace} #demo:echo " + "\n\n".join(batch))
        expect(answers(page)).to_have_count(number)
        wait_for(answer(page), "finished")
        assert len(prose(answer(page))) > 20
    assert page.evaluate("window.changes") > 1
    assert page.evaluate("window.bad") == []
    look_at(page)


@long_walk
def test_sources_and_related_questions_run_nothing(page: Page) -> None:
    payloads = sendable([payload for payload in EVERY_PAYLOAD[::2] if len(payload) < 1000])
    portions = [payloads[at : at + 110] for at in range(0, len(payloads), 110)]
    for number, portion in enumerate(portions):
        sources = [{"title": text, "url": text, "snippet": text, "date": text[:40]} for text in portion]
        given = json.dumps({"sources": sources, "related_questions": portion[number::9]})
        marks = " ".join(f"[{n}]" for n in range(1, len(sources) + 1))
        text = f"#demo:fast #demo:echo_sources {given} {marks}"
        if number == 0:
            ask_from_home(page, text)
        else:
            ask(page, text)
            expect(answers(page)).to_have_count(number + 1)
        wait_for(answer(page), "finished")
        expect(answer(page).get_by_role("list", name="Sources").get_by_role("listitem")).to_have_count(len(sources))
    for mark in answer(page).locator(".prose a").all()[:5]:
        hover(mark)
        expect(page.locator(".citation-card")).to_be_visible()
        assert page.evaluate(LOOK) == []
    look_at(page)


@pytest.mark.parametrize("way", ["400", "422", "429", "500", "503", "error_event", "error_data"])
def test_an_error_of_the_upstream_runs_nothing(page: Page, way: str) -> None:
    ask_from_home(page, f"#demo:fast #demo:{way} #demo:echo {' '.join(sendable(RAW_HTML[:12] + UNICODE[:6]))}")
    expect(answer(page)).to_have_attribute("data-state", re.compile("failed|interrupted"), timeout=PATIENCE)
    look_at(page)


def test_a_question_runs_nothing_in_the_composer_that_gives_it_back(page: Page) -> None:
    page.goto("/")
    text = "\n".join(sendable(RAW_HTML)) + "</textarea>" * 5000
    ask(page, text)
    expect(page.get_by_role("alert")).to_contain_text("A question can have 50000 characters")
    look_at(page)


def test_titles_and_names_run_nothing_on_any_page(page_for: PageFor, hostile_server: Server) -> None:
    payloads = [text for texts in PAYLOADS.values() for text in texts[:6] if not re.search("[\n\x00]", text)]
    assert len(payloads) >= 40
    talks: list[Talk] = [
        {
            "owner": ("alice", "bob")[number % 2],
            "title": f"{text} lighthouse"[:200],
            "exchanges": [
                {
                    "question": f"{text} lighthouse {text}",
                    "answers": [{"text": f"{text} keeper {text}", "reasoning": text, "related": [text]}],
                }
            ],
        }
        for number, text in enumerate(payloads)
    ]
    addresses = [f"/c/{conversation}/" for conversation in fill(hostile_server.store, talks)]
    name = "".join(RAW_HTML[:8])[:150]
    hostile_server.rows("UPDATE accounts_user SET full_name = ?", [name])
    hostile_server.rows("UPDATE accounts_team SET name = ?", [name[:80]])
    ran: list[str] = []
    page = page_for("alice", server=hostile_server)
    page.context.expose_function("somethingRan", lambda: ran.append(page.url))
    page.context.add_init_script("Object.defineProperty(window, '__ran', {set: () => window.somethingRan()})")

    pages = ["/", "/history/", "/accounts/team/", "/accounts/me/", "/accounts/team/invite/", *addresses[::9]]
    searches = ["keeper", "<script>window.__ran=1</script>", '"><img src=x onerror=window.__ran=1>']
    for address in pages:
        page.goto(address)
        look_at(page)
    for words in searches:
        page.goto("/")
        page.get_by_role("searchbox", name="Search conversations").fill(words)
        page.wait_for_url("**/search/?q=*")
        if words == "keeper":
            expect(page.locator(".snippet").first).to_contain_text("keeper")
        look_at(page)
    assert ran == []


def test_a_title_that_somebody_gives_runs_nothing_at_once(page_for: PageFor, hostile_server: Server) -> None:
    page = page_for("bob", server=hostile_server)
    ask_from_home(page, "What may I be called? #demo:fast")
    wait_for(answer(page), "finished")
    for title in sendable(RAW_HTML)[:12:3]:
        page.get_by_label("Conversation menu").click()
        page.locator("#conversation-menu").get_by_text("Rename", exact=True).click()
        page.get_by_role("textbox", name="Title").fill(title)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(" ".join(title.split()))
        assert page.evaluate(LOOK) == []
        assert page.evaluate("window.__ran") is None
