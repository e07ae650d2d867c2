"""Reads a page that an answer cites, for a team, unless that was done a while ago."""

import asyncio
import hashlib
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit
from uuid import UUID

from chat.models import PageCopy
from chat.sources.copies import quota, records, texts
from chat.sources.copies.addresses import site_of
from chat.sources.copies.problems import PageProblem
from chat.sources.copies.records import Reading
from core.web.db import RunInThread
from files.text import Problem
from files.text.web import WebPage, read_web_page
from upstream.page_fetch import FetchedPage, NotFetched, PageFetcher

logger = logging.getLogger(__name__)

_AS_SAID_HERE = {
    Problem.ENCRYPTED: PageProblem.ENCRYPTED,
    Problem.DAMAGED: PageProblem.DAMAGED,
    Problem.BOMB: PageProblem.DAMAGED,
    Problem.UNREADABLE: PageProblem.UNSUPPORTED,
    Problem.TOO_SLOW: PageProblem.TOO_SLOW,
    Problem.TOO_HEAVY: PageProblem.TOO_LARGE,
}
"""What is said of a page that has no text, where it is another word than that of `files.text`."""

_reading = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages")


async def read_page(
    *, team_id: UUID, address: str, fetcher: PageFetcher | None, run: RunInThread, fresh_for: timedelta
) -> PageCopy:
    """The page at the address as it is now, or was less than `fresh_for` ago. What cannot be read is a copy too,
    without text, whose `problem` says why (`PageProblem`). Takes up to some minutes, and holds no connection meanwhile.

    `run` does what needs the database. Raises what the database says, and OSError where the store does not answer or no
    process can be started; nothing that a page or a site does.
    """
    if copy := await run(partial(records.recent_copy, team_id, address, fresh_for=fresh_for)):
        return copy
    reading = await _read(address, fetcher, team_id, run) if fetcher else Reading(address, problem=PageProblem.OFF)
    logger.info("A page of %s was read: %s.", site_of(address)[:100] or "nowhere", reading.problem or "it has text")
    return await run(partial(records.keep_reading, team_id, reading))


async def _read(address: str, fetcher: PageFetcher, team_id: UUID, run: RunInThread) -> Reading:
    try:
        fetched = await fetcher.fetch(address)
    except NotFetched as fault:
        return Reading(
            address, final_address=fault.url, status=fault.status, problem=PageProblem(fault.reason.value).value
        )
    in_thread = partial(asyncio.get_running_loop().run_in_executor, _reading)
    if _leads_home(address, fetched.url):
        return Reading(address, final_address=fetched.url, status=fetched.status, problem=PageProblem.NOT_FOUND)
    page = await in_thread(partial(_text_of, fetched))
    reading = Reading(
        address,
        final_address=fetched.url,
        canonical=page.canonical,
        status=fetched.status,
        media_type=page.media_type or fetched.media_type,
        problem=_problem_of(page),
        title=page.title,
        language=page.language,
        published=page.published,
        newer=page.newer,
        file_sha256=hashlib.sha256(fetched.data).hexdigest(),
    )
    return reading if reading.problem else await _kept(reading, page, team_id, run)


async def _kept(reading: Reading, page: WebPage, team_id: UUID, run: RunInThread) -> Reading:
    """The reading with its text kept, if there is room for it."""
    data = texts.as_file(page.text)
    if not await run(partial(quota.make_room, team_id, len(data))):
        return replace(reading, problem=PageProblem.QUOTA)
    sha256 = await asyncio.get_running_loop().run_in_executor(_reading, texts.store.put, data)
    return replace(
        reading,
        text_sha256=sha256,
        size=len(data),
        characters=page.text.characters,
        unit=page.text.unit,
        pages=page.text.count,
    )


def _text_of(fetched: FetchedPage) -> WebPage:
    return read_web_page(fetched.data, media_type=fetched.media_type, charset=fetched.charset, url=fetched.url)


def _problem_of(page: WebPage) -> str:
    """Why the page has no text; empty where it has some, though perhaps not all of it."""
    if page.text.passages:
        return ""
    try:
        return _AS_SAID_HERE.get(Problem(page.problem), PageProblem.NO_TEXT).value
    except ValueError:
        return PageProblem(page.problem).value


def _leads_home(asked: str, final: str) -> bool:
    """Whether the site leads from a page of its own to its front page, as many do with pages that are gone."""
    before, after = urlsplit(asked), urlsplit(final)
    is_front = not after.path.strip("/") and not after.query
    return is_front and bool(before.path.strip("/")) and site_of(asked) == site_of(final)
