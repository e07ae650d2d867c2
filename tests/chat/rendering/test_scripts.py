"""Scripts that set no blanks, or run from right to left: emphasis, formulas, addresses and lists hold there too."""

import pytest

from chat.rendering import to_html
from chat.rendering.addresses import addresses_in
from tests.chat.rendering.inert import assert_inert


def inside(text: str) -> str:
    """The paragraph that the text becomes."""
    html = to_html(text)
    assert_inert(html)
    return html.strip().removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**开源：**代码", "<strong>开源：</strong>代码"),
        ("これは**「太字」**です。", "これは<strong>「太字」</strong>です。"),
        ("*「斜体」*です", "<em>「斜体」</em>です"),
        ("**이것은(괄호)**입니다", "<strong>이것은(괄호)</strong>입니다"),
        ("价格**“很低”**。另外", "价格<strong>“很低”</strong>。另外"),
        ("~~（旧）~~新", "<s>（旧）</s>新"),
        ("**`code`**的", "<strong><code>code</code></strong>的"),
        ("**[链接](https://a.example/)**是", None),
        ("**中文**と**日本語**", "<strong>中文</strong>と<strong>日本語</strong>"),
        ('a**"b"**c', "a**&quot;b&quot;**c".replace("&quot;", '"')),
        ("snake_case_名前_です", "snake_case_名前_です"),
    ],
)
def test_emphasis_stands_beside_chinese_japanese_and_korean(text: str, html: str | None) -> None:
    if html is None:
        assert "*" not in inside(text)
    else:
        assert inside(text) == html


@pytest.mark.parametrize("text", ["设$x$为变量", "пусть$x$будет", "（$x$）", "$x$が", "ค่า$x$คือ", "ערך$x$הוא"])
def test_a_formula_stands_between_letters_of_scripts_without_blanks(text: str) -> None:
    assert inside(text).count("<math") == 1


@pytest.mark.parametrize(
    "text",
    [
        "US dollar ($), Australian dollar (A$).",
        "Set ${HOME}/bin:${PATH} first.",
        "call $this->foo($bar).",
        "价格是$5到$10。",
        "цена $5 или $10",
        "if ($a === $b) { $c = $d; }",
        "`$x` is $y in PHP, and $z->y($x) too",
        "$HOME, $PATH and $USER",
        "US$ 5, A$ 6 and NZ$ 7",
        "$a[0] and $b[1]",
    ],
)
def test_dollar_signs_of_money_and_code_stay_text(text: str) -> None:
    assert "<math" not in to_html(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("详见 https://a.example/1。另见https://b.example/2，然后", ["https://a.example/1", "https://b.example/2"]),
        ("https://a.example/1另见", ["https://a.example/1"]),
        ("https://a.example/path에서", ["https://a.example/path"]),
        ("https://a.example/x」と", ["https://a.example/x"]),
        ("“https://a.example/x”", ["https://a.example/x"]),
        ("«https://a.example/x»", ["https://a.example/x"]),
        ("https://a.example/pageэто", ["https://a.example/page"]),
        ("https://zh.wikipedia.org/wiki/中国_(消歧义)", ["https://zh.wikipedia.org/wiki/中国_(消歧义)"]),
        ("https://a.example/?q=中国&b=日本", ["https://a.example/?q=中国&b=日本"]),
        ("https://a.example/café/ü", ["https://a.example/café/ü"]),
        ("https://пример.рф/путь.", ["https://пример.рф/путь"]),
        ("https://a.example/a_(b).", ["https://a.example/a_(b)"]),
        ("见https://a.example/x", ["https://a.example/x"]),
        ("xhttps://a.example/x", []),
    ],
)
def test_an_address_ends_where_the_sentence_goes_on(text: str, found: list[str]) -> None:
    assert [url for _start, url in addresses_in(text)] == found


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        ("- العنصر", '<ul dir="auto">'),
        ("1. العنصر", '<ol dir="auto">'),
        ("- [ ] العنصر", '<ul class="tasks" dir="auto">'),
        ("> اقتباس", '<blockquote dir="auto">'),
        ("| ا | ب |\n|---|---|\n| ج | د |", '<table dir="auto">'),
    ],
)
def test_bullets_bars_and_columns_follow_the_direction_of_the_text(text: str, opening: str) -> None:
    html = to_html(text)
    assert_inert(html)
    assert opening in html
