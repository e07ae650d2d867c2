"""Questions to the gateway: checked in its order, answered from the demo's texts (contract B5)."""

import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from upstream.demo import chat
from upstream.demo.gateway.bodies import Body
from upstream.demo.gateway.models import MODES, resolved
from upstream.demo.gateway.replies import INVALID, Refused
from upstream.demo.switches import Switches

SOURCES = ("web", "scholar", "social")
SECONDS = {"search": 30, "reason": 120, "research": 300}  # that the gateway waits for its upstream
_MOST_THREADS = 500


@dataclass(frozen=True, slots=True)
class Question:
    """A checked request."""

    query: str
    mode: str
    model: str
    sources: Sequence[str]
    attachments: Sequence[str]
    thread: str | None

    @property
    def seconds(self) -> int:
        """How long the gateway waits."""
        return SECONDS[self.mode]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the gateway."""

    question: Question
    answer: str
    results: Sequence[Mapping[str, Any]]
    thread: str
    id: str = field(default_factory=lambda: f"req_{uuid.uuid4()}")

    def body(self, *, answer: str | None, results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The response object, with this text and these results in it."""
        return {
            "id": self.id,
            "mode": self.question.mode,
            "model": self.question.model,
            "answer": answer,
            "web_results": list(results),
            "follow_up": {"backend_uuid": self.thread, "attachments": list(self.question.attachments)},
        }


class Threads:
    """What was asked before, by the uuid under which the conversation goes on."""

    def __init__(self) -> None:
        self._queries: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def before(self, thread: str | None) -> tuple[str, ...]:
        """The earlier queries; none for a uuid that is not known (any more)."""
        return self._queries.get(thread or "", ())

    def add(self, thread: str | None, query: str) -> str:
        """Remember one more query; returns the uuid to go on from."""
        new = str(uuid.uuid4())
        self._queries[new] = (*self.before(thread), query)
        if len(self._queries) > _MOST_THREADS:
            self._queries.popitem(last=False)
        return new


def checked(body: Body, *, defaults: Mapping[str, str]) -> Question:
    """The question in the body: types first, as the parser reads them, then the gateway's own rules. Raises Refused."""
    query = body.text_of("query").strip()
    mode = body.one_of("mode", MODES, "search")
    model = body.optional_text("model")
    sources = body.words("sources")
    body.text_of("language", "en-US")
    body.flag("incognito", default=True)
    attachments = body.words("attachments")
    follow_up = body.values.get("follow_up")
    thread, carried = None, []
    if follow_up is not None:
        inner = Body(body.expect("follow_up", follow_up, dict, "struct FollowUp"), body.text)
        thread, carried = inner.optional_text("backend_uuid"), inner.words("attachments")
    if not query:
        raise Refused(INVALID, "query can't be empty")
    for source in sources:
        if source not in SOURCES:
            raise Refused(INVALID, f"unknown source '{source}', try one of: {', '.join(SOURCES)}")
    every = list(dict.fromkeys(url.strip() for url in [*carried, *attachments] if url.strip()))
    if every and mode != "search":
        raise Refused(INVALID, "attachments are only supported in search mode")
    model = resolved(model, mode=mode, defaults=defaults)
    return Question(query, mode, model, tuple(dict.fromkeys(sources)) or ("web",), every, thread)


def answered(question: Question, *, text: str, switches: Switches, threads: Threads, documents_url: str) -> Reply:
    """Compose the answer to `text`, the query without its switches. Takes milliseconds; belongs in a thread."""
    earlier = threads.before(question.thread)
    turns = [{"role": "user", "content": query} for query in (*earlier, text)]
    asked = {
        "model": chat.RESEARCH if question.mode == "research" else "sonar-pro",
        "messages": turns,
        "search_mode": "academic" if tuple(question.sources) == ("scholar",) else "web",
    }
    found = chat.answer(asked, question=text, switches=switches, documents_url=documents_url)
    notes = []
    if earlier:
        notes.append(f"This continues a conversation that began with “{earlier[0][:80]}”.")
    if question.attachments:
        count = len(question.attachments)
        notes.append(f"{count} attached {'image' if count == 1 else 'images'} came with it.")
    answer = f"{found.text}\n\n*{' '.join(notes)}*" if notes else found.text
    results = [
        {"name": str(source["title"]), "url": str(source["url"]), "snippet": str(source["snippet"])}
        for source in found.sources
    ]
    return Reply(question, answer, results, threads.add(question.thread, text))
