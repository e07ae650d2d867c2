"""How long a page of the ledger of sources takes: `python -m benchmarks.ledger`, on a store of its own.

Two hundred thousand pages of five thousand sites are in the team's ledger, a fifth as many in those of forty spaces and
of thirty people; some are gone, some were not found by a check, three sites of a hundred have a mark.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.own_store import measured_inside
from benchmarks.rounds import Figures
from tests.stores import ROOT

SOURCES = 200_000
SITES = 5_000
ROUNDS = 40
GOAL = 100  # milliseconds


def ledger(bench: Bench) -> Figures:
    """What a page of the ledger takes, whatever it is narrowed and sorted by, and where words are looked for."""
    found = {what: float(figure) for what, figure, _goal in measured(tree=bench.tree)}
    words = [figure for what, figure in found.items() if "word" in what]
    return {
        "ledger.p95": max(figure for what, figure in found.items() if "word" not in what),
        "ledger.words": max(words),
    }


def measured(count: int = SOURCES, *, tree: Path = ROOT) -> list[tuple[str, str, str]]:
    """What was measured, with its p95 in milliseconds and the goal."""
    return measured_inside("ledger", count, tree=tree)


def inside(count: int) -> list[tuple[str, str, str]]:
    """Fill the store that the environment names, and measure."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import RequestFactory

    from accounts.models import Membership, User
    from chat.views.sources import ledger as views

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    call_command("migrate", verbosity=0)
    _fill(count)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    member = Membership.objects.select_related("team", "user").order_by("joined_at")[0]
    person = User.objects.get(pk=member.user_id)

    def page(**asked: str) -> Callable[[], object]:
        def draw() -> None:
            request = RequestFactory().get("/sources/", asked)
            request.user = person
            request.session = {}  # type: ignore[assignment]
            assert views.sources(request).status_code == 200

        return draw

    kinds = {
        "newest": page(),
        "most answers": page(sort="answers"),
        "by site": page(sort="site", page="40"),
        "one site": page(site="site-77.example"),
        "not found": page(show="missing"),
        "gone, by answers": page(show="gone", sort="answers"),
        "blocked": page(show="blocked"),
        "deep": page(page="2000"),
        "common word": page(q="lamp"),
        "rare word": page(q="heliotrope"),
    }
    return [(what, f"{_p95(run):.1f}", f"≤ {GOAL} ms p95") for what, run in kinds.items()]


def _p95(run: Callable[[], object]) -> float:
    taken = []
    for number in range(ROUNDS + 3):
        begun = time.perf_counter()
        run()
        if number >= 3:
            taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return taken[int(ROUNDS * 0.95)]


def _fill(count: int) -> None:
    from django.utils import timezone

    from accounts.models import Membership, Team, User
    from chat.models import LedgerProgress, LedgerSource, SiteMark, Space
    from chat.sources.copies import address_key
    from chat.sources.ledger.audiences import own_audience

    chance = random.Random(7)
    team = Team.objects.create(name="Harbour")
    people = [User.objects.create(username=f"person-{number}") for number in range(30)]
    Membership.objects.bulk_create(Membership(user=person, team=team) for person in people)
    spaces = [Space.objects.create(team=team, owner=people[0], name=f"Space {number}") for number in range(40)]
    beside = [*(space.pk for space in spaces), *(own_audience(team.pk, person.pk) for person in people)]
    now = timezone.now()
    marks = {f"site-{number}.example": chance.choice(SiteMark.Mark.values[:3]) for number in range(0, SITES, 33)}
    SiteMark.objects.bulk_create(SiteMark(team=team, site=site, mark=mark) for site, mark in marks.items())
    LedgerProgress.objects.create(pk=1, is_whole=True)
    total = count * 6 // 5
    for start in range(0, total, 4_000):
        rows = []
        for number in range(start, min(start + 4_000, total)):
            site = f"site-{int(SITES * chance.random() ** 2)}.example"
            address, answers = f"https://{site}/lamps/{number}", 1 + int(40 * chance.random() ** 6)
            title = f"{'Heliotropes' if number == 7 else 'All about lamp' if number % 2 else 'Notes on tide'} {number}"
            at = now - timedelta(minutes=chance.randrange(1_000_000))
            rows.append(
                LedgerSource(
                    team=team,
                    audience=team.pk if number % 6 else chance.choice(beside),
                    address_key=address_key(address),
                    site=site,
                    address=address,
                    title=title,
                    folded=f"{title} {address}".casefold(),
                    answers=answers,
                    cited=chance.randrange(answers + 1),
                    missing=int(chance.random() < 0.05),
                    first_at=at - timedelta(days=9),
                    last_at=at,
                    gone=chance.random() < 0.03,
                    changed=chance.random() < 0.05,
                    mark=marks.get(site, ""),
                )
            )
        LedgerSource.objects.bulk_create(rows)


if __name__ == "__main__":
    if "inside" in sys.argv:
        print(json.dumps(inside(int(sys.argv[1]))))
    else:
        for name, figure, goal in measured():
            print(f"ledger, {name}: {figure} ms ({goal})")
