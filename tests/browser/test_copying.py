"""What lands on the clipboard: an answer as Markdown and as rich text, what is selected, tables, code as it is."""

import csv
import html
import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.clipboard import copied, copied_selection
from tests.browser.conftest import PageFor
from tests.browser.filling import Talk, fill
from tests.browser.steps import answer, ask_from_home, scrolls_sideways, wait_for
from tests.serving import Server
from tests.walks import long_walk

SOURCES = [
    {"title": "Lights & <keepers>", "url": "https://lights.example/?a=1&b=2", "snippet": "Words on a card."},
    {"title": "Never cited", "url": "https://never.example/"},
    {"title": "Fog", "url": "https://fog.example/horns"},
]
CODE = "def light():\n\treturn  1  \n\n\n"
TEXT = f"""\
## The light

A **keeper** climbs *up*[1][3], see [the log](https://log.example/?q=1&r=2) and $E = mc^2$.
It weighs 10[1] t.

3. third
4. fourth
    - inner
        - innermost

- [x] wick
- [ ] glass

> A quote with `code`.

$$
\\begin{{aligned}}
a &= b \\\\
c &= d
\\end{{aligned}}
$$

| Light [1] | Height | Formula |
|---|---:|:-:|
| "North" | -41.5 | $h^2$ |
| =1+1<br>two | 5 | `a\\|b` |

```python
{CODE}```

```mermaid
graph TD
  A --> B
```

---

Unknown [9].
"""
TALK: Talk = {
    "owner": "alice",
    "title": "Lights: north/south",
    "exchanges": [
        {
            "question": "Which light is it?",
            "answers": [{"text": TEXT, "sources": SOURCES, "related": ["Who climbs?"]}],
        }
    ],
}
RICH = """\
<h2>The light</h2>
<p>A <strong>keeper</strong> climbs <em>up</em>{first}{third}, see \
<a href="https://log.example/?q=1&amp;r=2">the log</a> and $E = mc^2$.<br>
It weighs 10{first} t.</p>
<ol start="3">
<li>third</li>
<li>fourth
<ul>
<li>inner
<ul>
<li>innermost</li>
</ul>
</li>
</ul>
</li>
</ol>
<ul>
<li>☑ wick</li>
<li>☐ glass</li>
</ul>
<blockquote>
<p>A quote with <code>code</code>.</p>
</blockquote>
<div>$$\\begin{{aligned}} a &amp;= b \\\\ c &amp;= d \\end{{aligned}}$$</div>
<table border="1" cellspacing="0" cellpadding="4">
<thead><tr>
<th>Light {first}</th>
<th align="right">Height</th>
<th align="center">Formula</th>
</tr></thead>
<tbody><tr>
<td>"North"</td>
<td align="right">-41.5</td>
<td align="center">$h^2$</td>
</tr>
<tr>
<td>=1+1<br>two</td>
<td align="right">5</td>
<td align="center"><code>a|b</code></td>
</tr></tbody></table>
<pre><code>{code}</code></pre>
<pre><code>graph TD
  A --&gt; B
</code></pre>
<hr>
<p>Unknown [9].</p>"""
TABLE = [["Light [1]", "Height", "Formula"], ['"North"', "-41.5", "$h^2$"], ["=1+1\ntwo", "5", "a|b"]]


@pytest.fixture(scope="module")
def address(shared_server: Server) -> str:
    """A conversation with one answer that has everything."""
    return f"/c/{fill(shared_server.store, [TALK])[0]}/"


@pytest.fixture
def page(page_for: PageFor, address: str, shared_server: Server) -> Page:
    """The page of that conversation, which may use the clipboard."""
    page = page_for("bob")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    return page


def between_tags(html: str) -> str:
    """The HTML without the line ends beside its tags, and with those of one paragraph as blanks."""
    return re.sub(r"\s*\n\s*", " ", re.sub(r"\s*\n\s*(?=<)|(?<=>)\s*\n\s*", "", html)).strip()


