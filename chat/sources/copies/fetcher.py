"""What fetches the pages of this process, as the operator's settings want it."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial

from django.conf import settings
from django.utils.module_loading import import_string

from files.text.web import judge_robots
from upstream.endpoints import is_offline
from upstream.page_fetch import PageFetcher, RobotsVerdict, SitePace

logger = logging.getLogger(__name__)

_judging = ThreadPoolExecutor(max_workers=1, thread_name_prefix="robots")


@cache
def shared_fetcher() -> PageFetcher | None:
    """What fetches the pages of this process, as the operator's settings want it; None where reading pages is off.

    The demo names addresses of its own, for which it answers itself, as long as it is the demo that answers.
    """
    if not settings.READ_PAGES:
        return None
    return PageFetcher(
        site_url=settings.SITE_URL,
        judge_robots=judge_in_process,
        pace=SitePace(settings.PAGE_PACE),
        allowed_hosts=settings.PAGE_HOSTS,
        demo=import_string(settings.DEMO_PAGES)(documents_url=f"{settings.SITE_URL}/docs")
        if is_offline(settings)
        else None,
    )


async def judge_in_process(text: bytes, url: str, agent: str) -> RobotsVerdict | None:
    """What a robots.txt says (see `upstream.page_fetch.robots.Judge`)."""
    loop = asyncio.get_running_loop()
    try:
        judged = await loop.run_in_executor(_judging, partial(judge_robots, text, url=url, agent=agent))
    except OSError:
        logger.warning("A robots.txt cannot be judged right now.", exc_info=True)
        return None
    return RobotsVerdict(*judged) if judged else None
