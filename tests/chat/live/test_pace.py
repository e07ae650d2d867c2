"""The pause between two showings grows with what they cost and with how late they come."""

import pytest

from chat.live import pace as pace_module
from chat.live.pace import FAIR_COST, LONGEST_PAUSE, SHARE_FOR_SHOWING, Pace


@pytest.fixture(autouse=True)
def reckon_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace_module, "RECKON_EVERY", -1.0)


def test_all_answers_together_keep_to_their_share_of_a_core() -> None:
    pace = Pace(cost_of_all=lambda: 100 * 0.0002)

    assert pace.pause_for(0.0002) == pytest.approx(100 * 0.0002 / SHARE_FOR_SHOWING)


def test_only_an_answer_that_takes_more_than_is_fair_waits_longer_than_the_others() -> None:
    pace = Pace(cost_of_all=lambda: 0.01)

    assert pace.pause_for(FAIR_COST / 10) == pace.pause_for(FAIR_COST)
    assert pace.pause_for(3 * FAIR_COST) == pytest.approx(3 * pace.pause_for(FAIR_COST))
    assert pace.pause_for(1000 * FAIR_COST) == 1000 * FAIR_COST  # one alone takes longer than the longest pause


def test_the_pause_grows_while_showings_come_late_and_shrinks_afterwards() -> None:
    pace = Pace(cost_of_all=lambda: 0.0)
    pauses = []
    for late in (0.0, *[0.1] * 50, *[0.0] * 100):
        pace.was_late(late)
        pauses.append(pace.pause_for(0.0))

    assert pauses[0] == 0.0
    assert pauses[50] == pytest.approx(0.2, rel=0.05)
    assert pauses[1] < pauses[50] / 5, "one late showing says little"
    assert pauses[-1] < 0.001


def test_nobody_waits_longer_than_the_longest_pause_because_others_are_busy() -> None:
    told: list[float] = []
    pace = Pace(cost_of_all=lambda: 60.0, tell=told.append)

    assert pace.pause_for(0.0) == LONGEST_PAUSE
    assert told == [LONGEST_PAUSE]
