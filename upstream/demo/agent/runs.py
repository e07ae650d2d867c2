"""From a checked request of the Agent API to an answer, by the same means as Sonar's."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any
from uuid import uuid4

from upstream.demo.documents import library
from upstream.demo.documents.extracts import Search
from upstream.demo.sonar.answers import RESEARCH, compose_answer
from upstream.demo.sonar.queue import WAITS, WORKS
from upstream.demo.sonar.usage import Usage, rounded
from upstream.demo.switches import Switches

# What a preset stands for: the model and the search context size of Sonar that come nearest.
_PRESETS: Mapping[str, tuple[str, str]] = {
    "fast": ("sonar", "low"),
    "low": ("sonar", "medium"),
    "medium": ("sonar", "high"),
    "high": (RESEARCH, "low"),
    "xhigh": (RESEARCH, "low"),
}
# USD: input and output per million tokens; a search, a page that is read.
_INPUT, _OUTPUT, _CALLS = 0.25, 2.50, {"web_search": 0.005, "fetch_url": 0.0005, "image_search": 0.005}
_ADDRESS = re.compile(r"https?://[^\s)\]>\"']+")
_SNIPPET = 400  # characters
UNFINISHED = ("queued", "in_progress")
_ECHOED = ("background", "store", "previous_response_id")


@dataclass(slots=True)
class Run:
    """One answer: what was looked for and found, the text, and what it cost, in the words of the wire.

    `messages` are the conversation that it ends.
    """

    model: str
    text: str
    sources: Sequence[Mapping[str, Any]]
    searches: Sequence[Search]
    pages: Sequence[Mapping[str, Any]]
    images: Sequence[Mapping[str, Any]]
    usage: Mapping[str, Any]
    finish: str
    echoed: Mapping[str, Any]
    messages: Sequence[Mapping[str, Any]]
    switches: Switches
    cancelled: bool = False
    id: str = field(default_factory=lambda: f"resp_{uuid4().hex}")
    message_id: str = field(default_factory=lambda: f"msg_{uuid4().hex}")
    created: float = field(default_factory=time)

    @property
    def status(self) -> str:
        """How far it is."""
        age = time() - self.created
        if self.cancelled:
            return "cancelled"
        if self.echoed.get("background") and age < WORKS and "fast" not in self.switches:
            return "in_progress" if age >= WAITS else "queued"
        return str(self.ended()["status"])

    @property
    def queries(self) -> list[str]:
        """What was searched for."""
        return [" ".join(search.words) for search in self.searches]

    def output(self, text: str) -> list[dict[str, Any]]:
        """The items of the output, the message with this text last."""
        items = [
            {"type": "search_results", "queries": self.queries, "results": list(self.sources)},
            {"type": "fetch_url_results", "contents": list(self.pages)},
            {"type": "image_search_results", "queries": self.queries[:1], "results": list(self.images)},
        ]
        return [*(item for item in items if item.get("results") or item.get("contents")), self.message(text)]

    def message(self, text: str) -> dict[str, Any]:
        """The message item with this text."""
        content = [{"type": "output_text", "text": text, "annotations": []}]
        head = {"type": "message", "id": self.message_id, "role": "assistant", "status": "completed"}
        return {**head, "content": content}

    def response(self, status: str, **more: Any) -> dict[str, Any]:
        """The response object at this point of its life."""
        head = {"id": self.id, "object": "response", "created_at": int(self.created), "model": self.model}
        return {**head, "status": status, "output": [], **self.echoed, **more}

    def current(self) -> dict[str, Any]:
        """The response object as it is now."""
        status = self.status
        return self.response(status) if self.cancelled or status in UNFINISHED else self.ended()

    def ended(self) -> dict[str, Any]:
        """The response object at its end, as the switches want that."""
        if "run_failed" in self.switches:
            message = self.switches.echo or "The run failed: upstream tool error."
            return self.response("failed", error={"message": message, "type": "server_error", "code": "tool_failed"})
        if status := self.switches.any_of("cancelled", "requires_action"):
            return self.response(status, usage=self.usage, error=None)
        text = "The final text is another one.[1]" if "final_differs" in self.switches else self.text
        end: dict[str, Any] = {"output": [] if "text_once" in self.switches else self.output(text)}
        end |= {"usage": self.usage, "error": None}
        if self.finish == "length" or "incomplete" in self.switches:
            return self.response("incomplete", **end, incomplete_details={"reason": "max_output_tokens"})
        return self.response("completed", **end)


def compose_run(
    body: Mapping[str, Any], *, question: str, history: Sequence[Mapping[str, Any]], switches: Switches, documents: str
) -> Run:
    """Compose the answer to a checked request, whose conversation so far is `history`. Belongs in a thread.

    Raises SwitchError for a switch with an unreadable value.
    """
    preset: dict[str, Any] = {"web_search": {}, "fetch_url": {}} if body.get("preset") else {}
    tools = {tool["type"]: tool for tool in body.get("tools") or ()} or preset
    request = _as_sonar(body, tools, history)
    result = compose_answer(request, question=question, switches=switches, documents_url=documents)
    shown = [] if "no_sources" in switches else result.sources
    pages = _pages(question, documents) if "fetch_url" in tools else []
    searches = result.searches if shown else ()
    calls = {"web_search": len(searches), "fetch_url": len(pages), "image_search": int(bool(result.images))}
    models = [*(body.get("models") or ()), *filter(None, [body.get("model")]), "perplexity/sonar"]
    return Run(
        model=models[0],
        text=result.text,
        sources=[{"id": number, **source} for number, source in enumerate(shown, start=1)],
        searches=searches,
        pages=pages,
        images=result.images,
        usage=_usage(result.usage, calls, with_cost="no_cost" not in switches),
        finish=result.finish_reason,
        echoed={name: body[name] for name in _ECHOED if body.get(name) is not None},
        messages=[*history, {"role": "assistant", "content": result.text}],
        switches=switches,
    )


def messages_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The conversation in a checked request, in Sonar's words."""
    asked = body["input"]
    items = [{"role": "user", "content": asked}] if isinstance(asked, str) else asked
    return [
        {"role": "system" if item["role"] == "developer" else item["role"], "content": _content(item["content"])}
        for item in items
    ]


