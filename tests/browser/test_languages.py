"""Every page in another language: nothing is left in English, nothing is cut off, and it runs the right way.

First in the languages of `tests/i18n/pseudo.py`, in which every word of ours can be told from everything else; then in
those that Parley really speaks, whose words have their real lengths.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Page, expect

from config.catalogs import LOCALE, SOURCE, offered
from tests import questions
from tests.browser import library
from tests.browser.conftest import PageFor
from tests.browser.language_pages import OPEN_ALL, bare, calendar, djangos, faults, left_in_english, places
from tests.i18n import pseudo
from tests.serving import Server
from tests.stores import ROOT, Store
from tests.walks import ALL, long_walk

Places = Mapping[str, tuple[str, ...]]
Known = Callable[[str], bool]

COOKIE = "language"
FOLDER = ROOT / "tests" / "i18n" / "other_catalogs"
LANGUAGES = [code for code, _name in offered(LOCALE) if code != SOURCE]
FEW: Places = {"": ("/accounts/login/",), "alice": ("/", "/accounts/team/", "/admin/imaging/review/")}

# What people and models wrote, what things are called in every language, and samples of what is typed.
WRITTEN = json.dumps([library.TOUR, library.NEIGHBOURS])
OF_NO_LANGUAGE = re.compile(
    r"Parley|alice|bob|vera|charlie|AL|BO|VE|CH|Harbour|Elsewhere|sonar(-[a-z]+)*|(Sonar|Perplexity)( \w+)*"
    r"|README|JSON|USD|UTC|[\w.-]+\.(org|example)(/\S*)?|\(yes\|no\)|\{\"type\":.*\}"
    r"|(› )?Light \d\d|Fields of colour\.|turbo|painter-1|Not ours\.|Somebody with a rather long name|image/png|PNG"
    r"|.* · (Perplexity|Anthropic|OpenAI|Google|xAI)|Gateway · .*"
    r"|Who \w+\? #demo:.*|[\d.]+ US\$|\d+ \w+, \d+ \w+"  # the last: for how long, in Django's words
)


@pytest.fixture(scope="module")
def foreign_server(template: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that speaks the pseudo-translations."""
    locale = pseudo.write(tmp_path_factory.mktemp("locale"), "de", "ar")
    env = {"PYTHONPATH": f"{FOLDER}:{ROOT}", "OTHER_CATALOGS": str(locale)}
    server = Server(template.copy(tmp_path_factory.mktemp("foreign") / "data"), env=env).start()
    yield server
    server.close()


@pytest.fixture(scope="module")
def speaking_server(foreign_server: Server) -> Server:
    """A server on the same data that speaks what Parley really speaks."""
    return foreign_server.twin(env={"OTHER_CATALOGS": str(LOCALE)})


@pytest.fixture(scope="module")
def everywhere(foreign_server: Server) -> Places:
    return places(foreign_server)


def in_language(page: Page, language: str) -> Page:
    """The page, whose browser remembers the language."""
    base = page.context.request.get("/healthz").url
    page.context.add_cookies([{"name": COOKIE, "value": language, "url": base}])
    return page


def nobodys(language: str) -> Known:
    """Whether a text is neither pseudo-translated, nor nobody's to translate, nor translated by Django or Babel."""

    def is_untranslated(text: str) -> bool:
        if re.search("[⟦⟧ẋ]", text):
            return False
        text = bare(text)
        if text in WRITTEN or OF_NO_LANGUAGE.fullmatch(text) or text in djangos(language):
            return False
        return not all(word in calendar(language) for word in re.findall(r"[^\W\d_]{2,}", text))

    return is_untranslated


def walk(
    page_for: PageFor,
    server: Server,
    addresses_of: Places,
    *,
    language: str,
    width: int,
    untranslated: Known,
    unfold: bool = True,
) -> None:
    """Look at every address as it opens, then with all on it unfolded that can be; at last at an answer's life."""
    found: dict[str, list[str]] = {}

    def look(page: Page, what: str) -> None:
        if wrong := faults(page, language, untranslated):
            found[what] = wrong

    for name, addresses in addresses_of.items():
        page = in_language(page_for(name, server=server, width=width), language)
        for address in addresses:
            page.goto(address)
            look(page, f"{name} at {address}")
            if not unfold:
                continue
            page.evaluate(OPEN_ALL)
            page.wait_for_load_state("networkidle")
            look(page, f"{name} at {address}, unfolded")
    page = in_language(page_for("alice", server=server, width=width), language)
    for state in see_an_answer(page, server):
        look(page, f"an answer {state}")
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


def see_an_answer(page: Page, server: Server) -> Iterator[str]:
    """Lead the page through an answer that is waited for, written and stopped, naming each state."""
    client = server.client("alice")
    for state, asked_for in (("waited for", "#demo:delay=30000"), ("written", "#demo:lines=2000 #demo:slow=40")):
        asked = questions.ask(client, f"Who writes? {asked_for}")
        page.goto(asked.page)
        if state == "written":
            expect(page.locator("article.answer .prose")).to_have_text(re.compile(r"(\S\s*){30}"), timeout=40_000)
        yield state
        client.post(f"{asked.path}stop/")
        expect(page.locator("article.answer")).to_have_attribute("data-state", "stopped", timeout=40_000)
    yield "stopped"


@long_walk
def test_every_page_is_whole_from_right_to_left_on_a_narrow_screen(
    page_for: PageFor, foreign_server: Server, everywhere: Places
) -> None:
    walk(page_for, foreign_server, everywhere, language="ar", width=360, untranslated=nobodys("ar"), unfold=ALL)


@long_walk
@pytest.mark.parametrize(("language", "width"), [("de", 360), ("de", 1280), ("ar", 1280)])
def test_every_page_is_whole(
    page_for: PageFor, foreign_server: Server, everywhere: Places, language: str, width: int
) -> None:
    walk(page_for, foreign_server, everywhere, language=language, width=width, untranslated=nobodys(language))


def test_a_few_pages_are_whole_in_arabic(page_for: PageFor, speaking_server: Server, everywhere: Places) -> None:
    few = {**FEW, "alice": (*FEW["alice"], everywhere["vera"][-1])}
    walk(page_for, speaking_server, few, language="ar", width=360, untranslated=left_in_english("ar"))


@long_walk
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole_in_a_language_that_parley_speaks(
    page_for: PageFor, speaking_server: Server, everywhere: Places, language: str, width: int
) -> None:
    walk(
        page_for,
        speaking_server,
        everywhere,
        language=language,
        width=width,
        untranslated=left_in_english(language),
    )


@long_walk
@pytest.mark.parametrize("language", [SOURCE, *LANGUAGES])
def test_the_accessibility_check_finds_nothing_in_a_language_that_parley_speaks(
    page_for: PageFor, speaking_server: Server, everywhere: Places, axe: Callable[[Page], None], language: str
) -> None:
    for name, addresses in everywhere.items():
        page = in_language(page_for(name, server=speaking_server), language)
        for address in addresses:
            page.goto(address)
            page.evaluate(OPEN_ALL)
            page.wait_for_load_state("networkidle")
            axe(page)
