"""What others sent, made fit for every database."""

from typing import Any

_NOWHERE = dict.fromkeys((0, *range(0xD800, 0xE000)))  # NUL and lone surrogates: no database keeps them
_DEEPEST = 32  # levels of lists and mappings in each other
_LARGEST = 2**53  # a larger whole number loses digits in other programs


def storable(value: Any, *, depth: int = _DEEPEST) -> Any:
    """The same value without what some database cannot keep: characters, huge numbers, endless nesting."""
    match value:
        case str():
            return value if value.isascii() and "\x00" not in value else value.translate(_NOWHERE)
        case dict() | list() | tuple() if not depth:
            return None
        case dict():
            return {storable(key): storable(item, depth=depth - 1) for key, item in value.items()}
        case list() | tuple():
            return [storable(item, depth=depth - 1) for item in value]
        case int() if abs(value) > _LARGEST:
            return None
        case _:
            return value
