"""The card at a mark: by pointer, keyboard and finger alike, without the text moving under its reader."""

import json
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.filling import Talk, fill
from tests.browser.steps import answer, ask_from_home, hover, scrolls_sideways, wait_for, wait_for_words
from tests.browser.test_pages import Check
from tests.serving import Server
from tests.walks import long_walk, some

MANY = 200
SOURCES = [
    {
        "title": f"Light number {number}",
        "url": f"https://light{number}.example/log",
        "date": "2026-03-02",
        "snippet": f"What the keeper of light number {number} wrote on the wall of the lamp room.",
    }
    for number in range(1, 21)
]
FILLER = "The keeper climbs the tower, trims the wick, wipes the glass and writes the log before the night is over. "
TEXT = f"""\
The tower has two hundred steps [1], and nobody knows who counted them [97]. So says
[a page that was never searched](https://www.elsewhere.example/page).

{FILLER * 12}

- {"a" * 30} {"b" * 30} at the right edge of a list {"c" * 25} [2]
- {FILLER}[3]

| Light | Height | Steps | Keeper | Built | Range | Character | Source |
|---|---:|---:|---|---|---|---|---|
| North | 41 m | 203 | Ada | 1871 | 18 nautical miles | two flashes every ten seconds | logged [4] |

في المنارة مئتا درجة يصعدها الحارس مرتين كل ليلة ثم يكتب في السجل قبل أن يطلع الصباح على البحر [5]

{FILLER * 12}

Every night is written down: {" ".join(f"night {n} [{n % 20 + 1}]" for n in range(1, MANY + 1))}.

{FILLER * 12}
"""
TALK: Talk = {
    "owner": "alice",
    "title": "What the keepers wrote",
    "exchanges": [{"question": "What did the keepers write?", "answers": [{"text": TEXT, "sources": SOURCES}]}],
}
NOTES = f"""\
The lamp burns oil[^oil] all night [1].

{FILLER * 12}

[^oil]: Colza, *pressed cold* [2].
"""
NOTES_TALK: Talk = {
    "owner": "alice",
    "title": "What the lamp burns",
    "exchanges": [{"question": "What does the lamp burn?", "answers": [{"text": NOTES, "sources": SOURCES[:2]}]}],
}
UNKNOWN = "No source was returned for this."
UNRETURNED = "The search did not return this page."


@pytest.fixture(scope="module")
def talk(shared_server: Server) -> str:
    """The address of a conversation whose answer has marks everywhere."""
    return f"/c/{fill(shared_server.store, [TALK])[0]}/"


def card(page: Page) -> Locator:
    """The card at the mark."""
    return page.locator(".citation-card")


def mark(page: Page, label: str) -> Locator:
    """The first mark in the answer with this label."""
    return page.locator(".prose :is(a, span)", has_text=re.compile(rf"^\[{label}\]$")).first


def unreturned(page: Page) -> Locator:
    """The link that the search did not return."""
    return page.locator(".prose a.unsourced")


def tab_to(page: Page, target: Locator) -> None:
    """Reach something by the keyboard from what comes before it."""
    target.evaluate("(target) => target.focus()")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(target).to_be_focused()


def place(page: Page, target: Locator) -> dict[str, float]:
    """Where the text and the page stand: what a reader would see moving."""
    found: dict[str, float] = target.evaluate(
        "(one) => ({page: scrollY, text: one.getBoundingClientRect().top, history: history.length})"
    )
    return found


@pytest.mark.parametrize("label", ["2", "97", "link"])
def test_pointer_keyboard_and_finger_get_the_same_card(page_for: PageFor, talk: str, label: str) -> None:
    def texts(page: Page, show: str) -> str:
        page.goto(talk)
        target = unreturned(page) if label == "link" else mark(page, label)
        if show == "pointer":
            hover(target)
        elif show == "keyboard":
            tab_to(page, target)
        else:
            target.tap()
        expect(card(page)).to_be_visible()
        return card(page).inner_text()

    desktop, phone = page_for("bob", width=1440), page_for("bob", width=360, touch=True)
    by_pointer = texts(desktop, "pointer")

    assert texts(desktop, "keyboard") == by_pointer
    assert texts(phone, "finger") == by_pointer
    told = {"2": SOURCES[1]["snippet"], "97": UNKNOWN, "link": UNRETURNED}[label]
    assert told in by_pointer


