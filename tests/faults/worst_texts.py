"""What takes longest, by where it may stand: texts of answers, schemas and answers to them, fields."""

import json
import random
from collections.abc import Callable, Mapping
from typing import Any

LONG = 200_000  # characters


def repeated(piece: str, length: int = LONG) -> str:
    return (piece * (length // len(piece) + 1))[:length]


def paragraphs(piece: str, length: int = LONG) -> str:
    """Paragraphs just short enough to be looked at, each another one."""
    return "\n\n".join(f"{repeated(piece, 19_900)}{number}" for number in range(length // 19_900))


def formulas(piece: str, length: int = LONG) -> str:
    return "\n\n".join(f"$${repeated(piece, 1_980)}{number}$$" for number in range(length // 2_000))


def code(language: str, piece: str) -> str:
    """Blocks each of which is short enough to be highlighted."""
    lines = "\n".join([repeated(piece, 60)] * 310)
    return "\n\n".join(f"```{language}\n{lines}\n{number}\n```" for number in range(LONG // 19_500))


MARKDOWN: Mapping[str, Callable[[], str]] = {
    "brackets": lambda: paragraphs("["),
    "pictures": lambda: paragraphs("!["),
    "stars in brackets": lambda: paragraphs("[*"),
    "backticks in brackets": lambda: paragraphs("[`"),
    "emphasis": lambda: paragraphs("*_"),
    "many marks": lambda: paragraphs("[1, 2-30]"),
    "links": lambda: "\n\n".join(" ".join(f"[a](http://ä{n}{m}.example/%)" for n in range(600)) for m in range(10)),
    "addresses": lambda: "\n\n".join(f"http://a.example/{repeated('.)', 3_900)}{n}" for n in range(50)),
    "definitions": lambda: "".join(f"[a{n}]: b\n" for n in range(10_000)) + "\n" + "[a1] " * 10_000,
    "a quotation that goes on": lambda: "> " * 38 + "a\n" + "b\n" * 100_000,
    "quotations": lambda: ("> " * 60 + "a\n\n") * 1_600,
    "lists": lambda: "".join("  " * (n % 36) + "- a\n" for n in range(5_000)),
    "headings": lambda: repeated("#\n"),
    "columns": lambda: "|" + "a|" * 60 + "\n|" + "-|" * 60 + "\n" + ("|" + "*a*|" * 60 + "\n") * 750,
    "tables": lambda: repeated("|a|\n|-|\n|a|\n\n"),
    "primes": lambda: formulas("x^'"),
    "matrices": lambda: formulas("\\begin{matrix}a&b\\\\c&d\\end{matrix}"),
    "fortran": lambda: code("fortran", '\\"'),
    "groovy": lambda: code("groovy", "A"),
    "html": lambda: code("html", "<?"),
    "two million characters": lambda: repeated("#\n", 1_990_000),
    "two million brackets": lambda: paragraphs("[", 1_990_000),
}


def object_of(**parts: Any) -> dict[str, Any]:
    return {"type": "object", "properties": parts, "additionalProperties": False}


def list_of(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


def with_expressions(pattern: str, most: int = 29_900) -> dict[str, Any]:
    """As many parts as a schema may have, each with an expression of its own."""
    parts: dict[str, Any] = {}
    size = 60
    while size < most:
        parts[f"p{len(parts)}"] = {"type": "string", "pattern": f"{pattern}{len(parts)}"}
        size += len(json.dumps(pattern)) + 36 + 2 * len(str(len(parts)))
    return object_of(**parts)


def _doubling(levels: int, keyword: str) -> dict[str, Any]:
    within = {f"d{n}": {keyword: [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(levels)}
    return {**list_of({"$ref": "#/$defs/d0"}), "$defs": {**within, f"d{levels}": {"type": "string"}}}


SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "one expression many times": lambda: object_of(
        **{f"p{n}": {"type": "string", "pattern": "(a{90}){10}"} for n in range(550)}
    ),
    "large classes": lambda: with_expressions("\\W{900}"),
    "held fast": lambda: with_expressions("^\\W{900}"),
    "too large": lambda: with_expressions("(\\w{99}){10}"),
    "references that double": lambda: _doubling(9, "anyOf"),
    "many values": lambda: list_of({"enum": [str(n) for n in range(4_000)]}),
    "many parts": lambda: object_of(**{str(n): True for n in range(2_000)}),
    "required twice": lambda: {**object_of(a={"type": "string"}), "required": ["a"] * 6_000},
}


def _letters(length: int) -> str:
    return "".join(random.Random(length).choices("ab", k=length))


SLOW = [{"type": "string", "pattern": f"^(a|b)*a(a|b){{{150 + n}}}c$"} for n in range(500)]

ANSWERS: Mapping[str, Callable[[], tuple[Any, str]]] = {
    "expressions by texts": lambda: (list_of({"anyOf": SLOW[:30]}), json.dumps([_letters(800)] * 5)),
    "all the expressions there may be": lambda: (list_of({"anyOf": SLOW}), json.dumps([_letters(800)] * 200)),
    "choices": lambda: (list_of({"anyOf": [{"type": "integer"}] * 1_400}), json.dumps(["a"] * 19_000)),
    "choices in choices": lambda: (_doubling(5, "oneOf"), json.dumps([1] * 19_000)),
    "what goes with what": lambda: (
        list_of({**object_of(a={"type": "string"}), "dependentRequired": {"a": [f"b{n}" for n in range(3_000)]}}),
        json.dumps([{"a": ""}] * 9_000),
    ),
    "each another": lambda: (
        {**list_of({"type": "integer"}), "uniqueItems": True},
        json.dumps([n * (2**61 - 1) for n in range(8_000)]),
    ),
    "no end": lambda: (list_of({"type": "string"}), "[" * 199_000),
    "forty beginnings": lambda: (list_of({"type": "string"}), "x " + "[" * 39 + "1," * 99_000),
    "two million characters": lambda: (list_of({"type": "string"}), '["' + "x [1]" * 398_000 + '"]'),
    "addresses": lambda: (
        list_of({"type": "string"}),
        json.dumps([("http://a.example/" + ")" * 3_900 + " ") * 49]),
    ),
    "deep and wide": lambda: (list_of(list_of({"type": "string"})), json.dumps([["[1]"] * 190] * 100)),
}

EXPRESSIONS = {
    "(a|b)*a(a|b){60}c": 99_000,
    "(a|b)*a(a|b){480}c": 20_000,
    "(\\W|a|b)*a(\\W|a|b){20}c": 99_000,
}

FIELDS: Mapping[str, str] = {
    "letters": "a" * LONG,
    "marks on marks": "a" + "\u0301" * 60_000,
    "brackets": "[" * LONG,
    "phrases": '"a b" ' * 30_000,
    "backslashes": "\\" * LONG,
    "lines": "\n" * LONG,
    "figures": "9" * LONG,
    "powers of ten": "1e999999",
    "sites": "a.example, " * 900,
    "families": "👩‍👩‍👧‍👦" * 20_000,
}
