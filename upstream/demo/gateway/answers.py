"""Questions to the gateway, answered from the demo's texts, and the conversations that they are part of."""

import uuid
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from upstream.demo.sonar import answers
from upstream.demo.switches import Switches

SECONDS = {"search": 30, "reason": 120, "research": 300}  # that the gateway waits for its upstream
_MOST_THREADS = 500


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the gateway."""

    mode: str
    model: str
    attachments: Sequence[str]
    answer: str
    results: Sequence[Mapping[str, Any]]
    thread: str
    id: str = field(default_factory=lambda: f"req_{uuid.uuid4()}")

    def body(self, *, empty: bool = False) -> dict[str, Any]:
        """The response object, `empty` without the text and the results."""
        return {
            "id": self.id,
            "mode": self.mode,
            "model": self.model,
            "answer": None if empty else self.answer,
            "web_results": [] if empty else list(self.results),
            "follow_up": {"backend_uuid": self.thread, "attachments": list(self.attachments)},
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


def compose_reply(
    body: Mapping[str, Any],
    *,
    model: str,
    attachments: Sequence[str],
    text: str,
    switches: Switches,
    threads: Threads,
    documents_url: str,
) -> Reply:
    """Compose the answer to `text`, the query of a checked request without its switches. Belongs in a thread."""
    mode = body.get("mode", "search")
    thread = (body.get("follow_up") or {}).get("backend_uuid")
    earlier = threads.before(thread)
    asked = {
        "model": answers.RESEARCH if mode == "research" else "sonar-pro",
        "messages": [{"role": "user", "content": query} for query in (*earlier, text)],
        "search_mode": "academic" if set(body.get("sources", ())) == {"scholar"} else "web",
    }
    found = answers.compose_answer(asked, question=text, switches=switches, documents_url=documents_url)
    notes = [f"This continues a conversation that began with “{earlier[0][:80]}”."] if earlier else []
    if attachments:
        count = len(attachments)
        notes.append(f"{count} attached {'image' if count == 1 else 'images'} came with it.")
    answer = f"{found.text}\n\n*{' '.join(notes)}*" if notes else found.text
    results = [
        {"name": str(source["title"]), "url": str(source["url"]), "snippet": str(source["snippet"])}
        for source in found.sources
    ]
    return Reply(mode, model, attachments, answer, results, threads.add(thread, text))
