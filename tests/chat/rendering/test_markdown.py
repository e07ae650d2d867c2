"""What a reader sees of an answer's Markdown."""

import pytest

from chat.rendering import data_to_html, to_html
from tests.chat.rendering.conftest import Found
from tests.chat.rendering.inert import assert_inert, shown

REST = 'target="_blank" rel="noopener noreferrer nofollow ugc"'
HINT = 'data-note="unreturned-link"'


def test_a_mark_is_a_link_to_its_source_named_after_it(sources: list[Found]) -> None:
    html = to_html("In 1998.[1][3]", sources=sources, anchor="0190")

    assert html == (
        '<p>In 1998.<a class="cite" href="#source-0190-1" data-source="1"'
        ' aria-label="1: Varn harbour light">[1]</a>'
        '<a class="cite" href="#source-0190-3" data-source="3"'
        ' aria-label="3: A &quot;title&quot; with &lt;b&gt;signs&lt;/b&gt; &amp; more">[3]</a></p>\n'
    )


@pytest.mark.parametrize("mark", ["[01]", "[1998]", "[x]", "[-1]", "[8, 9]", "[0-9]", "\\[1\\]", "[1\\]"])
def test_what_only_looks_like_a_mark_stays_text(mark: str, sources: list[Found]) -> None:
    html = to_html(f"See {mark}.", sources=sources)

    assert html == f"<p>See {mark.replace(chr(92), '')}.</p>\n"


@pytest.mark.parametrize("number", [0, 4, 7, 999])
def test_a_mark_that_no_source_answers_to_is_flagged_where_it_stands(number: int, sources: list[Found]) -> None:
    assert to_html(f"See [{number}].", sources=sources) == f'<p>See<span class="held"> {unknown(number)}</span>.</p>\n'


def unknown(number: int) -> str:
    return f'<span class="unknown-source" data-note="unknown-source">[{number}]</span>'


def test_a_mark_leads_to_the_source_with_that_number_wherever_it_stands_in_the_list() -> None:
    sources = [Found("Eleven", "https://eleven.example/", 11), Found("Four", "https://four.example/", 4)]
    html = to_html("a [4] b [11] c [1]", sources=sources)
    assert '<a class="cite" href="#source-4" data-source="4" aria-label="4: Four">[4]</a>' in html
    assert 'aria-label="11: Eleven">[11]</a></span> c<span class="held"> ' + f"{unknown(1)}</span></p>" in html


def test_several_numbers_in_one_pair_of_brackets_are_as_many_marks(sources: list[Found]) -> None:
    html = to_html("a [1, 3] b [1\u20133] c [2, 9]", sources=sources)
    assert [part.split('"')[0] for part in html.split('data-source="')[1:]] == ["1", "3", "1", "2", "3", "2"]
    assert f"[2]</a></span>{unknown(9)}</p>" in html


@pytest.mark.parametrize("text", ["`[1]`", "```\n[1]\n```", "    [1]", "$x[1]$", "$$\nx[1]\n$$"])
def test_a_number_in_code_or_a_formula_is_no_mark(text: str, sources: list[Found]) -> None:
    assert "cite" not in to_html(text, sources=sources)


@pytest.mark.parametrize(
    "text", ["# a [1]", "- a [1]", "> a [1]", "**a [1]**", "| a [1] |\n|---|", "- [ ] [1]", "*[1]*", "[1](x [1]"]
)
def test_marks_are_links_wherever_text_is(text: str, sources: list[Found]) -> None:
    assert 'data-source="1"' in to_html(text, sources=sources)


def test_a_source_without_a_title_is_named_by_its_site() -> None:
    assert 'aria-label="1: a.example"' in to_html("[1]", sources=[Found("", "https://www.a.example/x")])


def test_the_model_cannot_say_where_a_mark_leads(sources: list[Found]) -> None:
    html = to_html("As said [1].\n\n[1]: https://elsewhere.example", sources=sources)

    assert html.count('href="#source-1"') == 2
    assert ': <a class="unsourced" href="https://elsewhere.example"' in html


def test_a_line_that_looks_like_a_definition_and_has_no_address_does_not_vanish() -> None:
    assert to_html("[Sources]: none") == "<p>[Sources]: none</p>\n"
    assert to_html("[Note]:\nsee below") == "<p>[Note]:\nsee below</p>\n"
    assert to_html("[a]\n\n[a]: /x 'y'") == '<p>[a](/x "y")</p>\n'


