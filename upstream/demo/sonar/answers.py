"""From a checked request to an answer: its text, sources and figures, before anything is written to the wire."""

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from upstream.demo.documents.blocks import sentences
from upstream.demo.documents.extracts import Extract, Search, compose_extract
from upstream.demo.documents.filters import Filters, filters_of
from upstream.demo.documents.formats import formatted
from upstream.demo.documents.opinions import opinion_on
from upstream.demo.documents.passages import Passage
from upstream.demo.documents.sent import passages_in, with_quotes
from upstream.demo.sonar import media, notes
from upstream.demo.sonar.messages import image_size, parts_of, text_of
from upstream.demo.sonar.usage import CHARACTERS_PER_TOKEN, Usage, tokens
from upstream.demo.switches import Switches, without_switches

RESEARCH = "sonar-deep-research"
REASONING = ("sonar-reasoning", "sonar-reasoning-pro")
_MOST_SOURCES = {"low": 4, "medium": 5, "high": 6}
_RESEARCH_SOURCES = 15
_LONGEST_QUESTION = 4000  # characters that are looked at
_SNIPPET = 240  # characters
_PIXELS_PER_TOKEN = 750


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

    def extras(self) -> dict[str, Any]:
        """What stands between the sources and `object`, where there is any."""
        found: dict[str, Any] = {"images": self.images, "related_questions": self.related, "videos": self.videos}
        if self.search_type:
            reason = "asked for" if self.search_type == "pro" else "short question"
            found["search_metadata"] = {"search_type_used": self.search_type, "classification_reason": reason}
        return {name: value for name, value in found.items() if value}


def compose_answer(body: Mapping[str, Any], *, question: str, switches: Switches, documents_url: str) -> Answer:
    """Compose the answer to a checked request. Takes milliseconds and no network; belongs in a thread.

    Raises SwitchError for a switch with an unreadable value.
    """
    model, messages = body["model"], body["messages"]
    options = body.get("web_search_options") or {}
    size = options.get("search_context_size") or "low"
    where = filters_of(body)
    earlier = [without_switches(text_of(message)) for message in messages if message["role"] == "user"][:-1]
    extract = compose_extract(
        question[:_LONGEST_QUESTION],
        documents_url,
        earlier=tuple(turn[:_LONGEST_QUESTION] for turn in earlier[-3:]),
        filters=where,
        most=min(_MOST_SOURCES[size], body.get("num_search_results") or 10) if model != RESEARCH else _RESEARCH_SOURCES,
        in_depth=model == RESEARCH,
        cite=not body.get("disable_search"),
    )
    found = [_source(group[0], where) for group in extract.sources]
    sources = switches.given.get("sources", found)
    text, finish = _text(body, question, switches, extract, documents_url)
    search_type = _search_type(body, options, question)
    in_depth = search_type == "pro"
    research = _research_figures(extract, text) if model == RESEARCH else {}
    related = extract.related if body.get("return_related_questions") else ()
    return Answer(
        model=model,
        text=text,
        usage=Usage(model, _prompt_tokens(messages), tokens(text), size, in_depth, **research),
        finish_reason=finish,
        sources=sources,
        images=switches.given.get("images", media.pictures(body, found)),
        late_images=bool(options.get("image_search_relevance_enhanced")),
        videos=switches.given.get("videos", media.videos(body)),
        related=switches.given.get("related_questions", related),
        searches=extract.searches,
        steps=_steps(extract, sources) if in_depth and body.get("stream_mode") == "concise" else (),
        search_type=search_type,
    )


def _source(passage: Passage, where: Filters) -> dict[str, Any]:
    return {
        "title": passage.full_title,
        "url": where.url(passage),
        "date": where.date(passage),
        "last_updated": where.last_updated(passage),
        "snippet": " ".join(passage.plain.split())[:_SNIPPET],
        "source": "web",
    }


def _text(
    body: Mapping[str, Any], question: str, switches: Switches, extract: Extract, documents_url: str
) -> tuple[str, str]:
    """All of the content, cut at a stop word and then at `max_tokens`, and the reason to finish."""
    text = notes.replacement(switches, extract, documents_url)
    if text is None:
        found = [sentence for group in extract.sources for sentence in sentences(group[0].blocks[0].text)]
        wanted = body.get("response_format")
        text = opinion_on(wanted, question) or formatted(wanted, found)
    if text is None:
        sent = passages_in(text_of(body["messages"][-1]))
        cites, beyond = "documents_uncited" not in switches, "document_beyond" in switches
        said = with_quotes(extract.text, sent, question, cites=cites, beyond=beyond)
        text = f"{said}\n\n{notes.closing(body, extract)}"
    finish = "stop"
    if "think_unclosed" in switches:
        text, finish = f"<think>\n{notes.thoughts(question, extract)}", "length"
    elif body["model"] in REASONING or "think_split" in switches:
        text = f"<think>\n{notes.thoughts(question, extract)}\n</think>\n\n{text}"
    stops = body.get("stop") or []
    for stop in [stops] if isinstance(stops, str) else stops:
        text = text.partition(stop)[0]
    most = (body.get("max_tokens") or len(text)) * CHARACTERS_PER_TOKEN
    return (text[:most], "length") if len(text) > most else (text, finish)


def _prompt_tokens(messages: Sequence[Mapping[str, Any]]) -> int:
    sizes = [image_size(part) for message in messages for part in parts_of(message, "image_url")]
    pictures = sum(width * height // _PIXELS_PER_TOKEN for width, height in sizes)
    return pictures + sum(tokens(text_of(message)) for message in messages)


def _search_type(body: Mapping[str, Any], options: Mapping[str, Any], question: str) -> str:
    """Which search was done; the better one exists on sonar-pro, streaming, alone. Empty where nothing was asked."""
    asked = options.get("search_type")
    if not asked or body["model"] != "sonar-pro" or not body.get("stream"):
        return ""
    return str(asked) if asked != "auto" else "pro" if len(question.split()) > 12 else "fast"


def _research_figures(extract: Extract, text: str) -> dict[str, int]:
    read = sum(len(passage.plain) for group in extract.sources for passage in group)
    return {"citation": tokens(read), "searches": len(extract.searches), "reasoning": tokens(read + len(text))}


def _steps(extract: Extract, sources: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    for search in extract.searches:
        words = " ".join(search.words)
        found = [source for source in sources if source.get("title") in search.found]
        details = {"search_keywords": [words], "search_results": found}
        steps.append({"thought": f"Look for “{words}”.", "type": "web_search", "web_search": details})
    if sources:
        step = {"thought": "Read what says most about it.", "type": "fetch_url_content"}
        steps.append({**step, "fetch_url_content": {"contents": list(sources[:2])}})
    return steps
