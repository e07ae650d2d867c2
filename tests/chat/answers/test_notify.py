"""How processes name to each other the answers that they committed something of."""

from uuid import UUID, uuid4

import pytest

from chat.answers.notify import LONGEST_PAUSE, PAUSE, SHARE, pause_after, payloads_for


def test_notifications_name_every_answer_once_and_fit_into_what_postgres_takes() -> None:
    answer_ids = [uuid4() for _ in range(450)]

    payloads = payloads_for([*answer_ids, *answer_ids])

    assert sorted(UUID(name) for payload in payloads for name in payload.split()) == sorted(answer_ids)
    assert len(payloads) == 3
    assert all(len(payload) < 8_000 for payload in payloads)


def test_a_listener_rests_longer_where_its_calls_take_longer_but_never_for_long() -> None:
    assert pause_after(0.0) == PAUSE
    took = 0.03
    assert took / (took + pause_after(took)) == pytest.approx(SHARE)
    assert pause_after(10.0) == LONGEST_PAUSE
