"""What several rounds of the benchmark measured."""

from pathlib import Path

from benchmarks.rounds import Rounds
from benchmarks.two_processes import count_at


def test_the_median_is_of_all_rounds_in_which_the_figure_was_measured() -> None:
    rounds = Rounds()
    for figures in ({"cpu": 800.0, "http": 62.0}, {"cpu": 700.0}, {"cpu": 720.0, "http": 60.0}):
        rounds.add(figures)

    assert rounds.median("cpu") == 720
    assert rounds.median("http") == 61
    assert rounds.spread("cpu") == (700, 800)


def test_what_was_not_measured_has_neither_median_nor_spread() -> None:
    assert Rounds().median("cpu") is None
    assert Rounds().spread("cpu") is None
    assert Rounds(values={"cpu": [1]}).spread("cpu") is None


def test_rounds_come_back_from_their_file(tmp_path: Path) -> None:
    rounds = Rounds(values={"cpu": [1.5, 2]}, about={"commit": "abc"})
    rounds.save(tmp_path / "rounds.json")

    assert Rounds.load(tmp_path / "rounds.json") == rounds


def test_a_counter_is_read_as_it_was_last_seen_before_a_moment() -> None:
    counted = [(1.0, 10), (2.0, 30), (3.0, 60)]

    assert [count_at(counted, moment) for moment in (0.5, 1.0, 2.9, 9.0)] == [10, 10, 30, 60]
