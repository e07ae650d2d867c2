"""Documents of spaces in the browser: added by one, read by another, seen by nobody else."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import PageFor
from tests.browser.steps import scrolls_sideways
from tests.files.papers import encrypted
from tests.files.samples import pdf
from tests.serving import Server
from tests.walks import long_walk, widths

LIGHTS = pdf("The lighthouse of Harbour was built in 1872.", "A ferry leaves every forty minutes.")


def make_space(page: Page, *, everyone: bool = True, readers: tuple[str, ...] = ()) -> str:
    """Make a space; the address of its documents."""
    page.goto("/spaces/new/")
    page.get_by_label("Name", exact=True).fill("Q3")
    if not everyone:
        page.get_by_label("Only people you choose").check()
        for person in readers:
            page.get_by_label(person, exact=True).select_option("reader")
    page.get_by_role("button", name="Create space").click()
    page.get_by_role("link", name="Documents", exact=True).click()
    expect(page).to_have_url(re.compile("/documents/$"))
    return page.url


def choose(page: Page, *files: tuple[str, bytes]) -> None:
    """Press the button and choose the files."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add", exact=True).click()
    chooser.value.set_files([{"name": name, "mimeType": "", "buffer": content} for name, content in files])


def test_what_one_adds_another_reads_and_a_third_never_sees(
    shared_server: Server, page_for: PageFor, axe: Callable[[Page], None]
) -> None:
    alice, bob, charlie = (page_for(name) for name in ("alice", "bob", "charlie"))
    address = make_space(alice)
    choose(
        alice, ("lights.pdf", LIGHTS), ("secret.pdf", encrypted(pdf("Secret"), user="x")), ("tool.exe", b"MZ\x00\x01")
    )
    listed = alice.get_by_role("list", name="Documents")
    expect(listed.get_by_role("listitem").filter(has_text="lights.pdf")).to_contain_text("Read", timeout=20_000)
    expect(listed.get_by_role("listitem").filter(has_text="secret.pdf")).to_contain_text("password-protected")
    expect(alice.get_by_role("list", name="Uploads")).to_contain_text("isn’t a document that Parley can read")
    axe(alice)

    bob.goto(address)
    bob.get_by_label("Search these documents").fill("ferry")
    bob.get_by_label("Search these documents").press("Enter")
    bob.get_by_role("link", name="Page 2").click()
    expect(bob.locator("mark.cited")).to_contain_text("A ferry leaves every forty minutes")
    expect(bob.locator("mark.cited")).to_be_in_viewport()
    axe(bob)
    with bob.expect_download() as saved:
        bob.get_by_role("link", name="Download").click()
    assert saved.value.suggested_filename == "lights.pdf"
    assert saved.value.path().read_bytes() == LIGHTS

    shown = charlie.goto(bob.url)
    assert shown
    assert shown.status == 404


@long_walk
def test_a_new_version_takes_the_place_of_the_one_before_while_somebody_reads(
    shared_server: Server, page_for: PageFor
) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    address = make_space(alice)
    choose(alice, ("lights.pdf", LIGHTS))
    expect(alice.get_by_role("list", name="Documents")).to_contain_text("lights.pdf")
    bob.goto(address)
    bob.get_by_role("link", name="lights.pdf").click()
    expect(bob.locator(".document-text").first).to_contain_text("1872", timeout=20_000)

    choose(alice, ("lights.pdf", pdf("The lighthouse of Harbour was built in 1901.")))
    alice.get_by_role("button", name="Make this its new version").click()
    expect(alice.get_by_role("heading", name="lights.pdf")).to_be_visible()

    bob.reload()
    expect(bob.locator(".document-text").first).to_contain_text("1901", timeout=20_000)
    bob.get_by_text("Version 2 of 2").click()
    bob.locator(".versions li").nth(1).get_by_role("link").click()
    expect(bob.locator(".document-text").first).to_contain_text("1872")


@long_walk
def test_a_document_is_removed_and_brought_back(shared_server: Server, page_for: PageFor) -> None:
    alice, bob = page_for("alice"), page_for("bob")
    address = make_space(alice)
    choose(alice, ("lights.pdf", LIGHTS))
    alice.get_by_role("link", name="lights.pdf").click()
    theirs = alice.url
    alice.get_by_label("Menu for lights.pdf").click()
    alice.get_by_text("Remove", exact=True).click()
    alice.get_by_role("button", name="Remove document").click()
    shown = bob.goto(theirs)
    assert shown
    assert shown.status == 404
    alice.get_by_role("button", name="Undo").click()
    shown = bob.goto(theirs)
    assert shown
    assert shown.status == 200
    bob.goto(address)
    expect(bob.get_by_role("link", name="lights.pdf")).to_be_visible()


@long_walk
def test_files_are_dropped_and_sent_one_after_another(shared_server: Server, page_for: PageFor) -> None:
    page = page_for("alice")
    make_space(page)
    expect(page.locator("#files")).to_have_class("visually-hidden")  # the script is there
    taken = page.evaluate(
        """() => {
            const data = new DataTransfer();
            for (const name of ["a.md", "b.md", "c.md"]) data.items.add(new File(["# Light of " + name], name));
            const event = new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data});
            return !document.body.dispatchEvent(event);
        }"""
    )
    assert taken
    rows = page.get_by_role("list", name="Documents").get_by_role("listitem")
    expect(rows).to_have_count(3, timeout=20_000)


def test_documents_can_be_added_and_read_without_javascript(shared_server: Server, page_for: PageFor) -> None:
    address = make_space(page_for("alice"))
    page = page_for("bob", javascript=False)
    page.goto(address)
    page.get_by_label("Add documents").set_input_files(
        [{"name": "lights.pdf", "mimeType": "application/pdf", "buffer": LIGHTS}]
    )
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("“lights.pdf” was added")).to_be_visible()
    page.get_by_role("link", name="lights.pdf").click()
    while page.get_by_role("link", name="Look again").count():
        page.get_by_role("link", name="Look again").click()
    expect(page.locator(".document-text").first).to_contain_text("1872")


@long_walk
def test_nothing_reaches_beyond_the_edge_of_any_screen(shared_server: Server, page_for: PageFor) -> None:
    alice = page_for("alice")
    address = make_space(alice)
    name = f"{'a-very-long-name-' * 6}.pdf"
    choose(alice, (name, pdf("x" * 300, "The lighthouse of Harbour.")))
    expect(alice.get_by_role("list", name="Documents")).to_contain_text("2 pages", timeout=20_000)
    for width in widths(320, 360, 768, 1440):
        page = page_for("bob", width=width)
        for where in (address, f"{address}?q=lighthouse"):
            page.goto(where)
            assert scrolls_sideways(page) == []
        page.get_by_role("link", name=name).last.click()
        assert scrolls_sideways(page) == []
