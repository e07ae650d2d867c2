"""A viewer's permission while the database is away: a good one counts for a while, a refused one never."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
import pytest
from django.db import OperationalError

from chat.live.permission import PermissionRefused, PermissionUnknown, PermissionWatch

T = TypeVar("T")
COUNTS_FOR = 0.4  # seconds


async def in_thread(work: Callable[[], T]) -> T:
    return await asyncio.to_thread(work)


def away() -> bool:
    raise OperationalError from psycopg.OperationalError("connection refused")


def watch_of(look: Callable[[], bool]) -> PermissionWatch:
    return PermissionWatch(look, run=in_thread, look_every=0.02, look_again_after=0.02, counts_for=COUNTS_FOR)


async def check_for(watch: PermissionWatch, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        watch.check()
        await asyncio.sleep(0.005)


async def test_a_good_permission_counts_while_the_database_is_away_and_no_longer_than_said() -> None:
    began = time.monotonic()
    with pytest.raises(PermissionUnknown):
        await check_for(watch_of(away), 10)

    assert time.monotonic() - began > COUNTS_FOR


async def test_a_look_that_never_comes_back_counts_as_no_look() -> None:
    async def stuck(work: Callable[[], T]) -> T:
        await asyncio.sleep(60)
        return work()

    watch = PermissionWatch(away, run=stuck, look_every=0.02, look_again_after=0.02, counts_for=COUNTS_FOR)
    with pytest.raises(PermissionUnknown):
        await check_for(watch, 10)
    watch.close()


async def test_a_permission_that_can_be_looked_at_again_goes_on() -> None:
    looks = iter([away, away])

    def look() -> bool:
        return next(looks, lambda: True)()

    await check_for(watch_of(look), 2.5 * COUNTS_FOR)


async def test_a_refused_permission_counts_no_longer() -> None:
    looks = iter([away, lambda: False])

    def look() -> bool:
        return next(looks)()

    with pytest.raises(PermissionRefused):
        await check_for(watch_of(look), 10)


async def test_a_mistake_in_the_look_shows() -> None:
    with pytest.raises(ZeroDivisionError):
        await check_for(watch_of(lambda: bool(1 // 0)), 10)
