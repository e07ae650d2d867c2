"""A turn of the conversation as items of the input, with what is attached to it (docs/agent.md, "Attachments")."""

import base64
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from core.sentences import sentence
from upstream.errors import InvalidRequest, UpstreamError
from upstream.requests import AskRequest, Document, Picture, Turn
from upstream.translation.messages import data_uri

_NO_TEXT = (
    "This answer service doesn’t accept files, and “%(name)s” has no text that could be sent instead. Remove it, or "
    "attach a copy that has text."
)
_MAY_BE_ABOUT_FILES = frozenset({400, 413, 415, 422})
_NAMES_FILES = re.compile(r"input_file|file_data|file_url|\bfile(s|name)?\b", re.I)
_ABOUT_THIS_FILE = ("token", "too long", "too large", "context", "size", "corrupt", "password", "encrypted", "pages")


def items_of(turn: Turn) -> list[dict[str, Any]]:
    """The turn as input items. The text of a document, or what is quoted, stands in an item of its own before the
    question, because some presets search for the whole text of the last item."""
    files = [part for part in turn.parts if isinstance(part, Document) and part.data]
    pictures = [part for part in turn.parts if isinstance(part, Picture)]
    texts = [part.text for part in turn.parts if isinstance(part, Document) and not part.data and part.text]
    content: str | list[dict[str, Any]] = turn.text
    if pictures or files:
        content = [{"type": "input_text", "text": turn.text}] if turn.text.strip() else []
        content += [_input_file(file) for file in files]
        content += [{"type": "input_image", "image_url": data_uri(picture)} for picture in pictures]
    quoted = [turn.quoted] if turn.quoted else []
    inlined = [_message(turn, [{"type": "input_text", "text": text}]) for text in (*quoted, *texts)]
    return [*inlined, _message(turn, content)] if content else inlined


def documents_in(request: AskRequest) -> list[Document]:
    """The documents that would go along as files."""
    return [part for turn in request.turns for part in turn.parts if isinstance(part, Document) and part.data]


def with_documents_inlined(request: AskRequest) -> AskRequest:
    """The request with the text of each document in its place.

    Raises InvalidRequest where one of the question's own has none; earlier ones stay behind.
    """
    for part in request.turns[-1].parts:
        if isinstance(part, Document) and not part.text:
            raise InvalidRequest(sentence(_NO_TEXT, name=part.name))
    return replace(request, turns=[_inlined(turn) for turn in request.turns])


def may_be_about_files(error: UpstreamError) -> bool:
    """Whether the files could be what was refused: services do not always say it."""
    return isinstance(error, InvalidRequest) and error.status in _MAY_BE_ABOUT_FILES


def blames_nothing_else(error: UpstreamError) -> bool:
    """Whether the refusal says that files were the reason, or does not say what was."""
    is_wordless = error.message in ("", InvalidRequest.default_message) or error.message.endswith("invalid request")
    return is_wordless or bool(_NAMES_FILES.search(error.message))


def is_about_all_files(error: UpstreamError) -> bool:
    """Whether a refusal that was about a file would meet every other file too."""
    words = error.message.lower()
    return error.status != 413 and not any(word in words for word in _ABOUT_THIS_FILE)


def _message(turn: Turn, content: str | Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "message", "role": turn.role, "content": content}


def _input_file(file: Document) -> dict[str, Any]:
    data = base64.b64encode(file.data).decode("ascii")
    return {"type": "input_file", "filename": file.name, "file_data": f"data:{file.media_type};base64,{data}"}


def _inlined(turn: Turn) -> Turn:
    parts = (replace(part, data=b"") if isinstance(part, Document) else part for part in turn.parts)
    return replace(turn, parts=tuple(part for part in parts if not isinstance(part, Document) or part.text))
