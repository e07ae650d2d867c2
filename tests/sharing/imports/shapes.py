"""Small files in the shapes in which services export conversations (docs/import.md)."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

NOON = 1_736_000_000.0  # a moment in 2025


def chatgpt_node(key: str, parent: str | None, role: str, text: str, *, at: float = 0, **more: Any) -> dict[str, Any]:
    content = more.pop("content", {"content_type": "text", "parts": [text]})
    message = {
        "id": key,
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": NOON + at,
        "content": content,
        "status": "finished_successfully",
        "metadata": more.pop("metadata", {}),
        "recipient": more.pop("recipient", "all"),
    }
    return {"id": key, "message": message, "parent": parent, "children": []}


CITE = "\ue200cite\ue202turn0search0\ue202turn0search1\ue201"


def chatgpt(id: str = "c-1", *, title: str = "Keepers", more_asked: bool = False) -> dict[str, Any]:
    """A conversation with a system message, a tool, an answer with two sources that was asked for twice, and a question
    that was edited."""
    cited = {
        "model_slug": "gpt-5",
        "content_references": [
            {
                "matched_text": CITE,
                "start_idx": 30,
                "end_idx": 60,
                "type": "grouped_webpages",
                "items": [
                    {
                        "title": "Lights",
                        "url": "https://lights.example/a",
                        "pub_date": NOON,
                        "snippet": "A light.",
                        "supporting_websites": [{"title": "Keepers", "url": "https://lights.example/b"}],
                    }
                ],
            },
            {"type": "sources_footnote", "matched_text": " ", "sources": [{"url": "https://lights.example/c"}]},
        ],
    }
    nodes = [
        {"id": "root", "message": None, "parent": None, "children": []},
        chatgpt_node("sys", "root", "system", "Be kind."),
        chatgpt_node("q1", "sys", "user", "Who kept the light?", at=1),
        chatgpt_node(
            "call", "q1", "assistant", "", at=2, recipient="browser", content={"content_type": "code", "text": "{}"}
        ),
        chatgpt_node("tool", "call", "tool", "results", at=3),
        chatgpt_node("a1", "tool", "assistant", f"**Two** keepers did.{CITE} That is all.", at=4, metadata=cited),
        chatgpt_node("a1b", "q1", "assistant", "Nobody knows.", at=5, metadata={"model_slug": "gpt-4o"}),
        chatgpt_node("q2", "a1", "user", "And before?", at=6),
        chatgpt_node("a2", "q2", "assistant", "Monks.", at=7, metadata={"model_slug": "gpt-5"}),
        chatgpt_node("q2b", "a1", "user", "And after?", at=8),
        chatgpt_node("a2b", "q2b", "assistant", "Machines.", at=9, metadata={"model_slug": "gpt-5"}),
    ]
    if more_asked:
        nodes += [
            chatgpt_node("q3", "a2b", "user", "Since when?", at=10),
            chatgpt_node("a3", "q3", "assistant", "Since 1988.", at=11, metadata={"model_slug": "gpt-5"}),
        ]
    return {
        "conversation_id": id,
        "id": id,
        "title": title,
        "create_time": NOON,
        "update_time": NOON + 20,
        "mapping": {node["id"]: node for node in nodes},
        "current_node": nodes[-1]["id"],
        "default_model_slug": "gpt-5",
        "is_archived": False,
    }


def chatgpt_with_picture(id: str, file_id: str) -> dict[str, Any]:
    """A question with a picture that is in the archive."""
    content = {
        "content_type": "multimodal_text",
        "parts": [
            {"content_type": "image_asset_pointer", "asset_pointer": f"file-service://{file_id}"},
            "What is this?",
        ],
    }
    attached = {"attachments": [{"id": file_id, "name": "light.png", "mimeType": "image/png"}]}
    nodes = [
        chatgpt_node("p1", None, "user", "", content=content, metadata=attached),
        chatgpt_node("p2", "p1", "assistant", "A lighthouse.", at=1),
    ]
    return {
        "conversation_id": id,
        "title": "Picture",
        "create_time": NOON,
        "mapping": {node["id"]: node for node in nodes},
        "current_node": "p2",
    }


def open_webui(id: str = "w-1") -> dict[str, Any]:
    return {
        "id": id,
        "title": "Tides",
        "chat": {
            "title": "Tides",
            "models": ["llama3.1"],
            "history": {
                "currentId": "b",
                "messages": {
                    "a": {"id": "a", "parentId": None, "role": "user", "content": "Why tides?", "timestamp": int(NOON)},
                    "b": {
                        "id": "b",
                        "parentId": "a",
                        "role": "assistant",
                        "model": "llama3.1",
                        "content": '<details type="reasoning" done="true"><summary>Thought</summary>\n&gt; The moon?\n'
                        "</details>\nThe moon pulls [1].",
                        "timestamp": int(NOON) + 5,
                        "sources": [
                            {
                                "source": {"id": "web", "name": "search"},
                                "document": ["It pulls."],
                                "metadata": [{"source": "https://tides.example/moon", "title": "Moon"}],
                            }
                        ],
                    },
                },
            },
        },
        "created_at": int(NOON),
        "pinned": True,
        "archived": False,
    }


def librechat(id: str = "l-1") -> dict[str, Any]:
    return {
        "conversationId": id,
        "endpoint": "openAI",
        "title": "Venv",
        "exportAt": "13:18:04 GMT-0400",
        "branches": True,
        "recursive": True,
        "options": {"model": "gpt-4-turbo", "promptPrefix": "You are terse."},
        "messages": [
            {
                "messageId": "m1",
                "parentMessageId": "00000000-0000-0000-0000-000000000000",
                "isCreatedByUser": True,
                "sender": "User",
                "text": "How do I activate it?",
                "createdAt": "2024-05-01T16:35:11.530Z",
                "children": [
                    {"messageId": "m2", "isCreatedByUser": False, "model": "gpt-4-turbo", "text": "Source it."},
                    {
                        "messageId": "m3",
                        "isCreatedByUser": False,
                        "content": [{"type": "think", "think": "Hm."}, {"type": "text", "text": "Run activate."}],
                        "children": [{"messageId": "m4", "isCreatedByUser": True, "text": "Thanks"}],
                    },
                ],
            }
        ],
    }


ACCOUNT_OF_PERPLEXITY = {
    "conversations": [
        {
            "context_uuid": "x-1",
            "context_title": "Harbours",
            "created_at": "2025-03-01T10:00:00Z",
            "collection_uuid": None,
            "mode": "COPILOT",
            "entries": [
                {"query": "Which harbour?", "answer": "The old one[1].", "created_at": "2025-03-01T10:00:00Z"},
                {"query": "Why?", "answer": "", "query_status": "FAILED", "created_at": "2025-03-01T10:05:00Z"},
                {"query": "", "answer": "Alone."},
            ],
        }
    ]
}

PERPLEXITY = """<img src="https://r2cdn.perplexity.ai/pplx-full-logo-primary-dark%402x.png" style="height:64px"/>

