"""What it costs to show more of one block that grows, such as a long list: rendering and what a viewer is told."""

import time

from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from chat.rendering import Growing, change_between

SHORT, LONG = 1_000, 64_000  # characters
PUSH = 24  # characters
PUSHES = 60
ROUNDS = 5

_SENTENCE = "The light at Varn was automated in 1998, **and so** its keeper left the harbour.[1]"
BLOCKS = {
    "paragraph": ("", f"{_SENTENCE} "),
    "list": ("", f"- {_SENTENCE}\n"),
    "table": ("| what | when |\n|---|---|\n", f"| {_SENTENCE} | 1998 |\n"),
    "code": ("```python\n", "lamp = light(1998, 'Varn')\n"),
}


def growing(run: Bench) -> Figures:
    """Thread CPU of one push, in microseconds, once the block is short and once it is long."""
    found: Figures = {}
    for kind, (head, unit) in BLOCKS.items():
        run.say(f"    a growing {kind} …")
        text = head + unit * (LONG // len(unit) + 1)
        for size in (SHORT, LONG):
            found[f"push.{kind}.{size // 1000}"] = min(_push(text[:size]) for _ in range(ROUNDS)) * 1e6
    return found


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
