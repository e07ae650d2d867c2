"""What a worker does when somebody else has the check, or the answer is gone."""

import asyncio
import logging
import uuid

import pytest

from accounts.models import User
from chat.models import Answer, CitationCheck
from chat.sources.checks import request_check
from chat.sources.checks.worker import CheckWorker
from core.web.db import DatabaseThreads
from core.web.jobs.worker import Job
from tests.chat.sources.checks.conftest import Cite
from upstream.page_fetch import PageFetcher, SitePace

pytestmark = pytest.mark.django_db(transaction=True)


async def performed(check: CitationCheck, *, holder: uuid.UUID, meanwhile: str) -> None:
    """Has a worker make the check whose pages, when they are asked for, bring this about."""

    async def judge(_text: bytes, _url: str, _agent: str) -> None:
        return None

    def page_at(_url: str) -> tuple[int, dict[str, str], bytes]:
        if meanwhile == "deleted":
            Answer.objects.filter(pk=check.answer_id).delete()
        else:
            CitationCheck.objects.filter(pk=check.pk).update(lease_holder=uuid.uuid4())
        return 404, {}, b""

    fetcher = PageFetcher(site_url="", judge_robots=judge, pace=SitePace(), demo=page_at)
    worker = CheckWorker(fetcher=fetcher, threads=DatabaseThreads("checks", count=1))
    worker.id = holder
    await worker.perform(check.pk, Job())
    await worker.close()


@pytest.mark.parametrize("meanwhile", ["deleted", "taken"])
def test_a_check_that_is_lost_while_pages_are_read_ends_quietly(
    cite: Cite, alice: User, caplog: pytest.LogCaptureFixture, meanwhile: str
) -> None:
    check = request_check(answer=cite(alice), by=alice)
    holder = uuid.uuid4()
    CitationCheck.objects.filter(pk=check.pk).update(lease_holder=holder)
    with caplog.at_level(logging.INFO, logger="chat.sources.checks"):
        asyncio.run(performed(check, holder=holder, meanwhile=meanwhile))
    assert "is made by another process, or no longer there" in caplog.text
    assert "broke off" not in caplog.text
    assert not CitationCheck.objects.filter(state="finished").exists()
