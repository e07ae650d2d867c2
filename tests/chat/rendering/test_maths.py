"""Formulas become MathML, money stays money, and what cannot be told faithfully is shown as it was written."""

import re

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
    assert to_html(text).count('<math display="inline"') == 1


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
    assert to_html(text).count('<math display="block"') == 1


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

    assert html.startswith('<div class="math" tabindex="0"><math display="block"')
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
    assert shown(html) == "<script><b>\n"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\text{50\% of \$100}", "50% of $100"),
        (r"\text{a \& b \# c \_ d}", "a & b # c _ d"),
        (r"15\% \text{ of } 200", "15% of 200"),
        (r"\textbf{bold} \textit{it} \texttt{mono}", "bolditmono"),
        (r"\begin{pmatrix} a \\[4pt] b \\ [1.5em] [c] \end{pmatrix}", "(ab[c])"),
    ],
)
def test_a_formula_says_what_is_written_in_its_texts_and_no_distances(latex: str, text: str) -> None:
    html = to_html(f"$$\n{latex}\n$$")
    assert_inert(html)
    assert shown(html).strip().replace("\xa0", " ") == text


def test_a_line_below_a_table_is_below_its_last_row() -> None:
    html = to_mathml(r"\begin{array}{|c|} \hline a \\ \hline b \\ \hline \end{array}", display=True)
    assert html.count("<mtr>") == 2
    assert html.count("line-bottom") == 1


def test_texts_keep_their_weight_and_arrows_stand_above_their_letter() -> None:
    html = to_html(r"$\textbf{a}\textit{b}\texttt{c}$")
    assert [f'<mtext class="{name}">' in html for name in ("bold", "italic", "mono")] == [True] * 3
    assert "<mo" in to_mathml(r"\vec{F}", display=False)
    assert "\u20d7" not in to_mathml(r"\vec{F}", display=False)


def rows(latex: str) -> list[str]:
    """The text of each row of the formula's table."""
    found = re.findall(r"<mtr>(.*?)</mtr>", to_mathml(latex, display=True))
    return [shown(re.sub(r"</mtd>", " ", row)).strip() for row in found]


@pytest.mark.parametrize(
    ("latex", "told"),
    [
        ("\\begin{aligned} E &= mc \\\\ p &= mv \\end{aligned}", ["E =mc", "p =mv"]),
        ("\\begin{split} a &= b \\\\ &= c \\end{split}", ["a =b", "=c"]),
        (
            "\\begin{alignedat}{2} a &= b &\\quad c &= d \\\\ e &= f & g &= h \\end{alignedat}",
            ["a =b c =d", "e =f g =h"],
        ),
        ("\\begin{gathered} a \\\\ b \\end{gathered}", ["a", "b"]),
        ("\\begin{dcases} 1 & x > 0 \\\\ 0 & x < 1 \\end{dcases}", ["1 x>0", "0 x<1"]),
        ("\\begin{multline*} a \\\\ b \\end{multline*}", ["a", "b"]),
        ("\\begin{eqnarray} a &=& b \\\\ c &=& d \\end{eqnarray}", ["a = b", "c = d"]),
        ("\\begin{array}{l|c} a & b \\\\ \\hline c & d \\end{array}", ["a b", "c d"]),
        ("\\begin{psmallmatrix} a & b \\\\ c & d \\end{psmallmatrix}", ["a b", "c d"]),
        ("\\sum_{\\substack{i<n \\\\ j<m}} x", ["i<n", "j<m"]),
        ("a \\\\ b", ["a", "b"]),
        ("a &= b \\\\ &= c", ["a =b", "=c"]),
        ("x &lt; y \\\\ z &amp;= 1", ["x<y", "z =1"]),
        ("E = mc \\tag{7}", ["E=mc (7)"]),
        ("\\begin{equation} \\begin{split} a &= b \\end{split} \\end{equation}", ["a =b"]),
    ],
)
def test_rows_and_columns_stay_apart(latex: str, told: list[str]) -> None:
    assert [" ".join(row.split()) for row in rows(latex)] == told


@pytest.mark.parametrize(
    "latex",
    [
        "\\ce{2H2O}",
        "\\begin{CD} A @>>> B \\end{CD}",
        "\\begin{tikzpicture} x \\end{tikzpicture}",
        "\\dv{f}{x}",
        "x \\ref{a}",
        "\\text{a $x$ b}",
        "\\substack{a",
    ],
)
def test_what_the_converter_does_not_know_is_not_guessed(latex: str) -> None:
    assert to_mathml(latex, display=True) == ""


def test_sides_and_lines_of_a_table_are_classes_and_never_styles() -> None:
    html = to_html("$$\n\\begin{array}{r|l} a & b \\\\ \\hline c & d \\end{array}\n$$")

    assert_inert(html)
    assert " style=" not in html
    assert 'class="align-right line-right"' in html


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("$a < b$", "a &lt; b"),
        ('\\(\\text{"x"} & y\\)', "\\text{&quot;x&quot;} &amp; y"),
        ("$$\nx\n= 1\n$$", "x = 1"),
        (
            "$$\n\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}\n$$",
            "\\begin{aligned} a &amp;= b \\\\ c &amp;= d \\end{aligned}",
        ),
    ],
)
def test_a_formula_brings_its_latex_for_who_copies_it(text: str, latex: str) -> None:
    html = to_html(text)

    assert f' data-tex="{latex}">' in html
    assert_inert(html)
