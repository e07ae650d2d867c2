"""How long the sidebar takes with many spaces: `python -m benchmarks.sidebar`, on a store of its own.

Ten thousand conversations are in three hundred spaces, and as many again in none; two spaces of three are for some of
thirty people. Whoever looks is in every other of those.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from tests.stores import ROOT, Store, operator_less

CONVERSATIONS = 10_000
SPACES = 300
PEOPLE = 30
ROUNDS = 40
GOAL = 60  # milliseconds


def sidebar(bench: Bench) -> Figures:
    """What the sidebar takes, and its list again when something has changed."""
    found = measured(tree=bench.tree)
    return {f"sidebar.{name}": p95 for name, p95, _p50 in found}


def measured(*, tree: Path = ROOT) -> list[tuple[str, float, float]]:
    """What was measured by the tree's own copy of this module, with its p95 and p50 in milliseconds."""
    folder = Path(tempfile.mkdtemp(prefix="parley-sidebar-"))
    store = Store.empty(folder / "data", tree=tree)
    try:
        done = subprocess.run(
            [store.python, "-m", "benchmarks.sidebar", "inside"],
            cwd=tree,
            env={**operator_less(), **store.environment(), "LOG_LEVEL": "ERROR"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return [(what, p95, p50) for what, p95, p50 in json.loads(done.stdout.splitlines()[-1])]
    finally:
        store.drop()
        shutil.rmtree(folder, ignore_errors=True)


def inside() -> list[tuple[str, float, float]]:
    """Fill the store that the environment names, and measure."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.template.loader import render_to_string
    from django.test import RequestFactory

    from accounts.models import Membership
    from chat.conversations import history
    from chat.models import Space
    from chat.views.sidebar import sidebar as sidebar_context

    # Where the drawings are is looked up once by a server; here nothing was collected.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    call_command("migrate", verbosity=0)
    _fill()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    member = Membership.objects.select_related("team", "user").order_by("joined_at")[0]
    request = RequestFactory().get("/")
    request.user = member.user
    pieces = ("chat/history/_spaces.html", "chat/history/_history.html")

    def draw() -> None:
        context = sidebar_context(request, member) | {"membership": member, "request": request}
        for piece in pieces:
            render_to_string(piece, context)

    first = history.history_page(member, filter=history.HistoryFilter.EVERYONE)
    end = first.end
    assert end
    full, some = Space.objects.filter(everyone=True)[0], Space.objects.filter(everyone=False)[0]
    kinds: dict[str, Callable[[], object]] = {
        "whole": draw,
        "again": lambda: history.refreshed_history_page(member, filter=history.HistoryFilter.EVERYONE, until=end),
        "mine": lambda: history.history_page(member, filter=history.HistoryFilter.MINE),
        "space": lambda: history.history_page(member, filter=history.HistoryFilter.EVERYONE, space=full),
        "unseen": lambda: history.history_page(member, filter=history.HistoryFilter.EVERYONE, space=some),
    }
    return [(what, *_times(run)) for what, run in kinds.items()]


def _times(run: Callable[[], object]) -> tuple[float, float]:
    taken = []
    for number in range(ROUNDS + 3):
        begun = time.perf_counter()
        run()
        if number >= 3:
            taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return round(taken[int(ROUNDS * 0.95)], 1), round(taken[ROUNDS // 2], 1)


def _fill() -> None:
    from django.utils import timezone

    from accounts.models import Membership, Team, User
    from chat.models import Conversation, Space, SpaceMember

    chance = random.Random(5)
    team = Team.objects.create(name="Harbour")
    people = [User.objects.create(username=f"person-{number}") for number in range(PEOPLE)]
    members = [Membership.objects.create(user=person, team=team) for person in people]
    spaces = [
        Space(team=team, owner=people[1 + number % (PEOPLE - 1)], name=f"Space {number}", everyone=number % 3 == 0)
        for number in range(SPACES)
    ]
    Space.objects.bulk_create(spaces)
    SpaceMember.objects.bulk_create(
        SpaceMember(space=space, membership=member)
        for number, space in enumerate(spaces)
        if not space.everyone
        for place, member in enumerate(members)
        if (place == 0 and number % 2) or (place and chance.random() < 0.3)
    )
    now = timezone.now()
    made = []
    for number in range(2 * CONVERSATIONS):
        space = spaces[chance.randrange(SPACES)] if number % 2 else None
        at = now - timedelta(minutes=5 * number)
        made.append(
            Conversation(
                team=team,
                owner=people[chance.randrange(PEOPLE)],
                space=space,
                title=f"What is known of lamp {number}?",
                visibility="private" if chance.random() < 0.2 else "space" if space else "team",
                created_at=at,
                last_asked_at=at,
            )
        )
    Conversation.objects.bulk_create(made, batch_size=2_000)


if __name__ == "__main__":
    if "inside" in sys.argv:
        print(json.dumps(inside()))
    else:
        for what, p95, p50 in measured():
            print(f"sidebar, {what}: {p95} ms p95, {p50} ms p50 (≤ {GOAL})")
