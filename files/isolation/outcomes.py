"""How a piece of work ended."""

from enum import StrEnum


class Outcome(StrEnum):
    """Whether it came to its end, and if not, why."""

    FINISHED = "finished"
    FAILED = "failed"  # a library raised something: the bytes are damaged, or unusual
    TOO_SLOW = "too_slow"
    TOO_HEAVY = "too_heavy"  # it needs more memory than it may have
