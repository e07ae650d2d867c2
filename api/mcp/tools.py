"""The tools as assistants are told of them: names, what for, and the shapes of what they take and give."""

from dataclasses import dataclass, field
from typing import Any

from api.models import Scope

LONGEST_QUESTION = 30_000  # characters
Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_SPACE: Schema = {"type": "string", "description": "The id of a space, as list_spaces says it."}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}


@dataclass(frozen=True, slots=True)
class ToolDescription:
    """One tool. `takes` are its arguments, of which `required` have to be there; `gives` is the structured result."""

    name: str
    title: str
    description: str
    scope: Scope
    takes: dict[str, Schema] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    gives: dict[str, Schema] = field(default_factory=dict)
    only_reads: bool = True

    @property
    def input_schema(self) -> Schema:
        """What the tool takes."""
        return {
            "type": "object",
            "properties": self.takes,
            "required": list(self.required),
            "additionalProperties": False,
        }

    @property
    def output_schema(self) -> Schema:
        """What its structured content looks like."""
        return {"type": "object", "properties": {"note": _TEXT, **self.gives}, "required": ["note", *self.gives]}


def _rows(**fields: Schema) -> Schema:
    return {"type": "array", "items": {"type": "object", "properties": fields, "required": list(fields)}}


TOOLS = (
    ToolDescription(
        "search_answers",
        "Search questions and answers",
        "Search what this team has asked and been answered: titles, questions, answers and sources. Takes words, "
        '"phrases", -words and operators such as from:me, site:example.org, after:2026-01-01.',
        Scope.READ,
        takes={
            "query": {"type": "string", "minLength": 1, "maxLength": 400},
            "space": _SPACE,
            "limit": {"type": "integer", "minimum": 1, "maximum": 25, "default": 10},
        },
        required=("query",),
        gives={"results": _rows(conversation=_TEXT, title=_TEXT, url=_TEXT, places={"type": "array"})},
    ),
    ToolDescription(
        "read_conversation",
        "Read a conversation",
        "Read the questions and answers of one conversation, with the sources that the answers cite, a few at a time.",
        Scope.READ,
        takes={
            "id": {"type": "string", "description": "The id of a conversation, as search_answers says it."},
            "page": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1},
        },
        required=("id",),
        gives={
            "conversation": {"type": "object"},
            "page": {"type": "integer"},
            "has_more": {"type": "boolean"},
            "questions": _rows(id=_TEXT, text=_TEXT, author=_TEXT, answers={"type": "array"}),
        },
    ),
    ToolDescription(
        "ask",
        "Ask a question",
        "Ask a question that is answered from the web, with sources. It is stored in this team’s history and costs "
        "money. Answers take seconds; research takes minutes.",
        Scope.ASK,
        takes={
            "question": {"type": "string", "minLength": 1, "maxLength": LONGEST_QUESTION},
            "model": {"type": "string", "description": "Leave it out for the usual one."},
            "space": _SPACE,
        },
        required=("question",),
        gives={
            "answer": _TEXT,
            "state": _TEXT,
            "text": _TEXT,
            "model": _TEXT,
            "conversation": _TEXT,
            "url": _TEXT,
            "sources": _rows(number={"type": "integer"}, title=_TEXT, url=_TEXT, cited={"type": "boolean"}),
        },
        only_reads=False,
    ),
    ToolDescription(
        "list_spaces",
        "List spaces",
        "List the spaces of this team that the person may read.",
        Scope.READ,
        gives={"spaces": _rows(id=_TEXT, name=_TEXT, description=_TEXT, role=_TEXT)},
    ),
    ToolDescription(
        "list_sources",
        "List sources",
        "List the web pages that this team’s answers used, with what checks found and what the team says of them.",
        Scope.READ,
        takes={"query": {"type": "string", "maxLength": 200, "description": "Words of titles and addresses."}},
        gives={"sources": _rows(url=_TEXT, title=_TEXT, mark=_MAYBE_TEXT, answers={"type": "integer"})},
    ),
)
