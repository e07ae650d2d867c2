"""Pages of the web: their text, what they say of themselves, and whether something else stands in their place.

Everything here runs in a process of its own within bounds (`files.isolation`), because pages are made by strangers.
docs/pages.md tells the rules.
"""

from files.text.web.reader import PAGE_BOUNDS, WebPage, judge_robots, read_web_page

__all__ = ["PAGE_BOUNDS", "WebPage", "judge_robots", "read_web_page"]
