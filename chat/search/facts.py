"""What a text is known by besides its words: who asked, which model answered, which sites it relied on, what is in it.

Facts are kept for questions, each with its answers, and for the titles of their conversations. A text that was written
waits in `search_pending` for a second or so until `note_facts` has come to it, so that the end of an answer is not kept
waiting: an answer has thirty facts, and its sources have more words than itself. What an earlier version stored waits
there too, and the newest is first.

A fact is kept as a number that is made from its name. It takes a third of the room, and two names in 10^9 share one.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField, ExpressionWrapper, F, Q

from chat.models import Answer, AnswerPassage, Attachment, CitationCheck, Question, Source
from chat.search.words import indexed_words

HAS = ("table", "code", "math", "image", "file", "sources", "missing-figure")
"""What can be asked of a question and its answers by `has:`. *missing-figure*: by the check that an answer wears, a
figure of it stands in no source."""
UNCHECKED = "unchecked"
"""What is known of an answer that cites something and was never checked."""
_OF_CHECKS = (UNCHECKED, "missing-figure")
"""What is known for a time only."""
_IN_HTML = {"table": "<table", "code": '<code class="highlight', "math": "<math"}
"""What of it is told by the answer as it is shown."""
MOST_SITES = 60  # of one answer: deep research names hundreds of pages
MOST_SOURCES = 40  # of one answer whose words are found, those that it cites first
_LONGEST_TITLE, _LONGEST_SNIPPET = 200, 300  # characters of a source
_INSERT_FACT = "INSERT INTO search_fact (name, about) VALUES (%s, %s) ON CONFLICT DO NOTHING"

_AT_ONCE = 500  # parameters of one statement
_Places = dict[tuple[str, UUID], int]
"""The numbers of documents, by their kinds and objects."""


def fact_number(name: str) -> int:
    """The number under which a fact is kept, such as `site:arxiv.org`."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)


def person_fact(person: UUID) -> int:
    """That this person asked."""
    return fact_number(f"from:{person.hex}")


def model_fact(model: str, provider: str = "") -> int:
    """That this model answered, of this provider or of any."""
    return fact_number(f"model:{provider}:{model.lower()}")


def site_fact(site: str) -> int:
    """That an answer has a source of this site or of one below it."""
    return fact_number(f"site:{site}")


def has_fact(what: str) -> int:
    """That there is one of HAS, or UNCHECKED."""
    return fact_number(f"has:{what}")


def host_of(address: str) -> str:
    """The site of an address, without its *www*; empty for what is no address."""
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.").strip(".")
    except ValueError:
        return ""


def note_facts(connection: BaseDatabaseWrapper, *, most: int) -> int:
    """Find the facts and sources of so many texts that wait, the newest first. Returns how many that were.

    Several processes can do it at once.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM search_pending)")
        if not cursor.fetchone()[0]:
            return 0  # and nobody else's writing waits for that
    key = _key_for(connection)
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        lock = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
        cursor.execute(f"SELECT document FROM search_pending ORDER BY document DESC LIMIT %s{lock}", [most])  # noqa: S608
        numbers = [number for (number,) in cursor.fetchall()]
        if not numbers:
            return 0
        marks = ", ".join(["%s"] * len(numbers))
        cursor.execute(f"SELECT kind, object_id FROM search_document WHERE id IN ({marks})", numbers)  # noqa: S608
        waiting = [(kind, UUID(str(name))) for kind, name in cursor.fetchall()]
        asked = {name for kind, name in waiting if kind == "question"}
        answered = [name for kind, name in waiting if kind == "answer"]
        asked |= set(Answer.objects.filter(pk__in=answered).values_list("question_id", flat=True))
        known = _facts_of(asked)
        places = _places(cursor, known, key)
        _store_facts(cursor, known, places, key)
        _store_sources(connection, cursor, known, places)
        cursor.execute(f"DELETE FROM search_pending WHERE document IN ({marks})", numbers)  # noqa: S608
    return len(numbers)


@dataclass(slots=True)
class _Asked:
    """A question with its facts, its answers, and the words of each answer's sources."""

    id: UUID
    conversation: UUID
    facts: set[int]
    answers: list[UUID] = field(default_factory=list)
    sources: dict[UUID, str] = field(default_factory=dict)


