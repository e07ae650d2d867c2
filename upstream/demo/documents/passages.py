"""A passage: as much text as one source of an answer stands for."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from upstream.demo.documents.blocks import Block, Section

Kind = Literal["ours", "topic", "module"]

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
    kind: Kind
    blocks: tuple[Block, ...]
    subject: Any = None

    @property
    def full_title(self) -> str:
        """The title with the page it belongs to."""
        return self.title if self.page.endswith(self.title) else f"{self.title} · {self.page}"

    @property
    def plain(self) -> str:
        """The text without its structure."""
        return "\n".join(block.text for block in self.blocks)


def cut(
    *, title: str, page: str, url: str, date: str, kind: Kind, section: Section, subject: Any = None
) -> Iterator[Passage]:
    """The passages of one section; none for a section without text."""
    gathered: list[Block] = []
    length = 0
    for block in section.blocks:
        if gathered and length + len(block.text) > _LONGEST and block.kind == "text":
            yield Passage(title, page, url, date, kind, tuple(gathered), subject)
            gathered, length = [], 0
        gathered.append(block)
        length += len(block.text)
    if gathered:
        yield Passage(title, page, url, date, kind, tuple(gathered), subject)
