"""Sentences of what knows no Django, in the language that is spoken right now (see core/sentences.py)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from core.sentences import Sentence, Speech, listed, restored
from core.web.money import brief_dollars

_SPEECH = Speech(gettext, ngettext, brief_dollars)  # each of them looks which language is spoken


def said(text: str) -> str:
    """The sentence in the language of the reader. Text that is no `Sentence` is looked up as it is."""
    if isinstance(text, Sentence):
        return text.said(_SPEECH)
    return gettext(text) if text else ""


def enumerated(entries: Iterable[str]) -> str:
    """The entries one after another as the reader's language lists them. Sentences among them are said in it, too."""
    shown = listed(entries)
    return said(shown) if isinstance(shown, Sentence) else shown


def stored_problem(message: str) -> dict[str, Any]:
    """What is kept of a sentence in a row: its English, and what it was made of where that is known."""
    made_of = {"sentence": message.stored()} if isinstance(message, Sentence) else {}
    return {"message": str(message), **made_of}


def stored_text(message: str) -> str:
    """What a column of text keeps of a sentence: itself, or, where values stand in it, what it was made of, as JSON."""
    return json.dumps(message.stored()) if isinstance(message, Sentence) and message.values else str(message)


def said_text(kept: str) -> str:
    """What a column of text holds of a sentence, for its reader."""
    if kept.startswith('{"id":'):
        try:
            return said(restored(json.loads(kept)))
        except (KeyError, TypeError, ValueError):
            return kept
    return said(kept)


def said_problem(problem: Mapping[str, Any]) -> str:
    """What a row holds of a sentence, for its reader; empty where it holds none.

    Rows of earlier versions have the English alone, which is looked up as it is.
    """
    try:
        return said(restored(problem["sentence"]))
    except (KeyError, TypeError, ValueError):
        return said(str(problem.get("message") or ""))
