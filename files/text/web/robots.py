"""What a robots.txt says of an address, by Protego.

Python's own `urllib.robotparser` knows no wildcards, takes the first rule that fits instead of the longest, and reads
groups otherwise than RFC 9309 wants; Protego, which Scrapy reads with, does what RFC 9309 says.
"""

from typing import BinaryIO

LONGEST_DELAY = 3600.0  # seconds: numbers that mean nothing become this one


def judge(source: BinaryIO, _out: BinaryIO, *, url: str, agent: str) -> list[object]:
    """Whether the agent may read the address, and the seconds that it shall let pass between two requests."""
    from protego import Protego

    rules = Protego.parse(source.read().decode("utf-8-sig", "replace"))
    delay = rules.crawl_delay(agent) or 0.0
    return [rules.can_fetch(url, agent), delay if 0.0 <= delay <= LONGEST_DELAY else LONGEST_DELAY]