def test_the_card_tells_number_title_site_date_and_snippet_and_opens_the_source(page_for: PageFor, talk: str) -> None:
    page = page_for("bob")
    page.goto(talk)
    hover(mark(page, "3"))

    dialog = page.get_by_role("dialog", name=re.compile("Light number 3$"))
    expect(dialog).to_be_visible()
    date = page.locator(".source-date").nth(2).inner_text()
    assert "2026" in date
    for text in ("light3.example", date, "Light number 3", SOURCES[2]["snippet"]):
        expect(dialog).to_contain_text(text)
    link = dialog.get_by_role("link", name="Open source")
    expect(link).to_have_attribute("href", SOURCES[2]["url"])
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    link.hover()
    page.wait_for_timeout(500)
    expect(link).to_be_visible()  # the pointer got into the card in time

    page.mouse.move(5, 5)
    expect(card(page)).to_be_hidden()


@pytest.mark.parametrize("width", [360, 900])
@pytest.mark.parametrize("label", some(["2", "4", "5", "19", "97"]))
def test_a_tap_moves_nothing_and_leads_nowhere(page_for: PageFor, talk: str, width: int, label: str) -> None:
    page = page_for("bob", width=width, touch=True)
    page.goto(talk)
    target = mark(page, label)
    target.scroll_into_view_if_needed()
    before, address = place(page, target), page.url

    target.tap()

    expect(card(page)).to_be_visible()
    page.wait_for_timeout(300)
    assert (place(page, target), page.url) == (before, address)
    box, at = card(page).bounding_box(), target.bounding_box()
    assert box
    assert at
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 900
    assert box["y"] >= at["y"] + at["height"] or box["y"] + box["height"] <= at["y"]  # the mark stays in sight

    page.touchscreen.tap(90, 20 if box["y"] > 450 else 860)
    expect(card(page)).to_be_hidden()
    assert place(page, target) == before


@long_walk
def test_a_tap_on_a_link_that_was_not_returned_tells_before_it_leads(page_for: PageFor, talk: str) -> None:
    page = page_for("bob", width=360, touch=True)
    page.goto(talk)

    unreturned(page).tap()

    expect(card(page)).to_contain_text(UNRETURNED)
    expect(card(page)).to_contain_text("elsewhere.example")
    link = card(page).get_by_role("link", name="Open page")
    expect(link).to_have_attribute("href", "https://www.elsewhere.example/page")
    assert len(page.context.pages) == 1


