"""How long a search takes in a full history: `python -m benchmarks.search [MESSAGES]`, on a store of its own.

The words are made up and as unevenly common as those of a language: the commonest stands in two texts of three, most
in very few. Three teams share the history; a fifth of the conversations is private. Each answer has three sources, of
sites that are as unevenly common; one in ten has a table, one in two thousand a formula.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.own_store import measured_inside
from benchmarks.rounds import Figures
from tests.stores import ROOT

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
    return measured_inside("search", messages, tree=tree)


def inside(messages: int) -> list[tuple[str, str, str]]:
    """Fill the store that the environment names, and measure."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.core.management import call_command
    from django.db import connection

    from accounts.models import Membership
    from chat.search import note_facts, search
    from chat.search.meaning import read_meaning

    call_command("migrate", verbosity=0)
    words = vocabulary()
    begun = time.perf_counter()
    _fill(messages, words)
    filled = time.perf_counter() - begun
    begun = time.perf_counter()
    while note_facts(connection, most=50):
        pass
    noted = time.perf_counter() - begun
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    member = Membership.objects.select_related("team", "user").order_by("joined_at")[0]

    def find(typed: Callable[[random.Random], str]) -> tuple[str, int]:
        chance, taken, hits = random.Random(3), [], 0
        for number in range(ROUNDS + 3):
            asked = typed(chance)
            begun = time.perf_counter()
            meaning = read_meaning(asked, member)
            page = search(member, words=meaning.words, filters=meaning.filters)
            if number >= 3:
                taken.append((time.perf_counter() - begun) * 1000)
            hits += len(page.conversations)
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
        "a site without words": lambda chance: f"site:{_site(chance.randrange(2_000))}",
        "a common word and a rare site": lambda chance: (
            f"{words[chance.randrange(9)]} site:{_site(chance.randrange(500, 2_000))}"
        ),
        "a common word and a common site": lambda chance: (
            f"{words[chance.randrange(9)]} site:{_site(chance.randrange(9))}"
        ),
        "tables without words": lambda chance: "has:table after:2020-01 ",
        "a common word and formulas": lambda chance: f"{words[chance.randrange(9)]} has:math ",
        "what one asked oneself": lambda chance: f"from:me {words[chance.randrange(0, 3_000)]} ",
        "what nobody has": lambda chance: f"{words[chance.randrange(9)]} has:file has:table ",
        "much excluded": lambda chance: f"{words[chance.randrange(9)]} -has:table -from:me -is:private ",
        "a question of the team of a month": lambda chance: "is:shared type:question during:2026-02 ",
    }
    found = []
    for what, typed in kinds.items():
        figure, hits = find(typed)
        print(f"{what}: {figure}, {hits / (ROUNDS + 3):.1f} hits", file=sys.stderr)
        found.append((f"search in {messages:,} messages, {connection.vendor}: {what}", figure, GOAL))
    print(f"filled in {filled:.1f} s, facts and sources noted in {noted:.1f} s", file=sys.stderr)
    return found


def _site(rank: int) -> str:
    """The site of this rank, the commonest first."""
    return f"site{rank}.example"


def vocabulary() -> list[str]:
    """Made-up words, forty thousand of them, each once."""
    chance = random.Random(1)
    syllables = ["ba", "ko", "ri", "te", "mu", "sa", "lo", "ne", "pi", "du", "ga", "fe", "zo", "hi", "va"]
    made = ("".join(chance.choices(syllables, k=chance.randint(2, 5))) for _ in range(120_000))
    return list(dict.fromkeys(made))[:40_000]


def _fill(messages: int, words: list[str]) -> None:
    from django.utils import timezone

    from accounts.models import Membership, Team, User
    from chat.models import Answer, Conversation, Question, Source

    chance = random.Random(2)
    sites = list(accumulate(1 / (rank + 2) for rank in range(2_000)))
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
        conversations, questions, answers, sources = [], [], [], []
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
                    html="<table>" if number % 20 == 4 else "<math>" if number % 4_000 == 6 else "",
                    created_at=at,
                )
            )
            sources += [
                Source(
                    answer=answers[-1],
                    number=place,
                    title=said(6),
                    url=f"https://{_site(rank)}/{number}",
                    snippet=said(40),
                    cited=place == 1,
                )
                for place, rank in enumerate(chance.choices(range(2_000), cum_weights=sites, k=3), start=1)
            ]
        Conversation.objects.bulk_create(conversations)
        Question.objects.bulk_create(questions)
        Answer.objects.bulk_create(answers)
        Source.objects.bulk_create(sources)


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
