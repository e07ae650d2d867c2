"""Going through pages by keyboard: where the focus is, whether it shows, and how many keys a task takes."""

from playwright.sync_api import Locator, Page, expect

# Where the keyboard is: its name, whether it is in sight, and whether an outline shows it. The text box of a question
# has none of its own; the frame around it takes the colour of the button beside it.
FOCUS = """() => {
    const one = document.activeElement;
    const box = one.getBoundingClientRect();
    const style = (each, part) => getComputedStyle(each, part);
    const outlined = [one, one.closest("label"), ...one.querySelectorAll("*")]
        .filter(Boolean)
        .flatMap((each) => [style(each), style(each, "::after")])
        .some((each) => each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 1);
    const framed = one.matches(".composer textarea")
        && style(one.form).borderColor === style(one.form.querySelector(".ask")).backgroundColor;
    return {
        name: one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent,
        tag: one.localName,
        inside: box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
        size: box.width * box.height,
        shown: outlined || framed,
    };
}"""


def stop_of(page: Page) -> str:
    """The name of what has the focus, which is in sight and shows it."""
    stop = page.evaluate(FOCUS)
    name = " ".join((stop["name"] or "").split())[:200]
    assert stop["tag"] != "body", "nothing has the focus"
    assert name, f"a {stop['tag']} has the focus and no name"
    assert stop["size"] > 0, f"{name} has the focus and no size"
    assert stop["inside"], f"{name} has the focus out of sight"
    assert stop["shown"], f"{name} has the focus and does not show it"
    return name


def tab_through(page: Page, *, most: int = 80) -> list[str]:
    """Press Tab until the page has been gone through; the names on the way. Each stop is in sight and shows it."""
    names: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return names
        names.append(stop_of(page))
    raise AssertionError(f"Tab does not come to an end: {names}")


def tab_to(page: Page, target: Locator, *, key: str = "Tab", most: int = 80) -> None:
    """Press Tab until the element has the focus."""
    names: list[str] = []
    for _ in range(most):
        page.keyboard.press(key)
        if target.evaluate("(one) => one === document.activeElement"):
            return
        names.append(page.evaluate(FOCUS)["name"] or "")
    raise AssertionError(f"{key} does not lead to {target}, but to {names}")


class Hands:
    """Somebody with a keyboard alone. What they type counts as nothing, each other key as one, Shift included."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def type(self, text: str) -> None:
        """Write where the focus is."""
        self.page.keyboard.type(text)

    def press(self, *keys: str) -> None:
        """Press each key once."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def go_to(self, target: Locator, *, key: str = "Tab", most: int = 40) -> None:
        """Press the key until the element has the focus; on the way each stop has a name, is in sight and shows it."""
        expect(target).to_be_visible()
        names: list[str] = []
        for _ in range(most):
            self.press(key)
            names.append(stop_of(self.page))
            if target.evaluate("(one) => one === document.activeElement"):
                return
        raise AssertionError(f"{key} does not lead to {target}, but to {names}")
