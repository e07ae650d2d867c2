"""Every page in another language: nothing is left in English, nothing is cut off, and it runs the right way.

The languages are those of `tests/i18n/pseudo.py`, in which every word of ours can be told from everything else, and the
real ones where there are catalogs.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import library
from tests.browser.conftest import PageFor
from tests.browser.filling import fill
from tests.browser.steps import scrolls_sideways
from tests.i18n import pseudo
from tests.serving import Server
from tests.stores import ROOT, Store
from tests.walks import long_walk

COOKIE = "language"
FOLDER = ROOT / "tests" / "i18n" / "other_catalogs"
NOBODY = ("/accounts/login/", "/accounts/login/?next=/history/")
ALICE = (
    "/",
    "/search/",
    "/search/?q=lighthouse",
    "/search/?q=xylophone",
    "/history/",
    "/history/?filter=archived",
    "/accounts/team/",
    "/accounts/team/invite/",
    "/accounts/me/",
    "/accounts/password/",
    "/costs/",
    "/team/models/",
    "/presets/",
    "/images/",
    "/c/00000000-0000-0000-0000-000000000001/",
)
VERA = ("/", "/accounts/team/")
CHARLIE = ("/", "/history/")

# What people wrote, what things are called in every language, and figures.
OF_PEOPLE = re.compile(
    "|".join(
        [
            r"Parley",
            r"@?(?:alice|bob|vera|charlie|dora)",
            r"(?:AL|BO|VE|CH)",
            r"Harbour|Elsewhere",
            r"[\w.-]+\.(?:org|example)(?:/\S*)?",
            r"(?:Sonar|Perplexity|Gateway|Agent API|Anthropic|OpenAI|Google|xAI|NVIDIA|Z\.ai|Moonshot)(?: .*)?",
            r"sonar(?:-[a-z]+)*",
            r"README|JSON|USD|UTC|US\$",
        ]
    )
)

UNTRANSLATED = """() => {
    const found = [];
    const isOurs = (text) => /[⟦⟧ẋ]/.test(text);
    const hidden = (element) => !element.checkVisibility();
    const theirs = ".prose, .question-text, .row-title, .source-title, .source-snippet, .reasoning-text, code, pre, " +
        "[data-theirs], script, style, template, .related-list, option[lang], button[lang]";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const text = node.textContent.trim();
        if (!/\\p{L}{2,}/u.test(text) || isOurs(text)) continue;
        if (node.parentElement.closest(theirs) || hidden(node.parentElement)) continue;
        found.push(text);
    }
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
        for (const element of document.querySelectorAll(`[${name}]`)) {
            const text = element.getAttribute(name).trim();
            if (/\\p{L}{2,}/u.test(text) && !isOurs(text) && !element.closest(theirs)) found.push(`${name}: ${text}`);
        }
    }
    return found;
}"""

CUT_OFF = """() => {
    const found = [];
    for (const element of document.querySelectorAll("button, a.button, label, summary, legend, select, th")) {
        if (!element.checkVisibility() || !element.clientWidth) continue;
        const style = getComputedStyle(element);
        if (style.textOverflow === "ellipsis" || element.closest(".visually-hidden")) continue;
        if (element.scrollWidth > element.clientWidth + 1 && style.overflowX !== "visible")
            found.push(`${element.tagName} ${element.className}: ${element.textContent.trim().slice(0, 60)}`);
    }
    return found;
}"""


@pytest.fixture(scope="module")
def foreign_server(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that speaks the pseudo-translations, with the conversations of the library."""
    locale = pseudo.write(tmp_path_factory.mktemp("locale"), "de", "ar")
    env = {"PYTHONPATH": f"{FOLDER}:{ROOT}", "OTHER_CATALOGS": str(locale)}
    server = Server(template.copy(tmp_path_factory.mktemp("foreign") / "data"), env=env).start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def tour(foreign_server: Server) -> str:
    """The address of the conversation with an answer of every kind."""
    return f"/c/{fill(foreign_server.store, [library.TOUR, *library.NEIGHBOURS])[0]}/"


def in_language(page: Page, language: str) -> Page:
    """The page, whose browser remembers the language."""
    base = page.context.request.get("/healthz").url
    page.context.add_cookies([{"name": COOKIE, "value": language, "url": base}])
    return page


def check(page: Page, language: str) -> None:
    """That the page is whole in this language."""
    direction = "rtl" if language == "ar" else "ltr"
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == [language, direction]
    left = [text for text in page.evaluate(UNTRANSLATED) if not OF_PEOPLE.fullmatch(text.partition(": ")[2] or text)]
    assert left == [], page.url
    assert scrolls_sideways(page) == [], page.url
    assert page.evaluate(CUT_OFF) == [], page.url


def walk(page_for: PageFor, server: Server, tour: str, *, language: str, width: int) -> None:
    for name, addresses in (
        ("", NOBODY),
        ("alice", (*ALICE, tour, f"{tour}menu/")),
        ("vera", (*VERA, tour)),
        ("charlie", CHARLIE),
    ):
        page = in_language(page_for(name, server=server, width=width), language)
        for address in addresses:
            page.goto(address)
            check(page, language)


def test_every_page_is_whole_from_right_to_left_on_a_narrow_screen(
    page_for: PageFor, foreign_server: Server, tour: str
) -> None:
    walk(page_for, foreign_server, tour, language="ar", width=360)


@long_walk
@pytest.mark.parametrize(("language", "width"), [("de", 360), ("de", 1280), ("ar", 1280)])
def test_every_page_is_whole(page_for: PageFor, foreign_server: Server, tour: str, language: str, width: int) -> None:
    walk(page_for, foreign_server, tour, language=language, width=width)
