"""The conversation in the order in which every provider wants it (docs/sonar.md, "Messages")."""

import base64
from collections.abc import Iterable

from upstream.errors import InvalidRequest
from upstream.requests import Picture, Turn
from upstream.translation import think_tags


def alternating_turns(turns: Iterable[Turn]) -> list[Turn]:
    """System first, then user and assistant by turns, user last.

    What a failed or stopped answer left empty is dropped and its neighbours become one turn; reasoning is not sent
    back. Raises InvalidRequest when no question is left at the end.
    """
    found: list[Turn] = []
    for turn in sorted(map(_without_reasoning, turns), key=lambda turn: turn.role != "system"):
        last = found[-1] if found else None
        if not turn.text.strip() and not turn.parts:
            continue
        if last and last.role == turn.role:
            text = "\n\n".join(text for text in (last.text, turn.text) if text.strip())
            quoted = "\n\n".join(filter(None, (last.quoted, turn.quoted)))
            found[-1] = Turn(turn.role, text, (*last.parts, *turn.parts), quoted)
        elif turn.role != "assistant" or (last and last.role == "user"):
            found.append(turn)
    if not found or found[-1].role != "user":
        raise InvalidRequest("There is no question to answer.")
    return found


def data_uri(picture: Picture) -> str:
    """The picture as providers take it."""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode('ascii')}"


def _without_reasoning(turn: Turn) -> Turn:
    """What was said aloud."""
    return (
        Turn(turn.role, think_tags.split_thinking(turn.text).answer, turn.parts) if turn.role == "assistant" else turn
    )
