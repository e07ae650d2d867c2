"""What tools other than search and reading put into the output.

The demo has no people, no markets and no computer. What it shows instead is made up, at hosts that cannot exist, and
its text says so.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import orjson

from upstream.demo.documents.formats import fill
from upstream.demo.switches import Switches

Item = dict[str, Any]

_TICKER = "DEMO"
_QUOTE = f"## {_TICKER} Quote\n\n| field | value |\n|---|---|\n| price | 12.34 |\n| currency | USD |\n"
_MATCHES = f"Ticker matches:\n\n| query | ticker | name |\n|---|---|---|\n| demo | {_TICKER} | The Demo Company |\n"
FILE_NAME = "answer.md"


def finance(steps: int) -> list[Item]:
    """A skill that is loaded in the first step, and a look-up for each further one, of which there are two."""
    found = {"category": "quote", "content": _QUOTE, "tickers": [_TICKER]}
    quote = {"categories": ["quote"], "tickers": [_TICKER], "results": [{**found, "sources": [_address("finance")]}]}
    matches = {"category": "tickers_lookup", "content": _MATCHES, "tickers": None}
    lookup = {"categories": ["tickers_lookup"], "tickers": None, "results": [matches]}
    looked_up = [{"type": "finance_results", **item} for item in (quote, lookup)]
    return [{"type": "skill_loaded", "name": "finance"}, *looked_up[: max(steps - 1, 0)]]


def people(query: str, first: int) -> Item:
    """Two people, whose ids count from `first`."""
    names = ("Ada Example", "Grace Example")
    results = [
        {
            "id": first + place,
            "title": f"{name} | The demo's people",
            "url": f"{_address('people')}/{name.partition(' ')[0].lower()}",
            "snippet": f"{name} exists in this demo alone.",
            "source": "web",
        }
        for place, name in enumerate(names)
    ]
    return {"type": "people_search_results", "queries": [query], "results": results}


def images(query: str, results: Sequence[Mapping[str, Any]], switches: Switches) -> Item:
    """Pictures that were found, or that none could be looked for."""
    if "image_search_error" in switches:
        error = {"message": "image search is not available", "type": "internal_error"}
        return {"type": "image_search_results", "queries": [query], "results": [], "error": error}
    return {"type": "image_search_results", "queries": [query], "results": list(results)}


def sandbox(text: str) -> list[Item]:
    """Code that was run, and the file that it wrote, with this text."""
    ran = {"stdout": f"{len(text)}\n", "stderr": "", "exit_code": 0, "duration_ms": 12, "status": "completed"}
    result = {"type": "sandbox_results", "call_id": _id("call"), "container_id": _id("ctr"), "status": "completed"}
    code = {"language": "python", "code": f"print(len(open({FILE_NAME!r}).read()))", "results": [ran]}
    file = {"file_id": _id("file"), "filename": FILE_NAME, "size_bytes": len(text.encode())}
    return [{**result, **code}, {"type": "share_file", "call_id": _id("call"), **file}]


def function_call(function: Mapping[str, Any]) -> Item:
    """A call of one of the caller's own functions, without arguments where its parameters make no sense."""
    try:
        arguments = fill(function.get("parameters") or {"type": "object"}, sentences=["demo"])
    except (ValueError, AttributeError, IndexError, KeyError, TypeError):
        arguments = {}
    name = {"name": function["name"], "arguments": orjson.dumps(arguments).decode()}
    return {"type": "function_call", "id": _id("fc"), "call_id": _id("call"), "status": "completed", **name}


def unknown() -> list[Item]:
    """Items that nobody knows."""
    return [
        {"type": "unknown", "item_name": "oracle", "payload": {"text": "not for reading"}},
        {"type": "item_of_tomorrow", "words": None},
    ]


def _address(what: str) -> str:
    return f"https://{what}.parley.example/demo"


def _id(kind: str) -> str:
    return f"{kind}_{uuid4()}"
