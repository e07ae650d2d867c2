"""Citation marks as models write them at the Agent API, as our own `[n]` (docs/agent.md, "Citation marks").

`[web:3]`, `[web:1, web:4]`, `[web:1-3]` and the same in brackets of full width become `[3]`, `[1][4]`, `[1][2][3]`.
What is our form already, and brackets that are something else, stay as they are, and so does everything in code.
"""

import re
from collections.abc import Iterator
from typing import Protocol

LONGEST = 80  # characters of a mark, and of what is held back while one may be coming
_WIDEST = 30  # sources in one range; a wider one stays as it was written

_NUMBER = "[0-9]{1,3}"
_WEB = rf"web ?: ?{_NUMBER}"
_DASH = " ?[-\u2010-\u2014] ?"
_BETWEEN = "(?: ?[,;] ?| )"
_ITEM = rf"(?:web ?: ?)?{_NUMBER}(?:{_DASH}(?:web ?: ?)?{_NUMBER})?"
_LIST = rf"(?={_WEB}){_ITEM}(?:{_BETWEEN}{_ITEM})*"
_MARK = re.compile(
    rf"\[ ?(?P<web>{_LIST}) ?\]|\u3010 ?(?P<wide>{_LIST}) ?\u3011"
    rf"|\u3010(?P<quoted>{_NUMBER})\u2020[^\u3010\u3011\n]*\u3011|\u3010(?P<bare>{_ITEM}(?:{_BETWEEN}{_ITEM})*)\u3011",
    re.I,
)
_ONE = re.compile(rf"(?<![0-9])({_NUMBER})(?![0-9])(?:{_DASH}(?:web ?: ?)?({_NUMBER})(?![0-9]))?", re.I)
# What may still become a mark: how one begins, at the end of what has come.
_BEGINNING = re.compile(
    r"\[ ?(?:w(?:e(?:b[web :0-9,;\-\u2010-\u2014]*)?)?)?|\u3010 ?(?:[0-9w][^\u3010\u3011\n]*)?", re.I
)
_TOKEN = re.compile(r"\n|`+|~+|[\[\u3010]")
_ANY_MARK = re.compile(r"[\[\u3010]([web :0-9,;\-\u2010-\u2014]{1,80})[\]\u3011\u2020]", re.I)
_FENCE = 3  # characters that begin and end a block of code
_BEFORE_FENCE = " \t>"  # what may stand in front of them on their line


class Numbers(Protocol):
    """Which numbers there are."""

    @property
    def page(self) -> int:
        """The number of the only page that was read; 0 where there is none, or more than one."""
        ...

    def __contains__(self, number: object) -> bool: ...


class MarkReader:
    """Takes a text in pieces and gives it back with our marks, however the pieces are cut.

    The end of a piece that may be the beginning of a mark is held back until the next piece, or `finish`, decides.
    """

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers
        self._held = ""
        self._fence = ""  # the characters that opened the block of code that this is in
        self._opened_here = False  # on this line
        self._span = 0  # how many backticks opened the code that this is in; code in a line ends with it
        self._fresh = True  # nothing has come on this line but what may stand in front of a block of code

    def feed(self, piece: str) -> str:
        """The next piece, as far as it is decided."""
        return self._read(piece, ending=False)

    def finish(self) -> str:
        """What was held back, now that nothing more comes."""
        return self._read("", ending=True)

    def _read(self, piece: str, *, ending: bool) -> str:
        text, self._held = self._held + piece, ""
        decided: list[str] = []
        at = 0
        while token := _TOKEN.search(text, at):
            self._pass(text[at : token.start()])
            decided.append(text[at : token.start()])
            at = token.start()
            if not ending and self._is_open(text, token):
                self._held = text[at:]
                return "".join(decided)
            taken, shown = self._take(text, token)
            decided.append(shown)
            at += len(taken)
        self._pass(text[at:])
        decided.append(text[at:])
        return "".join(decided)

    def _is_open(self, text: str, token: re.Match[str]) -> bool:
        """Whether what comes next decides what this is."""
        if token[0][0] in "`~":
            return token.end() == len(text)
        rest = len(text) - token.start()
        return (
            token[0] != "\n"
            and not self._in_code
            and rest < LONGEST
            and bool(_BEGINNING.fullmatch(text, token.start()))
        )

    def _take(self, text: str, token: re.Match[str]) -> tuple[str, str]:
        """What is taken of the text, and what is shown of that."""
        found = token[0]
        if found == "\n":
            self._fresh, self._opened_here, self._span = True, False, 0
            return found, found
        if found[0] in "`~":
            self._read_ticks(found)
            self._fresh = False
            return found, found
        mark = None if self._in_code else _MARK.match(text, token.start())
        if mark is None or len(mark[0]) > LONGEST:
            self._fresh = False
            return found, found
        shown = self._ours(mark)
        self._fresh = False
        return mark[0], shown

    def _pass(self, plain: str) -> None:
        self._fresh = self._fresh and not plain.strip(_BEFORE_FENCE)

    @property
    def _in_code(self) -> bool:
        return bool(self._fence or self._span)

    def _read_ticks(self, ticks: str) -> None:
        """Follow code into its beginning and out of its end."""
        if self._fence:
            if self._fresh and ticks[0] == self._fence[0] and len(ticks) >= len(self._fence):
                self._fence = ""
            elif self._opened_here and ticks[0] == "`" == self._fence[0]:
                # No block begins with backticks later on its line: it was code within the line.
                self._span = 0 if ticks == self._fence else len(self._fence)
                self._fence = ""
        elif self._fresh and len(ticks) >= _FENCE and not self._span:
            self._fence, self._opened_here = ticks, True
        elif ticks[0] == "`":
            if not self._span:
                self._span = len(ticks)
            elif self._span == len(ticks):
                self._span = 0

    def _ours(self, mark: re.Match[str]) -> str:
        """The mark in our form; as it was written where it is none, or too wide a range."""
        if mark["quoted"]:
            return f"[{int(mark['quoted'])}]"
        if mark["bare"] and (self._fresh or not any(number in self._numbers for number in _numbers_of(mark["bare"]))):
            return mark[0]  # in East Asian texts a number in such brackets names a part of the text
        numbers = list(_numbers_of(mark["web"] or mark["wide"] or mark["bare"]))
        if not numbers or len(numbers) > _WIDEST:
            return mark[0]
        return "".join(f"[{number or self._numbers.page}]" for number in numbers)


def _numbers_of(listed: str) -> Iterator[int]:
    """The numbers in a list of numbers and ranges; none of a range that runs backwards."""
    for one in _ONE.finditer(listed):
        first, last = int(one[1]), int(one[2] or one[1])
        yield from range(first, last + 1)


def numbers_in(text: str) -> set[int]:
    """Every number by which a text as the model wrote it may mean a source."""
    return {number for mark in _ANY_MARK.finditer(text) for number in _numbers_of(mark[1])}
