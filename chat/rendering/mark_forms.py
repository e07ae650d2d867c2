"""The forms in which models write citation marks, as text.

Besides `[1]` those are `[1, 2]`, `[1-3]`, `[1]-[3]`, `[1, p. 6]`, `[see 1]`, `[[1]]`, `[Source 1]`, `[web:1]`, and the
same in the brackets of East Asia, there with a dagger before what was read: U+3010, 2, U+2020, source, U+3011. What a
mark says besides its numbers, a page for one, is kept.

What cites a document says so by a letter, `[D1]`, with all of these around it, also in one mark with others: `[D1, 2]`.

Brackets with numbers in them may say something else: `[2023]`, `[0-9]`, `[1,234]`, `x = [1, 2]`, `items[0]`. Superior
figures and numbers in round brackets are no marks: they are powers, notes and lists too often.
"""

import re
from collections.abc import Container
from typing import NamedTuple

_ZEROS = "0\u0660\u06f0\u0966\u09e6\u0e50\uff10"  # of the digits that people write numbers in
_POSITIVE = "".join(f"{chr(ord(zero) + 1)}-{chr(ord(zero) + 9)}" for zero in _ZEROS)
_NUMBER = rf"(?:[{_ZEROS}]|[{_POSITIVE}][{_ZEROS}{_POSITIVE}]{{0,2}})"

_DASH = "[-\u2010-\u2014\u2212~\uff5e]"
_PLACE_NAMES = (
    r"pages?|pp?|p[áa]g(?:ina)?s?|Seiten?|S|ss?|\u0441\u0442\u0440|\u0441|ch(?:apter)?s?|cap|sec(?:tion)?s?|fig(?:ure)?s?|tab(?:le)?s?|"
    r"lines?|ll?|nos?|vols?|para(?:graph)?s?|art(?:icle)?s?|Abs|Rn|\u00a7{1,2}|\u00b6"
)
_PLACE = (
    rf"(?:,? ?(?:{_PLACE_NAMES})\.? ?\d[\w.\u2013-]{{0,20}}"
    r"|[,\uff0c]? ?\u7b2c ?\d{1,5} ?[\u9875\u9801\u7ae0\u8282\u7bc0])"
)
_ITEM_NAMES = (
    r"sources?|refs?\.?|references?|cit(?:e|ation)s?|web|results?|docs?|documents?|"
    r"Quellen?|fuentes?|fontes?|\u0438\u0441\u0442\u043e\u0447\u043d\u0438\u043a\u0438?|bronn?(?:en)?|"
    r"\u6765\u6e90|\u4f86\u6e90|\u51fa\u5178|\u53c2\u8003|\u53c3\u8003|\ucd9c\ucc98|(?:\u0627\u0644)?\u0645\u0635\u062f\u0631"
)
_NAME = rf"(?:(?:{_ITEM_NAMES})(?: ?[:\uff1a] ?| )?#?|#)"
_ITEM = rf"{_NAME}?{_NUMBER}(?: ?{_DASH} ?{_NAME}?{_NUMBER})?{_PLACE}?"
_AND = r"(?: ?[,;\uff0c\u3001\uff1b\u060c\u061b] ?(?:and |und )?| (?:and|&|und|et|y|e|\u0438|or) )"
_LEAD = r"(?:see(?: also)?|cf\.?|e\.g\.,?|vgl\.?|siehe(?: auch)?|voir|v\u00e9ase|cf) "
_SAYING = "\u2020[^\\[\\]\u3010\u3011\uff3b\uff3d\n]{0,60}"
_INSIDE = rf"{_ITEM}(?:{_AND}{_ITEM}){{0,40}}"
_ONE = rf"\[({_NUMBER})\]"


def _bracketed(doubled: str, inside: str) -> str:
    """In one pair of brackets or in two square ones, which the group `doubled` remembers: to write `inside` once and
    not for both takes half the time to compile, at every start."""
    opened = rf"(?:(?P<{doubled}>\[\[)|[\[\u3010\uff3b]) ?(?({doubled})|(?:{_LEAD})?)"
    closed = rf"(?({doubled}) ?\]\]|(?:{_SAYING})? ?[\]\u3011\uff3d])"
    return f"{opened}{inside}{closed}"


MARK = re.compile(rf"{_ONE}{_DASH}{_ONE}|{_bracketed('doubled', _INSIDE)}", re.IGNORECASE)
"""A mark, at a glance; `parts_of` looks closer."""

_LETTER_ITEM = rf"(?:(?:{_ITEM_NAMES}) ?)?D ?{_NUMBER}(?: ?{_DASH} ?(?:D ?)?{_NUMBER})?{_PLACE}?"
_EITHER = rf"(?:{_LETTER_ITEM}|{_ITEM})"
_EITHERS = rf"{_EITHER}(?:{_AND}{_EITHER}){{0,40}}"

DOCUMENT_MARK = re.compile(
    rf"(?=[\[\u3010\uff3b][^\]\u3011\uff3d\n]*\bD ?{_NUMBER})"
    rf"(?:\[D{_NUMBER}\]{_DASH}\[D{_NUMBER}\]|{_bracketed('doubled_with_letter', _EITHERS)})",
    re.IGNORECASE,
)
"""A mark that cites a document, besides others or alone: one of its numbers at least has the letter."""

