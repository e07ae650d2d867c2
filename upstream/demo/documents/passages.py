"""A passage: as much text as one source of an answer stands for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from upstream.demo.documents.blocks import Block

_LONGEST = 1800  # characters; a longer section becomes several passages with one address


@dataclass(frozen=True, slots=True)
class Passage:
    """Text that can be quoted, and where it stands.

    `page` names the page that `title` is a part of; `date` is `YYYY-MM-DD` or empty; `subject` is the function or
    class that a docstring describes, where there is one.
    """

    title: str
    page: str
    url: str
    date: str
    kind: Literal["ours", "topic", "module", "invented"]
    blocks: Sequence[Block]
    subject: Any = None

    @property
    def full_title(self) -> str:
        """The title with the page it belongs to."""
        return self.title if self.page.endswith(self.title) else f"{self.title} · {self.page}"

    @property
    def plain(self) -> str:
        """The text without its structure."""
        return "\n".join(block.text for block in self.blocks)

    def cut(self) -> Iterator["Passage"]:
        """The same in passages that are not too long; none where there is no text."""
        gathered: list[Block] = []
        for block in self.blocks:
            if gathered and block.kind == "text" and sum(len(one.text) for one in (*gathered, block)) > _LONGEST:
                yield replace(self, blocks=gathered)
                gathered = []
            gathered.append(block)
        if gathered:
            yield replace(self, blocks=gathered)