def rich(*, first: str, third: str) -> str:
    """The rich text of the answer with these marks."""
    return between_tags(RICH.format(first=first, third=third, code=html.escape(CODE, quote=False)))


def frame(page: Page) -> Locator:
    return page.get_by_role("group", name="Table", exact=True)


def test_an_answer_is_copied_as_markdown_and_as_rich_text(page: Page) -> None:
    found = copied(page, answer(page).get_by_role("button", name="Copy", exact=True).last.click)

    assert found["text/plain"] == TEXT
    assert CODE in found["text/html"]
    assert between_tags(found["text/html"]) == rich(first="[1]", third="[3]")


def test_with_sources_marks_lead_to_a_numbered_list(page: Page) -> None:
    button = answer(page).get_by_role("button", name="Copy with sources")
    expect(button).to_have_text("Copy with sources")

    found = copied(page, button.click)

    assert found["text/plain"] == (
        f"{TEXT.rstrip()}\n\nSources\n\n- [1] Lights & <keepers> https://lights.example/?a=1&b=2\n"
        "- [2] Never cited https://never.example/\n- [3] Fog https://fog.example/horns\n"
    )
    names = [answer(page).locator(".source").nth(place).get_attribute("id") for place in range(3)]
    raised = [f'<sup><a href="#{name}">[{number}]</a></sup>' for number, name in enumerate(names, start=1)]
    body, list_of_sources = found["text/html"].split("<h2>Sources</h2>")
    assert between_tags(body) == rich(first=raised[0], third=raised[2])
    assert list_of_sources == (
        f'<ol><li><a name="{names[0]}" id="{names[0]}" href="https://lights.example/?a=1&amp;b=2">Lights &amp; '
        f"&lt;keepers&gt;</a><br>https://lights.example/?a=1&amp;b=2</li>"
        f'<li><a name="{names[1]}" id="{names[1]}" href="https://never.example/">Never cited</a><br>'
        f"https://never.example/</li>"
        f'<li><a name="{names[2]}" id="{names[2]}" href="https://fog.example/horns">Fog</a><br>'
        f"https://fog.example/horns</li></ol>"
    )


@long_walk
@pytest.mark.parametrize(
    "missing",
    [
        "Object.defineProperty(navigator.clipboard, 'write', {value: undefined})",
        "document.execCommand = () => false",
    ],
)
def test_both_kinds_are_copied_by_whatever_way_a_browser_has(page: Page, missing: str) -> None:
    page.evaluate(missing)

    found = copied(page, answer(page).get_by_role("button", name="Copy", exact=True).last.click)

    assert found["text/plain"] == TEXT
    assert found["text/html"].startswith("<h2>The light</h2>")
    expect(page.locator("#announcer")).to_have_text("Copied")


def test_code_is_copied_as_it_is(page: Page) -> None:
    code = answer(page).locator(".code").first
    assert copied(page, code.get_by_role("button", name="Copy").click) == {"text/plain": CODE, "text/html": ""}


def test_a_diagram_is_code_and_says_so_in_the_readers_language(page: Page) -> None:
    block = answer(page).locator(".code").nth(1)
    expect(block.locator(".code-head")).to_contain_text("Diagram (Mermaid), shown as code")
    assert (
        "shown as code"
        not in str(page.evaluate("(address) => fetch(address).then((one) => one.text())", page.url))
        .partition("<article")[2]
        .partition("</article>")[0]
    )
    found = copied(page, block.get_by_role("button", name="Copy").click)
    assert found["text/plain"] == "graph TD\n  A --> B\n"


def test_a_selection_has_formulas_as_latex_and_marks_as_numbers(page: Page) -> None:
    found = copied_selection(page, "keeper", "weighs")

    assert found["text/plain"].replace("\n", " ") == "keeper climbs up[1][3], see the log and $E = mc^2$. It weighs"
    assert found["text/html"].startswith("<strong>keeper</strong> climbs <em>up</em>[1][3], see <a href=")


