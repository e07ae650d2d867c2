"""Structured output: schemas and expressions checked before they are sent, answers read, checked and shown by them.

Pure: no database, no request, no setting. `check_schema` and `check_regex` judge what a person wrote, `read` what a
model answered; `to_html` shows a value as a table or tree, and `present` does all that an answer needs when it ends.
"""

from chat.structured.describing import EXAMPLES, formatted, preview
from chat.structured.extraction import Structured, kind_of, read
from chat.structured.growing import Piece, Verbatim
from chat.structured.presenting import Presented, has_json, present
from chat.structured.problems import Problem
from chat.structured.regex import check_regex
from chat.structured.schemas import SchemaText, check_schema, read_schema
from chat.structured.showing import to_html

__all__ = [
    "EXAMPLES",
    "Piece",
    "Presented",
    "Problem",
    "SchemaText",
    "Structured",
    "Verbatim",
    "check_regex",
    "check_schema",
    "formatted",
    "has_json",
    "kind_of",
    "present",
    "preview",
    "read",
    "read_schema",
    "to_html",
]
