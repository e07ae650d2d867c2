"""Questions to the gateway, answered from the demo's texts, and the conversations that they are part of."""

import uuid
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from upstream.demo.sonar import answers
from upstream.demo.switches import Switches

SECONDS = {"search": 30, "reason": 120, "research": 300}  # that the gateway waits for its upstream

Threads = MutableMapping[str, tuple[str, ...]]  # what was asked before, by the uuid under which it goes on


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of the gateway."""

    mode: str
    model: str
    attachments: Sequence[str]
    answer: str
    results: Sequence[Mapping[str, Any]]
    id: str = field(default_factory=lambda: f"req_{uuid.uuid4()}")
    thread: str = field(default_factory=lambda: str(uuid.uuid4()))

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
    earlier = threads.get((body.get("follow_up") or {}).get("backend_uuid") or "", ())
    asked = {
        "model": answers.RESEARCH if mode == "research" else "sonar-pro",
        "messages": [{"role": "user", "content": query} for query in (*earlier, body["query"])],
        "search_mode": "academic" if set(body.get("sources", ())) == {"scholar"} else "web",
    }
    found = answers.compose_answer(asked, question=text, switches=switches, documents_url=documents_url)
    notes = [f"This continues a conversation that began with “{earlier[0][:80]}”."] if earlier else []
    if attachments:
        images = "image" if len(attachments) == 1 else "images"
        notes.append(f"{len(attachments)} attached {images} came with it.")
    answer = f"{found.text}\n\n*{' '.join(notes)}*" if notes else found.text
    results = [
        {"name": str(source["title"]), "url": str(source["url"]), "snippet": str(source["snippet"])}
        for source in found.sources
    ]
    reply = Reply(mode, model, attachments, answer, results)
    threads[reply.thread] = (*earlier, text)
    return reply
