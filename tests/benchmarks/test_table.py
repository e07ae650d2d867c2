"""What the benchmark prints: figures with their spread, and whether they keep their goals."""

import re

from benchmarks.rounds import Rounds
from benchmarks.rows import ROWS
from benchmarks.table import Part, Row, Times, comparison, figure_of, number, ratios, table

DELAY = Row("delay, p50 / p99", (Part("p50", "ms", most=60), Part("p99", "ms", most=150)), before="156 / 1,167 ms")
CPU = Row(
    "CPU per chunk",
    (Part("cpu", "µs", most=300, times=(Times(0.4, "peer", "the peer"),)),),
    beside=(("floor", Part("floor", "µs")),),
)


def measured(**values: list[float]) -> Rounds:
    return Rounds(values=values)


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_number_shows_about_three_digits() -> None:
    assert [number(value) for value in (1258.4, 791, 34.52, 12, 0.394, 0.0)] == [
        "1,258",
        "791",
        "34.5",
        "12",
        "0.39",
        "0",
    ]


def test_a_figure_is_the_median_with_the_least_and_the_greatest() -> None:
    rounds = measured(p50=[34, 41, 36], p99=[62, 70, 61])

    assert figure_of(DELAY.parts, rounds) == "36 (34–41) / 62 (61–70) ms"


def test_one_round_has_no_spread() -> None:
    assert figure_of(DELAY.parts, measured(p50=[34], p99=[62])) == "34 / 62 ms"


def test_a_row_is_kept_when_all_its_parts_are() -> None:
    assert DELAY.kept(measured(p50=[50], p99=[149])) == "yes"
    assert DELAY.kept(measured(p50=[50], p99=[151])) == "no"
    assert DELAY.kept(measured(p50=[50])) == ""


def test_a_goal_that_depends_on_another_figure_is_held_against_that_one() -> None:
    assert CPU.kept(measured(cpu=[290], peer=[800])) == "yes"
    assert CPU.kept(measured(cpu=[290], peer=[700])) == "no"
    assert CPU.goal == "≤ 300 µs and ≤ 0.4 × the peer"


def test_without_that_other_figure_nobody_can_say_that_the_goal_is_kept() -> None:
    assert CPU.kept(measured(cpu=[290])) == ""
    assert CPU.kept(measured(cpu=[310])) == "no"


def test_a_least_value_is_a_goal_too() -> None:
    row = Row("pictures", (Part("flat", "a second", least=30),))

    assert row.goal == "≥ 30 a second"
    assert (row.kept(measured(flat=[31])), row.kept(measured(flat=[29]))) == ("yes", "no")


def test_the_table_leaves_out_what_was_not_measured_and_shows_what_was_measured_beside() -> None:
    head, rule, *lines = table([DELAY, CPU], measured(cpu=[250, 270, 260], floor=[76])).splitlines()

    assert cells(head) == ["what", "beside it", "at f2a05b0", "now", "goal", "kept"]
    assert re.fullmatch(r"\|(-+\|)+", rule)
    assert [cells(line)[:4] for line in lines] == [["CPU per chunk", "floor 76 µs", "", "260 (250–270) µs"]]


def test_all_lines_of_a_table_are_equally_long() -> None:
    lines = table([DELAY, CPU], measured(cpu=[250], p50=[34], p99=[62])).splitlines()

    assert len({len(line) for line in lines}) == 1


def test_a_comparison_says_how_many_times_as_much_it_is_now() -> None:
    base, now = measured(p50=[40, 44], p99=[100]), measured(p50=[21], p99=[150])

    assert ratios(DELAY.parts, base, now) == "0.50 / 1.50"
    *_, line = comparison([DELAY, CPU], base, now).splitlines()
    assert cells(line) == [DELAY.what, "42 (40–44) / 100 ms", "21 / 150 ms", "0.50 / 1.50", "≤ 60 ms / ≤ 150 ms", "yes"]


def test_what_only_one_commit_could_be_measured_for_is_shown_without_a_ratio() -> None:
    *_, line = comparison([CPU], measured(), measured(cpu=[250])).splitlines()

    assert cells(line)[1:4] == ["not measured", "250 µs", ""]


def test_every_goal_that_depends_on_another_figure_names_one_that_a_row_shows() -> None:
    shown = {part.figure for row in ROWS for part in row.parts} | {
        part.figure for row in ROWS for _, part in row.beside
    }

    assert {one.figure for row in ROWS for part in row.parts for one in part.times} <= shown
