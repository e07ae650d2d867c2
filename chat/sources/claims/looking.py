"""Where the facts of a sentence stand in a source: what is searched for in it, and what is compared."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from chat.sources.claims.dates import Date
from chat.sources.claims.figures import COUNT, Figure
from chat.sources.claims.finding import Mention
from chat.sources.claims.folding import SMALL_WORDS, Word, has_east_asian, words_in
from chat.sources.claims.matching import Match, bare_year, dates_match, figures_match, number_is_year
from chat.sources.claims.name_forms import place_named
from chat.sources.claims.name_words import GENERIC, SURNAMES, TITLES
from chat.sources.claims.names import Name
from chat.sources.claims.quotations import Quotation, placed_signs
from chat.sources.claims.source_index import SourceIndex

_MOST_HITS = 200
_LONGEST_SEARCH = 400_000  # characters in which the words behind an acronym are looked for
_YEAR_BESIDE = 300  # characters
_STEM = 6
_VERSIONS = frozenset({"version", "versao", "release", "ausgabe", "v"})
_BETWEEN = "\x1f"
_SOUNDS = (
    ("tsch", "c"),
    ("tch", "c"),
    ("sch", "s"),
    ("dsch", "j"),
    ("ch", "c"),
    ("kh", "h"),
    ("sh", "s"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("y", "i"),
    ("j", "i"),
    ("ie", "e"),
    ("w", "v"),
    ("z", "s"),
    ("ou", "u"),
    ("oe", "o"),
    ("ue", "u"),
    ("ae", "a"),
)
_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        [*"abvgdeejsiiklmnoprstufh", "ts", "c", "s", "s", "", "i", "", "e", "iu", "ia"],
        strict=True,
    )
)


class Hit(NamedTuple):
    """A place of a source that says what a fact says, or less; `text` is how it says it where it says it otherwise."""

    start: int
    end: int
    match: Match = Match.SAME
    text: str = ""


def hits_of(
    mention: Mention, sentence: str, index: SourceIndex, figures: Sequence[Figure], dates: Sequence[Date]
) -> list[Hit]:
    """Where a fact of a sentence stands, in order; of figures and dates, among those given."""
    if isinstance(mention, Name):
        return _name_hits(mention, index)
    if isinstance(mention, Quotation):
        return _quotation_hits(mention, index)
    if isinstance(mention, Date):
        return list(_date_hits(mention, index.text, figures, dates))
    return list(_figure_hits(mention, sentence, index.text, figures, dates))


def _figure_hits(
    wanted: Figure, sentence: str, text: str, figures: Sequence[Figure], dates: Sequence[Date]
) -> Iterator[Hit]:
    kinds = {reading.kind for reading in wanted.readings}
    for said in figures:
        if kinds.isdisjoint(reading.kind for reading in said.readings):
            continue
        if match := figures_match(wanted, said):
            yield Hit(said.start, said.end, match, text[said.start : said.end] if said.value != wanted.value else "")
    if COUNT in kinds and bare_year(sentence, wanted):
        yield from (Hit(date.start, date.end) for date in dates if number_is_year(wanted, date))


def _date_hits(wanted: Date, text: str, figures: Sequence[Figure], dates: Sequence[Date]) -> Iterator[Hit]:
    for said in dates:
        if match := dates_match(wanted, said):
            yield Hit(said.start, said.end, match, text[said.start : said.end] if match < Match.SAME else "")
    if wanted.days and wanted.days[0].year and wanted.days[0].month:
        yield from _with_year_beside(wanted, dates)
    if wanted.may_be_number:
        yield from (Hit(figure.start, figure.end) for figure in figures if number_is_year(figure, wanted))


def _with_year_beside(wanted: Date, dates: Sequence[Date]) -> Iterator[Hit]:
    """Where the day and month stand without a year, which stands shortly before or behind them."""
    year = wanted.days[0].year
    years = [date.start for date in dates if date.days and date.span == 1 and date.days[0].year == year]
    for date in dates:
        if not date.days or date.days[0].year or not date.days[0].month:
            continue
        is_same = any(day._replace(year=0) in date.days for day in wanted.days)
        if is_same and any(abs(start - date.start) < _YEAR_BESIDE for start in years):
            yield Hit(date.start, date.end)


def _name_hits(name: Name, index: SourceIndex) -> list[Hit]:
    hits = list(_forms_of_place(name, index)) if name.place else []
    if not hits and name.is_acronym:
        hits = list(_written_out(name.words[0], index))
    hits += _by_words(name.words, name.number, index)
    if not hits and "." in name.number and name.words[-1] in _VERSIONS:
        hits = list(_number_alone(name.number, index.text))
    if not hits and name.may_drop and len(name.words) > 1:
        hits = _by_words(name.words[1:], name.number, index)
    if not hits and len(name.words) > 2:
        hits = list(_acronym_of(name.words, index))
    if not hits:
        hits = list(_by_sound(name, index))
    return sorted(dict.fromkeys(hits))[:_MOST_HITS]


def _forms_of_place(name: Name, index: SourceIndex) -> Iterator[Hit]:
    place = place_named(name.place) or place_named(" ".join(name.words))
    for form in place.forms if place else ():
        if has_east_asian(form):
            at = index.text.find(form)
            while at >= 0:
                yield Hit(at, at + len(form))
                at = index.text.find(form, at + len(form))
        else:
            hits = _sequence(tuple(re.split(r"[ -]", form)), index)
            yield from (hit for hit in hits if _is_written_as_name(index.text[hit.start : hit.end], form))


def _is_written_as_name(written: str, form: str) -> bool:
    """Whether a word is the name and not another word: *who* and *un* are none, and *Nice* is no *nice*."""
    return written.isupper() if form in SMALL_WORDS else written[0].isupper() or not written[0].isalpha()


def _sequence(words: tuple[str, ...], index: SourceIndex) -> Iterator[Hit]:
    """Where these words follow one another."""
    for segment in _segments_with(max(words, key=len), index):
        said = _words_around(index, segment, segment)
        for at in range(len(said) - len(words) + 1):
            if all(_is_same(said[at + place].folded, word) for place, word in enumerate(words)):
                yield Hit(said[at].start, said[at + len(words) - 1].end)


def _by_words(words: tuple[str, ...], number: str, index: SourceIndex) -> list[Hit]:
    """Where a name stands by its last word, with what stands before it; or whole, in any order, within a few words."""
    hits: list[Hit] = []
    last = words[-1]
    if len(last) == 1 and not number and len(words) == 1:
        return hits
    if has_east_asian(last):
        if len(words) == 2 and words[0] in SURNAMES:
            alone = rf"{words[0]}[ \u3000]?{last}|{words[0]}(?=[^\u3400-\u4dbf\u4e00-\u9fff\u3005]|氏|\Z)"
            found = re.finditer(alone, index.text)
            return [Hit(*one.span()) for one in islice(found, _MOST_HITS)]
        at = index.text.find(last)
        while at >= 0 and len(hits) < _MOST_HITS:
            hits.append(Hit(at, at + len(last)))
            at = index.text.find(last, at + len(last))
        return hits
    for segment in _segments_with(last, index):
        said = _words_around(index, segment, segment)
        for at, word in enumerate(said):
            if not _is_same(word.folded, last) or not _has_number(number, index.text, word.end):
                continue
            around = said[max(0, at - len(words) - 2) : at + len(words) + 3]
            present = [one for one in around if any(_is_same(one.folded, part) for part in words)]
            whole = len({part for part in words if any(_is_same(one.folded, part) for one in present)}) == len(
                set(words)
            )
            if whole:
                hits.append(Hit(min(one.start for one in present), max(one.end for one in present)))
            elif last not in GENERIC and len(words) <= 3 and _stands_alone(said, at, words, index):
                hits.append(Hit(word.start, word.end))
    return hits


def _number_alone(number: str, text: str) -> Iterator[Hit]:
    """Where a version stands, behind the name of what it is one of and not behind *version*."""
    for found in re.finditer(rf"(?<![\w.,])v?{re.escape(number)}(?!\w|\.\d)", text[:_LONGEST_SEARCH]):
        yield Hit(found.start(), found.end())


def _has_number(number: str, text: str, end: int) -> bool:
    return (
        not number
        or re.match(rf"(?:[ \u00a0.-]|\. ){{0,2}}{re.escape(number)}(?!\.?\d)", text[end : end + len(number) + 6])
        is not None
    )


def _stands_alone(said: Sequence[Word], at: int, words: tuple[str, ...], index: SourceIndex) -> bool:
    """Whether a last name stands there without another first name, as *Curie* after *Pierre* does for *Marie Curie*."""
    text = index.text
    if not text[said[at].start].isupper():
        return False
    if at == 0:
        return True
    before = said[at - 1]
    gap = text[before.end : said[at].start]
    if gap.strip(" \u00a0-"):
        return True
    is_other = text[before.start].isupper() and before.folded not in TITLES and before.folded not in words
    return not is_other or (at > 1 and _begins_sentence(text, before.start)) or index.language == "de"


def _begins_sentence(text: str, at: int) -> bool:
    return re.search(r"[.!?\n]\s*\Z", text[max(0, at - 4) : at]) is not None


def _written_out(acronym: str, index: SourceIndex) -> Iterator[Hit]:
    """Where words stand that an acronym is the initials of."""
    letters = acronym.upper()
    if not 3 <= len(letters) <= 6 or not letters.isalpha():
        return
    between = (
        r"(?:[ \u00a0-](?:of|and|the|for|de|la|des|du|para|y|e|et|f\u00fcr|und|der|do|da|in|on|to)){0,2}[ \u00a0-]"
    )
    pattern = between.join(rf"{letter}\w{{1,20}}" for letter in letters)
    for found in re.finditer(rf"(?<!\w){pattern}", index.text[:_LONGEST_SEARCH]):
        yield Hit(found.start(), found.end())


def _acronym_of(words: tuple[str, ...], index: SourceIndex) -> Iterator[Hit]:
    letters = "".join(word[0] for word in words).upper()
    for segment in _segments_with(letters.lower(), index):
        for word in _words_around(index, segment, segment):
            if index.text[word.start : word.end] == letters:
                yield Hit(word.start, word.end)


def _by_sound(name: Name, index: SourceIndex) -> Iterator[Hit]:
    """Where a name stands in another spelling: of another language, or of another alphabet."""
    last = name.words[-1]
    if len(last) < 5 or has_east_asian(last):
        return
    sound = _sound_of(last)
    first = {sound[0], last[0]}
    for key, segments in index.places.items():
        if len(key) < 4 or (key[0] not in first and key.isascii() and _sound_of(key)[:1] not in first):
            continue
        if _sound_of(key)[:3] != sound[:3]:
            continue
        for segment in segments[:_MOST_HITS]:
            for word in _words_around(index, segment, segment):
                if word.folded != last and word.folded[:_STEM] == key and _sound_of(word.folded) == sound:
                    yield Hit(word.start, word.end)


@lru_cache(maxsize=4096)
def _sound_of(word: str) -> str:
    """A word spelt so that usual spellings of Slavic and Greek names become one."""
    if not word.isascii():
        word = "".join(_CYRILLIC.get(sign, sign) for sign in word)
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    word = re.sub(r"(.)\1+", r"\1", word)
    return re.sub(r"(?:[eo]v|[eo]f)\Z", "ov", re.sub(r"(?:ii|i)\Z", "i", word))


def _quotation_hits(quotation: Quotation, index: SourceIndex) -> list[Hit]:
    spans: list[tuple[int, int]] = []
    for part in quotation.parts:
        span = _where_said(part, index)
        if span is None:
            return []
        spans.append(span)
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    return [Hit(start, end)] if end - start < 5_000 else [Hit(*spans[0])]


def _where_said(part: tuple[str, ...], index: SourceIndex) -> tuple[int, int] | None:
    """Where the words of a part of a quotation follow one another."""
    keys = [
        word[:_STEM]
        for word in part
        if (word.isascii() and word.isalnum()) or (not has_east_asian(word) and "'" not in word)
    ]
    keys += [one + two for one, two in pairwise(part) if has_east_asian(one) and has_east_asian(two)]
    if not keys or any(key not in index.places for key in keys):
        return None
    wide = len(part) // 8 + 2
    for segment in min((index.places[key] for key in keys), key=len)[:_MOST_HITS]:
        begin, end = index.span(max(0, segment - wide), min(index.count - 1, segment + wide))
        said = placed_signs(index.text[begin:end])
        joined = _joined(sign for _start, _end, sign in said)
        at = joined.find(_joined(part))
        if at >= 0:
            first = joined[:at].count(_BETWEEN)
            return begin + said[first][0], begin + said[first + len(part) - 1][1]
    return None


def _joined(signs: Iterable[str]) -> str:
    return _BETWEEN + _BETWEEN.join(signs) + _BETWEEN


def _segments_with(word: str, index: SourceIndex) -> Iterable[int]:
    word = max(word.split("'"), key=len)
    forms = (word, f"{word}s", word.removesuffix("s"))
    found = (index.places.get(form[:_STEM], ()) for form in dict.fromkeys(forms))
    return list(dict.fromkeys(segment for segments in found for segment in segments[:_MOST_HITS]))


def _words_around(index: SourceIndex, first: int, last: int) -> list[Word]:
    """The words of some segments, each where it stands in the text."""
    begin, end = index.span(max(0, first), min(index.count - 1, last))
    return [Word(word.start + begin, word.end + begin, word.folded) for word in words_in(index.text[begin:end])]


def _is_same(said: str, wanted: str) -> bool:
    """Whether two folded words are the same but for an ending of a case."""
    if said == wanted:
        return True
    if len(wanted) < 4 or len(said) < 4:
        return False
    if said.rstrip("s") == wanted.rstrip("s") or said.startswith(f"{wanted}'"):
        return True
    return (
        min(len(said), len(wanted)) >= 6
        and abs(len(said) - len(wanted)) <= 2
        and (said.startswith(wanted) or wanted.startswith(said))
    )
