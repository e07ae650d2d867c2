"""The clipboard as another program finds it, and selecting what lands on it."""

import re
from collections.abc import Callable, Mapping

from playwright.sync_api import Page

PASTED = """() => new Promise((done) => {
    addEventListener("paste", (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
        const kinds = ["text/plain", "text/html"];
        done(Object.fromEntries(kinds.map((kind) => [kind, event.clipboardData.getData(kind)])));
    }, {capture: true, once: true});
    setTimeout(() => done(null), 10000);
})"""


def copied(page: Page, press: Callable[[], object]) -> Mapping[str, str]:
    """What another program is given after this: plain text and HTML."""
    page.evaluate("navigator.clipboard.writeText('nothing')")
    press()
    page.wait_for_function("async () => (await navigator.clipboard.readText()) !== 'nothing'")
    page.evaluate(f"() => {{ window.pasted = ({PASTED})(); }}")
    page.keyboard.press("Control+V")
    found: dict[str, str] = page.evaluate("window.pasted")
    frame_of_chromium = r"^(<meta [^>]*>|<html><head></head><body>)|</body></html>$"
    found["text/html"] = re.sub(frame_of_chromium, "", found["text/html"])
    return found


def select(page: Page, start: str, end: str, *, around: str = ".prose") -> None:
    """Select from the first word to the last one, both in the answer."""
    page.evaluate(
        """([from, to, around]) => {
            const walker = document.createTreeWalker(document.querySelector(around), NodeFilter.SHOW_TEXT);
            const selection = getSelection();
            let start = null, node;
            while ((node = walker.nextNode())) {
                if (!start && node.data.includes(from)) start = [node, node.data.indexOf(from)];
                if (start && node.data.includes(to)) {
                    selection.setBaseAndExtent(...start, node, node.data.indexOf(to) + to.length);
                    return;
                }
            }
            throw new Error("not found");
        }""",
        [start, end, around],
    )


def copied_selection(page: Page, start: str, end: str, *, around: str = ".prose") -> Mapping[str, str]:
    select(page, start, end, around=around)
    return copied(page, lambda: page.keyboard.press("Control+C"))
