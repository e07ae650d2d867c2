"""How much one piece of work may take."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """`cpu` is in seconds of computing, `time` in seconds of the clock. `memory` is in bytes of address space, beyond
    those that a process has before it begins; `output` in bytes that may be written."""

    cpu: int
    time: int
    memory: int
    output: int