# What is a *neap* tide?

A small one.[^1_1][^1_2]

# Not a question

It is a heading.
<span style="display:none">[^1_3]</span>

<div align="center">⁂</div>

[^1_1]: https://tides.example/neap

[^1_2]: https://tides.example/moon

[^1_3]: notes.pdf


---

# And a spring tide?

A large one.[^2_1]

<div align="center">⁂</div>

[^2_1]: https://tides.example/spring
"""


def parley(id: str, *, asked_by: str = "bob", visibility: str = "team", space: str | None = None) -> dict[str, Any]:
    """A conversation as docs/export-format.md has it."""
    person = {"username": asked_by, "name": asked_by.title()}
    return {
        "id": id,
        "title": f"Kept by {asked_by}",
        "owner": person,
        "visibility": visibility,
        "space": {"id": space, "name": "Harbour lights"} if space else None,
        "pinned": False,
        "archived": False,
        "tags": ["lights"],
        "created_at": "2026-01-05T10:00:00+00:00",
        "questions": [
            {
                "id": f"{id[:-1]}a",
                "position": 1,
                "follows": None,
                "version_of": None,
                "text": "Which light?",
                "asked_by": person,
                "asked_at": "2026-01-05T10:00:00+00:00",
                "attachments": [],
                "answers": [
                    {
                        "id": f"{id[:-1]}b",
                        "asked_by": person,
                        "provider": "sonar",
                        "model": "sonar",
                        "state": "finished",
                        "text": "The old one [2].",
                        "created_at": "2026-01-05T10:00:01+00:00",
                        "ended_at": "2026-01-05T10:00:09+00:00",
                        "sources": [
                            {"number": 1, "title": "One", "url": "https://one.example/", "cited": False},
                            {"number": 2, "title": "Two", "url": "https://two.example/", "cited": True},
                        ],
                    }
                ],
            }
        ],
    }


def parley_json(*conversations: Mapping[str, Any], version: int = 1) -> bytes:
    return json.dumps({"format": "parley-export", "version": version, "conversations": conversations}).encode()


def lines(*rows: Mapping[str, Any]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def zipped(**files: str | bytes) -> bytes:
    """A ZIP; `__` in a name stands for a dot and `___` for a slash."""
    return zip_of({name.replace("___", "/").replace("__", "."): data for name, data in files.items()})


def zip_of(files: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def as_json(*items: Any) -> bytes:
    return json.dumps(items).encode()
