"""What a screen reader would say by itself: everything that is put into the live regions of a page."""

from collections import Counter
from collections.abc import Callable

from playwright.sync_api import Page

# A region that is atomic is read whole when anything in it changes, another one only what came. What is hidden, or
# kept from screen readers, is not read, and what only leaves is not, either.
LISTEN = r"""() => {
    if (window.heard) return;
    window.heard = [];
    const live = "[role=status], [role=alert], [role=log], [aria-live=polite], [aria-live=assertive], output";
    const isAtomic = (one) => one.ariaAtomic === "true"
        || (one.ariaAtomic !== "false" && one.matches("[role=status], [role=alert], output"));
    const regionsAround = (one) => {
        const found = [];
        for (let at = one.closest(live); at; at = at.parentElement?.closest(live)) found.push(at);
        return found;
    };
    const isRead = (one) => one.checkVisibility() && !one.closest("[aria-hidden=true]");
    const words = (node) => (node.innerText ?? node.textContent).replace(/\s+/g, " ").trim();
    const named = (one) => one.id || one.className || one.getAttribute("role");
    const last = new WeakMap();
    const say = (region, text) => {
        if (text) window.heard.push({text, region: named(region)});
        last.set(region, words(region));
    };
    for (const region of document.querySelectorAll(live)) last.set(region, isRead(region) ? words(region) : "");
    new MutationObserver((batch) => {
        const came = new Map();
        const note = (region, node) => came.set(region, (came.get(region) ?? new Set()).add(node));
        for (const {type, target, addedNodes} of batch) {
            if (type === "attributes") continue;
            for (const node of type === "childList" ? addedNodes : [target]) {
                const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
                if (!node.isConnected || !element || !isRead(element)) continue;
                for (const region of regionsAround(element)) note(region, node);
                if (node === element) for (const one of node.querySelectorAll(live)) if (isRead(one)) note(one, one);
            }
        }
        for (const {type, target} of batch) { // what was there already, and is shown only now
            if (type !== "attributes") continue;
            const shown = [...regionsAround(target), ...target.querySelectorAll(live)].filter(isRead);
            for (const one of shown) if (!came.has(one) && words(one) !== (last.get(one) ?? "")) note(one, one);
        }
        for (const [region, nodes] of came) {
            const outer = [...nodes].filter((one) => ![...nodes].some((other) => other !== one && other.contains(one)));
            say(region, isAtomic(region) ? words(region) : outer.map(words).filter(Boolean).join(" "));
        }
    }).observe(document.body, {
        subtree: true, childList: true, characterData: true, attributes: true,
        attributeFilter: ["class", "hidden", "open", "aria-hidden"],
    });
}"""


def listen(page: Page) -> Callable[[], list[str]]:
    """Hear everything that live regions say on the page from now on. Returns what gives the sentences, in order.

    A sentence that is said twice, be it in two regions or by a swap that brings it again, is there twice.
    """
    page.evaluate(LISTEN)
    return lambda: [one["text"] for one in page.evaluate("window.heard")]


def said_twice(sentences: list[str]) -> list[str]:
    """The sentences that are there more than once."""
    return [sentence for sentence, count in Counter(sentences).items() if count > 1]
