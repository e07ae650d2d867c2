"""Code is shown character by character as it was written, with colours where the language was named and is known."""

import html
import re
from itertools import product

import pytest

from chat.rendering import Growing, to_html
from chat.rendering.code_blocks import code_block
from chat.rendering.highlighting import LANGUAGES, LONGEST_HIGHLIGHTED, Highlighter
from tests import walks
from tests.chat.rendering.call_counts import calls_of
from tests.chat.rendering.inert import assert_inert

SAMPLE = """# a comment // another -- third /* inside */
@decorated
def light(year: int = 0x1F, *rest) -> str:
    '''Doc <b>string</b> &amp; more'''
    return "on" if year > 1998.5 else 'off\\n' + `x` + "unclosed

class Keeper { public static void main(String[] args) { return null; } } // end
#include <stdio.h>
{"key": [true, null, 1e-3]} <!-- comment --> <a href="x">y</a>
\tSELECT * FROM lights WHERE year = 1998; $ ls -la | grep x
"""


def shown_code(rendered: str) -> str:
    inside = rendered.partition('">')[2] if "<code" not in rendered else re.split(r"<code[^>]*>", rendered)[1]
    return html.unescape(re.sub(r"<[^>]*>", "", inside.partition("</code>")[0]))


def test_a_block_has_a_head_with_its_language() -> None:
    assert to_html("```python title=x\nx = 1\n```") == (
        '<div class="code"><div class="code-head"><span>python</span></div>'
        '<pre tabindex="0"><code class="highlight language-python">'
        '<span class="n">x </span><span class="o">= </span><span class="mi">1\n</span></code></pre></div>\n'
    )


@pytest.mark.parametrize("info", ["", "nothing-known", "text", "__class__", "../x", '"x', "<b>"])
def test_without_a_known_language_nothing_is_guessed(info: str) -> None:
    rendered = to_html(f"```{info}\n{SAMPLE}```")

    assert "<span" not in rendered.partition("<code")[2]
    assert '<code class="highlight">' in rendered
    assert shown_code(rendered) == SAMPLE


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_highlighting_changes_no_character(language: str) -> None:
    rendered = to_html(f"~~~{language}\n{SAMPLE}~~~")

    assert shown_code(rendered) == SAMPLE
    assert f"language-{language}" in rendered


@pytest.mark.parametrize("name", ["python", "py", "PYTHON", "js", "tsx", "c++", "c#", "sh", "golang", "yml", "rs"])
def test_a_language_is_known_by_its_usual_names(name: str) -> None:
    assert "language-" in to_html(f"```{name}\nx\n```")


def test_indented_code_is_code_without_a_language() -> None:
    assert shown_code(to_html("    a\n      <b>\n")) == "a\n  <b>\n"


def test_long_code_and_long_lines_are_shown_plainly() -> None:
    short = "x = 1\n" * (LONGEST_HIGHLIGHTED // 6)
    for code, coloured in ((short, True), (short + "x = 12345\n", False), ("x" * 1001, False)):
        rendered = code_block(code, "python", highlighter=Highlighter())
        assert ("<span class" in rendered) is coloured
        assert shown_code(rendered) == code


def test_a_long_name_of_a_language_is_cut_in_the_head() -> None:
    assert f"<span>{'x' * 30}</span>" in to_html(f"```{'x' * 300}\n```")


@pytest.mark.parametrize(
    ("info", "language", "shown"),
    [
        ("mermaid", "mermaid", "Mermaid"),
        ("Mermaid theme=dark", "mermaid", "Mermaid"),
        ("dot", "dot", "Graphviz"),
        ("graphviz", "graphviz", "Graphviz"),
        ("plantuml", "plantuml", "PlantUML"),
        ("d2", "d2", "D2"),
        ("svg", "svg", "SVG"),
    ],
)
def test_a_diagram_is_code_that_says_what_it_is(info: str, language: str, shown: str) -> None:
    code = '<svg onload="x"><rect/></svg>\n\tA --> B\n\n'
    whole, growing = to_html(f"```{info}\n{code}```"), Growing()
    growing.extend(f"```{info}\n{code}")

    head = (
        f'<div class="code" data-kind="diagram" data-language="{language}"><div class="code-head"><span>{shown}</span>'
    )
    assert whole.startswith(head)
    assert growing.tail_html().startswith(head)
    assert shown_code(whole) == code
    assert_inert(whole)


def test_other_code_is_no_diagram() -> None:
    assert "data-kind" not in to_html("```python\nmermaid\n```\n\n```\ndot\n```\n\n```sequence\nx\n```")


LEXED = ["python", "c", "java", "javascript", "lua", "matlab", "make"]
UNITS = ["/*", '"', "'", "a ", " \n", "a\n", "[[", "{", '"""', "\\", "0x", "#", "a(", "`"]


@pytest.mark.parametrize(("language", "unit"), walks.some(product(LEXED, UNITS)))
def test_lexers_do_no_more_than_so_much_work_for_a_character(language: str, unit: str) -> None:
    def work(length: int) -> int:
        code = (unit * length)[:length]
        code = "\n".join(code[begin : begin + 900] for begin in range(0, length, 900))
        code_block(code, language, highlighter=Highlighter())
        return calls_of(lambda: code_block(code, language, highlighter=Highlighter()))

    assert work(12_000) < 6 * work(3_000) + 2_000


FILE = "# Title\n\n```bash\necho hi\n```\n\nMore text.\n"


def test_a_fence_inside_markdown_is_kept_together_with_its_end() -> None:
    html = to_html(f"Here:\n\n```markdown\n{FILE}```\n\nOutside.")

    assert html.count("<pre") == 1
    assert "More text.\n</code>" in html
    assert html.endswith("<p>Outside.</p>\n")


def test_it_stays_together_while_it_is_written_wherever_it_is_cut() -> None:
    text = f"```markdown\n{FILE}```\n\nOutside.\n\n"
    for at in range(len("```markdown\n"), len(text)):
        growing = Growing()
        growing.extend(text[:at])
        growing.extend(text[at:])
        assert "".join(block.html for block in growing.blocks) == to_html(text)
        growing = Growing()
        growing.extend(text[:at])
        shown = "".join(block.html for block in growing.blocks) + growing.tail_html()
        assert shown.count("<pre") == 1


@pytest.mark.parametrize(
    "text",
    [
        "```markdown\n# Title\n```\n\nOutside.",
        "```markdown\n```bash\necho\n```\n\nOutside.",
        "```python\n```bash\n```\n\nOutside.",
        "````markdown\n```bash\necho\n```\n````\n\nOutside.",
    ],
)
def test_what_has_one_end_alone_ends_there(text: str) -> None:
    assert to_html(text).endswith("<p>Outside.</p>\n")
