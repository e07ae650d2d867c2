"""From a checked request to an answer: its text, sources and figures, before anything is written to the wire."""

import re
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from upstream.demo import extracts, files, images, scope
from upstream.demo.blocks import sentences
from upstream.demo.extracts import Extract, Search, Wish
from upstream.demo.shapes import shaped
from upstream.demo.switches import Switches, without
from upstream.demo.thinking import thoughts
from upstream.demo.usage import CHARACTERS_PER_TOKEN, Usage, tokens
from upstream.demo.variants import instead

RESEARCH = "sonar-deep-research"
REASONING = ("sonar-reasoning", "sonar-reasoning-pro")
_MOST_SOURCES = {"low": 4, "medium": 5, "high": 6}
_RESEARCH_SOURCES = 15
_LONGEST_QUESTION = 4000  # characters that are looked at
_SNIPPET = 240  # characters


@dataclass(slots=True)
class Answer:
    """An answer in the words of the wire. `text` is all of `content`, with the reasoning of reasoning models."""

    model: str
    text: str
    usage: Usage
    finish_reason: str = "stop"
    sources: Sequence[Mapping[str, Any]] = ()
    images: Sequence[Mapping[str, Any]] = ()
    late_images: bool = False
    videos: Sequence[Mapping[str, Any]] = ()
    related: Sequence[str] = ()
    searches: Sequence[Search] = ()
    steps: Sequence[Mapping[str, Any]] = ()
    search_type: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def citations(self) -> list[str]:
        """The addresses of the sources, in their order."""
        return [str(source.get("url", "")) for source in self.sources]

    def extras(self) -> dict[str, Any]:
        """What stands between the sources and `object`, where there is any."""
        found: dict[str, Any] = {}
        if self.images:
            found["images"] = self.images
        if self.related:
            found["related_questions"] = self.related
        if self.videos:
            found["videos"] = self.videos
        if self.search_type:
            reason = "asked for" if self.search_type == "pro" else "short question"
            found["search_metadata"] = {"search_type_used": self.search_type, "classification_reason": reason}
        return found


def answer(body: Mapping[str, Any], *, question: str, switches: Switches, documents_url: str) -> Answer:
    """Compose the answer to a checked request. Takes milliseconds and no network; belongs in a thread.

    Raises SwitchError for a switch with an unreadable value.
    """
    model = body["model"]
    options = body.get("web_search_options") or {}
    context_size = options.get("search_context_size") or "low"
    earlier = [without(text_of(message)) for message in body["messages"] if message["role"] == "user"][:-1]
    searching = not body.get("disable_search")
    where = scope.of(body)
    wish = Wish(
        question=question[:_LONGEST_QUESTION],
        earlier=tuple(turn[:_LONGEST_QUESTION] for turn in earlier[-3:]),
        scope=where,
        most=_RESEARCH_SOURCES if model == RESEARCH else min(_MOST_SOURCES[context_size], _wanted_results(body)),
        in_depth=model == RESEARCH,
        cite=searching,
    )
    extract = extracts.compose(wish, documents_url)
    text, sources, related = _told(body, extract, where, searching)
    if body.get("return_related_questions"):
        related = list(extract.related)
    given = instead(switches, extract, documents_url)
    if given is not None:
        text = given
    reasoning = ""
    if model in REASONING or "think_split" in switches or "think_unclosed" in switches:
        reasoning = f"<think>\n{thoughts(question, extract)}\n</think>\n\n"
    finish = "stop"
    if "think_unclosed" in switches:
        reasoning, text, finish = reasoning.partition("</think>")[0].rstrip(), "", "length"
    text, finish = _limited(reasoning + text, body, finish)
    search_type = _search_type(body, options, question)
    research = _research_figures(extract, text) if model == RESEARCH else {}
    result = Answer(
        model=model,
        text=text,
        usage=Usage(
            model=model,
            prompt=_prompt_tokens(body["messages"]),
            completion=tokens(text),
            context_size=context_size,
            in_depth=search_type == "pro",
            **research,
        ),
        finish_reason=finish,
        sources=switches.given.get("sources", sources),
        images=switches.given.get("images", images.pictures(body, sources)),
        late_images=bool(options.get("image_search_relevance_enhanced")),
        videos=switches.given.get("videos", images.videos(body, extract.sources)),
        related=switches.given.get("related_questions", related),
        searches=extract.searches,
        search_type=search_type,
    )
    if search_type == "pro" and body.get("stream_mode") == "concise":
        result.steps = _steps(result)
    return result


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a message, whose parts are joined by blank lines."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    return "\n\n".join(part["text"] for part in content or () if part.get("type") == "text")


def completion(result: Answer, switches: Switches) -> bytes:
    """The answer as one JSON object (contract A7)."""
    body: dict[str, Any] = {"id": result.id, "model": result.model, "created": result.created}
    body["usage"] = None if "null_usage" in switches else result.usage.as_dict(cost_of(switches))
    body |= {"citations": result.citations, "search_results": result.sources} | result.extras()
    body["object"] = "chat.completion"
    body["choices"] = [
        {
            "index": 0,
            "finish_reason": result.finish_reason,
            "message": {"role": "assistant", "content": result.text},
            "delta": {"role": "assistant", "content": ""},
        }
    ]
    return orjson.dumps(body)