def _content(content: Any) -> Any:
    if isinstance(content, str):
        return content
    return [
        {"type": "text", "text": part["text"]}
        if part["type"] == "input_text"
        else {"type": "image_url", "image_url": {"url": part["image_url"]}}
        for part in content
    ]


def _as_sonar(
    body: Mapping[str, Any], tools: Mapping[str, Mapping[str, Any]], history: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The request as Sonar would have it."""
    model, size = _PRESETS.get(str(body.get("preset")), ("sonar", "low"))
    search, pictures = tools.get("web_search", {}), tools.get("image_search", {})
    filters = pictures.get("filters") or {}
    instructions = [{"role": "system", "content": body["instructions"]}] if body.get("instructions") else []
    return {
        "model": model,
        "messages": [*instructions, *sorted(history, key=lambda message: message["role"] != "system")],
        "web_search_options": {"search_context_size": search.get("search_context_size") or size},
        **(search.get("filters") or {}),
        "disable_search": "web_search" not in tools,
        "max_tokens": body.get("max_output_tokens"),
        "language_preference": body.get("language_preference"),
        "response_format": body.get("response_format"),
        "return_images": "image_search" in tools,
        "num_images": pictures.get("max_results"),
        "image_domain_filter": filters.get("domain_filter"),
        "image_format_filter": filters.get("format_filter"),
    }


def _pages(question: str, documents: str) -> list[dict[str, Any]]:
    """The pages in the library whose addresses the question names. Other addresses are not there to be read."""
    named = _ADDRESS.findall(question)
    passages = library.shared(documents).passages if named else ()
    found = {passage.url: passage for passage in reversed(passages) if passage.url in named}
    return [{"url": url, "title": one.full_title, "snippet": one.plain[:_SNIPPET]} for url, one in found.items()]


def _usage(counted: Usage, calls: Mapping[str, int], *, with_cost: bool) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "input_tokens": counted.prompt,
        "output_tokens": counted.completion,
        "total_tokens": counted.prompt + counted.completion,
        "tool_calls_details": {name: {"invocation": count} for name, count in calls.items() if count},
    }
    if with_cost:
        costs = {"input_cost": counted.prompt * _INPUT / 1e6, "output_cost": counted.completion * _OUTPUT / 1e6}
        costs["tool_calls_cost"] = sum(_CALLS[name] * count for name, count in calls.items())
        figures["cost"] = {"currency": "USD", **rounded({**costs, "total_cost": sum(costs.values())})}
    return figures
