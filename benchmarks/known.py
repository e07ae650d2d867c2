"""How long it takes to find what was answered already: `python -m benchmarks.known [QUESTIONS]`, on a store of its own.

Every question is typed letter by letter, and each press of a key is a request of its own to the page's address, though
the page itself waits for a pause. The words are made up and as unevenly common as those of a language; a tenth of the
questions are near-identical to others. Three teams share the history; a fifth of the conversations is private.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from itertools import accumulate
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.rounds import Figures
from benchmarks.search import chance_key, vocabulary
from tests.stores import ROOT, Store, operator_less

QUESTIONS = 100_000
TYPED = 40  # questions of each kind
EVERY = 4  # letters from one press that is measured to the next
BATCH = 1_000


def known(bench: Bench) -> Figures:
    """How long one look takes of a request, for the kind of question that takes longest."""
    found = measured(QUESTIONS, tree=bench.tree)
    return {
        "known.p95": max(one["p95"] for one in found),
        "known.p50": max(one["p50"] for one in found),
        "known.cpu": max(one["cpu"] for one in found),
        "known.found": 100 * min(one["found"] for one in found if one["is_asked"]),
    }


def measured(questions: int, *, tree: Path = ROOT) -> list[dict[str, float]]:
    """What was measured by the tree's own copy of this module with that many questions."""
    folder = Path(tempfile.mkdtemp(prefix="parley-known-"))
    store = Store.empty(folder / "data", tree=tree)
    try:
        done = subprocess.run(
            [store.python, "-m", "benchmarks.known", str(questions), "inside"],
            cwd=tree,
            env={**operator_less(), **store.environment(), "LOG_LEVEL": "ERROR"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == 0
        return list(json.loads(done.stdout.splitlines()[-1]))
    finally:
        store.drop()
        shutil.rmtree(folder, ignore_errors=True)


def inside(questions: int) -> list[dict[str, float]]:
    """Fill the store that the environment names, and measure."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from accounts.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)  # addresses of pictures come from there
    words = vocabulary()
    begun = time.perf_counter()
    asked = _fill(questions, words)
    print(f"filled in {time.perf_counter() - begun:.1f} s", file=sys.stderr)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    client, address = Client(), reverse("chat:known_answers")
    client.force_login(User.objects.get(username="person-0"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    chance = random.Random(3)
    some = chance.sample(asked, TYPED)
    commonest = [" ".join(chance.sample(words[:40], 9)) for _ in range(TYPED)]
    kinds = {
        "a question that was asked": some,
        "the same in other words": [_otherwise(text, words, chance) for text in some],
        "a question of common words that nobody asked": commonest,
        "a question that nobody asked": [_said(chance, words, 12) for _ in range(TYPED)],
        "4,000 characters": [_said(chance, words, 700)[:4_000] for _ in range(TYPED)],
    }
    found = []
    for what, texts in kinds.items():
        taken, computed, hits = [], [], 0
        for text in texts:
            presses = range(12, len(text), EVERY) if len(text) < 1_000 else ()
            for end in (*presses, len(text)):
                begun, used = time.perf_counter(), time.thread_time()
                response = client.post(address, {"text": text[:end]})
                taken.append((time.perf_counter() - begun) * 1000)
                computed.append((time.thread_time() - used) * 1000)
            hits += response.status_code == 200
        taken.sort()
        computed.sort()
        figures = {
            "cpu": computed[int(len(computed) * 0.95)],
            "p95": taken[int(len(taken) * 0.95)],
            "p50": taken[len(taken) // 2],
            "found": hits / len(texts),
            "is_asked": what in list(kinds)[:2],
        }
        said = f"{figures['p95']:.1f} ms p95, {figures['p50']:.1f} p50, {figures['cpu']:.1f} CPU p95"
        said += f", {figures['found']:.0%} found at the end"
        print(f"known among {questions:,}, {connection.vendor}: {what}: {said}", file=sys.stderr)
        found.append(figures)
    return found


def _otherwise(text: str, words: list[str], chance: random.Random) -> str:
    """The words of a question in another order, with one that says little among them."""
    some = text.split()
    chance.shuffle(some)
    return " ".join([*some, "please"])


def _said(chance: random.Random, words: list[str], count: int) -> str:
    return " ".join(chance.choices(words, cum_weights=_weights(len(words)), k=count))


def _weights(count: int) -> list[float]:
    return list(accumulate(1 / (rank + 2) for rank in range(count)))


def _fill(questions: int, words: list[str]) -> list[str]:
    """Store so many questions; returns those that the first person may read and that were asked last."""
    from django.utils import timezone

    from accounts.models import Membership, Team, User
    from chat.models import Answer, Conversation, Question

    chance, weights = random.Random(2), _weights(len(words))
    teams = [Team.objects.create(name=name) for name in ("Harbour", "Quay", "Lighthouse")]
    people = [User.objects.create(username=f"person-{number}") for number in range(30)]
    for number, person in enumerate(people):
        Membership.objects.create(team=teams[number % 3], user=person)
    start = timezone.now() - timedelta(days=365)
    minute = timedelta(days=365) / questions
    texts: list[str] = []
    readable: list[str] = []
    for first in range(0, questions, BATCH):
        conversations, asked, answers = [], [], []
        for number in range(first, min(first + BATCH, questions)):
            at = start + number * minute
            if number % 10 == 0:
                asker = chance.randrange(30)
                is_private = chance.random() < 0.2
                conversations.append(
                    Conversation(
                        team=teams[asker % 3],
                        owner=people[asker],
                        title=f"Conversation {number}",
                        visibility="private" if is_private else "team",
                        created_at=at,
                        last_asked_at=at,
                    )
                )
            conversation = conversations[-1]
            text = " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(6, 14)))
            if texts and chance.random() < 0.1:
                text = f"{chance.choice(texts)} {chance.choice(words)}"
            texts.append(text)
            if conversation.team_id == teams[0].pk and not is_private:
                readable.append(text)
            question = Question(
                conversation=conversation,
                author=conversation.owner,
                position=number % 10 + 1,
                text=text,
                created_at=at,
                key=chance_key(chance),
            )
            asked.append(question)
            answers.append(
                Answer(
                    question=question,
                    asked_by=conversation.owner,
                    key=chance_key(chance),
                    provider="sonar",
                    model="sonar",
                    state="finished",
                    text="So it is.",
                    created_at=at,
                )
            )
        Conversation.objects.bulk_create(conversations)
        Question.objects.bulk_create(asked)
        Answer.objects.bulk_create(answers)
    return readable


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    if "inside" in sys.argv:
        print(json.dumps(inside(wanted)))
    else:
        measured(wanted)
