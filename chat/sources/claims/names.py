"""Names in a sentence: runs of words with capitals, acronyms, and places that are known."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from chat.sources.claims.folding import EAST_ASIAN, SMALL_WORDS, fold_word, has_east_asian, listed
from chat.sources.claims.months import is_month
from chat.sources.claims.name_forms import east_asian_forms, place_named
from chat.sources.claims.name_words import GENERIC, LEGAL_FORMS, NO_NAMES, SURNAMES, TITLES, language_names
from chat.sources.claims.units import units_named

_LETTER = rf"[^\W\d_{EAST_ASIAN}]"
_WORD = re.compile(rf"(?:{_LETTER}\.){{2,}}|{_LETTER}(?:{_LETTER}|\d|['\u2019&-](?={_LETTER}|\d))*")
_NUMBER = re.compile(
    r"[ \u00a0-]v?(\d{1,4}(?:\.\d{1,4}){2,3}(?![\d.]*\d)"
    r"|\d{1,4}(?![\d.,%:]*\d|[ \u00a0]?[%\u00b0\u20ac$]|\.\d))(?![^\W\d_])"
)
_KATAKANA = re.compile(
    "(?<![\u30a1-\u30fa\u30fc])[\u30a1-\u30fa\u30fc]{2,30}+(?:[\u30fb\uff1d=][\u30a1-\u30fa\u30fc]{2,30}+){1,6}"
)
_IDEOGRAM = "\u3400-\u4dbf\u4e00-\u9fff\u3005"
_NO_GIVEN_NAME = "県市町村区郡駅線川社店所会部校院館寺城橋港湖島屋業工商銀車機電庁署局省課団園"
_EAST_TITLES = (
    "氏|選手|監督|社長|会長|議員|首相|大臣|知事|市長|町長|村長|区長|教授|准教授|博士|代表|理事|部長|容疑者|被告|投手|記者"
    "|院長|校長|館長|所長|委員|総裁|長官|弁護士|研究員|主将|捕手"
)
_KANJI_NAME = re.compile(
    rf"(?<![{_IDEOGRAM}])({'|'.join(sorted(SURNAMES, key=lambda name: (-len(name), name)))})"
    rf"((?:(?![{_NO_GIVEN_NAME}])[{_IDEOGRAM}]){{1,3}}?)(?={_EAST_TITLES}|[^{_IDEOGRAM}\u30a1-\u30fa]|\Z)"
)
_BEGINS = re.compile(r"(?:\A|[.!?:|\u2022\n\u201c\u201e\u00ab\"(\[\u2013\u2014*]|[。！？「『])[ \u00a0]*\Z")
_GAP = re.compile(r"[ \u00a0]{1,3}|-|[ \u00a0]?&[ \u00a0]?")
_POSSESSIVE = re.compile(r"['\u2019]s?\Z")
_ARTICLE = re.compile(r"\A(?:l|d|qu|s|n|c)['\u2019](?=.)", re.IGNORECASE)
_CONNECTORS = {
    "en": frozenset(listed("of the de la van von der den di da del du for al bin ibn")),
    "de": frozenset(listed("von van zu de la di al")),
    "fr": frozenset(listed("de du des la le les d van von al")),
    "es": frozenset(listed("de del la las los el al van von")),
    "pt": frozenset(listed("de do da dos das al van von")),
}
_GERMAN_NOUN = re.compile(
    r"(?:ung|ungen|heit|keit|schaft|ion|ionen|tat|tum|nis|ling|ment|zeit|zahl|jahr|jahre|jahren)\Z"
)
_LOOK_BACK = 40
_BEHIND_TITLE = re.compile(r"[*_]*[ \u00a0]*(?:[:\uff1a|]|[\u2013\u2014][ \u00a0])")  # as in "Key Findings: …"
_SAINTS = frozenset({"sao"})
_TITLE_CASE = 0.6  # share of longer words with a capital by which a line is a heading


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a text. `words` are those that matter, folded; `number` is one that belongs to it, as in Boeing 747.
    `may_drop` says that its first word began the sentence and may be none of it."""

    start: int
    end: int
    words: tuple[str, ...]
    number: str = ""
    is_acronym: bool = False
    may_drop: bool = False
    place: str = ""

    @property
    def value(self) -> tuple[str, str]:
        """The normal form; places are the same in all languages that are known."""
        return ("name", self.place or " ".join((*self.words, *([self.number] if self.number else []))))


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    text: str
    folded: str
    begins: bool

    @property
    def is_acronym(self) -> bool:
        letters = [sign for sign in self.text.replace(".", "").removesuffix("s") if sign.isalpha()]
        return len(letters) > 1 and all(sign.isupper() for sign in letters)

    @property
    def is_odd(self) -> bool:
        """Capitals within, as in OpenAI, or a digit, as in G7."""
        return any(sign.isupper() or sign.isdigit() for sign in self.text[1:]) and any(map(str.isupper, self.text))

    @property
    def is_name_like(self) -> bool:
        return self.is_capital or self.is_odd

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


