"""Reads the items of an answer of the Agent API, each part of which may be missing or of another shape."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from upstream.agent.sources import finance_sources
from upstream.events import StepTaken, WebSource
from upstream.translation import fields

_TICKS = re.compile("`{3,}")
_SEARCHES = frozenset({"search_results", "people_search_results", "image_search_results"})
_IN_SANDBOX = "sandbox_"
_CALLS = {"finance_search": "finance", "sandbox": "calculating"}  # searches and pages have events of their own


def texts_of(item: Any) -> dict[int, str]:
    """The texts of a message item, by their places in it."""
    content = fields.mapping(item).get("content")
    if isinstance(content, str):
        return {0: content}
    contents = enumerate(fields.items(content))
    return {
        place: text
        for place, content in contents
        if isinstance(content, dict)
        and content.get("type", "output_text") == "output_text"
        and (text := fields.string(content.get("text")))
    }


def step_of(item: Mapping[str, Any]) -> StepTaken | None:
    """The step that an item of the output tells of; None for what is no step, or what nobody knows."""
    kind = fields.string(item.get("type"))
    if kind in _SEARCHES:
        terms = fields.strings(item.get("queries"))
        return StepTaken("searching", terms=terms) if terms else None
    if kind == "fetch_url_results":
        pages = tuple(map(page_of, fields.items(item.get("contents"))))
        pages = tuple(page for page in pages if page.url)
        return StepTaken("reading", sources=pages) if pages else None
    if kind == "finance_results":
        topics = (word.replace("_", " ") for word in fields.strings(item.get("categories")))
        about = (*fields.strings(item.get("tickers")), *topics)
        return StepTaken("finance", terms=about, sources=finance_sources(item), content=_finance_text(item))
    if kind == "skill_loaded":
        return skill_step(item)
    if kind.startswith(_IN_SANDBOX):
        return StepTaken("calculating", content=_sandbox_text(item))
    if kind == "share_file":
        return StepTaken("calculating", terms=(fields.string(item.get("filename")) or "file",))
    return None


def page_of(page: Any) -> WebSource:
    """A page that was read, by its address and title alone."""
    source = fields.source_of(page)
    return WebSource(source.url, source.title)


def skill_step(values: Mapping[str, Any]) -> StepTaken | None:
    """That a skill was loaded; None where it has no name."""
    name = fields.short(values.get("name"))
    return StepTaken("preparing", terms=(name,)) if name else None


def work_in(item: Mapping[str, Any]) -> str:
    """What an item that has only begun says about the work, as a word of StatusChanged; empty where others say more."""
    kind = fields.string(item.get("type"))
    if kind.startswith(_IN_SANDBOX):
        return "calculating"
    return _CALLS.get(fields.string(item.get("name")), "") if kind == "function_call" else ""


def _finance_text(item: Mapping[str, Any]) -> str:
    results = map(fields.mapping, fields.items(item.get("results")))
    return "\n\n".join(filter(None, (_readable(fields.string(result.get("content"))) for result in results)))


def _readable(content: str) -> str:
    """Tables come as Markdown; some content is a list of pages in JSON, whose texts are taken out of it."""
    if not content.startswith("[{"):
        return content.strip()
    try:
        pages = orjson.loads(content)
    except orjson.JSONDecodeError:
        return content
    texts = [fields.string(fields.mapping(page).get("content")).strip() for page in pages]
    return "\n\n".join(filter(None, texts)) or content


def _sandbox_text(item: Mapping[str, Any]) -> str:
    """The program, and what it printed."""
    results = map(fields.mapping, fields.items(item.get("results")))
    printed = (fields.string(result.get(name)) for result in results for name in ("stdout", "stderr"))
    blocks = (_fenced(fields.string(item.get("code")), fields.short(item.get("language"))), *map(_fenced, printed))
    return "\n\n".join(filter(None, blocks))


def _fenced(code: str, language: str = "") -> str:
    if not code.strip():
        return ""
    longest = max(map(len, _TICKS.findall(code)), default=2)
    ticks = "`" * (longest + 1)
    language = language if language.isalnum() else ""
    return f"{ticks}{language}\n{code.rstrip()}\n{ticks}"