def _facts_of(ids: Iterable[UUID]) -> dict[UUID, _Asked]:
    """The questions with what is known of them, in six queries."""
    found = {
        pk: _Asked(pk, conversation, {person_fact(author)})
        for pk, conversation, author in Question.objects.filter(pk__in=ids).values_list(
            "pk", "conversation_id", "author_id"
        )
    }
    for pk, kind in Attachment.objects.filter(question__in=found).order_by().values_list("question_id", "kind"):
        found[pk].facts |= {has_fact("file"), *([has_fact("image")] if kind == Attachment.Kind.IMAGE else [])}
    shown = {name: Q(html__contains=mark) for name, mark in _IN_HTML.items()}
    answers = Answer.objects.filter(question__in=found).order_by()
    of_answer: dict[UUID, _Asked] = {}
    rows = answers.annotate(**{f"has_{name}": _holds(condition) for name, condition in shown.items()})
    for answer in rows.values("pk", "question_id", "provider", "model", "media", *(f"has_{name}" for name in shown)):
        one = of_answer[answer["pk"]] = found[answer["question_id"]]
        one.answers.append(answer["pk"])
        one.facts |= {model_fact(answer["model"]), model_fact(answer["model"], answer["provider"])}
        one.facts |= {has_fact(name) for name in shown if answer[f"has_{name}"]}
        if isinstance(answer["media"], dict) and answer["media"].get("images"):
            one.facts.add(has_fact("image"))
    citing = set(AnswerPassage.objects.filter(answer__in=of_answer, cited=True).values_list("answer_id", flat=True))
    cited: dict[UUID, list[tuple[str, str, str]]] = defaultdict(list)
    sources = Source.objects.filter(answer__in=of_answer).order_by(F("cited").desc(), "number")
    for pk, title, url, snippet, is_cited in sources.values_list("answer_id", "title", "url", "snippet", "cited"):
        cited[pk].append((title, url, snippet))
        if is_cited:
            citing.add(pk)
    for pk, named in cited.items():
        one = of_answer[pk]
        hosts = list(dict.fromkeys(host for _title, url, _snippet in named if (host := host_of(url))))
        one.facts |= {has_fact("sources"), *(site_fact(site) for host in hosts[:MOST_SITES] for site in _sites(host))}
        one.sources[pk] = "\n".join(
            f"{title[:_LONGEST_TITLE]} {host_of(url)}\n{snippet[:_LONGEST_SNIPPET]}"
            for title, url, snippet in named[:MOST_SOURCES]
        )
    _add_checks(of_answer, citing)
    return found


def _add_checks(of_answer: dict[UUID, _Asked], citing: set[UUID]) -> None:
    """What is known from the newest finished check of each answer, and of those of `citing` that have none."""
    finished = CitationCheck.objects.filter(answer__in=of_answer, state=CitationCheck.State.FINISHED)
    missing = dict(finished.order_by("created_at", "pk").values_list("answer_id", "figures_missing"))
    for pk in citing - missing.keys():
        of_answer[pk].facts.add(has_fact(UNCHECKED))
    for pk, figures in missing.items():
        if figures:
            of_answer[pk].facts.add(has_fact("missing-figure"))


def note_again(connection: BaseDatabaseWrapper, answers: Iterable[UUID]) -> None:
    """Have what is known of these answers found anew within a second or so, as their citations have been checked."""
    names = [*map(_key_for(connection), answers)]
    if not names:
        return
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_pending (document) SELECT id FROM search_document"  # noqa: S608 (placeholders)
            f" WHERE kind = 'answer' AND object_id IN ({marks}) ON CONFLICT DO NOTHING",
            names,
        )


