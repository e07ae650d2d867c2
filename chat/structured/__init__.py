"""Structured output: schemas and expressions checked before they are sent, answers read, checked and shown by them.

Pure: no database, no request, no setting. `read_schema` and `check_regex` judge what a person wrote, `extract_answer`
what a model answered; `to_html` shows a value as a table or tree, and `present` does all that an answer needs when it
ends.
"""

from chat.structured.examples import EXAMPLES, Example
from chat.structured.extraction import extract_answer, kind_of
from chat.structured.presentation import has_json, present
from chat.structured.problems import Problem
from chat.structured.regex import check_regex
from chat.structured.schemas import check_schema, formatted, preview, read_schema
from chat.structured.value_html import to_html
from chat.structured.verbatim import Piece, Verbatim

__all__ = [
    "EXAMPLES",
    "Example",
    "Piece",
    "Problem",
    "Verbatim",
    "check_regex",
    "check_schema",
    "extract_answer",
    "formatted",
    "has_json",
    "kind_of",
    "present",
    "preview",
    "read_schema",
    "to_html",
]