def test_a_number_with_an_address_is_an_ordinary_link(sources: list[Found]) -> None:
    assert to_html("[1](https://o.example)", sources=sources) == (
        f'<p><a class="unsourced" href="https://o.example" {REST} {HINT}>[1]</a></p>\n'
    )
    assert ">[1]</a>" in to_html("[[1]](https://o.example)", sources=sources)
    assert "cite" not in to_html("[[1]](https://o.example)", sources=sources)


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour.example/varn",
        "HTTPS://Harbour.Example/varn/",
        "https://harbour.example/varn#old",
        "https://lights.example/list",
    ],
)
def test_an_address_that_the_search_returned_is_told_apart(url: str, sources: list[Found]) -> None:
    assert to_html(f"[x]({url})", sources=sources) == f'<p><a class="sourced" href="{url}" {REST}>x</a></p>\n'


@pytest.mark.parametrize(
    "url", ["https://harbour.example", "http://harbour.example/varn", "https://harbour.example/Varn"]
)
def test_an_address_that_the_search_did_not_return_says_so(url: str, sources: list[Found]) -> None:
    assert to_html(f"[x]({url})", sources=sources) == f'<p><a class="unsourced" href="{url}" {REST} {HINT}>x</a></p>\n'


@pytest.mark.parametrize(
    "url", ["javascript:x", "data:text/html,x", "//o.example", "/path", "page.html", "#top", "ftp://o.example"]
)
def test_a_link_with_a_refused_address_is_shown_as_it_was_written(url: str) -> None:
    assert to_html(f"a [b *c*]({url}) d") == f"<p>a [b <em>c</em>]({url}) d</p>\n"


def test_bare_web_addresses_are_links_without_the_end_of_the_sentence() -> None:
    html = to_html("See https://o.example/a_b_(c)?d=1&e=2, (https://o.example/f).")

    assert 'href="https://o.example/a_b_(c)?d=1&amp;e=2"' in html
    assert ">https://o.example/f</a>)." in html


@pytest.mark.parametrize("text", ["xhttps://o.example", "https://", "http://user@o.example", "`https://o.example`"])
def test_other_words_do_not_become_addresses(text: str) -> None:
    assert "<a" not in to_html(text)


def test_a_mail_address_is_a_link_and_carries_nothing_else() -> None:
    assert 'href="mailto:a@b.example"' in to_html("<a@b.example>")
    assert "<a" not in to_html("[x](mailto:a@b.example?body=y)")


def test_a_picture_from_elsewhere_is_a_link_with_its_words() -> None:
    assert to_html("![The *light*](https://o.example/p.png)") == (
        f'<p><a class="unsourced" href="https://o.example/p.png" {REST} {HINT}>The light</a></p>\n'
    )
    assert ">o.example</a>" in to_html("![](https://o.example/p.png)")
    assert to_html("![words](data:image/png;base64,x)") == "<p>![words](data:image/png;base64,x)</p>\n"
    assert shown(to_html("[![words](https://o.example/p.png)](https://o.example)")) == "words\n"


def test_a_link_without_words_is_named_by_its_site() -> None:
    assert ">o.example</a>" in to_html("[](https://www.o.example/x)")


def test_html_is_shown_as_text_and_a_line_break_breaks_the_line() -> None:
    assert to_html("<i x>x</i><br>y") == "<p>&lt;i x&gt;x&lt;/i&gt;<br>y</p>\n"
    assert to_html("<div>\nx\n</div>") == "<p>&lt;div&gt;\nx\n&lt;/div&gt;</p>\n"


def test_headings_begin_below_the_page_s_own_and_leave_no_level_out() -> None:
    html = to_html("# a\n\n### b\n\n###### c\n\n## d\n\n# e\n\n## f\n\n### g\n\n#### h\n\n##### i")

    assert [html[begin + 1 : begin + 5] for begin in range(len(html)) if html[begin : begin + 2] == "<h"] == [
        "h3>a", "h4>b", "h5>c", "h4>d", "h3>e", "h4>f", "h5>g", "h6>h", "h6>i",
    ]  # fmt: skip
    assert to_html("## a") == "<h3>a</h3>\n"


def test_an_empty_cell_above_a_column_is_no_heading() -> None:
    html = to_html("|  | a |\n|:-:|---|\n| 1 | 2 |")
    assert "<thead>\n<tr>\n<td></td>\n<th>a</th>\n</tr>" in html