def _holds(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _sites(host: str) -> list[str]:
    """The host and the sites above it: docs.example.org, example.org, org."""
    parts = host.lower().split(".")[-8:]
    return [".".join(parts[first:]) for first in range(len(parts))]


def _places(cursor: CursorWrapper, known: dict[UUID, _Asked], key: Any) -> _Places:
    """The numbers of the documents of these questions, of their answers and of the titles of their conversations."""
    names: dict[str, Sequence[UUID]] = {
        "question": list(known),
        "answer": [pk for one in known.values() for pk in one.answers],
        "title": list({one.conversation for one in known.values()}),
    }
    return {
        (kind, pk): number for kind, ids in names.items() for pk, number in _numbers(cursor, kind, ids, key).items()
    }


def _numbers(cursor: CursorWrapper, kind: str, ids: Sequence[UUID], key: Any) -> dict[UUID, int]:
    """The numbers of the documents of that kind that are about these."""
    if not ids:
        return {}
    marks = ", ".join(["%s"] * len(ids))
    cursor.execute(
        f"SELECT object_id, id FROM search_document WHERE kind = %s AND object_id IN ({marks})",  # noqa: S608
        [kind, *map(key, ids)],
    )
    return {UUID(str(name)): number for name, number in cursor.fetchall()}


def _store_facts(cursor: CursorWrapper, known: dict[UUID, _Asked], places: _Places, key: Any) -> None:
    """Keep the facts of the questions in place of those that they had. A title keeps what any of its questions had."""
    stored: set[tuple[int, int]] = set()
    abouts: list[int] = []
    belonging: list[tuple[int, int]] = []
    for question in known.values():
        about = places.get(("question", question.id))
        if about is None:
            continue
        abouts.append(about)
        title = places.get(("title", question.conversation))
        stored |= {(name, place) for place in (about, title) if place for name in question.facts}
        answers = [places[("answer", pk)] for pk in question.answers if ("answer", pk) in places]
        belonging += [(about, number) for number in (about, *answers)]
    _delete(cursor, "search_fact", "about", abouts)
    cursor.executemany(_INSERT_FACT, sorted(stored))
    _tell_titles(cursor, {pk: number for (kind, pk), number in places.items() if kind == "title"}, key)
    cursor.executemany("UPDATE search_document SET about = %s WHERE id = %s AND about IS NULL", belonging)


def _tell_titles(cursor: CursorWrapper, titles: Mapping[UUID, int], key: Any) -> None:
    """Have the titles of these conversations know of checks what the conversations' questions know now.

    Step by step, each by an index: PostgreSQL has no statistics yet of what was just stored, and took minutes over one
    statement that does it all.
    """
    if not titles:
        return
    names = [has_fact(what) for what in _OF_CHECKS]
    marks = ", ".join(["%s"] * len(titles))
    cursor.execute(
        f"DELETE FROM search_fact WHERE about IN ({marks}) AND name IN (%s, %s)",  # noqa: S608 (placeholders)
        [*titles.values(), *names],
    )
    told: set[tuple[int, int]] = set()
    asked = list(Question.objects.filter(conversation__in=titles).values_list("pk", "conversation_id"))
    for first in range(0, len(asked), _AT_ONCE):
        some = dict(asked[first : first + _AT_ONCE])
        title_of = {number: titles[some[pk]] for pk, number in _numbers(cursor, "question", list(some), key).items()}
        if title_of:
            marks = ", ".join(["%s"] * len(title_of))
            cursor.execute(
                f"SELECT name, about FROM search_fact WHERE about IN ({marks}) AND name IN (%s, %s)",  # noqa: S608
                [*title_of, *names],
            )
            told |= {(name, title_of[about]) for name, about in cursor.fetchall()}
    cursor.executemany(_INSERT_FACT, sorted(told))


def _store_sources(
    connection: BaseDatabaseWrapper, cursor: CursorWrapper, known: dict[UUID, _Asked], places: _Places
) -> None:
    """Have the sources of the questions' answers found by their words."""
    texts = [
        (text, number)
        for question in known.values()
        for pk, text in question.sources.items()
        if (number := places.get(("answer", pk)))
    ]
    numbers = [number for _text, number in texts]
    columns = "id, object_id, conversation_id, team_id, at, about"
    _delete(cursor, "search_source", "id", numbers)
    if connection.vendor == "postgresql":
        cursor.executemany(
            f"INSERT INTO search_source ({columns}, words) SELECT {columns}, search_words(id, team_id, %s)"  # noqa: S608
            " FROM search_document WHERE id = %s",
            texts,
        )
        return
    _delete(cursor, "search_source_index", "rowid", numbers)
    cursor.executemany(
        f"INSERT INTO search_source ({columns}) SELECT {columns} FROM search_document WHERE id = %s",  # noqa: S608
        [(number,) for number in numbers],
    )
    cursor.executemany(
        "INSERT INTO search_source_index (rowid, team, text) SELECT id, team_id, %s FROM search_source WHERE id = %s",
        [(indexed_words(text), number) for text, number in texts],
    )


def _delete(cursor: CursorWrapper, table: str, column: str, numbers: Sequence[int]) -> None:
    if numbers:
        marks = ", ".join(["%s"] * len(numbers))
        cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({marks})", numbers)  # noqa: S608 (constants)


def _key_for(connection: BaseDatabaseWrapper) -> Any:
    return (lambda pk: pk.hex) if connection.vendor == "sqlite" else (lambda pk: pk)
