"""The words of a text: what the index holds of it and what a query asks for, the same on both databases.

A text is folded (small letters, no diacritics and no optional vowel marks, compatible forms as one), and then cut into
words. A word is a run of letters, digits and the marks that belong to them, so that words of Hindi or Tamil
stay whole. Scripts that put no blanks between words are cut further, so that any part of a run is found as a phrase:
Chinese, Japanese and Korean into characters; Thai, Lao, Khmer, Burmese and their kin into letters with their marks. A
pictograph is a word of its own. What an apostrophe holds together counts in parts and as a whole: *don't* is found by
*don't* and by *dont*.

SQLite calls `indexed_words` from its triggers. PostgreSQL has `SQL_FUNCTIONS`, which are made of the same tables here.
"""

import re
import unicodedata
from functools import cache
from itertools import pairwise

LONGEST_TEXT = 200_000
"""Characters of a text that are indexed: more words than that can be too many for one `tsvector`."""
LONGEST_WORD = 500
"""Characters of a word that is indexed: PostgreSQL takes no lexeme of more than 2,046 bytes."""

CJK = "\u2e80-\u2fdf\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
PICTOGRAPHS = "\u2300-\u23ff\u2600-\u27bf\u2b50-\u2b5f\U0001f000-\U0001f3fa\U0001f400-\U0001faff"
_WITHOUT_BLANKS = (  # blocks of scripts that put no blanks between words
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x1B00, 0x1B7F),  # Balinese
    (0xA980, 0xA9FF),  # Javanese, Burmese
    (0xAA60, 0xAADF),  # Burmese, Tai Viet
)
# Marks that one writes or leaves out: of Latin, Greek and Cyrillic letters; Hebrew points; Arabic vowels, hamza and
# tatweel (as Lucene's ArabicNormalizer); joiners, directions, variants of pictographs.
DROPPED = (
    "\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff\u200c-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u2069\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\U0001f3fb-\U0001f3ff"
    "\U000e0020-\U000e007f\U000e0100-\U000e01ef"
)
# Letters that Unicode does not take apart, and spellings that people take for the same.
_LETTERS = dict(zip("łđøıħŧðŋςيىیکة’‘ʼʻ", "ldoihtdnσيييكه''''", strict=True))
_LIGATURES = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_SAME = str.maketrans(_LETTERS | _LIGATURES)
_LAST_SCRIPT = 0x1F000  # what comes after is pictographs and CJK
_GAP = "·"  # no word, so no phrase reaches over it

_ASCII_WORDS = re.compile("[0-9a-z]+")


def fold_text(text: str) -> str:
    """The text as its words are compared. At most LONGEST_TEXT characters of it."""
    text = text[:LONGEST_TEXT]
    if text.isascii():
        return text.lower()
    bare = _dropped().sub("", unicodedata.normalize("NFKD", text).lower())
    return unicodedata.normalize("NFKC", bare.translate(_SAME))[:LONGEST_TEXT]


def text_words(text: str) -> list[str]:
    """The words of the text, folded, in their order."""
    return _words_of(fold_text(text))


def indexed_words(text: str) -> str:
    """What SQLite's index holds of the text: its words between blanks, then those that an apostrophe holds together."""
    folded = fold_text(text)
    words = _words_of(folded)
    if "'" in folded and (whole := _compounds().findall(folded)):
        words += [_GAP, *(word.replace("'", "") for word in whole)]
    return " ".join(word for word in words if len(word) <= LONGEST_WORD)


def _words_of(folded: str) -> list[str]:
    found: list[str] = (_ASCII_WORDS if folded.isascii() else _words()).findall(folded)
    return found


def takes_marks(word: str) -> bool:
    """Whether this is a letter of a script without blanks, to which marks belong."""
    return re.match(f"[{character_classes()[2]}]", word) is not None


