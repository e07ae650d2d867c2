"""What the demo makes of a statement and a passage that it is sent for a second opinion: a rule, and no model.

Figures of the statement that the passage lacks contradict it where it has others. A passage that has few of the
statement's words does not say it.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

_FIGURE = re.compile(r"\d[\d.,]*\d|\d")
_WORD = re.compile(r"[^\W\d_]{4,}")
_SHARE = 0.5  # of a statement's words that a passage must have to be about the same


def opinion_on(wanted: Mapping[str, Any] | None, question: str) -> str | None:
    """The opinion as JSON, where that is what was asked for; None for every other question."""
    schema = (wanted or {}).get("json_schema")
    if not isinstance(schema, Mapping) or schema.get("name") != "opinion":
        return None
    try:
        told = json.loads(question)
        statement, passage = str(told["statement"]), str(told["passage"])
    except (ValueError, KeyError, TypeError):
        return None
    return json.dumps(_judged(statement, passage), ensure_ascii=False)


def _judged(statement: str, passage: str) -> dict[str, str]:
    words = {word.casefold() for word in _WORD.findall(statement)}
    there = {word.casefold() for word in _WORD.findall(passage)}
    lacking = sorted(set(_FIGURE.findall(statement)) - set(_FIGURE.findall(passage)))
    if len(words & there) < _SHARE * len(words):
        return {"verdict": "does_not_say", "reason": "The passage is about something else."}
    if lacking and _FIGURE.search(passage):
        return {"verdict": "contradicts", "reason": f"The passage has other figures than {', '.join(lacking)}."}
    if lacking:
        return {"verdict": "does_not_say", "reason": f"The passage does not give {', '.join(lacking)}."}
    return {"verdict": "supports", "reason": "The passage has the words and figures of the statement."}
