"""How much longer a question takes in a space full of documents: `python -m benchmarks.documents [DOCUMENTS]`.

2,000 documents have 200,000 passages of made-up words, as unevenly common as those of a language; each document keeps
to some of the rarer ones, as texts about one subject do. What is measured is all that is done besides before a question
is sent: its words, the passages that have some of them, and those of these that go along.
"""

import json
import os
import random
import sys
import time
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.own_store import measured_inside
from benchmarks.rounds import Figures
from benchmarks.search import vocabulary
from tests.stores import ROOT

DOCUMENTS = 2_000
PASSAGES = 100  # of each
GOAL = "≤ 50 ms p95"
ROUNDS = 60
BATCH = 20  # documents


def documents(bench: Bench) -> Figures:
    """How long it takes to find and choose the passages for the questions that take longest."""
    found = measured(DOCUMENTS, tree=bench.tree)
    return {
        "documents.p95": max(float(figure.split(" ms p95")[0]) for _, figure, _ in found),
        "documents.p50": max(float(figure.split("p95, ")[1].split(" ")[0]) for _, figure, _ in found),
    }


def measured(count: int, *, tree: Path = ROOT) -> list[tuple[str, str, str]]:
    """What was measured by the tree's own copy of this module, its figure and its goal, with that many documents."""
    return measured_inside("documents", count, tree=tree)


def inside(count: int) -> list[tuple[str, str, str]]:
    """Fill the store that the environment names, unless it is filled, and measure."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.core.management import call_command
    from django.db import connection

    from chat.documents.choosing import choose, query_terms
    from chat.documents.find import find_passages
    from chat.models import Space

    words = vocabulary()
    call_command("migrate", verbosity=0)
    if not Space.objects.exists():
        begun = time.perf_counter()
        _fill(count, words)
        print(f"filled in {time.perf_counter() - begun:.1f} s", file=sys.stderr)
    space = Space.objects.get(name="Full")

    def ask(worded: Callable[[random.Random], list[str]]) -> tuple[str, float]:
        chance, taken, chosen = random.Random(3), [], 0
        for number in range(ROUNDS + 3):
            question = f"{' '.join(worded(chance))}?"
            begun = time.perf_counter()
            found = choose(find_passages(space.pk, query_terms(question)), question=question)
            if number >= 3:
                taken.append((time.perf_counter() - begun) * 1000)
                chosen += len(found)
        taken.sort()
        return f"{taken[int(ROUNDS * 0.95)]:.1f} ms p95, {taken[ROUNDS // 2]:.1f} p50", chosen / ROUNDS

    def some(chance: random.Random, *ranks: tuple[int, int]) -> list[str]:
        return [words[chance.randrange(first, last)] for first, last in ranks]

    kinds: dict[str, Callable[[random.Random], list[str]]] = {
        "one rare word": lambda chance: some(chance, (5_000, 20_000)),
        "a question of six words": lambda chance: some(
            chance, (20, 100), (100, 400), (400, 2_000), (400, 2_000), (2_000, 9_000), (9_000, 30_000)
        ),
        "a question of sixteen words": lambda chance: some(
            chance, *[(20, 100)] * 4, *[(100, 400)] * 4, *[(400, 2_000)] * 4, *[(2_000, 30_000)] * 4
        ),
        "common words alone": lambda chance: some(chance, (5, 20), (20, 60), (20, 60), (60, 100)),
        "one very common word": lambda chance: some(chance, (0, 5)),
        "words that nobody wrote": lambda _chance: ["xylophonist", "yachtswoman"],
    }
    found = []
    for what, worded in kinds.items():
        figure, chosen = ask(worded)
        print(f"{what}: {figure}, {chosen:.1f} passages", file=sys.stderr)
        found.append((f"a question in {count:,} documents, {connection.vendor}: {what}", figure, GOAL))
    return found


def _fill(count: int, words: list[str]) -> None:
    """The space that is asked in, and a smaller one beside it. The index is made once, at the end."""
    from django.db import connection

    from accounts.models import Team, User
    from chat.documents import index
    from chat.models import Document, DocumentVersion, Passage, Space

    chance = random.Random(2)
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(words))))
    team = Team.objects.create(name="Harbour")
    person = User.objects.create(username="alice")
    spaces = [Space.objects.create(team=team, owner=person, name=name) for name in ("Full", "Other")]
    index.uninstall(connection)
    for first in range(0, count + count // 4, BATCH):
        space = spaces[first >= count]
        made = [Document(space=space, name=f"Document {first + n}.pdf", uploaded_by=person) for n in range(BATCH)]
        Document.objects.bulk_create(made)
        versions = [
            DocumentVersion(
                document=one,
                number=1,
                sha256=f"{chance.getrandbits(256):064x}",
                media_type="application/pdf",
                size=1_000_000,
                unit="page",
                pages=PASSAGES // 2,
                characters=PASSAGES * 1_200,
                state="ready",
                in_index=True,
                uploaded_by=person,
            )
            for one in made
        ]
        DocumentVersion.objects.bulk_create(versions)
        passages = []
        for document, version in zip(made, versions, strict=True):
            document.current = version
            subject = [words[chance.randrange(300, len(words))] for _ in range(60)]
            for number in range(1, PASSAGES + 1):
                said = chance.choices(words, cum_weights=weights, k=170) + chance.choices(subject, k=20)
                chance.shuffle(said)
                text = " ".join(said)
                passages.append(
                    Passage(version=version, number=number, page=number // 2 + 1, text=text, found_in=space.pk)
                )
        Document.objects.bulk_update(made, ["current"])
        Passage.objects.bulk_create(passages, batch_size=500)
    index.install(connection)
    index.rebuild(connection)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else DOCUMENTS
    if "inside" in sys.argv:
        print(json.dumps(inside(wanted)))
    else:
        for line in measured(wanted):
            print(" | ".join(line))
