"""The rows about what must not get lost: a killed server, and viewers who leave and come back."""

import uuid
from typing import Any

from benchmarks import processes
from benchmarks.bench import Bench
from benchmarks.client import raw_text
from benchmarks.prose import STAMP
from benchmarks.rounds import Figures


def kill(bench: Bench) -> Figures:
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
    bench.say(f"    interrupted shown {(seen['ended_at'] - moments[1]) / 1e9:.1f} s after the restart")
    return {"kill.right": right, "kill.shown": waited}


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


def cuts(bench: Bench) -> Figures:
    """Viewers come back at each number of the log, and by reloading the page."""
    with bench.serving() as server:
        seen = bench.watch(bench.spec("cuts", server, chunks=200, rate=18))
    return {
        "cuts.numbers": seen["cuts"],
        "cuts.by_number": 100 * seen["cuts_equal"] / seen["cuts"],
        "cuts.by_reload": 100 * seen["reloads_equal"] / seen["reloads"],
        "cuts.after_end": 100 * seen["late_equal"] / seen["late"],
        "cuts.once": 100.0 * seen["once"],
    }
