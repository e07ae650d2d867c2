"""Reads the labelled documents into a space, asks the labelled questions in it, and prints figures as JSON:
`python -m benchmarks.choosing [--misses]`, on the empty database that the environment names.

`--misses` tells of each question whose right passage did not go along.
"""

import io
import json
import os
import re
import sys
import time
from collections.abc import Sequence
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402

from accounts.models import Team, User  # noqa: E402
from benchmarks.labelled import documents, get_documents, questions  # noqa: E402
from chat.documents.choosing import choose, query_terms  # noqa: E402
from chat.documents.find import FoundPassage, find_passages  # noqa: E402
from chat.models import Document, DocumentVersion, Passage, Space  # noqa: E402
from chat.search.words import fold_text  # noqa: E402
from files.formats import PDF  # noqa: E402
from files.text import SPACE_BOUNDS, cut_passages, read_text  # noqa: E402
from files.text.process import read_document  # noqa: E402


def main() -> None:
    """Measure, and print."""
    get_documents()
    call_command("migrate", verbosity=0)
    figures = {"labelled.pages": _pages_a_minute()}
    space = filled_space()
    began, asked = time.process_time(), questions()
    right = [_is_found(one, space) for one in asked]
    figures["labelled.time"] = (time.process_time() - began) / len(asked) * 1000
    for half in (1, 2):
        of_half = [found for found, one in zip(right, asked, strict=True) if int(one["half"]) == half]
        if of_half:
            figures[f"labelled.{half}"] = 100 * sum(of_half) / len(of_half)
    figures["labelled.all"] = 100 * sum(right) / len(right)
    print(json.dumps(figures))


def filled_space() -> UUID:
    """A new space with all the documents, each named by its key."""
    team, person = Team.objects.create(name="Harbour"), User.objects.create(username="alice")
    space = Space.objects.create(team=team, owner=person, name="Labelled")
    for document in documents():
        with document.path.open("rb") as source:
            text = read_text(source, media_type=document.media_type, bounds=SPACE_BOUNDS)
        row = Document.objects.create(space=space, name=document.name, uploaded_by=person)
        version = DocumentVersion.objects.create(
            document=row,
            number=1,
            sha256="0" * 64,
            media_type=document.media_type,
            size=1,
            unit=text.unit,
            state=DocumentVersion.State.READY,
            uploaded_by=person,
            in_index=True,
        )
        Document.objects.filter(pk=row.pk).update(current=version)
        Passage.objects.bulk_create(
            Passage(version=version, number=number, page=cut.page, label=cut.label, text=cut.text, found_in=space.pk)
            for number, cut in enumerate(cut_passages(text), start=1)
        )
    return space.pk


def _pages_a_minute() -> float:
    """PDF pages that one core reads in a minute, of all PDFs of the set."""
    pages, began = 0, time.process_time()
    for document in documents():
        if document.media_type == PDF.media_type:
            with document.path.open("rb") as source:
                out = io.BytesIO()
                read_document(source, out, media_type=PDF.media_type, text=10_000_000, pages=2_000, cpu=600)
                pages += json.loads(out.getvalue().split(b"\n", 1)[0])["count"]
    return pages / (time.process_time() - began) * 60


def _is_found(asked: dict[str, str], space: UUID) -> bool:
    found = find_passages(space, query_terms(asked["question"]))
    chosen = choose(found, question=asked["question"])
    if any(is_right(passage, asked) for passage in chosen):
        return True
    if "--misses" in sys.argv:
        _tell_of_miss(asked, found, chosen)
    return False


def is_right(passage: FoundPassage, asked: dict[str, str]) -> bool:
    """Whether the words that answer the question stand in this passage."""
    name = next(one.name for one in documents() if one.key == asked["document"])
    return passage.name == name and _bare(asked["quote"]) in _bare(passage.text)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", fold_text(text))


def _tell_of_miss(asked: dict[str, str], found: Sequence[FoundPassage], chosen: Sequence[FoundPassage]) -> None:
    places = [place for place, one in enumerate(found) if is_right(one, asked)]
    terms = " ".join(" ".join(term.tokens) + "*" * term.grows for term in query_terms(asked["question"]))
    went = ", ".join(f"{one.name} {one.page}" for one in chosen)
    print(f"{asked['question']} [{terms}]\n    found at: {places}; went along: {went}", file=sys.stderr)


if __name__ == "__main__":
    main()
