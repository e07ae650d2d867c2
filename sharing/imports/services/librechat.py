"""LibreChat's export of one conversation as JSON. docs/import.md, "LibreChat"."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from core.sentences import sentence as _
from sharing.imports.foreign import (
    Clock,
    ForeignConversation,
    ForeignSource,
    ImportRefused,
    LeftOut,
    dict_of,
    list_of,
    text_of,
)
from sharing.imports.trees import Message, questions_of

MOST_SOURCES = 200
_NO_PARENT = "00000000-0000-0000-0000-000000000000"
_GROUP = re.compile("\ue200([^\ue200\ue201]{0,2000})\ue201")
_CITED = re.compile(r"\ue202?turn(\d{1,3})(search|news|ref|image|file)(\d{1,3})")
_REST = re.compile("[\ue200-\ue20f]")
_LISTS = {"search": "organic", "news": "topStories", "ref": "references"}


def is_librechat(item: Mapping[str, Any]) -> bool:
    """Whether LibreChat wrote this conversation."""
    return "conversationId" in item and ("messages" in item or "messagesTree" in item)


def conversation_of(item: Mapping[str, Any]) -> ForeignConversation:
    """The conversation. Raises ImportRefused."""
    said = list(_flat(list_of(item.get("messagesTree")) or list_of(item.get("messages"))))
    if not said:
        raise ImportRefused(_("LibreChat’s file has no messages for this conversation."))
    left_out: Counter[LeftOut] = Counter()
    options = dict_of(item.get("options"))
    if text_of(options.get("promptPrefix")).strip() or text_of(options.get("system")).strip():
        left_out[LeftOut.SYSTEM] += 1
    clock = Clock(said[0][0].get("createdAt"))
    model = text_of(options.get("model"))
    messages = [_message(one, parent, model=model, clock=clock, left_out=left_out) for one, parent in said]
    questions = questions_of(messages, current=messages[-1].key, left_out=left_out)
    left_out[LeftOut.DATE] += clock.wrong
    return ForeignConversation(
        service="librechat",
        id=text_of(item.get("conversationId")),
        title=text_of(item.get("title")),
        questions=questions,
        left_out=left_out,
        tags=[tag for tag in list_of(item.get("tags")) if isinstance(tag, str)],
    )


def _flat(messages: list[Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Every message with the one before it, whether they stand in a row or in each other."""
    waiting: list[tuple[dict[str, Any], str | None]] = [(dict_of(one), None) for one in reversed(messages)]
    before, number = "", 0
    while waiting:
        message, above = waiting.pop()
        number += 1
        key = text_of(message.get("messageId")) or str(number)
        named = text_of(message.get("parentMessageId"))
        parent = above if above is not None else ("" if named == _NO_PARENT else named or before)
        yield {**message, "messageId": key, "children": None}, parent
        before = key
        waiting += [(dict_of(one), key) for one in reversed(list_of(message.get("children")))]


def _message(said: Mapping[str, Any], parent: str, *, model: str, clock: Clock, left_out: Counter[LeftOut]) -> Message:
    key, at = said["messageId"], clock.read(said.get("createdAt"))
    text, reasoning = _words(said, left_out)
    files = list_of(said.get("files"))
    pictures = sum(text_of(dict_of(file).get("type")).startswith("image") for file in files)
    left_out[LeftOut.PICTURE] += pictures
    left_out[LeftOut.FILE] += len(files) - pictures
    if said.get("error") is True or not (text.strip() or reasoning):
        left_out[LeftOut.EMPTY] += 1
        return Message(key=key, parent=parent, is_question=False, at=at)
    if said.get("isCreatedByUser") is True or text_of(said.get("sender")).lower() == "user":
        return Message(key=key, parent=parent, is_question=True, at=at, text=text)
    text, sources = _with_marks(text, said)
    return Message(
        key=key,
        parent=parent,
        is_question=False,
        at=at,
        text=text,
        model=text_of(said.get("model")) or model,
        reasoning=reasoning,
        sources=sources,
    )


def _words(said: Mapping[str, Any], left_out: Counter[LeftOut]) -> tuple[str, str]:
    """The text, and what the model thought. Newer messages have parts, in which tools stand too."""
    parts = said.get("content")
    if not isinstance(parts, list):
        return text_of(said.get("text")) or text_of(parts), ""
    texts, thoughts = [], []
    for part in map(dict_of, parts):
        match part.get("type"):
            case "text":
                texts.append(text_of(part.get("text")) or text_of(dict_of(part.get("text")).get("value")))
            case "think":
                thoughts.append(text_of(part.get("think")))
            case "image_file" | "image_url":
                left_out[LeftOut.PICTURE] += 1
            case _:
                left_out[LeftOut.TOOL] += 1
    return "\n\n".join(filter(None, texts)) or text_of(said.get("text")), "\n\n".join(filter(None, thoughts))


def _with_marks(text: str, said: Mapping[str, Any]) -> tuple[str, list[ForeignSource]]:
    """The text with `[n]` where LibreChat names a result of its search, and the results: those it names first."""
    results = _results(said)
    numbers: dict[str, ForeignSource] = {}

    def number_of(found: re.Match[str]) -> str:
        page = results.get((int(found[1]), found[2], int(found[3])))
        return f"[{_numbered(page, numbers)}]" if page and _url(page) else ""

    text = _GROUP.sub(lambda group: _CITED.sub(number_of, group[1]), text)
    text = _REST.sub("", _CITED.sub(number_of, text) if results else text)
    for page in results.values():
        if _url(page) and len(numbers) < MOST_SOURCES:
            _numbered(page, numbers)
    return text, list(numbers.values())


def _results(said: Mapping[str, Any]) -> dict[tuple[int, str, int], dict[str, Any]]:
    found = {}
    for attached in map(dict_of, list_of(said.get("attachments"))):
        search = dict_of(attached.get("web_search"))
        turn = search.get("turn")
        for kind, name in _LISTS.items():
            for place, page in enumerate(list_of(search.get(name))):
                found[turn if isinstance(turn, int) else 0, kind, place] = dict_of(page)
    return found


def _numbered(page: Mapping[str, Any], numbers: dict[str, ForeignSource]) -> int:
    url = _url(page)
    if url not in numbers:
        numbers[url] = ForeignSource(
            number=len(numbers) + 1,
            url=url[:4000],
            title=text_of(page.get("title"))[:1000],
            date=text_of(page.get("date"))[:40],
            snippet=text_of(page.get("snippet"))[:4000],
        )
    return numbers[url].number


def _url(page: Mapping[str, Any]) -> str:
    url = text_of(page.get("link")) or text_of(page.get("url"))
    return url if url.startswith(("https://", "http://")) else ""
