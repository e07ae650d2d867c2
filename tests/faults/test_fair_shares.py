"""Somebody who keeps the server busy waits for themselves, and is told so; others have their pages meanwhile."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed

from tests.faults.worst_texts import with_expressions
from tests.serving import Server

ADDRESS = "/options/check/"


def heavy_check(number: int) -> Mapping[str, str]:
    """A schema, another one each time, that takes as long as a schema may."""
    schema = json.dumps({**with_expressions("^\\W{900}"), "title": str(number)})
    return {"model": "sonar", "o.response_format": "json_schema", "o.response_format:schema": schema}


def test_ten_heavy_checks_at_once_hold_up_nobody_else(server: Server) -> None:
    busy, bystander = server.client("vera"), server.client("bob")
    bystander.get("/")

    with ThreadPoolExecutor(10) as many:
        checks = [many.submit(busy.post, ADDRESS, data=heavy_check(number)) for number in range(10)]
        next(as_completed(checks))
        assert bystander.get("/").status_code == 200
        left = sum(not check.done() for check in checks)
        assert left >= 3
        assert {check.result().status_code for check in checks} <= {200, 429}


def test_whoever_has_had_much_is_told_to_wait_and_others_are_not(server: Server) -> None:
    busy = server.client("vera")
    with ThreadPoolExecutor(6) as many:
        answers = list(many.map(lambda number: busy.post(ADDRESS, data=heavy_check(number)), range(40)))

    refused = [answer for answer in answers if answer.status_code == 429][-1]
    assert "other people need it too. Try again in" in refused.text
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert server.client("bob").post(ADDRESS, data=heavy_check(0)).status_code == 200
    assert busy.get("/accounts/me/").status_code == 200