@cache
def character_classes() -> tuple[str, str, str]:
    """What stands in words, the marks among that, and the letters of scripts without blanks: each for the inside of a
    bracket in a regular expression. All but the marks exclude each other, CJK and PICTOGRAPHS."""
    apart = re.compile(f"[{CJK}{PICTOGRAPHS}]")
    letters, marks, unspaced = [], [], []
    for code in range(0x30, _LAST_SCRIPT):
        kind = unicodedata.category(chr(code))
        if kind[0] not in "LNM" or apart.match(chr(code)):
            continue
        if kind[0] == "L" and any(first <= code <= last for first, last in _WITHOUT_BLANKS):
            unspaced.append(code)
        else:
            letters.append(code)
            if kind[0] == "M":
                marks.append(code)
    return _ranges(letters), _ranges(marks), _ranges(unspaced)


def _ranges(codes: list[int]) -> str:
    breaks = [index for index, (one, other) in enumerate(pairwise(codes), 1) if other != one + 1]
    pieces = [codes[first:last] for first, last in pairwise([0, *breaks, len(codes)])]
    return "".join(f"{chr(piece[0])}-{chr(piece[-1])}" for piece in pieces)


@cache
def _dropped() -> re.Pattern[str]:
    return re.compile(f"[{DROPPED}]+")


@cache
def word_expression() -> str:
    """A regular expression for one word in a folded text, for Python and for PostgreSQL alike: what each part of it
    begins with, no other does."""
    letters, marks, unspaced = character_classes()
    return f"[{unspaced}][{marks}]*|[{CJK}]|[{PICTOGRAPHS}]|[{letters}]+"


@cache
def _words() -> re.Pattern[str]:
    return re.compile(word_expression())


@cache
def _compounds() -> re.Pattern[str]:
    letters = character_classes()[0]
    return re.compile(f"[{letters}]+(?:'[{letters}]+)+")


def sql_functions() -> tuple[str, ...]:
    """The same for PostgreSQL: `search_fold(text)`, and `search_lexemes(text)`, a `tsvector` with places.

    PostgreSQL's own parser is several times as fast, and for ASCII makes the same words of a text, unless there is
    something in it that could be a number with an exponent: it would cut 6e8af36 in two.
    """
    same_letters = "translate(bare, '{}', '{}')".format(
        *(_quoted("".join(some)) for some in (_LETTERS, _LETTERS.values()))
    )
    for letter, letters in _LIGATURES.items():
        same_letters = f"replace({same_letters}, '{letter}', '{letters}')"
    letters = character_classes()[0]
    return (
        rf"""
CREATE OR REPLACE FUNCTION search_fold(content text) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE bare text := left(content, {LONGEST_TEXT});
BEGIN
    IF octet_length(bare) = length(bare) THEN
        RETURN lower(bare);
    END IF;
    bare := regexp_replace(lower(normalize(bare, NFKD)), '[{DROPPED}]+', '', 'g');
    RETURN left(normalize({same_letters}, NFKC), {LONGEST_TEXT});
END $$
""",
        rf"""
CREATE OR REPLACE FUNCTION search_lexemes(content text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE folded text := search_fold(content); lexemes tsvector;
BEGIN
    IF octet_length(folded) = length(folded) AND folded !~ '[0-9]e[0-9]' THEN
        lexemes := to_tsvector('simple', regexp_replace(folded, '[^0-9a-z]+', ' ', 'g'));
    ELSE
        lexemes := (
            SELECT coalesce(string_agg('''' || parts[1] || ''':' || least(number, 16383), ' '), '')::tsvector
            FROM regexp_matches(folded, '({word_expression()})', 'g') WITH ORDINALITY AS words (parts, number)
            WHERE length(parts[1]) <= {LONGEST_WORD}
        );
    END IF;
    IF position('''' IN folded) > 0 THEN
        lexemes := lexemes || (
            SELECT coalesce(string_agg('''' || replace(parts[1], '''', '') || ''':2', ' '), '')::tsvector
            FROM regexp_matches(folded, '([{letters}]+(?:''[{letters}]+)+)', 'g') AS compounds (parts)
            WHERE length(parts[1]) <= {LONGEST_WORD}
        );
    END IF;
    RETURN lexemes;
END $$
""",  # noqa: S608 (constants)
    )


def _quoted(text: str) -> str:
    return text.replace("'", "''")
