"""A citation mark stands on the line of the word before it, however narrow the page and whatever the script."""

import json

import pytest

from tests.browser.conftest import PageFor
from tests.browser.steps import answer, ask_from_home, wait_for
from tests.walks import long_walk

SOURCES = [{"title": f"Title {number}", "url": f"https://site{number}.example/"} for number in range(1, 10)]
TEXTS = {
    "latin": "The keeper climbed the stairs every evening[1] and lit the lamp.[2][3] It **burned**[4] all `night`[5] "
    "until [dawn](https://site6.example/)[6], when he came down again [7]. Then [8] [9] he slept [^1] well.[99] ",
    "cjk": "灯台は一八七一年に建てられた[1]。その後**自動化**[2]され、管理人はいなくなった。"
    "[3][4]灯塔的光在海上可见[5]，"
    "每晚都亮[6]。그 등대는 오래되었다[7]. ",
    "arabic": "بنيت المنارة في عام ١٨٧١[1] وتم تشغيلها آليا[2][3]. "
    "كان الحارس يصعد الدرج كل مساء [4] ويضيء المصباح.[5] ",
    "thai": "ประภาคารถูกสร้างขึ้นในปี 1871[1] และเปลี่ยนเป็นระบบอัตโนมัติ[2][3]ผู้ดูแลจึงไม่จำเป็น[4] ",
}

# Marks that begin a line: the sign before them, blanks aside, stands above them. Long runs may break inside.
STRAY = """
    () => [...document.querySelectorAll(".prose :is(a.cite, .unknown-source)")].filter((mark) => {
        const signs = document.createTreeWalker(mark.closest("p"), NodeFilter.SHOW_TEXT);
        let before = null;
        while (signs.nextNode() && signs.currentNode.parentElement.closest(".cite, .unknown-source") !== mark) {
            const at = signs.currentNode.data.trimEnd().length;
            if (at) before = [signs.currentNode, at];
        }
        if (!before) return false;
        const range = document.createRange();
        range.setStart(before[0], before[1] - 1);
        range.setEnd(before[0], before[1]);
        return mark.getBoundingClientRect().top > range.getBoundingClientRect().bottom;
    }).map((mark) => mark.closest("p").textContent.slice(0, 20) + mark.textContent)
"""


@pytest.mark.parametrize("script", TEXTS)
def test_no_mark_begins_a_line(page_for: PageFor, script: str) -> None:
    page = page_for("alice")
    article = ask_from_home(page, f"#demo:fast #demo:echo_sources {json.dumps(SOURCES)} {TEXTS[script] * 4}")
    wait_for(article, "finished")
    assert answer(page).locator("a.cite").count() > 12
    for width in range(320, 420, 5):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(STRAY) == [], width


@long_walk
def test_what_is_copied_by_selecting_has_nothing_invisible(page_for: PageFor) -> None:
    page = page_for("alice")
    article = ask_from_home(page, f"#demo:fast #demo:echo_sources {json.dumps(SOURCES)} A word [1] and one[2][3].")
    wait_for(article, "finished")
    selected = page.evaluate(
        """() => {
            getSelection().selectAllChildren(document.querySelector(".prose p"));
            return getSelection().toString();
        }"""
    )
    assert selected.strip() == "A word [1] and one[2][3]."


@long_walk
def test_a_long_run_of_marks_may_break_between_them(page_for: PageFor) -> None:
    page = page_for("alice", width=360)
    article = ask_from_home(page, f"#demo:fast #demo:echo_sources {json.dumps(SOURCES)} So it is said[1-9][1-9].")
    wait_for(article, "finished")
    assert page.evaluate(
        "() => document.querySelector('.prose').scrollWidth <= document.querySelector('.prose').clientWidth"
    )
