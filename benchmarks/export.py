"""How long a PDF of many questions takes, and how much memory: `python -m benchmarks.export [QUESTIONS]`, on a store of
its own. Answers are of 2 kB, with marks, a table and a list, and three sources each."""

import json
import os
import resource
import sys
import time
import uuid
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.own_store import measured_inside
from benchmarks.rounds import Figures
from tests.stores import ROOT

QUESTIONS = 1_000
GOAL = "≤ 300 s, ≤ 500 MB"
TEXT = (
    "## Overview\n\n"
    + "Tides follow the moon, and the range is **largest** at springs [1]. It was 4.2 m in March [2][3].\n\n" * 9
    + "- one [1]\n- two [2]\n\n| Place | Range |\n|---|---:|\n| Brest | 7 m [1] |\n\n"
    + "Neaps come a week later, and are half as large, as tables of the port say [2].\n\n" * 11
)


def export(bench: Bench) -> Figures:
    """Seconds, and the megabytes of the largest process."""
    found = {what: figure for what, figure, _goal in measured(QUESTIONS, tree=bench.tree)}
    return {"export.seconds": float(found["seconds"]), "export.mb": float(found["MB"])}


def measured(questions: int, *, tree: Path = ROOT) -> list[tuple[str, str, str]]:
    """What was measured by the tree's own copy of this module, its figure and its goal."""
    return measured_inside("export", questions, tree=tree)


def main(questions: int) -> list[tuple[str, str, str]]:
    """Fill the store, and write the PDF."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.core.management import call_command

    from accounts.models import Membership, Team, User
    from sharing.export.content import Along
    from sharing.export.making import write_export
    from sharing.export.scope import TEAM, Scope

    call_command("migrate", interactive=False, verbosity=0)
    by = Membership.objects.create(team=Team.objects.create(name="Harbour"), user=User.objects.create_user("alice"))
    _fill(by, questions)
    began = time.monotonic()
    with Path(os.devnull).open("wb") as out:
        write_export(Scope(TEAM), out, by=by, along=Along(), format_name="pdf")
    seconds = time.monotonic() - began
    largest = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return [("seconds", f"{seconds:.1f}", GOAL), ("MB", str(largest // 1024), GOAL)]


def _fill(by, questions: int) -> None:  # type: ignore[no-untyped-def]  # Django is set up by then, not before
    from django.utils import timezone

    from chat.models import Answer, Conversation, Question, Source
    from chat.rendering import to_html

    at = timezone.now()
    sources = [
        Source(number=number, title=f"Tides {number}", url=f"https://s{number}.example/") for number in (1, 2, 3)
    ]
    shown = to_html(TEXT, sources=sources, anchor="a")
    for first in range(0, questions, 500):
        conversation = Conversation.objects.create(team=by.team, owner=by.user, title=f"Tides {first}")
        asked = [
            Question(conversation=conversation, author=by.user, position=at_, text=f"Question {at_}?", key=uuid.uuid4())
            for at_ in range(1, min(500, questions - first) + 1)
        ]
        Question.objects.bulk_create(asked)
        answers = [
            Answer(
                question=one, asked_by=by.user, key=uuid.uuid4(), provider="sonar", model="sonar", state="finished",
                text=TEXT, html=shown, ended_at=at,
            )
            for one in asked
        ]  # fmt: skip
        Answer.objects.bulk_create(answers)
        Source.objects.bulk_create(
            Source(answer=one, number=number, title=f"Tides {number}", url=f"https://s{number}.example/", cited=True)
            for one in answers
            for number in (1, 2, 3)
        )


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    if sys.argv[2:] == ["inside"]:
        print(json.dumps(main(count)))
    else:
        for what, figure, goal in measured(count):
            print(f"{what}: {figure} ({goal})")
