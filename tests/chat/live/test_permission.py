"""A viewer's permission while the database is away: a good one counts for a while, a refused one never. And one look
for all streams that a sign-in has of a conversation, at once when something changes."""

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, TypeVar

import psycopg
import pytest
from django.db import OperationalError

from chat.access import Permission
from chat.live.answer_display import Reader
from chat.live.permission import PermissionRefused, Permissions, PermissionUnknown, PermissionWatch
from chat.live.viewer import Viewer
from core.web.pushed import Sink

T = TypeVar("T")
COUNTS_FOR = 0.4  # seconds


async def in_thread(work: Callable[[], T]) -> T:
    return await asyncio.to_thread(work)


def away() -> bool:
    raise OperationalError from psycopg.OperationalError("connection refused")


def watch_of(look: Callable[[], bool]) -> PermissionWatch:
    return PermissionWatch(lambda: in_thread(look), look_every=0.02, look_again_after=0.02, counts_for=COUNTS_FOR)


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
    async def stuck() -> bool:
        await asyncio.sleep(60)
        return away()

    watch = PermissionWatch(stuck, look_every=0.02, look_again_after=0.02, counts_for=COUNTS_FOR)
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


async def test_a_look_that_is_asked_for_during_another_is_made_after_it() -> None:
    answers = [True, False]
    watch = watch_of(lambda: answers.pop(0))
    watch.look_soon()
    watch.check()
    watch.look_soon()  # what the first look sees may be older than what changed

    with pytest.raises(PermissionRefused):
        await check_for(watch, 10)


class Looks:
    """Stands for the threads in which the database is asked: says what they would find, and counts."""

    def __init__(self) -> None:
        self.count = 0
        self.asked: list[Permission] = []
        self.refused: set[Permission] = set()

    async def run(self, work: Callable[[], T]) -> T:
        self.count += 1
        await asyncio.sleep(0)
        (asked,) = work.args  # type: ignore[attr-defined]
        self.asked += asked
        return asked - self.refused  # type: ignore[no-any-return]


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture
def permissions(looks: Looks) -> Permissions:
    return Permissions(run=looks.run)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def a_viewer() -> Viewer:
    async def send(message: Mapping[str, Any]) -> None:
        pass

    return Viewer(Sink(send), after=0, reader=Reader(may_ask=True))


def a_permission() -> Permission:
    return Permission(uuid.uuid4().hex, uuid.uuid4(), uuid.uuid4())


async def soon() -> None:
    for _ in range(8):
        await asyncio.sleep(0)


async def test_one_look_is_for_all_streams_of_a_sign_in_and_a_conversation(
    permissions: Permissions, looks: Looks, stack: ExitStack
) -> None:
    here, there = a_permission(), a_permission()
    viewers = {permission: [a_viewer() for _ in range(5)] for permission in (here, there)}
    for permission, watching in viewers.items():
        for viewer in watching:
            stack.enter_context(permissions.watch(permission, viewer))
    looks.refused = {here}
    permissions.change(here.session_key)
    await soon()

    assert looks.asked == [here]
    for viewer in viewers[here]:
        with pytest.raises(PermissionRefused):
            await viewer.called()
    assert all(viewer.takes_more for viewer in viewers[there])


@pytest.mark.parametrize("what", ["session_key", "user_id", "conversation_id"])
async def test_a_change_of_anything_that_a_permission_leans_on_has_it_looked_at(
    permissions: Permissions, looks: Looks, stack: ExitStack, what: str
) -> None:
    permission, viewer = a_permission(), a_viewer()
    stack.enter_context(permissions.watch(permission, viewer))
    permissions.change(uuid.uuid4())
    await soon()
    assert looks.count == 0

    permissions.change(getattr(permission, what))
    await soon()
    assert looks.count == 1
    assert viewer.takes_more


async def test_who_comes_back_after_a_refusal_is_looked_at_anew(
    permissions: Permissions, looks: Looks, stack: ExitStack
) -> None:
    permission, first, second = a_permission(), a_viewer(), a_viewer()
    stack.enter_context(permissions.watch(permission, first))
    looks.refused = {permission}
    permissions.change(permission.user_id)
    await soon()
    assert not first.takes_more

    looks.refused = set()
    stack.enter_context(permissions.watch(permission, second))
    permissions.change(permission.user_id)
    await soon()
    assert second.takes_more
    assert looks.count == 2


async def test_what_nobody_watches_is_not_looked_at(permissions: Permissions, looks: Looks) -> None:
    permission = a_permission()
    with permissions.watch(permission, a_viewer()), permissions.watch(permission, a_viewer()):
        pass
    permissions.change(permission.user_id)
    permissions.check()
    await soon()

    assert looks.count == 0


async def test_looks_that_are_due_at_the_same_time_are_made_together(
    permissions: Permissions, looks: Looks, stack: ExitStack
) -> None:
    conversation = uuid.uuid4()
    held = [a_permission()._replace(conversation_id=conversation) for _ in range(20)]
    viewers = [a_viewer() for _ in held]
    for permission, viewer in zip(held, viewers, strict=True):
        stack.enter_context(permissions.watch(permission, viewer))
    looks.refused = set(held[:5])
    permissions.change(conversation)
    await soon()

    assert looks.count == 1
    assert [viewer.takes_more for viewer in viewers] == [False] * 5 + [True] * 15
