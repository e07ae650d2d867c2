"""How long a search takes in a full history: `python -m benchmarks.search [MESSAGES]`, on a store of its own.

The words are made up and as unevenly common as those of a language: the commonest stands in two texts of three, most
in very few. Three teams share the history; a fifth of the conversations is private.
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
from itertools import accumulate
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from tests.stores import ROOT, Store, operator_less

MESSAGES = 100_000
GOAL = "≤ 50 ms p95"
ROUNDS = 25
BATCH = 2_000


def search(bench: Bench) -> Figures:
    """How long it takes to find the words that take longest."""
    found = measured(MESSAGES, tree=bench.tree)
    return {
        "search.p95": max(float(figure.split(" ms p95")[0]) for _, figure, _ in found),
        "search.p50": max(float(figure.split("p95, ")[1].split(" ")[0]) for _, figure, _ in found),
    }


def measured(messages: int, *, tree: Path = ROOT) -> list[tuple[str, str, str]]:
    """What was measured by the tree's own copy of this module, its figure and its goal, with that many messages."""
    folder = Path(tempfile.mkdtemp(prefix="parley-search-"))
    store = Store.empty(folder / "data", tree=tree)
    try:
        done = subprocess.run(
            [store.python, "-m", "benchmarks.search", str(messages), "inside"],
            cwd=tree,
            env={**operator_less(), **store.environment(), "LOG_LEVEL": "ERROR"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return [(what, figure, goal) for what, figure, goal in json.loads(done.stdout.splitlines()[-1])]
    finally:
        store.drop()
        shutil.rmtree(folder, ignore_errors=True)


def inside(messages: int) -> list[tuple[str, str, str]]:
    """Fill the store that the environment names, and measure."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.core.management import call_command
    from django.db import connection

    from accounts.models import Membership
    from chat.search import search

    call_command("migrate", verbosity=0)
    words = _vocabulary()
    begun = time.perf_counter()
    _fill(messages, words)
    filled = time.perf_counter() - begun
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    member = Membership.objects.select_related("team", "user").order_by("joined_at")[0]

    def find(typed: Callable[[random.Random], str]) -> tuple[str, int]:
        chance, taken, hits = random.Random(3), [], 0
        for number in range(ROUNDS + 3):
            asked = typed(chance)
            begun = time.perf_counter()
            page = search(member, words=asked)
            if number >= 3:
                taken.append((time.perf_counter() - begun) * 1000)
            hits += len(page.hits)
        taken.sort()
        return f"{taken[int(ROUNDS * 0.95)]:.1f} ms p95, {taken[ROUNDS // 2]:.1f} p50", hits

    kinds: dict[str, Callable[[random.Random], str]] = {
        "a rare word": lambda chance: words[chance.randrange(20_000, 30_000)] + " ",
        "a word of medium rarity": lambda chance: words[chance.randrange(500, 2_000)] + " ",
        "the commonest words": lambda chance: words[chance.randrange(0, 4)] + " ",
        "two common words": lambda chance: f"{words[chance.randrange(0, 20)]} {words[chance.randrange(20, 60)]} ",
        "a common and a rare word": lambda chance: f"{words[0]} {words[chance.randrange(20_000, 30_000)]} ",
        "a word being typed, two letters": lambda chance: words[chance.randrange(0, 3_000)][:2],
        "a word being typed, four letters": lambda chance: words[chance.randrange(0, 3_000)][:4],
        "a phrase": lambda chance: f'"{words[chance.randrange(0, 6)]} {words[chance.randrange(0, 6)]}"',
        "a word without another": lambda chance: f"{words[chance.randrange(0, 9)]} -{words[chance.randrange(9, 20)]} ",
        "a word that nobody wrote": lambda chance: "xylophonist ",
    }
    found = []
    for what, typed in kinds.items():
        figure, hits = find(typed)
        print(f"{what}: {figure}, {hits / (ROUNDS + 3):.1f} hits", file=sys.stderr)
        found.append((f"search in {messages:,} messages, {connection.vendor}: {what}", figure, GOAL))
    print(f"filled in {filled:.1f} s", file=sys.stderr)
    return found


def _vocabulary() -> list[str]:
    chance = random.Random(1)
    syllables = ["ba", "ko", "ri", "te", "mu", "sa", "lo", "ne", "pi", "du", "ga", "fe", "zo", "hi", "va"]
    made = ("".join(chance.choices(syllables, k=chance.randint(2, 5))) for _ in range(120_000))
    return list(dict.fromkeys(made))[:40_000]


def _fill(messages: int, words: list[str]) -> None:
    from django.utils import timezone

    from accounts.models import Membership, Team, User
    from chat.models import Answer, Conversation, Question

    chance = random.Random(2)
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(words))))

    def said(count: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=count))

    teams = [Team.objects.create(name=name) for name in ("Harbour", "Quay", "Lighthouse")]
    people = [User.objects.create(username=f"person-{number}") for number in range(30)]
    for number, person in enumerate(people):
        Membership.objects.create(team=teams[number % 3], user=person)
    start = timezone.now() - timedelta(days=365)
    minute = timedelta(days=365) / max(1, messages)
    for first in range(0, messages, BATCH):
        conversations, questions, answers = [], [], []
        for number in range(first, min(first + BATCH, messages), 2):
            at = start + number * minute
            if number % 20 == 0:
                asker = chance.randrange(30)
                conversations.append(
                    Conversation(
                        team=teams[asker % 3],
                        owner=people[asker],
                        title=said(6),
                        visibility="private" if chance.random() < 0.2 else "team",
                        created_at=at,
                        last_asked_at=at,
                    )
                )
            conversation = conversations[-1]
            question = Question(
                conversation=conversation,
                author=conversation.owner,
                position=number % 20 // 2 + 1,
                text=said(12),
                created_at=at,
                key=chance_key(chance),
            )
            questions.append(question)
            answers.append(
                Answer(
                    question=question,
                    asked_by=conversation.owner,
                    key=chance_key(chance),
                    provider="sonar",
                    model="sonar",
                    state="finished",
                    text=said(150),
                    created_at=at,
                )
            )
        Conversation.objects.bulk_create(conversations)
        Question.objects.bulk_create(questions)
        Answer.objects.bulk_create(answers)


def chance_key(chance: random.Random) -> str:
    """A key as a form would give it."""
    return f"{chance.getrandbits(128):032x}"


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    if "inside" in sys.argv:
        print(json.dumps(inside(wanted)))
    else:
        for line in measured(wanted):
            print(" | ".join(line))