def test_a_table_scrolls_inside_itself_and_keeps_its_alignment() -> None:
    html = to_html("| a | b |\n|:-:|--:|\n| 1 | 2 |")

    assert html.startswith('<div class="table" tabindex="0" role="group"><table dir="auto">')
    assert '<td class="align-center">1</td>' in html
    assert '<td class="align-right">2</td>' in html


def test_tasks_are_boxes_that_nobody_can_tick() -> None:
    html = to_html("- [ ] open\n- [x] done")

    assert html.startswith(
        '<ul class="tasks" dir="auto">\n<li class="task"><input type="checkbox" disabled="" aria-label="Not done"> open'
    )
    assert '<input type="checkbox" disabled="" checked="" aria-label="Done"> done' in html


def test_numbered_lists_keep_their_first_number() -> None:
    assert to_html("3. a\n4. b").startswith('<ol start="3" dir="auto">')


def test_the_usual_signs_mean_the_usual_things() -> None:
    assert to_html("*a* **b** ~~c~~ `d` \\*e\\*  \nf") == (
        "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code> *e*<br>f</p>\n"
    )
    assert to_html("> a\n\n---") == '<blockquote dir="auto">\n<p>a</p>\n</blockquote>\n<hr>\n'


def test_line_ends_of_every_kind_and_characters_of_no_kind() -> None:
    assert to_html("a\r\n\r\nb\rc\0\ud800") == "<p>a</p>\n<p>b\nc\ufffd\ufffd</p>\n"


def test_nothing_makes_nothing() -> None:
    assert to_html("") == to_html(" \n\t\n") == ""


def test_data_beside_an_answer_cites_nothing_and_leads_nowhere() -> None:
    html = data_to_html(
        "## VRN\n\n| price |\n|---|\n| <b>3.50</b> [1] |\n\nSee https://o.example/ and [x](https://o.example)."
    )
    assert "<td><strong>3.50</strong> [1]</td>" in html
    assert "<a" not in html
    assert data_to_html("- a\n" * 50_000).startswith('<pre class="plain"')


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("H<sub>2</sub>O and x<sup>2</sup>", "H<sub>2</sub>O and x<sup>2</sup>"),
        ("<kbd>Ctrl</kbd>+<KBD>C</KBD>", "<kbd>Ctrl</kbd>+<kbd>C</kbd>"),
        ("<b>a *b*</b> <i>c</i> <u>d</u> <del>e</del>", "<strong>a <em>b</em></strong> <em>c</em> <u>d</u> <s>e</s>"),
        ("<b>never closed", "&lt;b&gt;never closed"),
        ("</b>never opened", "&lt;/b&gt;never opened"),
        ("<b><i>a</b></i>", "&lt;b&gt;<em>a&lt;/b&gt;</em>"),
        ('<b class="x">a</b>', '&lt;b class="x"&gt;a&lt;/b&gt;'),
        ("`<b>a</b>`", "<code>&lt;b&gt;a&lt;/b&gt;</code>"),
        ("<script>a</script>", "&lt;script&gt;a&lt;/script&gt;"),
    ],
)
def test_tags_that_say_something_and_do_nothing_work_in_pairs(text: str, html: str) -> None:
    assert to_html(text) == f"<p>{html}</p>\n"


def test_cells_beyond_the_columns_of_the_head_are_shown() -> None:
    html = to_html("| a | b |\n|---|---|\n| too | many | cells |\n| 1 | 2 |")

    assert html.count("<td>") == 1 + 3 + 2  # the first is the place in the head
    assert "<td>cells</td>" in html


def test_footnotes_are_notes_where_they_stand(sources: list[Found]) -> None:
    html = to_html("Claim[^1] and[^b], not[^9].\n\n[^1]: A *note*. [2]\n[^b]: https://o.example", sources=sources)

    assert_inert(html)
    claim, first, second, _ = html.split("</p>\n")
    sup = '<sup class="footnote" data-note="footnote">'
    assert claim == f"<p>Claim{sup}1</sup> and{sup}b</sup>, not[^9]."
    assert first.startswith(
        '<p class="footnote"><sup data-note="footnote-back">1</sup> A <em>note</em>.<span class="held"> <a'
    )
    assert second.startswith(
        '<p class="footnote"><sup data-note="footnote-back">b</sup> <a class="unsourced" href="https://o.example"'
    )


def test_without_the_note_a_caret_is_a_mark(sources: list[Found]) -> None:
    assert 'data-source="1"' in to_html("Claim[^1].", sources=sources)
