"""Every page in another language: nothing is left in English, nothing is cut off, and it runs the right way.

The languages are those of `tests/i18n/pseudo.py`, in which every word of ours can be told from everything else.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
import pytest
from babel import Locale
from babel.messages.mofile import read_mo
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT
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
ISOLATES = str.maketrans("", "", "\u2066\u2067\u2068\u2069")
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

# What people and models wrote, what things are called in every language, and samples of what is typed.
WRITTEN = json.dumps([library.TOUR, library.NEIGHBOURS])
OF_NO_LANGUAGE = re.compile(
    r"Parley|alice|bob|vera|charlie|AL|BO|VE|CH|Harbour|Elsewhere|sonar(-[a-z]+)*|(Sonar|Perplexity)( \w+)*"
    r"|README|JSON|USD|UTC|[\w.-]+\.(org|example)(/\S*)?|\(yes\|no\)|\{\"type\":.*\}"
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
        found.push(["text", text]);
    }
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
        for (const element of document.querySelectorAll(`[${name}]`)) {
            const text = element.getAttribute(name).trim();
            if (/\\p{L}{2,}/u.test(text) && !isOurs(text) && !element.closest(theirs)) found.push([name, text]);
        }
    }
    return found;
}"""

CUT_OFF = """() => {
    const found = [];
    for (const element of document.querySelectorAll("button, a.button, label, summary, legend, select, th")) {
        if (!element.checkVisibility() || element.clientWidth < 2) continue; // kept for screen readers alone
        const style = getComputedStyle(element);
        if (style.textOverflow === "ellipsis" || style.clipPath !== "none") continue;
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


@cache
def djangos(language: str) -> frozenset[str]:
    """What Django says by itself, in forms and in the administration, in its own translation."""
    found: set[str] = set()
    for path in Path(django.__file__).parent.rglob(f"locale/{language}/LC_MESSAGES/django.mo"):
        with path.open("rb") as file:
            found |= {str(message.string) for message in read_mo(file)}
    return frozenset(found)


def is_known(text: str, language: str) -> bool:
    """Whether the text is nobody's to translate, or Django and Babel have translated it."""
    text = text.translate(ISOLATES).strip(" ,:·")
    if text in WRITTEN or OF_NO_LANGUAGE.fullmatch(text) or text in djangos(language):
        return True
    return all(word in calendar(language) for word in re.findall(r"[^\W\d_]{2,}", text))


@cache
def calendar(language: str) -> frozenset[str]:
    """The names of months, as Django writes them and as Babel does."""
    names = [
        name for width in ("wide", "abbreviated") for name in Locale.parse(language).months["format"][width].values()
    ]
    with translation.override(language):
        names += [str(name) for months in (MONTHS, MONTHS_3, MONTHS_ALT) for name in months.values()]
    return frozenset(word for name in names for word in re.findall(r"[^\W\d_]{2,}", name))


def faults(page: Page, language: str) -> list[str]:
    """What keeps the page from being whole in this language."""
    said = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    found = [] if said == [language, "rtl" if language == "ar" else "ltr"] else [f"speaks {said}"]
    for place, text in page.evaluate(UNTRANSLATED):
        if not is_known(text, language):
            found.append(f"{place} is not translated: {text}")
    found += [f"sticks out: {one}" for one in scrolls_sideways(page)]
    return found + [f"is cut off: {one}" for one in page.evaluate(CUT_OFF)]


def walk(page_for: PageFor, server: Server, tour: str, *, language: str, width: int) -> None:
    found: dict[str, list[str]] = {}
    for name, addresses in (
        ("", NOBODY),
        ("alice", (*ALICE, tour, f"{tour}menu/")),
        ("vera", (*VERA, tour)),
        ("charlie", CHARLIE),
    ):
        page = in_language(page_for(name, server=server, width=width), language)
        for address in addresses:
            page.goto(address)
            if wrong := faults(page, language):
                found[f"{name} at {address}"] = wrong
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


def test_every_page_is_whole_from_right_to_left_on_a_narrow_screen(
    page_for: PageFor, foreign_server: Server, tour: str
) -> None:
    walk(page_for, foreign_server, tour, language="ar", width=360)


@long_walk
@pytest.mark.parametrize(("language", "width"), [("de", 360), ("de", 1280), ("ar", 1280)])
def test_every_page_is_whole(page_for: PageFor, foreign_server: Server, tour: str, language: str, width: int) -> None:
    walk(page_for, foreign_server, tour, language=language, width=width)
