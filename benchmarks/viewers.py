"""The load client, a process of its own: `python -m benchmarks.viewers` reads what to do and writes what it saw."""

import asyncio
import gc
import json
import sys
from typing import Any

import uvloop

from benchmarks import load, returning

LONGEST = 90.0  # seconds; no job takes nearly as long
MODES = {
    "load": load.load,
    "direct": load.direct,
    "first": load.first,
    "cuts": returning.cuts,
    "killed": returning.killed,
}


def main() -> None:
    """Do what the line on standard input asks for."""
    spec: load.Spec = json.loads(sys.stdin.readline())
    gc.freeze()
    print(json.dumps(uvloop.run(_in_time(spec))))


async def _in_time(spec: load.Spec) -> dict[str, Any]:
    async with asyncio.timeout(LONGEST):
        return await MODES[spec["mode"]](spec)


if __name__ == "__main__":
    main()
