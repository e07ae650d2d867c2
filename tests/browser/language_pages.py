"""What there is to look at in another language, and what keeps a page from being whole in it."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import django
from babel import Locale
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3, MONTHS_ALT
from django.utils.translation import to_locale
from playwright.sync_api import Page

from config.catalogs import LOCALE
from tests import questions
from tests.browser import library
from tests.browser.filling import fill
from tests.browser.steps import scrolls_sideways
from tests.imaging.review.pending_images import Waiting, grant, queue
from tests.serving import Server
from tests.writing import written

NOBODY = ("/accounts/login/", "/accounts/login/?next=/history/", "/accounts/join/nobody/", "/none/")
ALICE = (
    "/",
    "/?o.search_mode=academic",
    "/shortcuts/",
    "/search/",
    "/search/?q=lighthouse",
    "/search/?q=xylophone",
    "/history/",
    "/history/?filter=archived",
    "/search/?q=lighthouse&by=me&since=x",
    "/history/?by=me&since=x",
    "/trash/",
    "/use/",
    "/accounts/team/",
    "/accounts/team/invite/",
    "/accounts/me/",
    "/accounts/password/",
    "/costs/",
    "/team/models/",
    "/presets/",
    "/images/",
    "/images/?state=rejected",
    "/c/00000000-0000-0000-0000-000000000001/",
    "/admin/",
    "/admin/imaging/review/",
    "/admin/imaging/review-many/",
    "/admin/imaging/reviewed/",
    "/admin/imaging/review-figures/",
)
VERA = ("/", "/accounts/team/", "/images/")
CHARLIE = ("/", "/history/", "/images/")

OPEN_ALL = """async () => {
    const closed = () => [...document.querySelectorAll("details:not([open])")].filter(
        (one) => one.checkVisibility() && !one.closest(".prose"));
    for (const details of closed()) details.open = true;
    for (const details of closed()) details.open = true; // those within
    await new Promise((done) => setTimeout(done, 50));
}"""

TEXTS = """() => {
    const found = [];
    const theirs = ".prose, .question-text, .row-title, .source-title, .source-snippet, .reasoning-text, code, pre, " +
        ".model-label, [data-chosen], [data-theirs], script, style, template, option[lang], button[lang]";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const text = node.textContent.trim();
        if (!/\\p{L}{2,}/u.test(text)) continue;
        if (node.parentElement.closest(theirs) || !node.parentElement.checkVisibility()) continue;
        found.push(["text", text]);
    }
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
        for (const element of document.querySelectorAll(`[${name}]`)) {
            const text = element.getAttribute(name).trim();
            if (/\\p{L}{2,}/u.test(text) && !element.closest(theirs)) found.push([name, text]);
        }
    }
    return found;
}"""

CUT_OFF = """() => {
    const found = [];
    for (const element of document.querySelectorAll("button, a.button, label, summary, legend, select, th, dt")) {
        if (!element.checkVisibility() || element.clientWidth < 2) continue; // kept for screen readers alone
        const style = getComputedStyle(element);
        if (style.textOverflow === "ellipsis" || style.clipPath !== "none") continue;
        if (element.scrollWidth > element.clientWidth + 1 && style.overflowX !== "visible")
            found.push(`${element.tagName} ${element.className}: ${element.textContent.trim().slice(0, 60)}`);
    }
    return found;
}"""

_SIGNS_OF_DIRECTION = str.maketrans("", "", "\u200e\u200f\u2066\u2067\u2068\u2069")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|\{\w*\}")
_FEWEST_LETTERS = 6  # of a message with placeholders, so that not every name fits it


def places(server: Server) -> dict[str, tuple[str, ...]]:
    """The addresses of everything that can be looked at, by who looks at it; makes what has to be there first."""
    talks = [f"/c/{one}/" for one in fill(server.store, [library.TOUR, *library.NEIGHBOURS])]
    links = one_time_links(server)
    grant(server.store, "alice", "vera")
    waiting: list[Waiting] = [
        {"prompt": f"Light {number:02}", "by": "bob", "minutes_ago": 4_000 - number} for number in range(9)
    ]
    images = queue(server.store, waiting)
    written(server.store, __name__, images[:2])
    return {
        "": (*NOBODY, *links),
        "alice": (
            *ALICE,
            *talks[:1],
            f"{talks[0]}menu/",
            links[0],
            *(f"/images/{one}/" for one in images[:3]),
            f"/admin/imaging/review/{images[0]}/",
            failed(server).page,
        ),
        "vera": (*VERA, talks[0]),
        "charlie": CHARLIE,
    }


def write(images: list[str]) -> None:
    """Of two images, approve the first and reject the other."""
    from accounts.models import User
    from imaging.models import GeneratedImage
    from tests.imaging.review import reviewers

    alice = User.objects.get(username="alice")
    approved, rejected = (GeneratedImage.objects.get(pk=one) for one in images)
    reviewers.approve(approved, alice)
    reviewers.reject(rejected, alice)


def failed(server: Server) -> questions.Asked:
    """A question whose answer failed."""
    client = server.client("alice")
    asked = questions.ask(client, "Who fails? #demo:503")
    questions.watch(client, asked)
    return asked


def one_time_links(server: Server) -> tuple[str, ...]:
    """Addresses that have to be made first: an invitation, one that was withdrawn, and a link to a new password."""
    alice = server.client("alice")

    def made(path: str, **data: str) -> str:
        page = alice.post(path, data=data).text
        found = re.search(r'id="one-time-link">[^<]*?127\.0\.0\.1:\d+(/[^<]+)<', page)
        assert found, questions.words(page)
        return found[1]

    invitation = {"role": "member", "days": "7", "people": "Somebody with a rather long name"}
    open_one = made("/accounts/team/invite/", **invitation)
    withdrawn = made("/accounts/team/invite/", **invitation)
    team = alice.get("/accounts/team/").text
    alice.post(re.findall(r'action="([^"]+/revoke/)"', team)[0])
    vera = re.findall(r'action="([^"]+/password-link/)"', team)[-1]
    return open_one, withdrawn, made(vera)


def faults(page: Page, language: str, is_untranslated: Callable[[str], bool]) -> list[str]:
    """What keeps the page from being whole in this language."""
    said = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    found = [] if said == [language, "rtl" if language == "ar" else "ltr"] else [f"speaks {said}"]
    found += [f"{place} is not translated: {text}" for place, text in page.evaluate(TEXTS) if is_untranslated(text)]
    found += [f"sticks out: {one}" for one in scrolls_sideways(page)]
    return found + [f"is cut off: {one}" for one in page.evaluate(CUT_OFF)]


def without_direction(text: str) -> str:
    """The text without the signs that say in which direction its parts run."""
    return text.translate(_SIGNS_OF_DIRECTION)


def bare(text: str) -> str:
    """The text without directions and without what stands around it."""
    return without_direction(text).replace("،", ",").replace("\xa0", " ").strip(" ,:·")


def left_in_english(language: str) -> Callable[[str], bool]:
    """Whether a text is English that this language says otherwise in our own catalog."""
    with (LOCALE / to_locale(language) / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = list(read_po(file, locale=to_locale(language)))
    pairs = [pair for message in catalog if message.id for pair in _pairs(message.id, message.string)]
    same = {english for english, own in pairs if english == without_direction(own)}
    texts = {" ".join(english.split()) for english, _ in pairs if english not in same}
    owns = {bare(own) for _, own in pairs}
    patterns = [
        re.compile(".+".join(map(re.escape, _PLACEHOLDER.split(text))).replace(r"\ ", " "))
        for text in texts
        if _PLACEHOLDER.search(text) and len(re.findall(r"[^\W\d_]", _PLACEHOLDER.sub("", text))) >= _FEWEST_LETTERS
    ]

    def is_untranslated(text: str) -> bool:
        text = " ".join(without_direction(text).split())
        if bare(text) in djangos(language) or bare(text) in owns:
            return False
        return text in texts or any(pattern.fullmatch(text) for pattern in patterns)

    return is_untranslated


def _pairs(english: Any, own: Any) -> Iterable[tuple[str, str]]:
    return [(english, own)] if isinstance(english, str) else [(one, own[-1]) for one in english]


@cache
def djangos(language: str) -> frozenset[str]:
    """What Django says by itself, in forms and in the administration, in its own translation."""
    found: set[str] = set()
    for path in Path(django.__file__).parent.rglob(f"locale/{to_locale(language)}/LC_MESSAGES/django.mo"):
        with path.open("rb") as file:
            found |= {bare(str(message.string)) for message in read_mo(file)}
    return frozenset(found)


@cache
def calendar(language: str) -> frozenset[str]:
    """The names of months, as Django writes them and as Babel does."""
    names = [
        name for width in ("wide", "abbreviated") for name in Locale.parse(language).months["format"][width].values()
    ]
    with translation.override(language):
        names += [str(name) for months in (MONTHS, MONTHS_3, MONTHS_ALT) for name in months.values()]
    return frozenset(word for name in names for word in re.findall(r"[^\W\d_]{2,}", name))
