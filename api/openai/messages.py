"""The messages of a request: the question, what was said before it, and what the answer shall follow."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from api.openai.body import wrong
from chat.answers.given_turns import GivenTurn
from chat.answers.prompt import MOST_HISTORY
from chat.questions.forms import LONGEST_QUESTION
from core.text import LONGEST_INSTRUCTIONS, can_be_seen, visible_text

MOST_MESSAGES = 1_000
MOST_PARTS = 200  # of one message
_MOST_TEXT = MOST_HISTORY + LONGEST_QUESTION + LONGEST_INSTRUCTIONS  # characters of a request
_TEXTS = frozenset({"text", "input_text", "output_text"})
_PICTURES = frozenset({"image_url", "input_image"})
_INSTRUCT = frozenset({"system", "developer"})


@dataclass(slots=True)
class Message:
    """What one side said at a time: its words, in pieces, and the addresses of pictures that go with them."""

    role: str
    pieces: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of its words."""
        return "\n\n".join(piece for piece in self.pieces if piece)

    def join(self, other: "Message") -> None:
        """Go on with what the same side said next."""
        self.pieces += other.pieces
        self.pictures += other.pictures


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a program sends of a conversation: `turns` are those of the two sides in turn, the question last."""

    instructions: str
    turns: Sequence[Message]

    @property
    def question(self) -> Message:
        """What is asked now."""
        return self.turns[-1]

    @property
    def answer_before(self) -> str:
        """What the program says was answered last; empty at the beginning."""
        return self.turns[-2].text if len(self.turns) > 1 else ""

    @property
    def given(self) -> list[GivenTurn]:
        """What was said before the question."""
        return [GivenTurn("user" if one.role == "user" else "assistant", one.text) for one in self.turns[:-1]]

    def hash_before(self) -> str:
        """By which the question before this one is found; empty where there was none."""
        return _hash_of(self.turns[:-2]) if len(self.turns) > 2 else ""

    def hash(self) -> str:
        """By which this question is found when the next request repeats it."""
        return _hash_of(self.turns)


def conversation_in(items: Any, *, param: str, instructions: str = "") -> Conversation:
    """Read the messages of a request, `instructions` first. Raises ApiError."""
    if not isinstance(items, list) or not items:
        raise wrong(param, f"“{param}” must be a list of messages that is not empty.")
    if len(items) > MOST_MESSAGES:
        raise wrong(param, f"“{param}” has more than {MOST_MESSAGES} messages.", code="context_length_exceeded")
    found = [_message_in(item, param=f"{param}[{number}]") for number, item in enumerate(items)]
    length = sum(len(piece) for one in found for piece in one.pieces)
    if length > _MOST_TEXT:
        raise _too_long(param, "What was said", length, _MOST_TEXT)
    follow = [instructions, *(one.text for one in found if one.role in _INSTRUCT)]
    turns: list[Message] = []
    for one in found:
        if one.role in _INSTRUCT:
            continue
        if turns and turns[-1].role == one.role:
            turns[-1].join(one)
        else:
            turns.append(one)
    read = Conversation("\n\n".join(text for text in follow if text.strip()), turns)
    _must_be_askable(read, param)
    return read


def conversation_of(text: str, *, param: str, instructions: str = "") -> Conversation:
    """The same of a single question. Raises ApiError."""
    return conversation_in([{"role": "user", "content": text}], param=param, instructions=instructions)


def _must_be_askable(read: Conversation, param: str) -> None:
    if not read.turns or read.turns[-1].role != "user":
        raise wrong(param, "The last message must be one of the role “user”.")
    if not can_be_seen(read.question.text):
        raise wrong(param, "The last message has no text.")
    if len(read.question.text) > LONGEST_QUESTION:
        raise _too_long(param, "The question", len(read.question.text), LONGEST_QUESTION)
    if len(read.instructions) > LONGEST_INSTRUCTIONS:
        raise _too_long(param, "What the system messages say", len(read.instructions), LONGEST_INSTRUCTIONS)
    before = sum(len(one.text) for one in read.turns[:-1])
    if before > MOST_HISTORY:
        raise _too_long(param, "What was said before the question", before, MOST_HISTORY)


def _too_long(param: str, what: str, length: int, most: int) -> Exception:
    return wrong(
        param, f"{what} is {length:,} characters long. At most {most:,} are accepted.", code="context_length_exceeded"
    )


def _message_in(item: Any, *, param: str) -> Message:
    if not isinstance(item, Mapping) or item.get("type", "message") != "message":
        raise wrong(param, "Each message must be an object with “role” and “content”; tool calls are not supported.")
    role = item.get("role")
    if role not in ("user", "assistant", *_INSTRUCT):
        raise wrong(f"{param}.role", "The role must be system, developer, user or assistant.")
    if item.get("tool_calls") or item.get("function_call"):
        raise wrong(param, "Tool calls are not supported.", code="unsupported_parameter")
    read = Message(str(role))
    content = item.get("content")
    if isinstance(content, str):
        read.pieces = [visible_text(content)]
    elif isinstance(content, list):
        if len(content) > MOST_PARTS:
            raise wrong(f"{param}.content", f"A message can have up to {MOST_PARTS} parts.")
        for number, part in enumerate(content):
            read.join(_part_in(part, param=f"{param}.content[{number}]"))
    elif content is not None or role == "user":
        raise wrong(f"{param}.content", "The content must be a string or a list of parts.")
    if read.pictures and role != "user":
        raise wrong(f"{param}.content", "Only messages of the role “user” can have pictures.")
    return read


def _part_in(part: Any, *, param: str) -> Message:
    kind = str(part.get("type")) if isinstance(part, Mapping) else ""
    if kind in _TEXTS and isinstance(part.get("text"), str):
        return Message("", [visible_text(part["text"])])
    if kind in _PICTURES:
        address = part.get("image_url")
        address = address.get("url") if isinstance(address, Mapping) else address
        if isinstance(address, str) and address.startswith("data:"):
            return Message("", [], [address])
        raise wrong(param, "Send pictures as data: addresses with their bytes in Base64. Other addresses are not read.")
    raise wrong(param, "Parts must be of the type text or image_url.", code="unsupported_parameter")


def _hash_of(turns: Sequence[Message]) -> str:
    said = [[one.role, one.text.strip(), *map(_digest, one.pictures)] for one in turns]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()
