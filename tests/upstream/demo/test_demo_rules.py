"""The engine that applies the demo's tables finds every problem, where it is, and nothing else."""

from typing import Any

import pytest

from upstream.demo.rules import Rule, choice, flag, integer, list_of, number, problems, required, text

TABLE = Rule(
    kind="object",
    closed=True,
    fields={
        "name": required(text("[a-z]+")),
        "size": choice("low", "high"),
        "count": integer(1, 3),
        "share": number(0, 1, below=True),
        "sure": flag(nullable=False),
        "words": list_of(text(), most=2, fit=lambda value: "twice" if len(set(value)) < len(value) else ""),
        "prompt": list_of(text(), kind="text or list"),
        "place": Rule(kind="object", fields={"city": text()}),
        "tools": list_of(Rule(kind="object", closed=True, variants={"search": {"most": integer(1, 9)}, "fetch": {}})),
    },
)


def found(**values: Any) -> list[tuple[str, str]]:
    return [(one.code, ".".join(map(str, one.where))) for one in problems({"name": "a", **values}, TABLE)]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"size": "low", "count": 3, "share": 0.99, "sure": False, "words": ["a", "b"], "prompt": "x"},
        {"size": None, "count": None, "place": None, "tools": None, "prompt": ["x"]},
        {"tools": [{"type": "search", "most": 9}, {"type": "fetch"}], "place": {"city": "Varn", "mayor": 1}},
    ],
)
def test_what_the_table_allows_is_no_problem(values: dict[str, Any]) -> None:
    assert found(**values) == []


@pytest.mark.parametrize(
    ("values", "code", "where"),
    [
        ({"name": None}, "required", "name"),
        ({"name": "A"}, "fit", "name"),
        ({"name": 3}, "type", "name"),
        ({"size": "vast"}, "choice", "size"),
        ({"count": True}, "type", "count"),
        ({"count": 1.0}, "type", "count"),
        ({"count": 0}, "least", "count"),
        ({"count": 4}, "most", "count"),
        ({"share": 1}, "most", "share"),
        ({"sure": None}, "type", "sure"),
        ({"sure": 1}, "type", "sure"),
        ({"words": ["a", "b", "c"]}, "length", "words"),
        ({"words": ["a", "a"]}, "fit", "words"),
        ({"words": ["a", 3]}, "type", "words.1"),
        ({"prompt": {}}, "type", "prompt"),
        ({"prompt": [3]}, "type", "prompt.0"),
        ({"place": {"city": 3}}, "type", "place.city"),
        ({"tools": [{"type": "oracle"}]}, "variant", "tools.0"),
        ({"tools": [{}]}, "variant", "tools.0"),
        ({"tools": [{"type": "fetch", "most": 1}]}, "unknown", "tools.0.most"),
        ({"tools": [{"type": "search", "most": 10}]}, "most", "tools.0.most"),
        ({"colour": "red"}, "unknown", "colour"),
    ],
)
def test_what_it_does_not_allow_is_named_with_its_place(values: dict[str, Any], code: str, where: str) -> None:
    assert found(**values) == [(code, where)]


def test_all_problems_are_found_in_the_order_of_the_table() -> None:
    assert found(count=9, size="x", place=1) == [("choice", "size"), ("most", "count"), ("type", "place")]
