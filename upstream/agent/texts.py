"""The text of an answer that may have several messages, each of several parts, and which comes several times."""

from collections.abc import Mapping
from typing import Any

from upstream.translation import fields

_BETWEEN = "\n\n"  # between two messages of one answer

Key = int | str
"""What tells a message from others: its place in the output, or its id where no place is told."""


class MessageTexts:
    """The messages in the order of the output, as far as the service has told them."""

    def __init__(self) -> None:
        self._messages: dict[Key, dict[int, list[str]]] = {}  # the pieces of each part of each message
        self._last: tuple[Key, int] | None = None  # the message and its part at the end of the whole, where known

    def __bool__(self) -> bool:
        return any(map(any, self._messages.values()))

    @property
    def whole(self) -> str:
        """All of the text."""
        return _BETWEEN.join(filter(None, (_joined(parts) for _key, parts in self._in_order())))

    def add(self, event: Mapping[str, Any], text: str) -> str | None:
        """Add what a delta says. Returns what the whole gains by that at its end; None where it grows elsewhere."""
        key, place = _key_of(event), _place_of(event) or 0
        if self._last == (key, place):
            self._messages[key][place].append(text)
            return text
        self._last = None
        follows = not self._messages.get(key) and bool(self)
        parts = self._messages.setdefault(key, {})
        parts.setdefault(place, []).append(text)
        if key != self._in_order()[-1][0] or place != max(parts):
            return None
        self._last = (key, place)
        return f"{_BETWEEN}{text}" if follows else text

    def settle_part(self, event: Mapping[str, Any], text: str) -> bool:
        """Bring a part to the text that it has in the end. Whether that changed anything."""
        key, place = _key_of(event), _place_of(event)
        parts = self._messages.get(key, {})
        if not text or (place is None and len(parts) > 1) or "".join(parts.get(place or 0, ())) == text:
            return False
        self._last = None
        self._messages.setdefault(key, {})[place or 0] = [text]
        return True

    def settle_message(self, event: Mapping[str, Any], texts: Mapping[int, str]) -> bool:
        """Bring a message to the texts that it has in the end. Whether that changed anything."""
        key, parts = _key_of(event), {place: [text] for place, text in texts.items()}
        if not parts or _joined(self._messages.get(key, {})) == _joined(parts):
            return False
        self._last = None
        self._messages[key] = parts
        return True

    def settle_output(self, messages: Mapping[int, Mapping[int, str]]) -> None:
        """Bring everything to the messages of an output, by their places in it, if any of them says something."""
        if any(messages.values()):
            self._last = None
            self._messages = {
                place: {part: [text] for part, text in texts.items()} for place, texts in messages.items()
            }

    def _in_order(self) -> list[tuple[Key, dict[int, list[str]]]]:
        """Messages by their places; those that have none come last, as they came."""
        return sorted(self._messages.items(), key=lambda item: item[0] if isinstance(item[0], int) else 1 << 62)


def _joined(parts: Mapping[int, list[str]]) -> str:
    return "".join("".join(parts[place]) for place in sorted(parts))


def _key_of(event: Mapping[str, Any]) -> Key:
    place = event.get("output_index")
    if isinstance(place, int):
        return place
    return fields.string(event.get("item_id")) or fields.string(fields.mapping(event.get("item")).get("id"))


def _place_of(event: Mapping[str, Any]) -> int | None:
    place = event.get("content_index")
    return place if isinstance(place, int) else None
