"""Sentences that are made where nobody knows who will read them, or in which language.

    raise TooLarge(sentence("The service takes %(most)s at most.", most="5 MB"))

`make messages` finds the English in such calls, as it finds it in gettext's. A `Sentence` is its English text, so that
logs and files can have it as it is; what it was made of stays with it, and `core.web.wording`, which knows Django, says
it in the reader's language. This module knows no Django: the upstream uses it too.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from typing import Any, NamedTuple, Self


@dataclass(frozen=True, slots=True)
class Dollars:
    """An amount of US dollars as the value of a placeholder. Each language has the sign where its readers expect it."""

    amount: Decimal

    def __str__(self) -> str:
        plain = f"{self.amount.normalize():f}"
        _whole, point, places = plain.partition(".")
        return f"${plain}0" if point and len(places) == 1 else f"${plain}"


class Speech(NamedTuple):
    """How a language says things: gettext, ngettext, and what writes an amount of dollars."""

    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]
    dollars: Callable[[Decimal], str]


class Sentence(str):
    """English text that knows its message id, its plural's, and the values of its placeholders.

    `many` is "" for a sentence without a plural; otherwise the value named `count` decides. A value may be a sentence
    itself. As text it behaves like any other str, and it survives pickling.
    """

    id: str
    many: str
    values: dict[str, Any]

    def __new__(cls, id: str, many: str = "", values: Mapping[str, Any] | None = None) -> Self:
        values = dict(values or {})
        text = many if many and values["count"] != 1 else id
        made = super().__new__(cls, text % values if values else text)
        made.id, made.many, made.values = id, many, values
        return made

    def __mod__(self, values: Mapping[str, Any]) -> "Sentence":
        """The sentence with these values in it, as gettext's users write it; still a sentence."""
        return type(self)(self.id, self.many, {**self.values, **values})

    def __getnewargs__(self) -> tuple[Any, ...]:
        return self.id, self.many, self.values

    def said(self, speech: Speech) -> str:
        """The sentence in this language; sentences and amounts among its values too."""
        values = {name: _said_value(value, speech) for name, value in self.values.items()}
        text = speech.ngettext(self.id, self.many, self.values["count"]) if self.many else speech.gettext(self.id)
        return text % values if values else text

    def stored(self) -> dict[str, Any]:
        """Plain JSON from which `restored` makes the same sentence."""
        row: dict[str, Any] = {"id": self.id}
        if self.many:
            row["many"] = self.many
        if self.values:
            row["values"] = {name: _stored_value(value) for name, value in self.values.items()}
        return row


def restored(row: Mapping[str, Any]) -> Sentence:
    """The sentence that `Sentence.stored` gave. Raises KeyError, TypeError or ValueError for anything else."""
    values = {name: _restored_value(value) for name, value in row.get("values", {}).items()}
    return Sentence(row["id"], row.get("many", ""), values)


def _said_value(value: Any, speech: Speech) -> Any:
    if isinstance(value, Sentence):
        return value.said(speech)
    return speech.dollars(value.amount) if isinstance(value, Dollars) else value


def _stored_value(value: Any) -> Any:
    if isinstance(value, Sentence):
        return {"sentence": value.stored()}
    if isinstance(value, Dollars):
        return {"dollars": str(value.amount)}
    return value if isinstance(value, int | float | str) else str(value)


def _restored_value(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return Dollars(Decimal(value["dollars"])) if "dollars" in value else restored(value["sentence"])


def sentence(id: str, /, **values: Any) -> Sentence:
    """A sentence with placeholders such as %(name)s. Without any values, a % in it stands for itself."""
    return Sentence(id, "", values)


def nsentence(one: str, many: str, count: int, /, **values: Any) -> Sentence:
    """A sentence whose form follows `count`, which it may name as %(count)s."""
    return Sentence(one, many, {"count": count, **values})


def as_sentence(text: str) -> Sentence:
    """The text as a sentence of its own, to stand in another one; what is one stays as it is."""
    return text if isinstance(text, Sentence) else Sentence(text)


def then(first: str, second: str) -> Sentence:
    """One sentence after another, or the second alone."""
    if not first:
        return as_sentence(second)
    return sentence("%(first)s %(second)s", first=as_sentence(first), second=as_sentence(second))


def quoting(told: str, words: str) -> str:
    """The sentence with what a service says in its own `words`, which nobody translates; the sentence alone without."""
    return sentence("%(sentence)s It says: %(words)s", sentence=as_sentence(told), words=words) if words else told


def quoted(words: str) -> Sentence:
    """Words that nobody translates, between the quotation marks of the language."""
    return sentence("“%(text)s”", text=words)


def listed(entries: Iterable[str]) -> str:
    """The entries one after another, with between them what the language puts there; empty where there are none."""
    first, *others = [*entries] or [""]
    return reduce(lambda before, entry: sentence("%(before)s, %(entry)s", before=before, entry=entry), others, first)
