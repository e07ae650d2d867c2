"""Formulas become MathML, money stays money, and what cannot be told faithfully is shown as it was written."""

import pytest

from chat.rendering import to_html
from chat.rendering.mathml import to_mathml
from tests.chat.rendering.inert import assert_inert, shown


@pytest.mark.parametrize(
    "text",
    [
        "$x$",
        "$x^2 + y_1$",
        "$12$",
        "$5 + x$",
        "$1, 2, \\dots, n$",
        "the $n$th",
        "$\\$5$",
        "\\(x\\)",
        "\\(a+b\\)",
        "($x$)",
        "$x$-axis",
    ],
)
def test_a_formula_in_a_line(text: str) -> None:
    assert to_html(text).count('<math display="inline">') == 1


@pytest.mark.parametrize(
    "text",
    [
        "$$x$$",
        "$$\nx\n$$",
        "\\[x=1\\]",
        "\\[\nx\n\\]",
        "text $$x$$ text",
        "$$ x\n+ y $$",
        "- item\n\n  $$\n  x\n  - y\n  $$",
        "> $$\n> x\n> $$",
        "Text:\n$$\nx\n+ y\n$$\nmore",
    ],
)
def test_a_formula_on_its_own(text: str) -> None:
    assert to_html(text).count('<math display="block">') == 1


@pytest.mark.parametrize(
    "text",
    [
        "$5 and $10",
        "$5",
        "from $5 to $10",
        "$5-$10",
        "$20,000 and $30,000.",
        "US$5 and A$6",
        "**$5** and **$10**",
        "$5 a month, or 50$ a year",
        "costs $ 5 $",
        "$",
        "$$",
        "$$$",
        "$$$$",
        "$HOME/bin:$PATH",
        "a $ b $ c",
        "\\$x\\$",
        "\\[1\\]",
        "\\[sic\\]",
        "\\(see below\\)",
        "\\(",
        "\\[",
        "\\( \\)",
        "$$\n\n$$",
        "`$x$`",
        "$x",
        "$$x",
        "5$ and 6$",
    ],
)
def test_money_and_brackets_stay_text(text: str) -> None:
    assert "<math" not in to_html(text)


def test_a_formula_ends_before_an_empty_line_a_heading_or_a_fence() -> None:
    assert "<math" not in to_html("$$\nx\n\ny\n$$")
    assert "<h3>" in to_html("$$\nx\n# y\n$$")
    assert "<pre" in to_html("$$\nx\n```\n$$\n```")


@pytest.mark.parametrize(
    "latex",
    [
        "\\frac{1}{2}",
        "\\sqrt[3]{x}",
        "\\sum_{i=1}^{n} i",
        "\\int_0^1 f(x)\\,dx",
        "\\begin{pmatrix}1 & 2\\\\3 & 4\\end{pmatrix}",
        "\\begin{aligned}a &= b\\\\c &= d\\end{aligned}",
        "\\alpha \\to \\infty",
        "\\text{if } x < 0",
        "\\mathbb{R}",
        "x \\in A",
        "\\begin{cases}1 & x>0\\\\0 & x\\le 0\\end{cases}",
        "\\vec{v} \\cdot \\hat{n}",
        "e^{i\\pi} + 1 = 0",
        "\\left(\\frac{a}{b}\\right)",
        "\\lim_{x \\to 0} \\sin x",
        "\\overline{AB}",
        "\\binom{n}{k}",
        "f'(x)",
        "\\quad \\text{and} \\quad",
        "\\mathrm{kg}",
        "50\\%",
    ],
)
def test_what_models_write_becomes_mathml(latex: str) -> None:
    html = to_html(f"$$\n{latex}\n$$")

    assert html.startswith('<div class="math" tabindex="0"><math display="block">')
    assert_inert(html)


@pytest.mark.parametrize(
    "latex",
    [
        "\\frac{1}",
        "x^",
        "{",
        "\\begin{matrix}",
        "\\left(",
        "\\nosuchcommand",
        "x^2^3",
        "\\href{a}{b}",
        "\\style{a}{b}",
        "\\class{a}{b}",
        "\\unicode{x41}",
        "\\def\\a{b}\\a",
        "\\newcommand{\\a}{b}\\a",
        "\\verb|a|",
        "\\rule{1em}{1em}",
        "&#x41;",
        "x" * 2001,
        "{" * 900 + "}" * 900,
        "\\sqrt" * 300 + "x",
    ],
)
def test_what_cannot_be_told_is_shown_as_it_was_written(latex: str) -> None:
    assert to_mathml(latex, display=False) == ""
    assert latex in shown(to_html(f"$$ {latex} $$"))


def test_lengths_stay_within_the_line_and_colours_are_left_out() -> None:
    assert "width" not in to_mathml("a\\hspace{999em}b", display=False)
    assert 'width="1em"' in to_mathml("a\\hspace{1em}b", display=False)
    assert "color" not in to_mathml("\\textcolor{red}{x}", display=False)


def test_text_inside_a_formula_is_text() -> None:
    html = to_html("$\\text{<script>&lt;b&gt;}$")

    assert_inert(html)
    assert shown(html) == "<script>&lt;b&gt;\n"
