"""What a file of Parley says, one value at a time: each comes out as a column takes it, or as nothing.

Nobody knows who wrote a file. So a value of the wrong kind, one that is too long, or a number that no column holds
never reaches a row, and a page that reads the row needs no doubts of its own.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from core import graphemes
from core.storable import storable
from core.web.wording import said_problem, said_text
from sharing.imports.foreign import dict_of, list_of, moment_in, text_of

MOST_WHOLE = 2**31 - 1
MOST_MONEY = Decimal(1_000_000)  # US dollars
LONGEST_JSON = 2_000_000  # characters of one value
LONGEST_STEP = 200_000  # characters of what one step brought
_MOST_STEPS = 500
_MOST_OF_STEP = 200  # terms and pages
_DEEPEST_USAGE = 4
_KINDS_OF_FACTS = frozenset({"figure", "date", "name", "quotation"})
_MOST_FACTS = 5_000


def text_in(value: Any, most: int) -> str:
    """The text, of so many characters at most."""
    said = storable(text_of(value))
    return said if len(said) <= most else graphemes.cut(said, most)


def whole_in(value: Any, most: int = MOST_WHOLE) -> int:
    """The whole number from 0 to `most`, 0 for anything else."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= most else 0


def place_in(value: Any) -> int | None:
    """A place in a text; None for anything else."""
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= MOST_WHOLE else None


def money_in(value: Any, most: Decimal = MOST_MONEY) -> Decimal | None:
    """An amount in US dollars, in millionths, from nothing to `most`; None for anything else."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    try:
        amount = Decimal(value)
        return amount.quantize(Decimal("0.000001")) if amount.is_finite() and 0 <= amount <= most else None
    except InvalidOperation:
        return None


def day_in(value: Any) -> date | None:
    """A day as ISO 8601 has it."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-01-31") else None
    except ValueError:
        return None


def time_in(value: Any) -> datetime | None:
    """A moment between the first of these services and now; None for anything else."""
    return moment_in(value) if isinstance(value, str) else None


def choice_in(value: Any, choices: Iterable[str], otherwise: str = "") -> str:
    """One of the choices."""
    return value if isinstance(value, str) and value in choices else otherwise


def json_in(value: Any, otherwise: Any, most: int = LONGEST_JSON) -> Any:
    """What a column of JSON takes: of the same kind as `otherwise`, not too large, and without endless numbers."""
    if not isinstance(value, type(otherwise)):
        return otherwise
    kept = storable(value)
    try:
        return kept if len(json.dumps(kept, allow_nan=False)) <= most else otherwise
    except (TypeError, ValueError, RecursionError):
        return otherwise


def rows_in(value: Any, most: int) -> list[dict[str, Any]]:
    """The mappings of a list, so many at most."""
    return [one for one in list_of(value)[:most] if isinstance(one, dict)]


def texts_in(value: Any, *, most: int, longest: int) -> list[str]:
    """The texts of a list, so many at most."""
    return [text_in(one, longest) for one in list_of(value)[:most] if isinstance(one, str)]


def usage_in(value: Any, depth: int = _DEEPEST_USAGE) -> dict[str, Any]:
    """What of the figures of an answer are figures, also those within others."""
    found: dict[str, Any] = {}
    for name, said in list(dict_of(value).items())[:100]:
        if isinstance(said, dict) and depth:
            found[name[:60]] = usage_in(said, depth - 1)
        elif isinstance(said, bool) or _is_figure(said) or (isinstance(said, str) and len(said) <= 200):
            found[name[:60]] = said
    kept: dict[str, Any] = storable(found)
    return kept


def steps_in(value: Any) -> list[dict[str, Any]]:
    """The steps of an answer, with what the page shows of each."""
    return [
        {
            "kind": text_in(one.get("kind"), 40),
            "thought": text_in(one.get("thought"), LONGEST_STEP),
            "terms": texts_in(one.get("terms"), most=_MOST_OF_STEP, longest=2_000),
            "sources": [_page(page) for page in rows_in(one.get("sources"), _MOST_OF_STEP)],
            "content": text_in(one.get("content"), LONGEST_STEP),
        }
        for one in rows_in(value, _MOST_STEPS)
    ]