def test_a_part_of_a_formula_is_all_of_it(page: Page) -> None:
    assert copied_selection(page, "m", "c", around="math")["text/plain"] == "$E = mc^2$"


def test_a_selection_takes_no_words_of_buttons_and_labels(page: Page) -> None:
    found = copied_selection(page, "Which light", "Unknown", around="#exchanges")

    for text in (found["text/plain"], re.sub(r"<[^>]*>", "", found["text/html"])):
        assert "The light" in text
        assert "=1+1" in text
        for words in ("Copy", "Download", "python", "shown as code", "Words on a card", "Details"):
            assert words not in text
    assert not re.search(r"<(button|svg|math|span|input)| class=| data-| style=| id=", found["text/html"])
    assert CODE in found["text/html"]


@long_walk
def test_selecting_with_the_mouse_over_code_takes_the_code_alone(page: Page) -> None:
    block = answer(page).locator(".code").first
    block.scroll_into_view_if_needed()
    head, code = block.locator(".code-head").bounding_box(), block.locator("pre").bounding_box()
    assert head
    assert code
    page.mouse.move(code["x"] + code["width"] - 5, code["y"] + code["height"] - 5)
    page.mouse.down()
    page.mouse.move(head["x"] + 2, head["y"] + 2, steps=5)
    page.mouse.up()

    found = copied(page, lambda: page.keyboard.press("Control+C"))

    assert found["text/plain"].rstrip() == CODE.rstrip()


def test_a_part_of_a_list_keeps_its_numbers_and_levels(page: Page) -> None:
    found = copied_selection(page, "ird", "inner")

    assert found["text/plain"] == "3. ird\n4. fourth\n   - inner"
    assert re.sub(r"\s*\n\s*", "", found["text/html"]) == (
        '<ol start="3"><li>ird</li><li>fourth<ul><li>inner</li></ul></li></ol>'
    )


def test_selected_words_of_one_item_are_no_list(page: Page) -> None:
    assert copied_selection(page, "hir", "hir") == {"text/plain": "hir", "text/html": "hir"}


def test_selected_code_keeps_its_tabs_and_lines(page: Page) -> None:
    found = copied_selection(page, "light", "return", around=".prose pre")

    assert found == {"text/plain": "light():\n\treturn", "text/html": "<pre><code>light():\n\treturn</code></pre>"}


def test_a_selected_table_is_one(page: Page) -> None:
    found = copied_selection(page, "Light", "two", around=".prose table")

    assert found["text/plain"] == 'Light [1]\tHeight\tFormula\n"""North"""\t-41.5\t$h^2$\n"=1+1\ntwo"'
    assert found["text/html"].startswith('<table border="1"')
    assert found["text/html"].count("<tr>") == 3


def test_what_is_selected_elsewhere_is_copied_as_ever(page: Page) -> None:
    assert copied_selection(page, "Which", "light", around=".question-text")["text/plain"] == "Which light"
    page.get_by_role("textbox", name="Question", exact=True).fill("typed words")
    page.keyboard.press("Control+A")
    found = copied(page, lambda: page.keyboard.press("Control+C"))
    assert found["text/plain"] == "typed words"


def test_a_table_is_copied_for_spreadsheets(page: Page) -> None:
    frame(page).hover()

    found = copied(page, answer(page).get_by_role("button", name="Copy table").click)

    assert list(csv.reader(io.StringIO(found["text/plain"], newline=""), delimiter="\t")) == TABLE
    assert found["text/html"].startswith('<table border="1" cellspacing="0" cellpadding="4">')
    assert "Copy" not in found["text/html"]