def cost_of(switches: Switches) -> Any:
    """Whether the last figures carry a cost."""
    return "none" if "no_cost" in switches else "real"


def _told(
    body: Mapping[str, Any], extract: Extract, where: scope.Scope, searching: bool
) -> tuple[str, list[dict[str, Any]], list[str]]:
    sources = [
        {
            "title": group[0].full_title,
            "url": where.url(group[0]),
            "date": where.date(group[0]),
            "last_updated": where.last_updated(group[0]),
            "snippet": " ".join(group[0].plain.split())[:_SNIPPET],
            "source": "web",
        }
        for group in extract.sources
    ]
    found = [sentence for group in extract.sources for sentence in sentences(group[0].blocks[0].text)]
    wanted = shaped(body.get("response_format"), found)
    if wanted is not None:
        return wanted, sources, []
    return f"{extract.text}\n\n{_closing(body, extract, where, searching)}", sources, []


def _closing(body: Mapping[str, Any], extract: Extract, where: scope.Scope, searching: bool) -> str:
    """The demo's last words: what it is, where the text comes from, and what it could not do."""
    notes = ["This is Parley's demo. No language model wrote this:"]
    if searching and extract.sources:
        notes.append("it is quoted word for word from the sources, texts that come with Parley and with Python.")
    elif searching:
        notes.append("it was looked for in texts that come with Parley and with Python.")
    else:
        notes.append("search was switched off, so no sources are named.")
    if where.mode != "web":
        notes.append(f"The demo has no {where.mode} sources; the addresses stand in for them.")
    language = body.get("language_preference")
    if language and language.lower() not in ("en", "english"):
        notes.append(f"Asked for in {language}; the demo has English text only.")
    system = " ".join(text_of(message) for message in body["messages"] if message["role"] == "system").strip()
    if system:
        shown = _harmless(" ".join(system.split()))[:120]
        notes.append(f"It was also told: “{shown}”.")
    pictures = [images.size(images.address(part)) for part in _parts(body["messages"][-1], "image_url")]
    if pictures:
        sizes = ", ".join(f"{width} × {height}" for width, height in pictures)
        notes.append(f"It cannot look at pictures; {len(pictures)} came ({sizes}).")
    documents = [_harmless(files.name(part)) for part in _parts(body["messages"][-1], "file_url")]
    if documents:
        notes.append(f"It cannot read files; {len(documents)} came ({', '.join(documents)}).")
    again = sum(len(_parts(message, kind)) for message in body["messages"][:-1] for kind in ("image_url", "file_url"))
    if again:
        notes.append(f"Attachments of earlier questions that came again: {again}.")
    return f"*{' '.join(notes)}*"


def _harmless(text: str) -> str:
    """The text without signs that mean something in Markdown."""
    return re.sub(r"[^\w\s.,;:!?'’-]|_", "", text)


def _wanted_results(body: Mapping[str, Any]) -> int:
    return int(body.get("num_search_results") or 10)


def _parts(message: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    content = message.get("content")
    return [part for part in content if part.get("type") == kind] if isinstance(content, list) else []


def _prompt_tokens(messages: Sequence[Mapping[str, Any]]) -> int:
    seen = sum(images.tokens(images.address(part)) for message in messages for part in _parts(message, "image_url"))
    return sum(tokens(text_of(message)) for message in messages) + seen


def _limited(text: str, body: Mapping[str, Any], finish: str) -> tuple[str, str]:
    """Cut at a stop word, then at `max_tokens`."""
    stops = body.get("stop") or []
    for stop in [stops] if isinstance(stops, str) else stops:
        text = text.partition(stop)[0]
    most = (body.get("max_tokens") or len(text)) * CHARACTERS_PER_TOKEN
    return (text[:most], "length") if len(text) > most else (text, finish)


def _search_type(body: Mapping[str, Any], options: Mapping[str, Any], question: str) -> str:
    """Which search was done; the better one exists on sonar-pro, streaming, alone. Empty where nothing was asked."""
    asked = options.get("search_type")
    if not asked or body["model"] != "sonar-pro" or not body.get("stream"):
        return ""
    if asked == "auto":
        return "pro" if len(question.split()) > 12 else "fast"
    return str(asked)


def _research_figures(extract: Extract, text: str) -> dict[str, int]:
    read = sum(len(passage.plain) for group in extract.sources for passage in group)
    return {"citation": tokens(read), "searches": len(extract.searches), "reasoning": tokens(read + len(text))}


def _steps(result: Answer) -> list[dict[str, Any]]:
    searched = [
        {
            "thought": f"Look for “{' '.join(search.words)}”.",
            "type": "web_search",
            "web_search": {
                "search_keywords": [" ".join(search.words)],
                "search_results": [source for source in result.sources if source.get("title") in search.found],
            },
        }
        for search in result.searches
    ]
    if not result.sources:
        return searched
    read = {
        "thought": "Read what says most about it.",
        "type": "fetch_url_content",
        "fetch_url_content": {"contents": list(result.sources[:2])},
    }
    return [*searched, read]