def media_in(value: Any) -> dict[str, Any]:
    """Pictures and videos; what of each can be shown is decided where they are shown."""
    said = dict_of(value)
    found = {name: rows_in(said.get(name), _MOST_OF_STEP) for name in ("images", "videos")}
    kept: dict[str, Any] = json_in(found, {})
    return kept if any(kept.values()) else {}


def problem_in(value: Any) -> dict[str, Any]:
    """Why an answer failed, if that can be said to a reader."""
    said = dict_of(value)
    found: dict[str, Any] = {"kind": text_in(said.get("kind"), 40), "message": text_in(said.get("message"), 2_000)}
    found["retryable"] = said.get("retryable") is True
    found["wait"] = said.get("wait") if _is_figure(said.get("wait")) and 0 <= said["wait"] <= MOST_WHOLE else None
    with_sentence = found | {"sentence": json_in(said.get("sentence"), {}, 10_000)}
    if not said:
        return {}
    return with_sentence if with_sentence["sentence"] and _is_sayable(with_sentence) else found


def stored_text_in(value: Any, most: int) -> str:
    """A sentence as a column of text keeps it, if it can be said to a reader."""
    said = text_in(value, most)
    try:
        said_text(said)
    except Exception:  # whatever is in a sentence that somebody else wrote
        return ""
    return said


def facts_of_mark(value: Any) -> list[dict[str, Any]]:
    """The facts of a sentence, and what was found of each."""
    found = []
    for one in rows_in(value, _MOST_FACTS):
        if fact := _fact(one):
            known = {"found": one.get("found") is True, "elsewhere": one.get("elsewhere") is True}
            found.append(
                {**fact, **known, "near": text_in(one.get("near"), 500), "in_passage": _pair(one.get("in_passage"))}
            )
    return found


def facts_of_text(value: Any) -> list[dict[str, Any]]:
    """The facts of an answer, and in which sources each stands."""
    found = []
    for one in rows_in(value, _MOST_FACTS):
        if fact := _fact(one):
            places = {name: _labels(one.get(name)) for name in ("cited", "others", "apart")}
            known = {"near": text_in(one.get("near"), 500), "looked_at_all": one.get("looked_at_all") is True}
            within = {"sentence": _pair(one.get("sentence")), "times": whole_in(one.get("times")) or 1}
            found.append({**fact, **within, **places, **known})
    return found


def highlights_in(value: Any) -> list[list[int]]:
    """Pairs of start and end."""
    return [found for pair in list_of(value)[:_MOST_FACTS] if any(found := _pair(pair))]


def opinion_in(value: Any) -> dict[str, Any]:
    """What a model said of a mark."""
    said = dict_of(value)
    names = ("request", "model", "provider", "at", "cost", "cost_source", "verdict", "reason", "problem")
    return {name: text_in(said[name], 4_000) for name in names if isinstance(said.get(name), str)}


def _fact(one: Mapping[str, Any]) -> dict[str, Any] | None:
    kind, start, end = choice_in(one.get("kind"), _KINDS_OF_FACTS), place_in(one.get("start")), place_in(one.get("end"))
    if not kind or start is None or end is None or not isinstance(one.get("text"), str):
        return None
    value = one.get("value")
    plain = value if isinstance(value, (str, int, bool)) or _is_figure(value) else json_in(value, [], 4_000)
    return {"kind": kind, "text": text_in(one["text"], 4_000), "start": start, "end": end, "value": storable(plain)}


def _pair(value: Any) -> list[int]:
    """Start and end; both 0 for anything else."""
    places = [place_in(place) for place in list_of(value)]
    return [one for one in places if one is not None] if len(places) == 2 and None not in places else [0, 0]


def _labels(value: Any) -> list[int | str]:
    found: list[int | str] = []
    for one in list_of(value)[:1_000]:
        if isinstance(one, str) and len(one) <= 10:
            found.append(text_in(one, 10))
        elif place_in(one) is not None:
            found.append(one)
    return found


def _page(page: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, said in list(page.items())[:20]:
        if isinstance(said, (str, bool)) or place_in(said) is not None:
            found[storable(name)[:40]] = text_in(said, 4_000) if isinstance(said, str) else said
    return found


def _is_figure(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    try:
        return Decimal(str(value)).is_finite()
    except (InvalidOperation, ValueError):
        return False


def _is_sayable(problem: Mapping[str, Any]) -> bool:
    try:
        said_problem(problem)
    except Exception:  # whatever is in a sentence that somebody else wrote
        return False
    return True
