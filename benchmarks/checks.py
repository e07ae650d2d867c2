"""What a whole check takes: `python -m benchmarks.checks`.

An answer cites 20 pages of 50 kB, which come over a fetcher as from a site; they are read, kept and judged as in the
product. The rows are in the database that the environment names. Counted is the computing of this process and of those
in which pages are read and judged, whose starting is not: it happens once. How long the event loop, in which streams
live, is held up at most meanwhile is measured beside it.
"""

import asyncio
import gc
import json
import os
import random
import sys
import time
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.bench import Bench
from benchmarks.claims import labelled_sentences
from benchmarks.own_store import measured_inside
from benchmarks.rounds import Figures
from tests.stores import ROOT

if TYPE_CHECKING:
    from chat.models import CitationCheck
    from chat.sources.checks.worker import CheckWorker

MARKS = 20
PAGE = 50_000  # bytes of HTML
SITES = 5
PATIENCE = 120.0  # seconds
BEAT = 0.002  # seconds
SWITCH_INTERVAL = 0.001  # seconds, as in the server


def checks(bench: Bench) -> Figures:
    """CPU seconds of a check, and for how many milliseconds the event loop was held up at most."""
    found = {what: float(figure) for what, figure, _goal in measured(tree=bench.tree)}
    return {"checks.cpu": found["CPU seconds"], "checks.loop": found["longest hold-up, ms"]}


def measured(*, tree: Path = ROOT) -> list[tuple[str, str, str]]:
    """What was measured by the tree's own copy of this module, its figure and its goal."""
    return measured_inside("checks", MARKS, tree=tree)


def inside(marks: int) -> list[tuple[str, str, str]]:
    """Check three answers in the store that the environment names: one so that all is there, one of which the computing
    is counted, and one beside which the loop is watched, which computes too."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    pages = {
        f"/{name}/{number}": _page(number + marks * at) for at, name in enumerate("abc") for number in range(marks)
    }
    answers = [_answer(name, marks, pages) for name in "abc"]
    cpu, held_up = asyncio.run(_check_all(answers, {path: html for path, (_text, html) in pages.items()}))
    return [("CPU seconds", f"{cpu:.2f}", "≤ 1.5"), ("longest hold-up, ms", f"{held_up * 1000:.1f}", "≤ 20")]


async def _check_all(answers: list[Any], pages: dict[str, bytes]) -> tuple[float, float]:
    from chat.sources.checks.running import DatabaseThreads
    from chat.sources.checks.worker import CheckWorker
    from chat.sources.copies.fetcher import judge_in_process
    from upstream.page_fetch import PageFetcher, SitePace

    def page_at(url: str) -> tuple[int, dict[str, str], bytes] | None:
        body = pages.get("/" + url.split("/", 3)[3])
        return (200, {"content-type": "text/html; charset=utf-8"}, body) if body else (404, {}, b"")

    fetcher = PageFetcher(site_url="", judge_robots=judge_in_process, pace=SitePace(), demo=page_at)
    worker = CheckWorker(fetcher=fetcher, threads=DatabaseThreads("checks", count=1))
    await worker.connect()
    worker.open()
    sys.setswitchinterval(SWITCH_INTERVAL)
    gc.freeze()
    try:
        await _ended(worker, answers[0])
        began = _computed()
        await _ended(worker, answers[1])
        cpu = _computed() - began
        beats = asyncio.create_task(_longest_hold_up())
        await _ended(worker, answers[2])
        beats.cancel()
        return cpu, await beats
    finally:
        await worker.close()


async def _ended(worker: "CheckWorker", answer: Any) -> None:
    """Ask for a check, and wait until it has ended."""
    from chat.sources.checks import current_checks, request_check

    def look() -> "CitationCheck | None":
        return current_checks([answer])[answer.pk].finished

    await worker.threads.run(lambda: request_check(answer=answer, by=None))
    deadline = time.monotonic() + PATIENCE
    while not (check := await worker.threads.run(look)):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.5)
    assert check.pages_unread == 0, check.pages_unread
    assert check.found + check.partly + check.missing + check.shown >= MARKS


async def _longest_hold_up() -> float:
    """By how much a short sleep took too long at most, in seconds, until this is cancelled."""
    longest, before = 0.0, time.perf_counter()
    try:
        while True:
            await asyncio.sleep(BEAT)
            now = time.perf_counter()
            longest, before = max(longest, now - before - BEAT), now
    except asyncio.CancelledError:
        return longest


def _computed() -> float:
    """CPU seconds of this process, and of its children with theirs that have ended."""
    ticks = os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    found = time.process_time()
    for pid in {pid for one in children for pid in one.read_text().split()}:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        found += sum(int(field) for field in fields[11:15]) / ticks
    return found


def _page(seed: int) -> tuple[str, bytes]:
    """A sentence to be cited, and a page of 50 kB in which its passage stands."""
    chance = random.Random(seed)
    items = labelled_sentences("1")
    cited = chance.choice([item for item in items if item["expected"] != "shown"])
    same = [item["passage"] for item in items if item["language"] == cited["language"]]
    parts, size = [f"<p>{escape(cited['passage'])}</p>"], 0
    while size < PAGE:
        parts.append(f"<p>{escape(chance.choice(same))}</p>")
        size += len(parts[-1].encode())
    chance.shuffle(parts)
    head = f"<!doctype html><html lang='{cited['language']}'><title>Page {seed}</title><article>"
    return cited["sentence"], f"{head}{''.join(parts)}</article></html>".encode()


def _answer(name: str, marks: int, pages: dict[str, tuple[str, bytes]]) -> Any:
    """A finished answer that cites one page in each sentence."""
    from django.utils import timezone

    from accounts.models import Membership, Team, User
    from chat.models import Answer, Source
    from chat.questions import service as questions
    from tests import wishes

    person, is_new = User.objects.get_or_create(username="alice")
    if is_new:
        Membership.objects.create(user=person, team=Team.objects.create(name="Harbour"), role="owner")
    answer = questions.ask_in_new_conversation(wishes.wish("Who?"), team=Team.objects.get(), by=person)
    text = "\n\n".join(f"{pages[f'/{name}/{number}'][0]} [{number + 1}]" for number in range(marks))
    Answer.objects.filter(pk=answer.pk).update(state="finished", text=text, ended_at=timezone.now())
    Source.objects.bulk_create(
        Source(
            answer=answer,
            number=number + 1,
            url=f"https://site{number % SITES}.example/{name}/{number}",
            snippet=pages[f"/{name}/{number}"][0],
            cited=True,
        )
        for number in range(marks)
    )
    return Answer.objects.get(pk=answer.pk)


if __name__ == "__main__":
    if "inside" in sys.argv:
        print(json.dumps(inside(MARKS)))
    else:
        for line in measured():
            print(" | ".join(line))
