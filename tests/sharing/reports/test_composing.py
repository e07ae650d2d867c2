"""Answers put together: every mark means what it meant in its own answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.rendering import to_html
from chat.rendering.citation_marks import CitationMarks
from chat.rendering.mark_forms import SourceNumber
from chat.sources.copies.addresses import address_key
from core.cpu_budget import CpuBudget
from core.errors import ActionRefused
from sharing.reports import service
from sharing.reports.composing import heading_of
from sharing.reports.renumbering import linked, renumbered
from sharing.reports.sections import sections_of
from sharing.reports.showing import shown_text, whole_text
from sharing.reports.sources import MOST, ReportSource, SourceList, sources_of
from sharing.reports.tidying import tidied
from tests import walks
from tests.sharing.reports.conftest import Begin, Told


@dataclass(frozen=True)
class Cited:
    number: int
    title: str
    url: str


PAGES = [f"https://s{number}.example/page" for number in range(6)]
SPELLINGS = ["https://www.s1.example/page?utm_source=x", "http://s2.example/page/"]

OWN = PAGES[0]  # a page of every answer
NOTE = "\n[^1]: A note [2].\n\n"
TABLE = "\n| a | b |\n|--|--|\n| x [1] | y |\n\n"

words = st.sampled_from(
    ["The light", "`[1]`", "**keeps**", "items[0]", "$x[1]$", "\\[2\\]", "| a | [1] |", f"[a]({OWN})"]
)
marks = st.sampled_from(
    ["[1]", "[2]", "[1, 3]", "[2-4]", "[9]", "[[3]]", "\u30102\u2020source\u3011", f"[1]({OWN})", "[4, p. 6]", "[^2]"]
)
ends = st.sampled_from(["\n", "\n\n", " ", "\n- ", "\n> ", "\n```\n[1]\n```\n", "\n### Part\n\n", TABLE, NOTE])
texts = st.lists(st.tuples(words, marks, ends), min_size=1, max_size=8).map(
    lambda parts: "".join(f"{word} {mark}{end}" for word, mark, end in parts)
)
urls = st.lists(st.sampled_from([*PAGES, *SPELLINGS]), min_size=3, max_size=5).map(lambda found: [OWN, *found])
answers = st.lists(st.tuples(texts, urls), min_size=1, max_size=4)

_CITE = re.compile(r'<a class="cite" href="[^"]*" data-source="(\d+)"|<span class="unknown-source"')


def meant(text: str, sources: Sequence[Cited]) -> list[str]:
    """The page behind each mark as it is shown, in the order of the text; "" for one without a source."""
    by_number = {one.number: address_key(one.url) for one in sources}
    return [by_number[int(found[1])] if found[1] else "" for found in _CITE.finditer(to_html(text, sources=sources))]


def put_together(given_answers: list[tuple[str, list[str]]]) -> tuple[str, list[str], tuple[ReportSource, ...]]:
    """A text of sections, what each of its marks is to mean, and its sources."""
    sources, parts, wanted = SourceList(()), [], []
    for text, pages in given_answers:
        own = [Cited(number, "", url) for number, url in enumerate(pages, start=1)]

        def number_of(number: SourceNumber, pages: list[str] = pages) -> int | None:
            known = isinstance(number, int) and 0 < number <= len(pages)
            return sources.number_for(ReportSource(number=0, url=pages[int(number) - 1])) if known else None

        for number in linked(text, own):
            number_of(number)
        marks = CitationMarks(own)
        parts.append(f"## A\n\n{renumbered(text, marks=marks, number_of=number_of, budget=CpuBudget(5))}\n\n")
        wanted += [page for page in meant(text, own) if page]
    return "".join(parts), wanted, sources.sources


def shown(text: str, sources: Sequence[ReportSource]) -> list[str]:
    by_number = {one.number: one.key for one in sources}
    html = whole_text(text, sources, anchor="r").html
    return [by_number[int(found[1])] if found[1] else "" for found in _CITE.finditer(html)]


@settings(deadline=None, max_examples=walks.examples(400))
@given(answers)
def test_each_mark_of_a_report_means_the_page_that_it_meant_in_its_answer(
    given_answers: list[tuple[str, list[str]]],
) -> None:
    text, wanted, sources = put_together(given_answers)

    assert shown(text, sources) == wanted
    assert len({one.key for one in sources}) == len(sources)


@settings(deadline=None, max_examples=walks.examples(400))
@given(answers)
def test_tidying_changes_numbers_and_no_meaning(given_answers: list[tuple[str, list[str]]]) -> None:
    text, wanted, sources = put_together(given_answers)
    beside = ReportSource(number=300, url="https://uncited.example/")

    tidy, left = tidied(text, (*sources, beside))

    assert shown(tidy, left) == wanted
    assert [one.number for one in left] == list(range(1, len(left) + 1))
    assert beside.url not in {one.url for one in left}


@pytest.mark.parametrize("text", ["a [1] b", "# x\n\n## y\nz\n# w", "```\n## no\n```\n## yes\n", "", "\n\n## a\n"])
def test_sections_joined_are_the_text(text: str) -> None:
    assert "".join(sections_of(text)) == text


def test_a_heading_in_a_fence_begins_no_section() -> None:
    assert len(sections_of("a\n```\n## no\n```\n## yes\n")) == 2


@pytest.mark.parametrize("question", ["[1] what?", "# a\n## b", "<b>*x*</b> `c` $1$ and $2$", "\\[1\\]", "  "])
def test_a_question_as_a_heading_is_nothing_but_its_words(question: str) -> None:
    html = to_html(f"## {heading_of(question)}\n", sources=[Cited(1, "", PAGES[0])])

    assert "cite" not in html
    assert html.count("<") == 2


@pytest.mark.django_db
def test_the_same_page_is_one_source_however_its_address_is_written(begin: Begin, told: Told) -> None:
    first = told("Bob [1].", ["https://a.example/x"])
    second = told("Eve [2], not [1].", ["https://b.example/", "http://www.a.example/x/?utm_source=y"])

    version = service.latest_version(begin(first, second))

    assert "Bob [1]." in version.text
    assert "Eve [1], not [2]." in version.text
    assert [one.url for one in sources_of(version.sources)] == ["https://a.example/x", "https://b.example/"]


@pytest.mark.django_db
def test_a_link_to_another_spelling_of_a_page_is_no_link_that_nobody_returned(begin: Begin, told: Told) -> None:
    other = "https://a.example/x?utm_source=y"
    report = begin(told("Bob [1].", ["https://a.example/x"]), told(f"[Eve]({other}) [1]", [other]))
    version = service.latest_version(report)

    html = shown_text(version.text, sources_of(version.sources), anchor="r").html

    assert "unsourced" not in html


@pytest.mark.django_db
def test_what_an_answer_leaves_open_ends_with_its_section(begin: Begin, told: Told) -> None:
    report = begin(told("```\nopen [1]", PAGES[:1]), told("Eve [1]. [^1]\n\n[^1]: A note.", PAGES[1:2]))
    version = service.latest_version(report)

    assert shown(version.text, sources_of(version.sources)) == [address_key(PAGES[1])]


@pytest.mark.django_db
def test_an_answer_that_is_json_is_shown_as_code(begin: Begin, told: Told) -> None:
    version = service.latest_version(begin(told('{"a": [1]}', PAGES[:1])))

    assert '```json\n{"a": [1]}\n```' in version.text
    assert version.sources == []


@pytest.mark.django_db
def test_an_answer_that_did_not_finish_says_so(begin: Begin, told: Told) -> None:
    answer = told("Half")
    answer.state = "stopped"

    assert "did not finish" in service.latest_version(begin(answer)).text


@pytest.mark.django_db
def test_a_report_has_no_more_sources_than_it_can_have(begin: Begin, told: Told) -> None:
    text = " ".join(f"[{number}]" for number in range(1, 301))
    pages = [f"https://s{number}.example/" for number in range(1, 601)]
    report = begin(told(text, pages[:300]))

    with pytest.raises(ActionRefused, match=f"{MOST}"):
        service.add_answers(report=report, answers=[told(text, pages[300:])], by=report.owner)

    assert service.latest_version(report).number == 2


@pytest.mark.django_db
def test_headings_of_an_answer_stand_below_that_of_its_section(begin: Begin, told: Told) -> None:
    version = service.latest_version(begin(told("# One\n\n## Two\n\n```\n# no heading\n```\n")))

    assert re.findall(r"^#+ .*", version.text, re.MULTILINE) == [
        "## Who keeps it?",
        "### One",
        "#### Two",
        "# no heading",
    ]
