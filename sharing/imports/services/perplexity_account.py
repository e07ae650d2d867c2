"""The conversations in what Perplexity sends to somebody who asks for the data of their account. docs/import.md,
"Perplexity"."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from core.sentences import sentence as _
from sharing.imports.foreign import (
    Clock,
    ForeignAnswer,
    ForeignConversation,
    ForeignQuestion,
    ForeignSource,
    ImportRefused,
    LeftOut,
    dict_of,
    list_of,
    text_of,
)

MOST_ENTRIES = 5_000
MOST_SOURCES = 200  # of one answer
_SOURCES = ("sources", "citations", "web_results")


def is_account_data(item: Mapping[str, Any]) -> bool:
    """Whether this is a conversation of such a file."""
    return isinstance(item.get("entries"), list) and ("context_title" in item or "context_uuid" in item)


def conversation_of(item: Mapping[str, Any]) -> ForeignConversation:
    """The conversation. Raises ImportRefused."""
    entries = [dict_of(one) for one in list_of(item.get("entries"))]
    left_out: Counter[LeftOut] = Counter()
    left_out[LeftOut.MANY] += max(0, len(entries) - MOST_ENTRIES)
    clock = Clock(item.get("created_at"))
    questions: list[ForeignQuestion] = []
    for number, entry in enumerate(entries[:MOST_ENTRIES], start=1):
        asked, answered = text_of(entry.get("query")), text_of(entry.get("answer"))
        at = clock.read(entry.get("created_at"))
        if not asked.strip():
            left_out[LeftOut.ALONE if answered.strip() else LeftOut.EMPTY] += 1
            continue
        key = text_of(entry.get("uuid")) or f"entry {number}"
        answers = (
            [ForeignAnswer(key=f"{key} answer", text=answered, at=at, model=_model(entry), sources=_sources(entry))]
            if answered.strip()
            else []
        )
        before = questions[-1].key if questions else ""
        questions.append(ForeignQuestion(key=key, text=asked, at=at, follows=before, answers=answers))
    if not questions:
        raise ImportRefused(_("There are no questions in this conversation."))
    left_out[LeftOut.DATE] += clock.wrong
    return ForeignConversation(
        service="perplexity",
        id=text_of(item.get("context_uuid")) or text_of(item.get("uuid")),
        title=text_of(item.get("context_title")),
        questions=questions,
        left_out=left_out,
    )


def _model(entry: Mapping[str, Any]) -> str:
    return text_of(entry.get("model")) or text_of(entry.get("display_model")) or text_of(entry.get("mode")).lower()


def _sources(entry: Mapping[str, Any]) -> list[ForeignSource]:
    """The pages, where the file names them. Where it does not, the marks in the text say that they have no source."""
    pages = next((list_of(entry.get(name)) for name in _SOURCES if list_of(entry.get(name))), [])
    found = []
    for number, page in enumerate(pages[:MOST_SOURCES], start=1):
        named = dict_of(page)
        url = page if isinstance(page, str) else text_of(named.get("url"))
        if url.startswith(("https://", "http://")):
            title = text_of(named.get("title")) or text_of(named.get("name"))
            snippet = text_of(named.get("snippet"))
            found.append(ForeignSource(number=number, url=url[:4000], title=title[:1000], snippet=snippet[:4000]))
    return found
