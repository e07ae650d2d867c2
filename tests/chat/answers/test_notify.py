"""How processes name to each other the answers that they committed something of."""

from uuid import UUID, uuid4

from chat.answers.notify import payloads_for


def test_notifications_name_every_answer_once_and_fit_into_what_postgres_takes() -> None:
    answer_ids = [uuid4() for _ in range(450)]

    payloads = payloads_for([*answer_ids, *answer_ids])

    assert sorted(UUID(name) for payload in payloads for name in payload.split()) == sorted(answer_ids)
    assert len(payloads) == 3
    assert all(len(payload) < 8_000 for payload in payloads)
