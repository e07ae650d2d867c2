"""Threads that are shared out: much work of one person waits for itself."""

import asyncio
import threading

import pytest

from core.cpu_budget import CpuBudget, OverBudget
from core.web.fair_threads import FairThreads


async def test_much_work_for_one_leaves_a_thread_to_others() -> None:
    threads = FairThreads("fair", count=2)
    go_on = threading.Event()
    much = [asyncio.create_task(threads.run(go_on.wait, share="alice")) for _ in range(5)]
    await asyncio.sleep(0)

    assert await asyncio.wait_for(threads.run(lambda: "done", share="bob"), 10) == "done"

    assert not any(task.done() for task in much)
    go_on.set()
    assert await asyncio.gather(*much) == [True] * 5
    threads.shutdown()


async def test_work_that_fails_lets_the_next_one_in() -> None:
    threads = FairThreads("fair", count=1)
    with pytest.raises(ZeroDivisionError):
        await threads.run(lambda: 1 // 0, share="alice")
    assert await threads.persist(lambda: "done", share="alice", about="a test") == "done"
    threads.shutdown()


def test_a_budget_counts_only_what_is_done_inside_it() -> None:
    budget = CpuBudget(0.05)
    sum(range(2_000_000))
    assert budget.left == 0.05
    with budget.counted(), budget.counted():
        budget.check()
        while not budget.is_spent:
            sum(range(1_000))
        with pytest.raises(OverBudget):
            budget.check()
    assert budget.part(1).is_spent
