"""What of an answer is compared, without the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from chat.sources.claims.facts import Fact
from chat.sources.comparison.said import Said


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, plain and without marks, and its facts in order."""

    text: str
    facts: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class SourceView:
    """One source of an answer. Sources with the same `key` are the same page (`chat.sources.copies.addresses`)."""

    key: str
    title: str
    url: str
    cited: bool = True


@dataclass(frozen=True, kw_only=True)
class AnswerView:
    """An answer as it is compared. `cost` is in US dollars, `seconds` from the question to the last word; both are None
    where they are not known."""

    sentences: Sequence[Sentence]
    sources: Sequence[SourceView] = ()
    model: str = ""
    asked_at: datetime | None = None
    cost: Decimal | None = None
    seconds: float | None = None
    is_cut: bool = False

    @cached_property
    def said(self) -> Said:
        """What the answer says as facts."""
        return Said(fact for sentence in self.sentences for fact in sentence.facts)