def names_in(text: str, language: str, taken: Sequence[tuple[int, int]], numbers: Container[int]) -> list[Name]:
    """The names of a sentence, in order. What is `taken` already, spans in order, is no name, but for a number that
    begins at one of `numbers`: that may belong to the name before it."""
    tokens = list(_tokens(text, taken))
    found = list(_runs(text, tokens, language, numbers)) + list(_east_asian(text, taken))
    return sorted(found, key=lambda name: name.start)


def _tokens(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[_Token]:
    place = 0
    for found in _WORD.finditer(text):
        start, written = found.start(), found[0]
        while place < len(taken) and taken[place][1] <= start:
            place += 1
        if place < len(taken) and taken[place][0] < found.end():
            continue
        if article := _ARTICLE.match(written):
            start, written = start + article.end(), written[article.end() :]
        written = _POSSESSIVE.sub("", written) or written
        begins = _BEGINS.search(text[max(0, start - _LOOK_BACK) : start]) is not None
        yield _Token(start, start + len(written), written, fold_word(written), begins)


def _runs(text: str, tokens: list[_Token], language: str, numbers: Container[int]) -> Iterator[Name]:
    longer = [token for token in tokens if len(token.text) > 3]
    capital = sum(token.is_capital for token in longer)
    is_open = re.search(r"[.!?\u2026;:][\"'\u201d\u00bb)\]]*\s*\Z", text) is None
    is_heading = is_open and language != "de" and len(longer) >= 4 and capital >= _TITLE_CASE * len(longer)
    connectors = _CONNECTORS.get(language, _CONNECTORS["en"])
    at = 0
    while at < len(tokens):
        if not tokens[at].is_name_like:
            at += 1
            continue
        last = at
        while (following := _next_in_run(text, tokens, last, connectors)) is not None:
            last = following
        yield from _name_of(text, tokens[at : last + 1], language, numbers, is_heading=is_heading)
        at = last + 1


def _next_in_run(text: str, tokens: list[_Token], last: int, connectors: frozenset[str]) -> int | None:
    """The next word with a capital that belongs to the same name, over at most two small words."""
    for place in range(last + 1, min(last + 4, len(tokens))):
        if not _GAP.fullmatch(text[tokens[place - 1].end : tokens[place].start]) and not _is_article_gap(
            text[tokens[place - 1].end : tokens[place].start]
        ):
            return None
        if tokens[place].is_capital:
            return place
        if tokens[place].text not in connectors or tokens[last].is_acronym:
            return None
    return None


def _is_article_gap(gap: str) -> bool:
    return len(gap) <= 4 and gap.strip(" \u00a0").lower().replace("\u2019", "'") in ("d'", "l'")


def _name_of(
    text: str, run: list[_Token], language: str, numbers: Container[int], *, is_heading: bool
) -> Iterator[Name]:
    run = list(run)
    if (place := place_named(text[run[0].start : run[-1].end])) and run[0].folded not in NO_NAMES:
        yield Name(run[0].start, run[-1].end, _folded(run), place=place.id)
        return
    while run and (
        not run[0].is_name_like
        or _is_none(run[0])
        or (run[0].begins and not run[0].is_odd and run[0].folded in SMALL_WORDS - _SAINTS)
    ):
        run = run[1:]
    is_company = len(run) > 1 and run[-1].folded in LEGAL_FORMS
    while run and (not run[-1].is_name_like or _is_none(run[-1]) or (run[-1].folded in LEGAL_FORMS)):
        run = run[:-1]
    if not run:
        return
    number = _NUMBER.match(text, run[-1].end)
    is_label = number is not None and number.start(1) in numbers and _is_label(run, number[1])
    if language == "de" and not is_label:
        yield from _german(text, run, is_company=is_company)
        return
    words = _folded(run)
    if not is_label and all(map(_is_roman, words)):
        return
    is_acronym = len(run) == 1 and run[0].is_acronym
    is_sure = is_acronym or run[0].is_odd or is_label
    is_lone_start = len(run) == 1 and run[0].begins and not place_named(run[0].text)
    is_title = run[0].begins and _BEHIND_TITLE.match(text, run[-1].end) is not None and not place_named(words[-1])
    if (is_heading or is_lone_start or is_title) and not is_sure:
        return
    if len(words) == 1 and not is_sure and (words[0] in language_names() | GENERIC or len(words[0]) < 3):
        return
    one = place_named(text[run[0].start : run[-1].end])
    end = number.end() if number and is_label else run[-1].end
    yield Name(
        run[0].start,
        end,
        words,
        number=number[1] if number and is_label else "",
        is_acronym=is_acronym,
        may_drop=run[0].begins and len(run) > 1,
        place=one.id if one else "",
    )


def _german(text: str, run: list[_Token], *, is_company: bool) -> Iterator[Name]:
    """Where every noun has a capital: places, acronyms, companies, and two words or more that look like none."""
    if run[0].begins and _BEHIND_TITLE.match(text, run[-1].end) and not any(token.is_odd for token in run):
        return
    if is_company:
        yield Name(run[0].start, run[-1].end, _folded(run), may_drop=len(run) > 1)
        return
    plain = [token for token in run if not _GERMAN_NOUN.search(token.folded) and not units_named(token.text)]
    capitals = [token for token in plain if token.is_capital and not token.is_odd]
    if len(capitals) >= 2 and len(plain) == len(run) and not any(place_named(token.text) for token in run):
        yield Name(run[0].start, run[-1].end, _folded(run), may_drop=True)
        return
    for token in run:
        place = place_named(token.text)
        if place or token.is_acronym or token.is_odd:
            yield Name(
                token.start, token.end, (token.folded,), is_acronym=token.is_acronym, place=place.id if place else ""
            )


def _east_asian(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Name]:
    if not has_east_asian(text):
        return
    spans = list(taken)
    for found in _KATAKANA.finditer(text):
        parts = tuple(re.split("[\u30fb\uff1d=]", found[0]))
        spans.append(found.span())
        yield Name(found.start(), found.end(), parts)
    for found in _KANJI_NAME.finditer(text):
        if not any(start < found.end() and found.start() < end for start, end in spans):
            spans.append(found.span())
            yield Name(found.start(), found.end(), (found[1], found[2]))
    for form in east_asian_forms():
        at = text.find(form)
        if at >= 0 and not any(start < at + len(form) and at < end for start, end in spans):
            place = place_named(form)
            if (text[at + len(form) : at + len(form) + 1] or " ") in "語人系式":
                continue
            spans.append((at, at + len(form)))
            yield Name(at, at + len(form), (form,), place=place.id if place else "")


def _folded(run: Sequence[_Token]) -> tuple[str, ...]:
    words = tuple(token.folded.replace(".", "") for token in run if token.is_capital or token.is_odd)
    return tuple(part for word in words for part in re.split(r"[-&]", word) if part) or words


def _is_none(token: _Token) -> bool:
    """Whether a word with a capital is no name by itself, and no part of one at its ends."""
    folded = token.folded.replace(".", "")
    return folded in NO_NAMES or folded in TITLES or is_month(folded)


def _is_label(run: Sequence[_Token], number: str) -> bool:
    """Whether a number belongs to the name before it: a version does, and another where the name is sure to be one."""
    return "." in number or (not (run[-1].begins and len(run) == 1) and not _is_year(number))


def _is_roman(word: str) -> bool:
    return re.fullmatch(r"[ivx]{1,6}(?:e|er|eme)?", word) is not None


def _is_year(written: str) -> bool:
    return len(written) == 4 and 1100 <= int(written) <= 2100
