"""Parley's own export, of a conversation or of a whole team. docs/export-format.md."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from core.sentences import sentence as _
from sharing.imports.foreign import (
    Clock,
    ForeignConversation,
    ForeignFile,
    ForeignQuestion,
    ImportRefused,
    LeftOut,
    dict_of,
    list_of,
    text_of,
)
from sharing.imports.services.parley_answers import answer_of
from sharing.imports.values import json_in, text_in, time_in

FORMATS = ("parley-export", "parley-archive")
NEWEST = 2
FileOf = Callable[[str, str], ForeignFile | None]
"""The file of an archive by its SHA-256, and its name."""


def is_parley(item: Mapping[str, Any], header: Mapping[str, Any]) -> bool:
    """Whether Parley wrote this conversation. `header` is what its file says of itself."""
    return isinstance(item.get("questions"), list) and (header.get("format") in FORMATS or "visibility" in item)


def require_known_version(header: Mapping[str, Any]) -> None:
    """Raises ImportRefused for a file of a Parley that is newer than this one."""
    version = header.get("version", NEWEST)
    if not isinstance(version, int) or version > NEWEST:
        raise ImportRefused(_("A newer version of Parley wrote this file. Ask your administrator to update this one."))


def conversation_of(item: Mapping[str, Any], *, file_of: FileOf | None = None) -> ForeignConversation:
    """The conversation. Raises ImportRefused."""
    left_out: Counter[LeftOut] = Counter()
    clock = Clock(item.get("created_at"))
    said = [dict_of(one) for one in list_of(item.get("questions"))]
    if not said:
        raise ImportRefused(_("There are no questions in this conversation."))
    questions, before, known = [], "", set()
    for number, one in enumerate(said, start=1):
        key = text_of(one.get("id")) or str(number)
        version_of, follows = text_of(one.get("version_of")), text_of(one.get("follows"))
        version_of = version_of if version_of in known else ""
        follows = follows if follows in known else ("" if version_of else before)
        at = clock.read(one.get("asked_at"))
        questions.append(
            ForeignQuestion(
                key=key,
                text=text_of(one.get("text")),
                at=at,
                follows=follows,
                version_of=version_of,
                answers=[
                    answer_of(dict_of(answer), clock, key=f"{key} {place}")
                    for place, answer in enumerate(list_of(one.get("answers")))
                ],
                files=_files(one, left_out, file_of),
                by=text_of(dict_of(one.get("asked_by")).get("username")),
                options=json_in(one.get("options"), {}),
                documents=json_in(one.get("documents"), {}, 10_000),
            )
        )
        known.add(key)
        before = key
    left_out[LeftOut.DATE] += clock.wrong
    owner = dict_of(item.get("owner"))
    return ForeignConversation(
        service="parley",
        id=text_of(item.get("id")),
        title=text_of(item.get("title")),
        questions=questions,
        left_out=left_out,
        pinned=item.get("pinned") is True,
        archived=item.get("archived") is True,
        tags=[tag for tag in list_of(item.get("tags")) if isinstance(tag, str)],
        owner=text_of(owner.get("username")),
        owner_name=text_of(owner.get("name")),
        visibility=text_of(item.get("visibility")),
        space=text_of(dict_of(item.get("space")).get("id")),
        forked_from=text_in(item.get("forked_from"), 100),
        created_at=time_in(item.get("created_at")),
        last_asked_at=time_in(item.get("last_asked_at")),
    )


def _files(said: Mapping[str, Any], left_out: Counter[LeftOut], file_of: FileOf | None) -> list[ForeignFile]:
    found = []
    for one in map(dict_of, list_of(said.get("attachments"))):
        file = file_of(text_of(one.get("sha256")), text_of(one.get("name"))) if file_of else None
        if file:
            found.append(file)
        else:
            left_out[LeftOut.PICTURE if one.get("kind") == "image" else LeftOut.FILE] += 1
    return found
