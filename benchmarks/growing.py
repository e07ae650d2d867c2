"""What it costs to show more of one block that grows, such as a long list: rendering and what a viewer is told."""

import time

from benchmarks.bench import Bench
from benchmarks.table import Row
from chat.rendering import Growing, change_between

SHORT, LONG = 1_000, 64_000  # characters
PUSH = 24  # characters
PUSHES = 60
ROUNDS = 5
MOST_GROWTH = 2.0  # times what it costs at SHORT

_SENTENCE = "The light at Varn was automated in 1998, **and so** its keeper left the harbour.[1]"
BLOCKS = {
    "paragraph": ("", f"{_SENTENCE} "),
    "list": ("", f"- {_SENTENCE}\n"),
    "table": ("| what | when |\n|---|---|\n", f"| {_SENTENCE} | 1998 |\n"),
    "code": ("```python\n", "lamp = light(1998, 'Varn')\n"),
}


def growing(run: Bench) -> list[Row]:
    """Thread CPU of one push, once the block is short and once it is long."""
    rows = []
    for kind, (head, unit) in BLOCKS.items():
        run.say(f"    a growing {kind} …")
        text = head + unit * (LONG // len(unit) + 1)
        short, long = (min(_push(text[:size]) for _ in range(ROUNDS)) for size in (SHORT, LONG))
        rows.append(
            Row(
                what=f"render of one growing block, per push: {kind} of {SHORT // 1000} / {LONG // 1000} KB",
                figure=f"{short * 1e6:.0f} / {long * 1e6:.0f} µs",
                goal="does not grow with the block",
                kept=long <= MOST_GROWTH * short,
            )
        )
    return rows


def _push(text: str) -> float:
    """CPU seconds of a push, the mean of the last ones of this text."""
    block = Growing()
    begin = max(0, len(text) - PUSHES * PUSH)
    block.extend(text[:begin])
    before = block.tail()
    began = time.thread_time()
    for at in range(begin, len(text), PUSH):
        block.extend(text[at : at + PUSH])
        change_between(before, tail := block.tail())
        before = tail
    return (time.thread_time() - began) / PUSHES