_CLOSING = {"[": "]", "\u3010": "\u3011", "\uff3b": "\uff3d"}
_RANGE_OF_MARKS = re.compile(rf"\[(D?)({_NUMBER})\]{_DASH}\[D?({_NUMBER})\]", re.IGNORECASE)
_PART = re.compile(
    rf"{_NAME}? ?(D ?)?({_NUMBER})(?: ?{_DASH} ?{_NAME}?(?:D ?)?({_NUMBER}))?({_PLACE}?)(?:{_AND})?", re.IGNORECASE
)
_BEFORE_PARTS = re.compile(rf" ?({_LEAD})?", re.IGNORECASE)
_UNCERTAIN = re.compile(r"\[[\[#]")  # `[[1]]` may be a matrix and `[#1]` another number
_THOUSANDS = re.compile(r"\[\d{1,3}(?:,\d{3})+\]")
_WIDEST = 30  # sources in one range
_NOTHING_SAID = "\u2020source"

_LOOK_BACK = 45  # characters
_VALUE_BEFORE = re.compile(r"(?:[=\u2208\u2209] ?|\$\w{1,40})\Z")
_NAME_BEFORE = re.compile(r"\b\w{0,20}_\w{0,20}\Z")
_LIST_BEFORE = re.compile(
    r"(?:\b(?:range|interval|array|list|vector|tuple|set|Intervall|Liste)s?:? |\b[a-z]\w{0,40}\()\Z", re.IGNORECASE
)


SourceNumber = int | str
"""What a text cites a source by: its number, or for a document the letter with its number, as `"D1"`."""


class MarkPart(NamedTuple):
    """One number of a mark, or the numbers of one range, and what is said beside them, as it was written: where in
    those sources it is (`place`), and a word that leads to them (`lead`)."""

    numbers: tuple[SourceNumber, ...]
    place: str = ""
    lead: str = ""


def may_have_marks(content: str) -> bool:
    """Whether it is worth while to look for marks."""
    return "[" in content or "\u3010" in content or "\uff3b" in content


def number_in(label: str) -> int:
    """The number that the label of a note is, as in `[^1]` or `[^1^]`; -1 for any other label."""
    label = label.removesuffix("^")
    return int(label) if re.fullmatch(_NUMBER, label) else -1


def parts_of(mark: str) -> list[MarkPart]:
    """What stands between the brackets of a mark, in order.

    Nothing where the brackets are no pair, or a range is no range or begins with 0, as those of letters and figures
    in a pattern do.
    """
    if ends := _RANGE_OF_MARKS.fullmatch(mark):
        parts = [MarkPart(_numbers_from(int(ends[2]), int(ends[3]), letter=ends[1]))]
    elif _CLOSING[mark[0]] == mark[-1]:
        parts = _parts_inside(mark[2:-2] if mark.startswith("[[") else mark[1:-1])
    else:
        parts = []
    numbers = [number for part in parts for number in part.numbers]
    is_none = any(not part.numbers for part in parts) or (len(numbers) > 1 and 0 in numbers)
    return [] if is_none else parts


def _parts_inside(inside: str) -> list[MarkPart]:
    inside, dagger, saying = inside.partition("\u2020")
    before = _BEFORE_PARTS.match(inside)
    assert before
    parts = [
        MarkPart(_numbers_from(int(found[2]), int(found[3] or found[2]), letter=found[1] or ""), found[4])
        for found in _PART.finditer(inside, before.end())
    ]
    if parts and dagger and f"{dagger}{saying.strip()}" != _NOTHING_SAID:
        parts[-1] = parts[-1]._replace(place=f"{parts[-1].place}{dagger}{saying}")
    if parts and before[1]:
        parts[0] = parts[0]._replace(lead=before[1])
    return parts


def _numbers_from(first: int, last: int, *, letter: str) -> tuple[SourceNumber, ...]:
    numbers = range(first, last + 1) if first <= last < first + _WIDEST else ()
    return tuple(document_label(number) for number in numbers) if letter else tuple(numbers)


def document_label(number: int) -> str:
    """What a text cites the document with this number by."""
    return f"D{number}"


def is_mark(content: str, found: re.Match[str], parts: list[MarkPart], *, known: Container[SourceNumber]) -> bool:
    """Whether these brackets of a text are a citation mark, judged by their numbers and by what stands before them.

    A single number is one even where no source answers to it. Several are none then: `[8, 9]` is a list.
    """
    mark = found[0]
    numbers = [number for part in parts for number in part.numbers]
    if not numbers:
        return False
    if any(isinstance(number, str) for number in numbers):
        return True  # it is asked for only where documents went along, and nothing else is written so
    before = content[max(found.start() - _LOOK_BACK, 0) : found.start()]
    answered = any(number in known for number in numbers)
    if not answered and (len(numbers) > 1 or _UNCERTAIN.match(mark) or _NAME_BEFORE.search(before)):
        return False
    if numbers == [0] and not answered and before[-1:].isalnum():
        return False  # `items[0]`
    if _THOUSANDS.fullmatch(mark) and numbers[-1] not in known:
        return False
    return not _VALUE_BEFORE.search(before) and not (len(numbers) > 1 and _LIST_BEFORE.search(before))
