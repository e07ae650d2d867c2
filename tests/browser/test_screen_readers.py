"""What people hear who do not see the page: the tree that screen readers go through, and what is said by itself."""

import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PageFor
from tests.browser.live_regions import listen, said_twice
from tests.browser.steps import (
    answer,
    answers,
    ask,
    ask_from_home,
    composer,
    prose,
    wait_for,
    wait_for_words,
)

SOME_LINES = "Who hears the words? #demo:lines=40 #demo:slow=50"
NEW_LINES = "What does nobody repeat aloud? #demo:lines=40 #demo:slow=50"  # which nobody has had answered already
OPERATED = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "DisclosureTriangle"}


def tree(page: Page, article: Locator) -> list[tuple[str, str]]:
    """Role and name of everything that a screen reader finds in the article, in its order."""
    session = page.context.new_cdp_session(page)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}
    handle = article.get_attribute("id")
    root_id = session.send(
        "Runtime.evaluate", {"expression": f"document.getElementById({handle!r})", "objectGroup": "tree"}
    )["result"]["objectId"]
    backend = session.send("DOM.describeNode", {"objectId": root_id})["node"]["backendNodeId"]
    root = next(node for node in nodes if node.get("backendDOMNodeId") == backend)
    session.detach()

    def walk(node: Any) -> Iterator[tuple[str, str]]:
        if not node["ignored"]:
            yield node["role"]["value"], node.get("name", {}).get("value", "")
        for child in node.get("childIds", []):
            if child in by_id:
                yield from walk(by_id[child])

    return list(walk(root))


def of_role(found: list[tuple[str, str]], role: str) -> list[str]:
    """The names of everything with that role."""
    return [name for each, name in found if each == role]


def nameless(found: list[tuple[str, str]]) -> list[str]:
    """The roles of what one can operate and that says nothing of itself."""
    return [role for role, name in found if role in OPERATED and not name.strip()]


def test_the_tree_of_an_answer_is_whole_while_it_is_written_and_afterwards(page_for: PageFor) -> None:
    page = page_for("alice")
    article = ask_from_home(page, SOME_LINES)
    wait_for_words(article)

    while_written = tree(page, article)
    assert while_written[0] == ("article", "Answer")
    assert of_role(while_written, "button").count("Stop") == 1
    assert of_role(while_written, "list").count("Sources") == 1
    assert any(re.match("Writing from \\d+ sources…", name) for name in of_role(while_written, "StaticText"))
    assert nameless(while_written) == []

    wait_for(article, "finished")
    expect(article.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    whole = tree(page, article)
    assert whole[0] == ("article", "Answer")
    buttons = of_role(whole, "button")
    for name in ("Copy", "Copy with sources", "Ask again"):
        assert buttons.count(name) == 1, name
    assert "Stop" not in buttons
    for name in ("Sources", "Related questions"):
        assert of_role(whole, "list").count(name) == 1, name
    assert nameless(whole) == []
    texts = of_role(whole, "StaticText")
    assert not any(text.startswith("Writing") for text in texts)
    sentences = [text for text in texts if len(text) > 40]
    assert said_twice(sentences) == []
    assert whole == tree_of_a_fresh_page(page)


def tree_of_a_fresh_page(page: Page) -> list[tuple[str, str]]:
    """The tree of the answer once the page is loaded again."""
    page.reload()
    expect(answer(page).get_by_role("button", name="Copy", exact=True)).to_be_visible()
    return tree(page, answer(page))


def test_each_thing_is_said_once_while_an_answer_is_written(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    heard = listen(page)
    ask(page, NEW_LINES)
    page.wait_for_url("**/c/**")
    wait_for_words(answer(page))
    wait_for(answer(page), "finished")
    expect(page.locator("#announcer")).to_have_text("The answer is complete.")

    sentences = heard()
    assert said_twice(sentences) == []
    assert sentences[-1] == "The answer is complete."
    assert any(re.fullmatch("Writing from \\d+ sources…", one) for one in sentences)
    assert all("…" in one for one in sentences[:-1]), sentences
    words = prose(answer(page))
    assert not any(one.rstrip("….") in words for one in sentences)


def test_each_end_of_an_answer_is_said_in_its_own_words(page_for: PageFor) -> None:
    page = page_for("alice")
    page.goto("/")
    heard = listen(page)
    ask(page, "Who fails? #demo:503")
    page.wait_for_url("**/c/**")
    wait_for(answer(page), "failed")
    expect(page.locator("#announcer")).to_have_text(answer(page).locator(".problem p").inner_text())

    ask(page, "Who is stopped? #demo:delay=30000")
    expect(answers(page)).to_have_count(2)
    answer(page).get_by_role("button", name="Stop").click()
    wait_for(answer(page), "stopped")
    expect(page.locator("#announcer")).to_contain_text("This answer was stopped.")
    waiting = "Waiting for the first word…"
    assert said_twice([one for one in heard() if one != waiting]) == []
    assert heard().count(waiting) == len(("failed", "stopped"))
    assert not any("Something went wrong" in one for one in heard())


def test_what_a_teammate_asks_is_said_once(page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    wait_for(ask_from_home(alice, "Who is here? #demo:fast"), "finished")
    heard = listen(alice)
    bob.goto(alice.url)
    ask(bob, SOME_LINES)
    expect(alice.locator(".toast")).to_contain_text("bob")
    expect(answers(alice)).to_have_count(2)
    wait_for(answer(alice), "finished")
    expect(alice.locator("#announcer")).to_have_text("The answer is complete.")
    assert said_twice(heard()) == []
    assert len([one for one in heard() if "bob" in one]) == 1


def test_copies_notices_and_refusals_are_said_once(page_for: PageFor, shelf: dict[str, str]) -> None:
    page = page_for("alice")
    page.goto(shelf["tour"])
    heard = listen(page)
    answers(page).nth(1).get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#announcer")).to_have_text("Copied")
    page.get_by_label("Conversation menu").click()
    page.get_by_role("button", name="Pin for the team").click()
    expect(page.locator("#conversation-marks")).to_contain_text("Pinned")
    page.get_by_label("Conversation menu").click()
    page.locator("#conversation-menu").get_by_role("button", name="Unpin").click()
    expect(page.locator("#conversation-marks")).not_to_contain_text("Pinned")
    composer(page).fill("x" * 50_001)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("A question can have 50000 characters")
    page.context.set_offline(True)
    composer(page).fill("Nobody hears this")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing you typed is lost.")
    assert said_twice(heard()) == []
    assert len(heard()) == len(["copied", "refused", "unreachable"])
    page.context.set_offline(False)
    composer(page).fill("")


def test_a_notice_is_said_once_and_the_one_before_it_not_again(page_for: PageFor) -> None:
    page = page_for("alice")
    for question in ("Which one goes first?", "Which one goes next?"):
        wait_for(ask_from_home(page, f"{question} #demo:fast"), "finished")
    heard = listen(page)
    rows = page.get_by_role("navigation", name="Conversations")
    for question in ("Which one goes first?", "Which one goes next?"):
        rows.get_by_label(f"Menu for {question}").click()
        rows.get_by_role("button", name="Archive", exact=True).click()
        expect(page.locator(".toast", has_text=question)).to_be_visible()
    assert [re.findall(r"goes (\w+)", one) for one in heard()] == [["first"], ["next"]]
