"""From a checked request of the Agent API to an answer, by the same means as Sonar's (contract G)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import time
from typing import Any
from uuid import uuid4

from upstream.demo import chat, library
from upstream.demo.extracts import Search
from upstream.demo.switches import Switches
from upstream.demo.usage import rounded

# What a preset stands for: the model and the search context size of Sonar that come nearest.
_PRESETS: Mapping[str, tuple[str, str]] = {
    "fast": ("sonar", "low"),
    "low": ("sonar", "medium"),
    "medium": ("sonar", "high"),
    "high": (chat.RESEARCH, "low"),
    "xhigh": (chat.RESEARCH, "low"),
}
# USD: input and output per million tokens; a search, a page that is read.
_INPUT, _OUTPUT, _CALLS = 0.25, 2.50, {"web_search": 0.005, "fetch_url": 0.0005, "image_search": 0.005}
_ADDRESS = re.compile(r"https?://[^\s)\]>\"']+")
_SNIPPET = 400  # characters


@dataclass(slots=True)
class Run:
    """One answer: what was looked for and found, the text, and what it cost, in the words of the wire."""

    model: str
    text: str
    sources: Sequence[Mapping[str, Any]]
    searches: Sequence[Search]
    pages: Sequence[Mapping[str, Any]]
    images: Sequence[Mapping[str, Any]]
    usage: Mapping[str, Any]
    finish: str = "stop"
    id: str = field(default_factory=lambda: f"resp_{uuid4().hex}")
    message_id: str = field(default_factory=lambda: f"msg_{uuid4().hex}")
    created: int = field(default_factory=lambda: int(time()))
    more: Mapping[str, Any] = field(default_factory=dict)

    def output(self, *, text: str | None = None) -> list[dict[str, Any]]:
        """The items of the output, the message last; `text` in place of the run's own."""
        items: list[dict[str, Any]] = []
        if self.sources:
            items.append({"type": "search_results", "queries": self.queries, "results": list(self.sources)})
        if self.pages:
            items.append({"type": "fetch_url_results", "contents": list(self.pages)})
        if self.images:
            items.append({"type": "image_search_results", "queries": self.queries[:1], "results": list(self.images)})
        return [*items, self.message(self.text if text is None else text)]

    def message(self, text: str) -> dict[str, Any]:
        """The message item with this text."""
        content = [{"type": "output_text", "text": text, "annotations": []}]
        return {
            "type": "message",
            "id": self.message_id,
            "role": "assistant",
            "status": "completed",
            "content": content,
        }

    @property
    def queries(self) -> list[str]:
        """What was searched for."""
        return [" ".join(search.words) for search in self.searches]

    def response(self, status: str, **more: Any) -> dict[str, Any]:
        """The response object at this point of its life."""
        return {
            "id": self.id,
            "object": "response",
            "created_at": self.created,
            "model": self.model,
            "status": status,
            "output": [],
            **self.more,
            **more,
        }

    def ended(self, switches: Switches) -> dict[str, Any]:
        """The response object at its end, as the switches want that."""
        if "run_failed" in switches:
            message = switches.echo or "The run failed: upstream tool error."
            return self.response("failed", error={"message": message, "type": "server_error", "code": "tool_failed"})
        for status in ("cancelled", "requires_action"):
            if status in switches:
                return self.response(status, usage=self.usage, error=None)
        text = "The final text is another one.[1]" if "final_differs" in switches else None
        output = [] if "text_once" in switches else self.output(text=text)
        if self.finish == "length" or "incomplete" in switches:
            details = {"reason": "max_output_tokens"}
            return self.response("incomplete", output=output, usage=self.usage, error=None, incomplete_details=details)
        return self.response("completed", output=output, usage=self.usage, error=None)


