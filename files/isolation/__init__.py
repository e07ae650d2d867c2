"""Work on strangers' bytes, done in a process of its own within bounds that the system keeps.

A fork server stays ready, so that a piece of work begins within milliseconds; what does the work is a child of it that
lives for this one piece. It has no settings, no database and no secrets, and takes its memory with it when it ends.
"""

from files.isolation.bounds import Bounds
from files.isolation.outcomes import Outcome
from files.isolation.runner import Ended, Runner

__all__ = ["Bounds", "Ended", "Outcome", "Runner"]
