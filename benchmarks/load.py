"""How fast words come: many answers with many viewers, one question after another, and the upstream read directly."""

import asyncio
import statistics
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TypedDict

from benchmarks import processes, prose, wire
from benchmarks.client import Asked, Person, Viewer

AT_ONCE = 8  # requests under way while people arrive
PARAGRAPHS = 8  # with which the answers begin in turn
PATIENCE = 30.0  # seconds beyond the time that an answer takes


class Spec(TypedDict, total=False):
    """What the load client is told. `pids` are the server's processes; `watchers` the people who watch each answer."""

    mode: str
    server: str
    upstream: str
    base: int
    cookies: dict[str, dict[str, str]]
    pids: list[int]
    watchers: list[str]
    answers: int
    chunks: int
    rate: float
    spread: float
    runs: int


def figures(ages: Sequence[int]) -> dict[str, float]:
    """The median, the 99th percentile and the worst, in milliseconds."""
    ordered = sorted(ages) or [0]
    at = {"p50": 0.5, "p99": 0.99, "worst": 1}
    return {name: ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1e6 for name, share in at.items()}


async def people(spec: Spec) -> dict[str, Person]:
    """Everybody of the spec, with their front page open."""
    found = {name: Person(spec["server"], cookies) for name, cookies in spec["cookies"].items()}
    await found["alice"].open_front_page()
    return found


async def open_gate(spec: Spec, name: str) -> None:
    """Let the upstream go on with all answers that wait at the gate."""
    connection = wire.Connection(spec["upstream"])
    await connection.fetch(wire.request("GET", f"/open/{name}", host=spec["upstream"], cookies={}))
    connection.close()


async def ask_all(person: Person, wishes: str, count: int) -> list[Asked]:
    """Ask that many questions, a few at a time."""
    asked: list[Asked] = []
    numbers = iter(range(count))

    async def keep_asking() -> None:
        connection = wire.Connection(person.host)
        for number in numbers:
            asked.append(await person.ask(connection, wishes, paragraph=number % PARAGRAPHS))
        connection.close()

    await asyncio.gather(*(keep_asking() for _ in range(AT_ONCE)))
    return asked


async def load(spec: Spec) -> dict[str, Any]:
    """Many answers written at once, each watched by everybody of `watchers`.

    The upstream begins when all viewers are there, so that all answers are really written at the same time.
    """
    everybody = await people(spec)
    chunks, spread = spec["chunks"], spec["spread"]
    wishes = f"chunks={chunks} rate={spec['rate']} gate=load{spec['runs']} spread={spread}"
    before = processes.cpu_seconds(spec["pids"])
    asked = await ask_all(everybody["alice"], wishes, spec["answers"])
    viewers = [[Viewer(spec["base"]) for _ in spec["watchers"]] for _ in asked]
    tasks: list[asyncio.Task[None]] = []
    doors = asyncio.Semaphore(AT_ONCE)

    async def arrive(viewer: Viewer, name: str, one: Asked) -> None:
        async with doors:
            watching = viewer.watch(everybody[name], one, wire.Connection(spec["server"]))
            tasks.append(asyncio.create_task(watching))
            await viewer.attached.wait()

    await asyncio.gather(
        *(
            arrive(viewer, name, one)
            for one, answer in zip(asked, viewers, strict=True)
            for name, viewer in zip(spec["watchers"], answer, strict=True)
        )
    )
    await asyncio.sleep(0.5)
    await open_gate(spec, f"load{spec['runs']}")
    lasts = chunks / spec["rate"]
    steady = (spread + 0.5, lasts - 0.2)
    marks = [await _mark_after(steady[0], spec), await _mark_after(steady[1] - steady[0], spec)]
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*tasks), lasts - steady[1] + spread + PATIENCE)
    used = processes.cpu_seconds(spec["pids"]) - before
    (since, cpu), (until, cpu_then) = marks
    timed = [pair for answer in viewers for viewer in answer for pair in zip(viewer.sent, viewer.ages, strict=True)]
    steady_chunks = sum(since <= sent < until for answer in viewers for sent in answer[0].sent)
    complete = sum(
        all(viewer.has_all(chunks, one.paragraph) for viewer in answer)
        for one, answer in zip(asked, viewers, strict=True)
    )
    return {
        **figures([age for _, age in timed]),
        "while_all_write": figures([age for sent, age in timed if since <= sent < until]),
        "while_they_begin": figures([age for sent, age in timed if sent < since]),
        "while_they_end": figures([age for sent, age in timed if sent >= until]),
        "complete": complete,
        "words": len(timed),
        "cpu_per_chunk": (cpu_then - cpu) / max(steady_chunks, 1) * 1e6,
        "cpu_per_chunk_of_all": used / (chunks * spec["answers"]) * 1e6,
        "cpu_share": (cpu_then - cpu) / ((until - since) / 1e9),
    }


async def _mark_after(seconds: float, spec: Spec) -> tuple[int, float]:
    """Nanoseconds since the start of the run, and the server's CPU seconds, after a while."""
    await asyncio.sleep(seconds)
    return processes.now(spec["base"]), processes.cpu_seconds(spec["pids"])


async def direct(spec: Spec) -> dict[str, Any]:
    """As many streams as there are answers, read from the upstream itself."""
    wishes = f"chunks={spec['chunks']} rate={spec['rate']} gate=direct{spec['runs']} spread={spec['spread']}"
    ages: list[int] = []

    def take(event: wire.Event, now: int) -> None:
        found = prose.STAMP.search(event.data.rpartition(b'"delta"')[2])
        if found:
            ages.append(prose.age_of(found[0], now, spec["base"]))

    connections = [wire.Connection(spec["upstream"]) for _ in range(spec["answers"])]
    question = wire.question(spec["upstream"], wishes)
    reading = [asyncio.create_task(one.follow(question, wire.Events(take).feed)) for one in connections]
    await asyncio.sleep(0.5)
    await open_gate(spec, f"direct{spec['runs']}")
    await asyncio.gather(*reading)
    for one in connections:
        one.close()
    return figures(ages)


async def first(spec: Spec) -> dict[str, Any]:
    """One question after another: milliseconds from its POST to the first words, by turns ours and the upstream's."""
    person = (await people(spec))["alice"]
    wishes = "chunks=5 rate=50"
    ours, theirs = [], []
    for run in range(spec["runs"] + 3):
        asked_at, came_at = processes.now(spec["base"]), []
        connection = wire.Connection(spec["server"])
        asked = await person.ask(connection, wishes)
        viewer = Viewer(spec["base"], on_word=came_at.append)
        await viewer.watch(person, asked, connection)
        assert viewer.has_all(5)
        began_at, read_at = processes.now(spec["base"]), []
        upstream = wire.Connection(spec["upstream"])
        await upstream.follow(wire.question(spec["upstream"], wishes), lambda _, now, to=read_at: to.append(now))
        upstream.close()
        if run >= 3:  # the first ones warm everything up
            ours.append(came_at[0] - spec["base"] - asked_at)
            theirs.append(read_at[0] - spec["base"] - began_at)
    return {"ours": statistics.median(ours) / 1e6, "direct": statistics.median(theirs) / 1e6}