def compose(
    body: Mapping[str, Any], *, question: str, history: Sequence[Mapping[str, Any]], switches: Switches, documents: str
) -> Run:
    """Compose the answer to a checked request, whose conversation so far is `history`. Belongs in a thread.

    Raises SwitchError for a switch with an unreadable value.
    """
    tools = _tools(body)
    result = chat.answer(_as_sonar(body, tools, history), question=question, switches=switches, documents_url=documents)
    shown = [] if "no_sources" in switches else result.sources
    pages = _pages(question, documents) if "fetch_url" in tools else []
    searches = result.searches if shown else ()
    calls = {"web_search": len(searches), "fetch_url": len(pages), "image_search": int(bool(result.images))}
    more = {name: body[name] for name in ("background", "store", "previous_response_id") if body.get(name) is not None}
    asked = [*(body.get("models") or ()), *filter(None, [body.get("model")])]
    return Run(
        model=asked[0] if asked else "perplexity/sonar",
        text=result.text,
        sources=[{"id": number, **source} for number, source in enumerate(shown, start=1)],
        searches=searches,
        pages=pages,
        images=result.images,
        usage=_usage(result.usage.prompt, result.usage.completion, calls, with_cost="no_cost" not in switches),
        finish=result.finish_reason,
        more=more,
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


def _tools(body: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """The tools by their types; those of the preset where the request names none."""
    named = {tool["type"]: tool for tool in body.get("tools") or ()}
    return named or ({"web_search": {}, "fetch_url": {}} if body.get("preset") else {})


def _as_sonar(
    body: Mapping[str, Any], tools: Mapping[str, Mapping[str, Any]], history: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The request as Sonar would have it."""
    model, size = _PRESETS.get(str(body.get("preset")), ("sonar", "low"))
    search, pictures = tools.get("web_search"), tools.get("image_search")
    options = {"search_context_size": (search or {}).get("search_context_size") or size}
    instructions = [{"role": "system", "content": body["instructions"]}] if body.get("instructions") else []
    asked: dict[str, Any] = {
        "model": model,
        "messages": [*instructions, *sorted(history, key=lambda message: message["role"] != "system")],
        "web_search_options": options,
        **((search or {}).get("filters") or {}),
    }
    if search is None:
        asked["disable_search"] = True
    if body.get("max_output_tokens"):
        asked["max_tokens"] = body["max_output_tokens"]
    if body.get("language_preference"):
        asked["language_preference"] = body["language_preference"]
    if body.get("response_format"):
        asked["response_format"] = body["response_format"]
    if pictures is not None:
        filters = pictures.get("filters") or {}
        asked |= {
            "return_images": True,
            "num_images": pictures.get("max_results"),
            "image_domain_filter": filters.get("domain_filter"),
            "image_format_filter": filters.get("format_filter"),
        }
    return asked


def _pages(question: str, documents: str) -> list[dict[str, Any]]:
    """The pages in the library whose addresses the question names. Other addresses are not there to be read."""
    named = _ADDRESS.findall(question)
    passages = library.shared(documents).passages if named else ()
    by_url = {passage.url: passage for passage in reversed(passages) if passage.url in named}
    return [
        {"url": url, "title": passage.full_title, "snippet": passage.plain[:_SNIPPET]}
        for url, passage in by_url.items()
    ]


def _usage(asked: int, answered: int, calls: Mapping[str, int], *, with_cost: bool) -> dict[str, Any]:
    figures: dict[str, Any] = {
        "input_tokens": asked,
        "output_tokens": answered,
        "total_tokens": asked + answered,
        "tool_calls_details": {name: {"invocation": count} for name, count in calls.items() if count},
    }
    if with_cost:
        costs = {"input_cost": asked * _INPUT / 1e6, "output_cost": answered * _OUTPUT / 1e6}
        costs["tool_calls_cost"] = sum(_CALLS[name] * count for name, count in calls.items())
        costs["total_cost"] = sum(costs.values())
        figures["cost"] = {"currency": "USD", **rounded(costs)}
    return figures