def test_a_table_is_loaded_down_as_csv(page: Page) -> None:
    frame(page).focus()
    with page.expect_download() as download:
        answer(page).get_by_role("button", name="Download CSV").click()

    assert download.value.suggested_filename == "Lights north south.csv"
    content = download.value.path().read_bytes().decode()
    assert content.startswith("\ufeff")
    harmless = [[cell.replace("=1+1", "'=1+1") for cell in row] for row in TABLE]
    assert list(csv.reader(io.StringIO(content[1:], newline=""))) == harmless


@long_walk
def test_the_tools_of_a_table_show_when_it_is_pointed_at_or_focused(page: Page) -> None:
    tools = answer(page).locator(".table-tools")
    expect(tools).to_have_css("opacity", "0")
    frame(page).hover()
    expect(tools).to_have_css("opacity", "1")
    page.mouse.move(0, 0)
    expect(tools).to_have_css("opacity", "0")
    answer(page).get_by_role("button", name="Copy table").focus()
    expect(tools).to_have_css("opacity", "1")


@long_walk
def test_tools_come_with_a_table_that_was_watched(page_for: PageFor, server: Server) -> None:
    page = page_for("alice", server=server)
    article = ask_from_home(page, "Which? #demo:fast #demo:echo | a | b |\n|---|---|\n| 1 | 2 |\n\nAnd that is it.")
    wait_for(article, "finished")

    with page.expect_download() as download:
        article.get_by_role("button", name="Download CSV").click()

    assert download.value.path().read_bytes() == b"\xef\xbb\xbfa,b\r\n1,2\r\n"


@long_walk
def test_without_scripts_there_is_nothing_that_does_not_work(page_for: PageFor, address: str) -> None:
    page = page_for("bob", javascript=False)
    page.goto(address)

    expect(page.locator(".table-tools, .copy-code")).to_have_count(0)
    for name in ("Copy", "Copy with sources", "Copy table", "Download CSV"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)


@long_walk
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_and_colours_are_right(
    page_for: PageFor, address: str, shared_server: Server, axe: Callable[[Page], None], scheme: str
) -> None:
    page = page_for("bob", width=320, scheme="dark" if scheme == "dark" else "light")
    page.goto(address)
    answer(page).get_by_role("button", name="Copy table").focus()

    assert scrolls_sideways(page) == []
    axe(page)


LONG: Talk = {
    "owner": "alice",
    "title": "Long things",
    "exchanges": [
        {
            "question": "How long?",
            "answers": [
                {
                    "text": f"{'w' * 19_000}\n\n- {'l' * 19_000}\n\n> {'q' * 19_000}\n\n`{'c' * 19_000}`\n\n"
                    f"| a | b |\n|---|---|\n| {'t' * 19_000} | x |\n\n|{'h|' * 200}\n|{'-|' * 200}\n|{'d|' * 200}\n\n"
                    f"```\n{'k' * 1_000}\n```\n\nSo ${'+'.join(f'x_{n}' for n in range(9)) * 9}$ it is.\n\n"
                    f"$${'+'.join(f'x_{n}' for n in range(9)) * 9}$$\n\nhttps://a.example/{'z' * 3_000}\n"
                }
            ],
        }
    ],
}


@long_walk
def test_what_is_too_long_scrolls_inside_itself_by_keyboard_too(
    page_for: PageFor, shared_server: Server, axe: Callable[[Page], None]
) -> None:
    page = page_for("bob", width=320)
    page.goto(f"/c/{fill(shared_server.store, [LONG])[0]}/")
    assert scrolls_sideways(page) == []
    for selector in (".table >> nth=0", ".table >> nth=1", ".code pre", "math.wide", "div.math"):
        box = answer(page).locator(f".prose {selector}")
        box.focus()
        expect(box).to_be_focused()
        page.keyboard.press("ArrowRight")
        inner = "(box) => [box, ...box.querySelectorAll('*')].some((one) => one.scrollLeft > 0)"
        page.wait_for_function(f"() => ({inner})(document.activeElement)")
        assert box.bounding_box()["x"] + box.bounding_box()["width"] <= 320  # type: ignore[index]
    axe(page)
