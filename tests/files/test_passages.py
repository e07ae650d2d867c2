"""Documents cut into passages: where their author would cut, with pages and headings, and nothing lost."""

import re

import pytest

from files.text import CutPassage, DocumentText, Passage, cut_passages
from files.text.passages import FEWEST, LONGEST_CARRIED, MOST
from tests.cpu_time import at_most

SENTENCE = "The keeper of Varn lights three lamps every evening, and writes down which of them burned until dawn. "


def cut(*passages: Passage, unit: str = "page") -> list[CutPassage]:
    return list(cut_passages(DocumentText(unit, len(passages), passages)))


def pages(*texts: str) -> list[CutPassage]:
    return cut(*(Passage(number, text) for number, text in enumerate(texts, start=1)))


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_a_long_page_is_cut_between_sentences() -> None:
    found = pages("\n".join([SENTENCE.strip()] * 40))

    assert len(found) > 2
    assert all(len(one.text) <= MOST + FEWEST for one in found)
    assert all(one.text.endswith("dawn.") for one in found)


def test_nothing_that_is_written_gets_lost() -> None:
    written = "\n".join(f"{number} {SENTENCE}" for number in range(200))
    found = pages(written)

    assert bare("".join(one.text for one in found)) == bare(written)


def test_a_passage_keeps_to_one_page() -> None:
    found = pages("One light.", "Two lights.", "", "Four lights.")
    assert [(one.page, one.text) for one in found] == [(1, "One light."), (2, "Two lights."), (4, "Four lights.")]


def test_a_sentence_that_goes_on_on_the_next_page_is_begun_again_there() -> None:
    found = pages("All is well. The third lamp burns", "until dawn.")
    assert [one.text for one in found] == ["All is well. The third lamp burns", "The third lamp burns\nuntil dawn."]


def test_a_passage_says_under_which_headings_it_stands() -> None:
    text = f"# Lights\n{SENTENCE * 8}\n## Lamps\n{SENTENCE * 8}\n## Oil\n{SENTENCE * 8}\n# Keepers\n{SENTENCE * 8}"
    found = cut(Passage(1, text), unit="part")
    assert [one.label for one in found] == ["Lights", "Lights › Lamps", "Lights › Oil", "Keepers"]


def test_short_sections_share_a_passage() -> None:
    found = cut(Passage(1, "# Lights\nThree.\n# Keepers\nTwo."), unit="part")
    assert [one.text for one in found] == ["# Lights\nThree.\n# Keepers\nTwo."]


def test_a_slide_is_labelled_with_its_title() -> None:
    found = cut(Passage(1, "Lights\nThree lamps"), Passage(2, "Keepers\nTwo people"), unit="slide")
    assert [(one.page, one.label) for one in found] == [(1, "Lights"), (2, "Keepers")]


def test_numbered_lines_are_headings_where_none_are_marked_and_hold_to_the_end_of_the_next_page() -> None:
    found = pages(f"2.1 The Lamps of Varn\n{SENTENCE * 5}", SENTENCE * 5, SENTENCE * 5)
    assert [one.label for one in found] == ["2.1 The Lamps of Varn", "2.1 The Lamps of Varn", ""]


def test_code_in_markdown_has_no_headings() -> None:
    text = f"# Lights\n```sh\n# light all lamps\nlight --all\n```\n{SENTENCE * 30}"
    assert {one.label for one in cut(Passage(1, text), unit="line")} == {"Lights"}


def test_a_line_below_makes_a_heading_in_plain_text() -> None:
    found = cut(Passage(1, f"Lights\n======\n\n{SENTENCE * 8}\nOil\n---\n{SENTENCE * 8}"), unit="line")
    assert [one.label for one in found] == ["Lights", "Lights › Oil"]
    assert "===" not in found[0].text


def test_plain_text_is_counted_in_lines() -> None:
    lines = [SENTENCE.strip()] * 60
    found = cut(Passage(1, "\n".join(lines[:40])), Passage(41, "\n".join(lines[40:])), unit="line")
    assert [one.page for one in found] == sorted({one.page for one in found})
    assert found[0].page == 1
    assert sum(one.text.count("\n") + 1 for one in found[:2]) + 1 == found[2].page


