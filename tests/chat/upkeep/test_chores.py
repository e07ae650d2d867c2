"""What is left to do after an update or an import is done beside what people do, not before it."""

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from chat.sources.ledger import settling
from chat.upkeep import maintenance
from chat.upkeep.chores import BETWEEN_RENEWALS, chores

TAKES = 0.08  # seconds


async def test_others_can_write_twice_as_long_as_it_takes_and_never_wait_for_two_of_them() -> None:
    left = {maintenance.note_facts: 3, settling.settle_news: 3, maintenance.renew_search: 2}
    spans: list[tuple[float, float]] = []
    done: dict[Any, int] = defaultdict(int)

    async def run(work: Callable[[], Any]) -> Any:
        began = time.monotonic()
        await asyncio.sleep(TAKES)
        done[work] += 1
        if done[work] > left[work]:
            return 0
        spans.append((began, time.monotonic()))
        return 1

    looking = [one.work for one in chores(None, run=run)]  # type: ignore[arg-type]  # these need no service
    three = [work for work in looking if work.__name__ in {"renew_search", "note_facts", "note_sources"}]
    await asyncio.gather(*(work() for work in three))

    assert {work: count - 1 for work, count in done.items()} == left
    rests = [after[0] - before[1] for before, after in itertools.pairwise(spans)]
    assert min(rests) >= max(BETWEEN_RENEWALS, 2 * TAKES) * 0.95
