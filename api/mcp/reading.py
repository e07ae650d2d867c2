"""The tools that only read. Each runs in a thread, with the rights of the token's person in the token's team."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Prefetch

from api.addresses import address_of
from api.auth import Caller
from api.mcp.results import LONGEST_ANSWER, LONGEST_SNIPPET, UNTRUSTED, ToolRefused, ToolResult, marked, shortened
from api.reading.search import find, result
from api.reading.sources import listed_sources
from api.reading.spaces import listed_spaces
from chat import access
from chat.models import Answer, Question, Source, Space
from chat.sources.ledger.listing import LedgerWish
from core.web.params import uuid_in

QUESTIONS = 5  # of one page
MOST_SOURCES = 30  # of one answer, in a conversation
Arguments = Mapping[str, Any]


def search_answers(caller: Caller, arguments: Arguments) -> ToolResult:
    """What the product's search finds."""
    space = readable_space(caller, str(arguments["space"])) if "space" in arguments else None
    limit = int(arguments.get("limit", 10))
    page = find(caller.membership, str(arguments["query"]), limit=limit, space=space.pk if space else None)
    results = [result(one) for one in page.conversations]
    lines = []
    for one in results:
        lines.append(f"{one['title']} — conversation {one['conversation']}")
        lines += [f"  {place['kind']}: {shortened(place['snippet'], LONGEST_SNIPPET)}" for place in one["places"]]
    about = f"{len(results)} conversations found." if results else "Nothing was found."
    return ToolResult(marked("\n".join(lines), about=about) if lines else about, _data(results=results))


def read_conversation(caller: Caller, arguments: Arguments) -> ToolResult:
    """Some questions of a conversation with their answers."""
    conversation_id, page = uuid_in(str(arguments["id"])), int(arguments.get("page", 1))
    readable = access.readable_conversations(caller.membership)
    found = readable.filter(pk=conversation_id).first() if conversation_id else None
    if found is None:
        raise ToolRefused("There is no such conversation.")
    cited = Prefetch("sources", Source.objects.filter(cited=True).order_by("number"))
    answers = Answer.objects.exclude(watch_run__folded=True).exclude(text="").order_by("created_at", "id")
    answers = answers.only("text", "state", "model", "question").prefetch_related(cited)
    start = (page - 1) * QUESTIONS
    asked = found.questions.order_by("position").select_related("author").prefetch_related(Prefetch("answers", answers))
    rows = list(asked[start : start + QUESTIONS + 1])
    questions = [_question(one) for one in rows[:QUESTIONS]]
    has_more = len(rows) > QUESTIONS
    more = f" Page {page + 1} goes on." if has_more else ""
    about = f"Conversation {found.pk}, page {page}.{more}"
    head = {"id": str(found.pk), "title": found.title, "url": address_of("chat:conversation", found.pk)}
    data = _data(conversation=head, page=page, has_more=has_more, questions=questions)
    return ToolResult(marked("\n\n".join([found.title, *map(_as_text, questions)]), about=about), data)


def list_spaces(caller: Caller, _arguments: Arguments) -> ToolResult:
    """The spaces that the person may read."""
    spaces = listed_spaces(caller.membership)
    lines = [f"{one['name']} — space {one['id']} ({one['role']})" for one in spaces]
    return ToolResult(marked("\n".join(lines)) if lines else "There are no spaces.", _data(spaces=spaces))


def list_sources(caller: Caller, arguments: Arguments) -> ToolResult:
    """The team's ledger, the pages used last first."""
    words = " ".join(str(arguments.get("query", "")).split())
    rows = listed_sources(caller.membership, LedgerWish(words=words))["data"]
    for row in rows:
        row["title"] = shortened(row["title"], LONGEST_SNIPPET)
    lines = [f"{row['title'] or row['url']} — {row['url']} (in {row['answers']} answers)" for row in rows]
    return ToolResult(marked("\n".join(lines)) if lines else "Nothing was found.", _data(sources=rows))


def readable_space(caller: Caller, said: str) -> Space:
    """The space of that id. Raises ToolRefused for one that is not there for the person."""
    space_id = uuid_in(said)
    found = access.readable_spaces(caller.membership).filter(pk=space_id).first() if space_id else None
    if found is None:
        raise ToolRefused("There is no such space.")
    return found


def source_in_short(found: Source) -> dict[str, Any]:
    """A source of an answer, without its snippet."""
    return {
        "number": found.number,
        "title": shortened(found.title, LONGEST_SNIPPET),
        "url": shortened(found.url, 2_000),
        "cited": found.cited,
    }


def sources_as_text(sources: list[dict[str, Any]]) -> str:
    """The sources as lines."""
    return "\n".join(f"[{one['number']}] {one['title']} — {one['url']}" for one in sources)


def _question(asked: Question) -> dict[str, Any]:
    return {
        "id": str(asked.pk),
        "text": shortened(asked.text, LONGEST_ANSWER),
        "author": asked.author.display_name,
        "answers": [
            {
                "id": str(answer.pk),
                "state": answer.state,
                "model": answer.model,
                "text": shortened(answer.text, LONGEST_ANSWER),
                "sources": [source_in_short(one) for one in answer.sources.all()][:MOST_SOURCES],
            }
            for answer in asked.answers.all()
        ],
    }


def _as_text(question: dict[str, Any]) -> str:
    parts = [f"Question of {question['author']}: {question['text']}"]
    for answer in question["answers"]:
        parts.append(f"Answer ({answer['model']}, {answer['state']}): {answer['text']}")
        if answer["sources"]:
            parts.append(sources_as_text(answer["sources"]))
    return "\n".join(parts)


def _data(**fields: Any) -> dict[str, Any]:
    return {"note": UNTRUSTED, **fields}
