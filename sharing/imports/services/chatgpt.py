"""ChatGPT's data export: conversations.json, or several files with a part each. docs/import.md, "ChatGPT"."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from core.sentences import sentence as _
from sharing.imports.foreign import (
    Clock,
    ForeignConversation,
    ForeignFile,
    ImportRefused,
    LeftOut,
    dict_of,
    list_of,
    text_of,
)
from sharing.imports.services.chatgpt_citations import with_marks
from sharing.imports.trees import Message, questions_of

FilesOf = Callable[[str, str], ForeignFile | None]
"""The file of an archive by ChatGPT's id for it, and the name that people gave it; None where it isn't there."""

_POINTER = re.compile(r"^(?:file-service|sediment)://([\w-]{1,100})$")
_THOUGHTS = ("thoughts", "reasoning_recap")
_SHOWN = ("text", "multimodal_text")


def is_chatgpt(item: Mapping[str, Any]) -> bool:
    """Whether ChatGPT wrote this conversation."""
    return isinstance(item.get("mapping"), dict) or ("conversation_id" in item and "current_node" in item)


def conversation_of(item: Mapping[str, Any], *, file_of: FilesOf | None = None) -> ForeignConversation:
    """The conversation. Raises ImportRefused."""
    nodes = dict_of(item.get("mapping"))
    if not nodes:
        raise ImportRefused(_("ChatGPT’s file has no messages for this conversation."))
    left_out: Counter[LeftOut] = Counter()
    clock = Clock(item.get("create_time"))
    current = text_of(item.get("current_node"))
    messages = [
        _message(key, dict_of(node), item=item, clock=clock, left_out=left_out, file_of=file_of)
        for key, node in nodes.items()
    ]
    questions = questions_of(messages, current=current, left_out=left_out)
    left_out[LeftOut.DATE] += clock.wrong
    return ForeignConversation(
        service="chatgpt",
        id=text_of(item.get("conversation_id")) or text_of(item.get("id")),
        title=text_of(item.get("title")),
        questions=questions,
        left_out=left_out,
        pinned=item.get("is_starred") is True,
        archived=item.get("is_archived") is True,
    )


def _message(
    key: str,
    node: Mapping[str, Any],
    *,
    item: Mapping[str, Any],
    clock: Clock,
    left_out: Counter[LeftOut],
    file_of: FilesOf | None,
) -> Message:
    said = dict_of(node.get("message"))
    parent = text_of(node.get("parent"))
    at = clock.read(said.get("create_time")) if said else clock.last
    step = Message(key=key, parent=parent, is_question=False, at=at)
    if not said:
        return step
    role = text_of(dict_of(said.get("author")).get("role"))
    content, notes = dict_of(said.get("content")), dict_of(said.get("metadata"))
    kind = text_of(content.get("content_type"))
    words = _words(content)
    if role == "system" or notes.get("is_user_system_message") or kind == "user_editable_context":
        left_out[LeftOut.SYSTEM] += bool(words.strip()) or kind == "user_editable_context"
        return step
    if role == "tool" or (role == "assistant" and text_of(said.get("recipient")) not in ("", "all")):
        left_out[LeftOut.TOOL] += 1
        left_out[LeftOut.PICTURE] += len(_pointers(content))
        return step
    if notes.get("is_visually_hidden_from_conversation") is True:
        left_out[LeftOut.HIDDEN] += 1
        return step
    if role == "user":
        files = _files(content, notes, left_out=left_out, file_of=file_of)
        if not words.strip() and not files:
            left_out[LeftOut.EMPTY] += 1
            return step
        return Message(key=key, parent=parent, is_question=True, at=at, text=words, files=files)
    model = text_of(notes.get("model_slug")) or text_of(item.get("default_model_slug"))
    if kind in _THOUGHTS:
        return Message(
            key=key, parent=parent, is_question=False, at=at, reasoning=_thoughts(content) if kind == "thoughts" else ""
        )
    if kind == "code":
        left_out[LeftOut.TOOL] += 1
        return step
    if kind not in _SHOWN and not words.strip():
        left_out[LeftOut.EMPTY] += 1
        return step
    left_out[LeftOut.PICTURE] += len(_pointers(content))
    text, sources = with_marks(words, notes)
    return Message(key=key, parent=parent, is_question=False, at=at, text=text, model=model, sources=sources)


def _words(content: Mapping[str, Any]) -> str:
    parts = list_of(content.get("parts"))
    texts = [part if isinstance(part, str) else text_of(dict_of(part).get("text")) for part in parts]
    return "\n\n".join(text for text in texts if text) or text_of(content.get("text"))


def _thoughts(content: Mapping[str, Any]) -> str:
    thoughts = [dict_of(thought) for thought in list_of(content.get("thoughts"))]
    lines = [
        "\n\n".join(filter(None, [f"**{title}**" if title else "", text_of(thought.get("content"))]))
        for thought in thoughts
        for title in [text_of(thought.get("summary")).strip()]
    ]
    return "\n\n".join(filter(None, lines))


def _pointers(content: Mapping[str, Any]) -> list[str]:
    """ChatGPT's ids of the pictures in a message."""
    found = []
    for part in list_of(content.get("parts")):
        pointer = text_of(dict_of(part).get("asset_pointer"))
        if pointer:
            known = _POINTER.match(pointer)
            found.append(known[1] if known else "")
    return found


def _files(
    content: Mapping[str, Any], notes: Mapping[str, Any], *, left_out: Counter[LeftOut], file_of: FilesOf | None
) -> list[ForeignFile]:
    """The pictures of a question that are in the file. Documents and what isn't there are counted."""
    attached = [dict_of(one) for one in list_of(notes.get("attachments"))]
    names = {text_of(one.get("id")): text_of(one.get("name")) for one in attached}
    pointers = _pointers(content)
    found = []
    for pointer in pointers:
        file = file_of(pointer, names.get(pointer, "")) if file_of and pointer else None
        if file:
            found.append(file)
        else:
            left_out[LeftOut.PICTURE] += 1
    left_out[LeftOut.FILE] += len([id for id in names if id not in pointers])
    return found
