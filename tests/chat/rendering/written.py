"""Texts as models write them, of each kind that was once shown wrongly."""

POEM = "The lamp is lit,\nthe tide is in,\nand nobody is home.\n\nSecond verse,  \nwith blanks,\\\nand a sign."
ADDRESS = "Harbour Office\n12 Quay Street\nVarn 1040\n\nTel. +00 123"
BULLETS = "• one\n• two\n• three"
NESTED_LINES = (
    "- Harbour Office\n  12 Quay Street\n\n  Varn\n- tight\n  two lines\n  - inner\n    two more\n"
    "- [ ] task\n  second line"
)
QUOTED_LINES = "> The lamp is lit,\n> the tide is in.\n>\n> — a keeper\n\n> - quoted\n>   item"
EAST_ASIAN_LINES = "古池や\n蛙飛び込む\n水の音\n\n床前明月光，\n疑是地上霜。"
TAG_LINES = "one<br>\ntwo<br/>three\n<br>\nfour"

FOLDED = (
    "Before.\n\n<details>\n<summary>The **steps** [1]</summary>\n\n1. one\n2. two\n\n```html\n</details>\n```\n\n"
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n</details>\n\nAfter."
)
FOLDED_IN_ONE_LINE = "<details><summary>Short</summary>A *word*.</details>\n\nAfter."
FOLDED_TWICE = (
    "<details open>\n<summary>\nOuter\n</summary>\n\n<details><summary>Inner</summary>\n\n- a\n- b\n</details>\n\n"
    "more</details>\nAfter."
)
FOLDED_IN_ITEM = (
    "- a\n\n  <details>\n  <summary>S</summary>\n\n  text\n\n  </details>\n- b\n\n"
    "> <details>\n> <summary>Q</summary>\n> text\n> </details>"
)
UNBALANCED = [
    "<details>\n<summary>Never closed</summary>\n\ntext\n\n## head\n\n- a",
    "text</details>\n\n</summary> more </details>",
    "<details>\n\n<summary>Never closed\n\ntext\n</details>",
    "<summary>Alone</summary>\n\ntext",
    "<details>\n<details>\n<summary>Once closed</summary>\na\n</details>\n\nb",
    "- <details>\n- <summary>a</summary>\n\nb\n</details>",
    "> <details>\n> a\n\nb\n</details>\n",
    '<details class="x">\n<summary>a</summary>\nb\n</details>',
    "    <details>\n    code\n\n</details>",
    "```\n<details>\n```\n</details>",
    "a\n<details>\nb\n</details>\nc",
    "- a\n<details>\nb\n\n- c\n</details>\nd",
    "| a |\n|---|\n<details>\n| b |\n</details>",
    "$$\nx\n<details>\n$$\n</details>",
    "<details></details>\n<details><summary></summary></details>",
    "<details>\n```\n</details>\n\nnever closed",
    "# a\n<details>\n# b\n</details>\n## c",
]
EDGES = [
    "a\n<hr>\nb\n\n- c\n<hr/>\n- d",
    "Here:\n\n```markdown\n# T\n\n```bash\nls\n```\n\nmore\n```\n\nOut. H<sub>2</sub>O.",
    "| a | b |\n|---|---|\n| too | many | cells |\n| x |",
    "Points:\n- one\n- two\n  - three\n\nTotal\n---\n\n1. a\n\n   b\n2. c",
    "设$x$为变量。价格是$5到$10。见 https://a.example/1。另见**开源：**代码",
    "- العنصر\n- الثاني\n\n| ا | ب |\n|---|---|\n| ج | د |",
    "Costs ($), A$ 5, ${HOME}/bin, $$\n\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}\n$$",
    "Rose to 5[1](2023), see [1, 2], [1-3], 【2†source】, [^1].\n\n[^1]: A *note*.\n[^b]: Another.",
    "<b>a *b*</b> <i>c</i> <kbd>x</kbd> <mark>y</mark> <small>z</small> <ins>n</ins> <b>open",
    "\ud83d\ude00 \U0001f1e9\U0001f1ea 👩‍👩‍👧 ก็ क्षि",
    "~~~py\nx = '''\n~~~\n\n- ```js\n  let a\n  ```\n- b\n\n> ```\n> c\n> ```",
    "**bold\nover lines** and `code\nover lines` and [link\nover lines](https://a.example/)",
]

WRITTEN = [
    *(POEM, ADDRESS, BULLETS, NESTED_LINES, QUOTED_LINES, EAST_ASIAN_LINES, TAG_LINES),
    *(FOLDED, FOLDED_IN_ONE_LINE, FOLDED_TWICE, FOLDED_IN_ITEM, *UNBALANCED, *EDGES),
]