def test_rows_of_a_sheet_keep_its_header_and_say_their_numbers() -> None:
    rows = ["year | lamps | keeper", *(f"{1800 + number} | {number} | {'Ann ' * 10}" for number in range(100))]
    found = cut(Passage(1, "\n".join(rows), "Lamps, rows 1–101"), unit="sheet")

    assert found[0].label.startswith("Lamps, rows 1–")
    assert found[-1].label.endswith("–101")
    assert all(one.text.startswith("year | lamps | keeper\n") for one in found)
    firsts = [int(one.label.split("rows ")[1].split("–")[0]) for one in found]
    lasts = [int(one.label.split("–")[1]) for one in found]
    assert firsts[1:] == [last + 1 for last in lasts[:-1]]


def test_values_between_commas_keep_their_header_too() -> None:
    rows = ["year,lamps,keeper", *(f'{1800 + number},{number},"Ann, the {"elder " * 8}"' for number in range(60))]
    found = cut(Passage(1, "\n".join(rows)), unit="line")

    assert len(found) > 2
    assert all(one.text.startswith("year,lamps,keeper\n") for one in found)
    assert all(one.text.count("year,lamps") == 1 for one in found)


def test_a_table_in_a_text_repeats_its_first_row() -> None:
    rows = "\n".join(f"| {1800 + number} | {number} | {'Ann ' * 10}" for number in range(60))
    found = cut(Passage(1, f"# Lamps\nAll of them:\n| year | lamps | keeper\n{rows}"), unit="part")
    assert all("| year | lamps | keeper" in one.text for one in found)


def test_page_numbers_and_lines_on_every_page_are_left_out_but_for_the_first_time() -> None:
    found = pages(*(f"Annals of Varn\n{SENTENCE} {number}th year.\nPage {number}" for number in range(1, 9)))
    assert found[0].text.startswith("Annals of Varn")
    assert all("Annals" not in one.text for one in found[1:])
    assert all("Page" not in one.text for one in found)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("the international treaty. An inter-\nnational one.", "An international one."),
        ("a well-known lamp. A well-\nknown one.", "A well-known one."),
        ("a Müller-\nSchmidt lamp", "a Müller-Schmidt lamp"),
    ],
)
def test_words_that_a_hyphen_broke_are_made_whole(text: str, whole: str) -> None:
    assert whole in pages(text)[0].text


@pytest.mark.parametrize(
    "sentence",
    [
        "灯塔看守人每天晚上点亮三盏灯，并记录下哪一盏燃烧到黎明。",
        "灯台守は毎晩三つのランプに火をともし、夜明けまで燃えたものを書き留める。",
    ],
)
def test_scripts_without_blanks_are_cut_after_sentences_and_sooner(sentence: str) -> None:
    found = pages(sentence * 100)
    assert len(found) > 3
    assert all(len(one.text) < MOST * 0.75 for one in found)
    assert all(one.text.endswith("。") for one in found)
    assert "".join(one.text for one in found) == sentence * 100


def test_arabic_is_cut_after_its_own_question_mark() -> None:
    found = pages("هل أضاء الحارس المصابيح الثلاثة هذه الليلة؟ " * 80)
    assert all(one.text.endswith("؟") for one in found)


def test_what_has_no_end_is_cut_all_the_same() -> None:
    found = pages("x" * 100_000)
    assert sum(one.text.count("x") for one in found) >= 100_000
    assert all(len(one.text) <= MOST + LONGEST_CARRIED + 1 for one in found)


def test_a_document_that_says_nothing_has_no_passages() -> None:
    assert pages("", " \n ", "– – –\n***") == []


@pytest.mark.parametrize(
    "text",
    [
        "a-\n" * 175_000,
        "." * 500_000,
        "# x\n" * 125_000,
        "| a | b\n" * 62_500,
        ("word " * 100_000),
        "\n" * 500_000,
        ",;\t|" * 125_000,
        "a" + " " * 500_000 + "b",
    ],
    ids=["hyphens", "dots", "headings", "rows", "words", "blank lines", "separators", "blanks"],
)
@pytest.mark.parametrize("unit", ["page", "line", "sheet"])
def test_half_a_megabyte_of_anything_is_cut_in_a_bounded_time(text: str, unit: str) -> None:
    with at_most(5):
        found = cut(Passage(1, text, "A, rows 1–9"), unit=unit)
    assert all(len(one.text) <= 2 * MOST and len(one.label) <= 200 for one in found)
