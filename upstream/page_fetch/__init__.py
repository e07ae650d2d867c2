"""Reads pages that answers cite, as their sites want it: robots.txt is followed, and each site is asked slowly.

What is asked goes through `upstream.safe_fetch`. docs/pages.md tells the rules.
"""

from upstream.page_fetch.fetcher import DemoPages, PageFetcher
from upstream.page_fetch.outcomes import FetchedPage, NotFetched, Reason
from upstream.page_fetch.pace import SitePace
from upstream.page_fetch.robots import Judge, RobotsVerdict

__all__ = [
    "DemoPages",
    "FetchedPage",
    "Judge",
    "NotFetched",
    "PageFetcher",
    "Reason",
    "RobotsVerdict",
    "SitePace",
]
