"""The rows about what must not get lost: a killed server, and viewers who leave and come back."""

import uuid
from typing import Any

from benchmarks import processes
from benchmarks.bench import Bench
from benchmarks.client import raw_text
from benchmarks.prose import STAMP
from benchmarks.table import Row


def kill(bench: Bench) -> list[Row]:
    """The server dies in mid-answer and comes back; what had been seen must be what is stored."""
    with bench.serving() as server:
        moments: list[int] = []

        def on_line(_line: str) -> None:
            server.kill()
            moments.append(processes.now(bench.base))
            server.start()
            moments.append(processes.now(bench.base))

        spec = bench.spec("killed", server, chunks=400, rate=20, spread=5.0, watchers=["alice", "vera"])
        seen = bench.watch(spec, on_line=on_line)
        rows = server.rows("SELECT id, text, html, state FROM chat_answer")
    stored = {str(uuid.UUID(str(row[0]))): row[1:] for row in rows}
    right = sum(_agrees(viewer, *stored[viewer["answer"]]) for viewer in seen["viewers"])
    waited = (seen["ended_at"] - moments[0]) / 1e9
    total = len(seen["viewers"])
    return [
        Row(
            what="kill -9 in mid-answer, viewers attached",
            peers="Open WebUI: answer empty after restart",
            figure=f"{right} of {total} viewers' texts equal the stored text; interrupted shown after {waited:.1f} s "
            f"({(seen['ended_at'] - moments[1]) / 1e9:.1f} s after the restart)",
            goal="every viewer's text equals the stored text; interrupted shown in ≤ 30 s",
            kept=right == total and waited <= 30,
        )
    ]


def _agrees(viewer: dict[str, Any], text: str, html: str, state: str) -> bool:
    """Whether a viewer had nothing that is not stored, and has exactly what is stored in the end."""
    kept = [word.decode() for word in STAMP.findall(text.encode())]
    had = viewer["words"]
    return (
        state == "interrupted"
        and bool(had)
        and had == kept[: len(had)]
        and raw_text(viewer["final"].encode()).decode() == text
        and html in viewer["final"]
        and 'data-state="interrupted"' in viewer["final"]
    )


def cuts(bench: Bench) -> list[Row]:
    """Viewers come back at each number of the log, and by reloading the page."""
    with bench.serving() as server:
        seen = bench.watch(bench.spec("cuts", server, chunks=140, rate=18))
    whole = all(seen[kind] == seen[f"{kind}_equal"] for kind in ("cuts", "reloads", "late"))
    return [
        Row(
            what="reload at any of 1,000 cut points",
            peers="Chainlit loses the text; Open WebUI 1.9 s",
            figure=f"{seen['cuts_equal']:,} of {seen['cuts']:,} byte-equal by number, {seen['reloads_equal']} of "
            f"{seen['reloads']} by reload, {seen['late_equal']} of {seen['late']} after the end; "
            f"{'nothing' if seen['once'] else 'something'} twice",
            goal="byte-equal, nothing twice",
            kept=whole and seen["once"] and seen["cuts"] >= 1000,
        )
    ]
