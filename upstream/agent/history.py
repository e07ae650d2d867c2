"""Earlier answers as they are told again (docs/agent.md, "Input")."""

import re
from dataclasses import replace

from upstream.requests import Turn

_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.S)
_MARK = re.compile(r"[ \t]?\[\d{1,3}\](?!\(|:[ \t])")  # neither the text of a link nor the name of one


def without_marks(turn: Turn) -> Turn:
    """The turn without citation marks, if it is an answer; what stands in code stays.

    What was found for an earlier answer is not told again, and the new results are numbered anew: a mark that is left
    would point at another page, and the model would go on as it sees.
    """
    if turn.role != "assistant":
        return turn
    pieces = _CODE.split(turn.text)  # text and code by turns
    return replace(turn, text="".join(_MARK.sub("", piece) if n % 2 == 0 else piece for n, piece in enumerate(pieces)))
