"""A person vouches for what an answer says, others see it, and everybody can prove where it came from."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from chat.sources.passports.verify import verify
from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask_from_home, scrolls_sideways, wait_for

FAST = "Which documents are there? #demo:fast"

_FIRST_SENTENCE = """() => {
    const words = document.createTreeWalker(document.querySelector("article.answer .prose p"), NodeFilter.SHOW_TEXT);
    const text = words.nextNode();
    const range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(text, text.length);
    document.getSelection().removeAllRanges();
    document.getSelection().addRange(range);
    return text.data.trim();
}"""


def test_a_sentence_is_verified_from_a_selection_and_teammates_see_it(
    page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    page = page_for("alice")
    wait_for(ask_from_home(page, FAST), "finished")
    words = page.evaluate(_FIRST_SENTENCE)
    page.get_by_role("button", name="Verify this sentence").click()
    sentence = page.get_by_label("Sentence (optional)")
    expect(sentence).to_have_value(re.compile(re.escape(" ".join(words.split())[:20])))
    note = page.get_by_label("Note (optional)")
    expect(note).to_be_focused()
    note.fill("Compared with the file itself.")
    page.get_by_label("Verified until (optional)").fill("2030-05-03")
    axe(page)
    page.get_by_role("button", name="Verify", exact=True).click()

    verified = page.get_by_role("list", name="Verified by people")
    expect(verified).to_contain_text("Compared with the file itself.")
    expect(verified).to_contain_text("who also asked")
    expect(page.get_by_role("link", name=re.compile("^Verified by alice"))).to_have_count(1)
    axe(page)

    vera = page_for("vera", width=320, scheme="dark")
    vera.goto(page.url)
    theirs = vera.get_by_role("list", name="Verified by people")
    expect(theirs).to_contain_text("Compared with the file itself.")
    expect(theirs.get_by_role("button", name="Remove verification")).to_have_count(0)
    expect(vera.get_by_role("link", name="Verify", exact=True)).to_have_count(0)
    assert not scrolls_sideways(vera)

    verified.get_by_role("button", name="Remove verification").click()
    expect(verified).to_have_count(0)
    page.get_by_role("button", name="Undo").last.click()
    expect(verified).to_contain_text("Compared with the file itself.")
    page.goto("/search/?q=is:verified")
    expect(page.get_by_role("list", name="Results")).to_contain_text("Verified")
    page.goto("/verified/")
    expect(page.get_by_role("heading", name="Current")).to_be_visible()
    axe(page)


def test_the_passport_of_an_answer_is_read_and_saved(
    page_for: PageFor, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    page = page_for("alice", width=390)
    wait_for(ask_from_home(page, FAST), "finished")
    answer(page).locator(".figures summary").click()
    page.get_by_role("link", name="Where it came from, signed").click()
    expect(page.get_by_text("The signature and all hashes fit.")).to_be_visible()
    assert not scrolls_sideways(page)
    axe(page)

    with page.expect_download() as saved:
        page.get_by_role("link", name="Download passport").click()
    saved.value.save_as(tmp_path / "passport.json")
    verdict = verify((tmp_path / "passport.json").read_bytes())

    assert verdict.is_good
    assert any("entries of its log" in line for line in verdict.proven)
    page.get_by_role("link", name="How to verify it").click()
    expect(page.get_by_text("Fingerprint of this installation")).to_be_visible()
    assert not scrolls_sideways(page)
    axe(page)
