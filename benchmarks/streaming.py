"""The rows about words on their way: how late they come, how many at once, and what they cost."""

from typing import Any

from benchmarks.bench import Bench
from benchmarks.table import Row

RATE = 20  # chunks per second and answer
FURTHER_VIEWERS = 50
TURNOVER = 25  # answers that begin, and later end, per second


def http(bench: Bench) -> list[Row]:
    """From the POST of a question to the first frame with text."""
    with bench.serving() as server:
        seen = bench.watch(bench.spec("first", server, runs=40))
    return [
        Row(
            what="from POST to the first text frame over HTTP, p50",
            peers="Open WebUI 80 ms, LiteLLM 15, Gradio 14, Chainlit 9.6",
            direct=f"{seen['direct']:.2f} ms",
            figure=f"{seen['ours']:.1f} ms",
            goal="≤ 25 ms, commit included",
            kept=seen["ours"] <= 25,
        )
    ]


def delay(bench: Bench) -> list[Row]:
    """How late each chunk comes with 100 answers and three viewers on each."""
    direct, seen = _load(bench, answers=100, watchers=["alice", "bob", "vera"])
    return [
        Row(
            what="added delay per chunk, p50 / p99, 100 answers × 3 viewers at 20 chunks/s",
            peers="Open WebUI p99 506 ms at 100; Chainlit 230",
            direct=f"{direct['p50']:.2f} / {direct['p99']:.2f} ms",
            figure=f"{seen['p50']:.0f} / {seen['p99']:.0f} ms; {seen['complete']} of 100 whole; "
            f"{seen['cpu_share']:.0%} of a core",
            goal="≤ 60 / 150 ms, commit included",
            kept=seen["p50"] <= 60 and seen["p99"] <= 150 and seen["complete"] == 100,
        )
    ]


def cpu(bench: Bench) -> list[Row]:
    """What one chunk costs the server while one person watches, for one answer alone and for many."""
    rows = []
    for answers, what in ((20, "20 answers at once"), (1, "one answer alone")):
        _, seen = _load(bench, answers=answers, watchers=["alice"])
        rows.append(
            Row(
                what=f"server CPU per upstream chunk, one viewer, {what}",
                peers="Open WebUI 1,267 µs, LiteLLM 1,300, Chainlit 983, Gradio 2,717",
                figure=f"{seen['cpu_per_chunk']:,.0f} µs ({seen['cpu_per_chunk_of_all']:,.0f} with asking and ending)",
                goal="≤ 300 µs",
                kept=seen["cpu_per_chunk"] <= 300,
            )
        )
    return rows


def viewers(bench: Bench) -> list[Row]:
    """What each further viewer of the same answer costs the server per chunk."""
    costs = []
    for watching in (1, 1 + FURTHER_VIEWERS):
        people = ["alice", "bob", "vera"]
        watchers = [people[number % len(people)] for number in range(watching)]
        _, seen = _load(bench, answers=1, watchers=watchers)
        costs.append(seen["cpu_per_chunk"])
    each = (costs[1] - costs[0]) / FURTHER_VIEWERS
    return [
        Row(
            what=f"server CPU per chunk for each further viewer, {FURTHER_VIEWERS} of one answer",
            figure=f"{each:,.1f} µs",
            goal="≤ 15 µs",
            kept=each <= 15,
        )
    ]


def many(bench: Bench) -> list[Row]:
    """How many answers one process writes at once."""
    direct, seen = _load(bench, answers=300, watchers=["alice"])
    return [
        Row(
            what="answers written at once by one process, each watched, 20 chunks/s",
            peers="Open WebUI 176 of 200; Chainlit saturates at 200",
            direct=f"p99 {direct['p99']:.2f} ms",
            figure=f"{seen['complete']} of 300, p99 {seen['p99']:.0f} ms, p50 {seen['p50']:.0f} ms; "
            f"{seen['cpu_share']:.0%} of a core",
            goal="300 of 300, p99 ≤ 300 ms",
            kept=seen["complete"] == 300 and seen["p99"] <= 300,
        )
    ]


def _load(bench: Bench, *, answers: int, watchers: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The figures of the upstream read directly and of Parley, with as many answers at once.

    They begin one after another; the first one ends three seconds after the last one has begun.
    """
    spread = answers / TURNOVER
    load: dict[str, Any] = {"answers": answers, "rate": RATE}
    direct = bench.watch(bench.spec("direct", chunks=100, spread=1.0, **load))
    bench.upstream_figures()
    chunks = max(200, int((spread + 3) * RATE))
    with bench.serving() as server:
        seen = bench.watch(bench.spec("load", server, watchers=watchers, chunks=chunks, spread=spread, **load))
    for phase in ("while_they_begin", "while_all_write", "while_they_end"):
        bench.say(f"    {phase.replace('_', ' ')}: p50 {seen[phase]['p50']:.0f} ms, p99 {seen[phase]['p99']:.0f} ms")
    late = bench.upstream_figures()["late_p99"]
    if late > 0.02:
        bench.say(f"the upstream itself was late by {late * 1000:.0f} ms (p99): this machine is busy")
    return direct, seen