@long_walk
def test_the_keyboard_goes_through_the_card_and_on(page_for: PageFor, talk: str) -> None:
    page = page_for("bob")
    page.goto(talk)
    tab_to(page, mark(page, "2"))
    expect(card(page)).to_contain_text("Light number 2")

    page.keyboard.press("Tab")
    expect(card(page).get_by_role("link", name="Open source")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(mark(page, "2")).to_be_focused()
    expect(card(page)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    expect(mark(page, "3")).to_be_focused()
    expect(card(page)).to_contain_text("Light number 3")


@pytest.mark.parametrize("key", ["Enter", "Space"])
@pytest.mark.parametrize("label", ["2", "97"])
def test_escape_closes_the_card_and_gives_the_mark_the_focus_back(
    page_for: PageFor, talk: str, key: str, label: str
) -> None:
    page = page_for("bob", width=900)
    page.goto(talk)
    tab_to(page, mark(page, label))
    page.keyboard.press(key)
    expect(card(page)).to_be_focused()

    page.keyboard.press("Escape")

    expect(card(page)).to_be_hidden()
    expect(mark(page, label)).to_be_focused()
    page.keyboard.press("Tab")
    expect(mark(page, label)).not_to_be_focused()


@long_walk
def test_one_steps_from_mark_to_mark(page_for: PageFor, talk: str) -> None:
    page = page_for("bob", width=360, touch=True)
    page.goto(talk)
    mark(page, "1").tap()
    expect(card(page).get_by_role("button", name="Previous citation")).to_be_disabled()

    texts = []
    for _ in range(6):
        card(page).get_by_role("button", name="Next citation").tap()
        current = page.locator(".has-card")
        expect(current).to_be_in_viewport()
        texts.append(current.inner_text())
    assert texts == ["[97]", "a page that was never searched", "[2]", "[3]", "[4]", "[5]"]
    page.keyboard.press("ArrowLeft")
    expect(card(page)).to_contain_text("Light number 4")
    card(page).get_by_role("button", name="Close").tap()
    expect(card(page)).to_be_hidden()


def test_beside_the_sources_a_press_points_at_the_source_and_only_the_list_scrolls(
    page_for: PageFor, talk: str
) -> None:
    page = page_for("bob", width=1440)
    page.goto(talk)
    target = page.locator(".prose a.cite", has_text=re.compile(r"^\[18\]$")).last
    target.scroll_into_view_if_needed()
    before = place(page, target)

    target.click()

    source = page.get_by_role("list", name="Sources").get_by_role("listitem").nth(17)
    expect(source).to_have_class(re.compile("pointed-at"))
    expect(source).to_be_in_viewport(ratio=0.9)
    expect(card(page)).to_contain_text("Light number 18")
    assert place(page, target) == before
    page.mouse.click(5, 5)
    expect(card(page)).to_be_hidden()


@long_walk
@pytest.mark.parametrize("width", some([320, 360, 900, 1440]))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_card_stays_on_the_screen_wherever_its_mark_stands(
    page_for: PageFor, talk: str, axe: Check, width: int, scheme: str
) -> None:
    page = page_for("bob", width=width, scheme="dark" if scheme == "dark" else "light")
    page.goto(talk)
    for label in ("2", "4", "5", "97"):
        hover(mark(page, label))
        expect(mark(page, label)).to_have_class(re.compile("has-card"))
        box = card(page).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900
        assert scrolls_sideways(page) == []
    axe(page)


def test_the_card_and_the_keyboard_stay_at_a_mark_while_the_answer_is_written(page_for: PageFor) -> None:
    page = page_for("alice")
    given = json.dumps({"sources": SOURCES[:2]})
    text = f"First [1] and then [2] and more {FILLER * 6}\n\nThe end."
    article = ask_from_home(page, f"#demo:slow=60 #demo:echo_sources {given} {text}")
    wait_for_words(article, 40)
    page.keyboard.press("Tab")
    mark(page, "2").focus()
    expect(card(page)).to_contain_text("Light number 2")
    expect(article).to_have_attribute("data-state", "writing")
    node = mark(page, "2").element_handle()

    wait_for(answer(page), "finished")

    assert not node.evaluate("(node) => node.isConnected")  # another mark has taken its place
    expect(mark(page, "2")).to_be_focused()
    expect(mark(page, "2")).to_have_class(re.compile("has-card"))
    expect(card(page)).to_contain_text("Light number 2")
    box, at = card(page).bounding_box(), mark(page, "2").bounding_box()
    assert box
    assert at
    assert abs(box["y"] - at["y"]) < 300


@long_walk
def test_a_footnote_has_its_note_at_its_mark_and_a_way_back(page_for: PageFor, shared_server: Server) -> None:
    address = f"/c/{fill(shared_server.store, [NOTES_TALK])[0]}/"
    page, phone = page_for("bob", width=900), page_for("bob", width=360, touch=True)
    page.goto(address)
    reference = page.get_by_role("button", name="Footnote oil")
    hover(reference)
    expect(card(page)).to_contain_text("Colza, pressed cold [2].")
    by_pointer = card(page).inner_text()
    page.mouse.move(5, 5)
    expect(card(page)).to_be_hidden()

    tab_to(page, reference)
    expect(card(page)).to_be_visible()
    assert card(page).inner_text() == by_pointer
    phone.goto(address)
    phone.get_by_role("button", name="Footnote oil").tap()
    expect(card(phone)).to_be_visible()
    assert card(phone).inner_text() == by_pointer

    page.keyboard.press("Escape")
    page.get_by_role("button", name="oil: Back to the text").focus()
    page.keyboard.press("Enter")
    expect(reference).to_be_focused()
    expect(reference).to_be_in_viewport()


@long_walk
def test_without_scripts_a_mark_leads_to_its_source(page_for: PageFor, talk: str) -> None:
    page = page_for("bob", javascript=False)
    page.goto(talk)
    mark(page, "2").click()
    source = page.get_by_role("list", name="Sources").get_by_role("listitem").nth(1)
    expect(source).to_be_in_viewport()
    assert source.get_attribute("id") == page.url.partition("#")[2]


@long_walk
def test_the_sources_of_the_last_answer_have_the_room_below_it(page_for: PageFor, shared_server: Server) -> None:
    short: Talk = {
        "owner": "alice",
        "exchanges": [{"question": "In short?", "answers": [{"text": "Yes [1].", "sources": SOURCES[:6]}]}],
    }
    page = page_for("bob", width=1440)
    page.goto(f"/c/{fill(shared_server.store, [short])[0]}/")
    sources = page.get_by_role("list", name="Sources")
    assert sources.evaluate("(list) => list.scrollHeight <= list.clientHeight")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
