"""What a person does and sees in the browser, by the names that the interface gives things."""

import re
from collections.abc import Callable
from itertools import pairwise

from playwright.sync_api import Locator, Page, expect

from tests.questions import Asked, words

PATIENCE = 40_000  # milliseconds until a test gives up on an answer; nothing waits that long when it goes well
QUESTION = "How do context managers work?"
LONG = f"{QUESTION} #demo:lines=2000 #demo:slow=40"  # minutes, for tests that end it themselves


def composer(page: Page) -> Locator:
    """The text box in which one writes a question."""
    return page.get_by_role("textbox", name="Question", exact=True)


def ask_button(page: Page) -> Locator:
    """The composer's button."""
    return page.get_by_role("button", name="Ask", exact=True)


def ask(page: Page, text: str) -> None:
    """Write the question and press the button."""
    composer(page).fill(text)
    ask_button(page).click()


def ask_from_home(page: Page, text: str) -> Locator:
    """Open a conversation with the question; its answer's article."""
    page.goto("/")
    ask(page, text)
    page.wait_for_url(re.compile(r"/c/[0-9a-f-]{36}/$"))
    return answer(page)


def open_models(menu: Locator) -> Locator:
    """Open the list of models by the disclosure that has it, with all of them in it; the list."""
    menu.locator("summary").first.click()
    picker = menu.get_by_role("dialog", name="Model")
    expect(picker).to_be_visible()
    everything = picker.get_by_role("button", name="All models")
    if everything.count() and everything.get_attribute("aria-expanded") == "false":
        everything.click()
    return picker


def model_choice(picker: Locator, label: str) -> Locator:
    """The model of that name in the list, among all models."""
    found = picker.locator("#all-models .model-choice")
    return found.filter(has=picker.page.get_by_text(label, exact=True)).last


def pick_model(page: Page, label: str) -> None:
    """Have the model of that name answer the next question; the options that it takes are on their way then."""
    model_choice(open_models(page.locator("#models")), label).click()
    expect(page.locator("#composer [data-chosen]")).to_have_text(label)


def choose_model(page: Page, label: str) -> None:
    """The same, and wait for the options."""
    pick_model(page, label)
    expect(page.locator("#options .htmx-request")).to_have_count(0)


def answers(page: Page) -> Locator:
    """The articles of all answers on the page."""
    return page.get_by_role("article", name="Answer", exact=True)


def answer(page: Page) -> Locator:
    """The article of the last answer on the page."""
    return answers(page).last


def questions(page: Page) -> list[str]:
    """The questions on the page, in order."""
    return page.locator(".question-text").all_inner_texts()


def wait_for(article: Locator, state: str) -> None:
    """Wait until the answer is in this state."""
    expect(article).to_have_attribute("data-state", state, timeout=PATIENCE)


def prose(article: Locator) -> str:
    """The answer's text as its reader has it, without what scripts add, and with single blanks."""
    text: str = article.evaluate(
        """(article) => {
            const copy = article.querySelector(".prose").cloneNode(true);
            for (const button of copy.querySelectorAll("button")) button.remove();
            return copy.textContent;
        }"""
    )
    return " ".join(text.split())


def wait_for_words(article: Locator, count: int = 30) -> str:
    """Wait until the answer has so many characters; the text so far."""
    expect(article.locator(".prose")).to_have_text(re.compile(rf"(\S\s*){{{count}}}"), timeout=PATIENCE)
    return prose(article)


def asked(page: Page, article: Locator) -> Asked:
    """The conversation that the page shows, and the answer in it."""
    found = re.search(r"/c/([0-9a-f-]{36})/", page.url)
    assert found, page.url
    return Asked(found[1], str(article.get_attribute("id")).removeprefix("answer-"))


def watch_texts(page: Page) -> Callable[[], list[str]]:
    """Note every text that the page's last answer has from now on. Returns what gives the texts so far, in order."""
    page.evaluate(
        """() => {
            window.texts = [];
            const look = () => {
                const all = document.querySelectorAll("article.answer .prose");
                const text = all[all.length - 1]?.textContent.replace(/\\s+/g, " ").trim();
                if (text && text !== window.texts.at(-1)) window.texts.push(text);
            };
            new MutationObserver(look).observe(document.body, {subtree: true, childList: true, characterData: true});
            look();
        }"""
    )
    return lambda: page.evaluate("window.texts")


def only_grew(texts: list[str]) -> bool:
    """Whether every text begins with the one before it."""
    bare = [_bare(text) for text in texts]
    return all(later.startswith(earlier) for earlier, later in pairwise(bare))


def same_words(shown: str, html: str) -> bool:
    """Whether the text on the page has the same words as the HTML in the database."""
    return _bare(shown) == _bare(words(html))


def _bare(text: str) -> str:
    """The text without blanks: between blocks a page has them or not."""
    return "".join(text.split())


def scrolls_sideways(page: Page) -> list[str]:
    """What sticks out of the page to the side; empty when nothing does."""
    found: list[str] = page.evaluate(
        """() => {
            const wide = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= wide && document.body.scrollWidth <= wide) return [];
            const sticksOut = (one) => one.getBoundingClientRect().right > wide + 1;
            const out = [...document.querySelectorAll("body *")].filter(sticksOut);
            return ["the page", ...out.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))];
        }"""
    )
    return found


def hide_tab(page: Page, hidden: bool) -> None:
    """Let the page believe that its tab went into the background, or came back."""
    page.evaluate(
        """(hidden) => {
            const pretend = (name, value) => Object.defineProperty(document, name, {configurable: true, value});
            pretend("hidden", hidden);
            pretend("visibilityState", hidden ? "hidden" : "visible");
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def hover(mark: Locator) -> None:
    """Rest the pointer on a citation mark, once the page stands still: scrolling hides the card that then appears."""
    mark.scroll_into_view_if_needed()
    mark.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    mark.hover()
