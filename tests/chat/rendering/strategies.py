"""Markdown of every kind, as a strategy: what models write, and lines that stand in each other's way."""

import re

from hypothesis import strategies as st

_WORD = st.sampled_from(
    [
        "light",
        "Varn",
        "automated",
        "1998",
        "the",
        "a",
        "keeper's",
        "10,000",
        "state-of-the-art",
        "e.g.",
        "ü",
        "灯台",
        "x_y",
    ]
)
_SPAN = st.one_of(
    _WORD,
    _WORD,
    st.builds("**{}**".format, _WORD),
    st.builds("*{}*".format, _WORD),
    st.builds("`{}`".format, _WORD),
    st.builds("~~{}~~".format, _WORD),
    st.builds("[{}](https://lights.example/list)".format, _WORD),
    st.builds("[{}](https://other.example/{})".format, _WORD, _WORD),
    st.sampled_from(
        ["[1]", "[2][3]", "[9]", "$x^2$", "$5", r"\(y\)", "https://other.example/a_b.", "<b>", "&amp;", "\\*"]
    ),
)
_SENTENCE = st.lists(_SPAN, min_size=1, max_size=12).map(" ".join)
_PARAGRAPH = st.lists(_SENTENCE, min_size=1, max_size=3).map("\n".join)
_CODE = st.sampled_from(
    ["x = 1", "def f():", "    return 'a'", "", "# not a heading", "- not an item", "| no | table |"]
)
_FENCE = st.builds(
    "{0}{1}\n{2}\n{0}".format,
    st.sampled_from(["```", "~~~", "````"]),
    st.sampled_from(["", "python", "js", "nothing-known"]),
    st.lists(_CODE, max_size=6).map("\n".join),
)
_CELL = _SENTENCE.map(lambda text: text.replace("|", ""))
_TABLE = st.builds(
    lambda head, rows: "\n".join(f"| {' | '.join(row)} |" for row in [head, ("---", ":-:", "--:"), *rows]),
    st.tuples(_CELL, _CELL, _CELL),
    st.lists(st.tuples(_CELL, _CELL, _CELL), max_size=4),
)
_INDENTED = st.builds(lambda block, by: re.sub(r"(?m)^(?=.)", by, block), st.one_of(_PARAGRAPH, _FENCE), st.just("   "))
_LIST = st.builds(
    lambda marks, items, gap: gap.join(f"{mark} {item}" for mark, item in zip(marks, items, strict=False)),
    st.sampled_from([["-"] * 9, ["*"] * 9, [f"{n}." for n in range(1, 10)], ["- [ ]", "- [x]"] * 4]),
    st.lists(
        st.one_of(
            _SENTENCE,
            st.builds("{}\n\n{}".format, _SENTENCE, _INDENTED),
            st.builds("{}\n   - {}".format, _SENTENCE, _SENTENCE),
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["\n", "\n", "\n\n"]),
)
_BLOCK = st.one_of(
    _PARAGRAPH,
    st.builds("{} {}".format, st.sampled_from(["#", "##", "###", "####"]), _SENTENCE),
    _FENCE,
    _TABLE,
    _LIST,
    _PARAGRAPH.map(lambda text: re.sub(r"(?m)^", "> ", text)),
    st.sampled_from(["---", "$$\nx = 1\n+ y\n$$", "\\[\nx\n\\]", "    indented\n    code"]),
)

ordinary = st.lists(_BLOCK, min_size=1, max_size=7).map("\n\n".join)
"""What a model writes: whole blocks with empty lines between them."""

_LINE = st.sampled_from(
    [
        "text [1]",
        "more *text*",
        "",
        "",
        "",
        "- item",
        "- [ ] item",
        "  inside",
        "    deep",
        "* star",
        "1. one",
        "10. ten",
        "1) one",
        "   inside one",
        "  - nested",
        "- - twice",
        "-",
        "1.",
        "- ```",
        "```py",
        "```",
        "  ```",
        "   ```",
        "    ```",
        "~~~",
        "# head",
        "  ## head",
        "#",
        "under\n===",
        "under\n---",
        "---",
        "- - -",
        "***",
        "\tcode",
        "> quote",
        "> - item",
        "> ```",
        "| a | b |",
        "|---|---|",
        "| 1 | 2 |",
        "a | b",
        "--|--",
        "$$",
        "$$ x $$",
        "+ y",
        "- c = d",
        "\\[",
        "\\]",
        "  ",
        "    ",
        "`open",
        "**open",
        "<div>",
        "<details>",
        "<details open><summary>s</summary>",
        "<summary>s</summary>",
        "</details>",
        "- <details>",
        "  </details>",
        "more</details>",
        "<hr>",
        "[1]: https://x.example",
        "[1] [2]",
        "\x0c",
        "\xa0",
        "-\ttab",
        "- > quote",
        "> " * 45 + "deep",
        "- " * 25 + "deep",
    ]
)
rough = st.builds(
    lambda lines, end: end.join(line.replace("\n", end) for line in lines),
    st.lists(_LINE, max_size=16),
    st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]),
)
"""Lines that begin, end and interrupt each other in every order."""

noise = st.text(st.sampled_from("ab1 \n\n\t`~*_[]()<>#-+.|:$\\!&;'\"\r\0\ud800é\u2028\xa0/=^{}"), max_size=60)
"""Characters that mean something, in no order at all."""
