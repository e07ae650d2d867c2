"""Open WebUI's export of chats. docs/import.md, "Open WebUI"."""

import base64
import binascii
import html
import re
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

from core.sentences import sentence as _
from sharing.imports.foreign import (
    Clock,
    ForeignConversation,
    ForeignFile,
    ForeignSource,
    ImportRefused,
    LeftOut,
    dict_of,
    list_of,
    text_of,
)
from sharing.imports.trees import Message, questions_of

MOST_SOURCES = 200
_DETAILS = re.compile(r"<details\b([^>]{0,2000})>(.*?)</details>\n?", re.DOTALL)
_TYPE = re.compile(r"\btype=\"(\w{1,40})\"")
_SUMMARY = re.compile(r"<summary>.*?</summary>\n?", re.DOTALL)
_DATA = re.compile(r"^data:image/[\w.+-]{1,40};base64,")


def is_open_webui(item: Mapping[str, Any]) -> bool:
    """Whether Open WebUI wrote this conversation."""
    chat = item.get("chat")
    return isinstance(chat, dict) and ("history" in chat or "messages" in chat)


def conversation_of(item: Mapping[str, Any]) -> ForeignConversation:
    """The conversation. Raises ImportRefused."""
    chat = dict_of(item.get("chat"))
    history = dict_of(chat.get("history"))
    said = {key: dict_of(one) for key, one in dict_of(history.get("messages")).items()}
    if not said:
        said = _in_a_row([dict_of(one) for one in list_of(chat.get("messages"))])
    if not said:
        raise ImportRefused(_("Open WebUI’s file has no messages for this conversation."))
    left_out: Counter[LeftOut] = Counter()
    clock = Clock(item.get("created_at") or chat.get("timestamp"))
    if text_of(chat.get("system")).strip() or text_of(dict_of(chat.get("params")).get("system")).strip():
        left_out[LeftOut.SYSTEM] += 1
    messages = [_message(key, one, clock=clock, left_out=left_out) for key, one in said.items()]
    questions = questions_of(messages, current=text_of(history.get("currentId")), left_out=left_out)
    left_out[LeftOut.DATE] += clock.wrong
    return ForeignConversation(
        service="open_webui",
        id=text_of(item.get("id")) or text_of(chat.get("id")),
        title=text_of(item.get("title")) or text_of(chat.get("title")),
        questions=questions,
        left_out=left_out,
        pinned=item.get("pinned") is True,
        archived=item.get("archived") is True,
    )


def _in_a_row(messages: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Messages of a list, of which each answers the one before it."""
    found: dict[str, dict[str, Any]] = {}
    before = ""
    for number, message in enumerate(messages):
        key = text_of(message.get("id")) or str(number)
        found[key] = {**message, "parentId": text_of(message.get("parentId")) or before}
        before = key
    return found


def _message(key: str, said: Mapping[str, Any], *, clock: Clock, left_out: Counter[LeftOut]) -> Message:
    parent, at = text_of(said.get("parentId")), clock.read(said.get("timestamp"))
    step = Message(key=key, parent=parent, is_question=False, at=at)
    role, words = said.get("role"), text_of(said.get("content"))
    if role == "system":
        left_out[LeftOut.SYSTEM] += 1
        return step
    if role == "user":
        files = _files(said, left_out)
        if not words.strip() and not files:
            left_out[LeftOut.EMPTY] += 1
            return step
        return Message(key=key, parent=parent, is_question=True, at=at, text=words, files=files)
    if role != "assistant":
        left_out[LeftOut.TOOL] += 1
        return step
    left_out[LeftOut.PICTURE] += len(list_of(said.get("files")))
    text, reasoning = _without_details(words, left_out)
    return Message(
        key=key,
        parent=parent,
        is_question=False,
        at=at,
        text=text,
        model=text_of(said.get("model")),
        reasoning=reasoning,
        sources=_sources(said),
    )


def _without_details(words: str, left_out: Counter[LeftOut]) -> tuple[str, str]:
    """The text without what the model thought, which comes second, and without calls of tools."""
    reasoning = []

    def taken(found: re.Match[str]) -> str:
        kind = _TYPE.search(found[1])
        if kind is None:
            return found[0]  # the answer's own
        if kind[1] == "reasoning":
            lines = html.unescape(_SUMMARY.sub("", found[2])).strip().splitlines()
            reasoning.append("\n".join(line.removeprefix(">").removeprefix(" ") for line in lines))
        else:
            left_out[LeftOut.TOOL] += 1
        return ""

    text = _DETAILS.sub(taken, words) if "<details" in words else words
    return text.strip("\n"), "\n\n".join(reasoning)


def _sources(said: Mapping[str, Any]) -> list[ForeignSource]:
    """The sources with the numbers by which the text cites them: each that differs is one, in the order of passages."""
    numbers: dict[str, ForeignSource] = {}
    for group in map(dict_of, list_of(said.get("sources")) or list_of(said.get("citations"))):
        source, texts = dict_of(group.get("source")), list_of(group.get("document"))
        notes = list_of(group.get("metadata"))
        for place in range(max(len(texts), len(notes), 1)):
            note = dict_of(notes[place]) if place < len(notes) else {}
            id = text_of(note.get("source")) or text_of(source.get("id")) or text_of(source.get("name")) or "N/A"
            if id in numbers or len(numbers) >= MOST_SOURCES:
                continue
            address = next(
                (one for one in (id, text_of(source.get("url")), text_of(note.get("url"))) if _is_url(one)), ""
            )
            title = text_of(note.get("title")) or text_of(note.get("name")) or text_of(source.get("name"))
            numbers[id] = ForeignSource(
                number=len(numbers) + 1,
                url=address[:4000],
                title=(title or id)[:1000],
                snippet=text_of(texts[place])[:4000] if place < len(texts) else "",
            )
    return list(numbers.values())


def _is_url(text: str) -> bool:
    return text.startswith(("https://", "http://"))


def _files(said: Mapping[str, Any], left_out: Counter[LeftOut]) -> list[ForeignFile]:
    """The pictures that stand in the message itself. What is only named, by an address of that server, is counted."""
    found = []
    for number, file in enumerate(map(dict_of, list_of(said.get("files"))), start=1):
        address, name = text_of(file.get("url")), text_of(file.get("name"))
        if file.get("type") != "image":
            left_out[LeftOut.FILE] += 1
        elif start := _DATA.match(address):
            found.append(ForeignFile(name or f"{number}", partial(_decoded, address[start.end() :])))
        else:
            left_out[LeftOut.PICTURE] += 1
    return found


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise OSError("No base64.") from fault
