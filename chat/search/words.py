"""The words of a text: what the index holds of it and what a query asks for, the same on both databases.

A text is folded (small letters, no diacritics and no optional vowel marks, compatible forms as one), and then cut into
words. A word is a run of letters, digits and the marks that belong to them, so that words of Hindi or Tamil
stay whole. Scripts that put no blanks between words are cut further, so that any part of a run is found as a phrase:
Chinese, Japanese and Korean into characters; Thai, Lao, Khmer, Burmese and their kin into letters with their marks. A
pictograph is a word of its own. What an apostrophe holds together counts in parts and as a whole: *don't* is found by
*don't* and by *dont*.

Signs are no part of words, but for two kinds of identifiers:

- A letter with `+`, `++` or `#` right after it is a word with its sign, *C++*, *A+* or *C#*, if no letter, digit or
  further such sign comes next; after `++` digits may: *C++20* is *C++* and 20. What is indexed is *c＋＋* in the place
  of *c*, and *c* besides: so *C* finds it, *"C++ language"* is a phrase, and *"C language"* is another one.
- `#` or `@` right before letters or digits, and `.`, `$` or `%` right before letters, where no letter, digit or such
  sign comes before: *#42*, *@ada*, *.NET*, *$HOME*, *%d*. What is indexed is *42*, and *＃42* besides. A query of
  just that word asks for *＃42*. Among other words, as in *"issue #42"* or *$HOME/bin*, the sign counts for nothing.

All others only part words: *node.js*, *R&D* and *example.net* are phrases. In the index and in queries these signs are
written in full width, which a folded text never has.

SQLite calls `indexed_words` from its triggers. PostgreSQL has `SQL_FUNCTIONS`, which are made of the same tables here.
"""

import re
import unicodedata
from functools import cache
from itertools import accumulate, pairwise

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

_SIGNS, _WIDE_SIGNS = ".#@$%+", "．＃＠＄％＋"
_WIDE, _NARROW = str.maketrans(_SIGNS, _WIDE_SIGNS), str.maketrans(_WIDE_SIGNS, _SIGNS)
_MOST_BESIDES = 20_000
"""Characters of different words that are indexed besides, because of signs. What a text is made of can nearly fill a
`tsvector` by itself."""

_ASCII_LETTERS = "0-9a-z"


def fold_text(text: str) -> str:
    """The text as its words are compared. At most LONGEST_TEXT characters of it."""
    text = text[:LONGEST_TEXT]
    if text.isascii():
        return text.lower()
    bare = _dropped().sub("", unicodedata.normalize("NFKD", text).lower())
    return unicodedata.normalize("NFKC", bare.translate(_SAME))[:LONGEST_TEXT]


def typed_words(text: str) -> list[str]:
    """The words of what somebody looks for, folded, in their order; a word alone with the sign before it."""
    folded = fold_text(text)
    words = _words_of(folded)
    if len(words) == 1 and (signed := _led_words(folded)) and signed[0][1:] == words[0]:
        return signed
    return words


def indexed_words(text: str) -> str:
    """What SQLite's index holds of the text: its words between blanks, then, each for itself, what an apostrophe holds
    together, words with a sign without it, and words that a sign leads with it."""
    folded = fold_text(text)
    words = _words_of(folded)
    besides: list[str] = []
    if "'" in folded:
        besides = [word.replace("'", "") for word in _compounds().findall(folded)]
    bare = [word.rstrip("＋＃") for word in words if word[-1] in "＋＃" and len(word) <= LONGEST_WORD]
    besides += _few([*bare, *_led_words(folded)])
    for word in besides:
        words += [_GAP, word]
    return " ".join(word for word in words if len(word) <= LONGEST_WORD)


def plain_signs(word: str) -> str:
    """A word as it stands in a folded text, for one of the index."""
    return word.translate(_NARROW)


def _words_of(folded: str) -> list[str]:
    return _widened((_ascii_words() if folded.isascii() else _words()).findall(folded))


def _led_words(folded: str) -> list[str]:
    return _widened(_led(_ASCII_LETTERS if folded.isascii() else character_classes()[0]).findall(folded))


def _widened(words: list[str]) -> list[str]:
    joined = " ".join(words)
    return joined.translate(_WIDE).split(" ") if any(sign in joined for sign in _SIGNS) else words


def _few(words: list[str]) -> list[str]:
    """Each of them once, as many as come first and do not exceed what is indexed besides."""
    once = list(dict.fromkeys(words))
    return [word for word, length in zip(once, accumulate(map(len, once)), strict=True) if length <= _MOST_BESIDES]


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


def sign_expression(letters: str | None = None) -> str:
    """A regular expression for the sign that belongs to the letter before it, if it is a letter; `letters` are what
    stands in words if that is not all there is."""
    goes_on = f"(?![{letters or character_classes()[0]}+#])"
    return f"(?:[+](?:[+](?=[0-9])|[+]?{goes_on})|#{goes_on})"


def led_expression(letters: str | None = None) -> str:
    """A regular expression for a word that a sign leads, if what is before it lets it."""
    letters = letters or character_classes()[0]
    return f"(?:[#@][{letters}]|[.$%][{_no_digits(letters)}])[{letters}]*"


def word_expression() -> str:
    """A regular expression for one word in a folded text: what each part of it begins with, no other does."""
    letters, marks, unspaced = character_classes()
    return f"[{unspaced}][{marks}]*|[{CJK}]|[{PICTOGRAPHS}]|[{letters}]+(?:(?<![0-9]){sign_expression()})?"


def _no_digits(letters: str) -> str:
    return letters.removeprefix("0-9")


def _sql_expressions() -> tuple[str, str]:
    """The same for PostgreSQL, one for words and one for words that a sign leads: it takes the longest match of an
    expression, and what is before a place only in a time that grows with all the text there is."""
    letters, marks, unspaced = character_classes()
    words = f"[{unspaced}][{marks}]*|[{CJK}]|[{PICTOGRAPHS}]|[{letters}]+"
    return f"{words}|[{letters}]*[{_no_digits(letters)}]{sign_expression()}", (
        f"(?:^|[^{letters}.#@$%])({led_expression()})"
    )


@cache
def _words() -> re.Pattern[str]:
    return re.compile(word_expression())


@cache
def _ascii_words() -> re.Pattern[str]:
    return re.compile(f"[{_ASCII_LETTERS}]+(?:(?<![0-9]){sign_expression(_ASCII_LETTERS)})?")


@cache
def _led(letters: str) -> re.Pattern[str]:
    """Words that a sign leads. What is before them is looked at once there is a sign, for a text has few."""
    return re.compile(f"(?=[.#@$%])(?<![{letters}.#@$%]){led_expression(letters)}")


@cache
def _compounds() -> re.Pattern[str]:
    letters = character_classes()[0]
    return re.compile(f"[{letters}]+(?:'[{letters}]+)+")


def sql_functions() -> tuple[str, ...]:
    """The same for PostgreSQL: `search_fold(text)`, and `search_lexemes(text)`, a `tsvector` with places.

    PostgreSQL's own parser is several times as fast, and for ASCII makes the same words of a text, unless there is
    something in it that could be a number with an exponent, for it would cut 6e8af36 in two, or a word with a sign.
    """
    same_letters = "translate(bare, '{}', '{}')".format(
        *(_quoted("".join(some)) for some in (_LETTERS, _LETTERS.values()))
    )
    for letter, letters in _LIGATURES.items():
        same_letters = f"replace({same_letters}, '{letter}', '{letters}')"
    letters = character_classes()[0]
    word, led_word = _sql_expressions()
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
DECLARE folded text := search_fold(content); lexemes tsvector; bare text[];
BEGIN
    IF octet_length(folded) = length(folded) AND folded !~ '[0-9]e[0-9]|[a-z][+#]' THEN
        lexemes := to_tsvector('simple', regexp_replace(folded, '[^0-9a-z]+', ' ', 'g'));
    ELSE
        SELECT coalesce(string_agg('''' || word || ''':' || least(number, 16383), ' '), '')::tsvector,
            array_agg(rtrim(word, '＋＃') ORDER BY number) FILTER (WHERE right(word, 1) IN ('＋', '＃'))
        INTO lexemes, bare
        FROM (
            SELECT translate(parts[1], '+#', '＋＃') AS word, number
            FROM regexp_matches(folded, '({word})', 'g') WITH ORDINALITY AS words (parts, number)
        ) AS words
        WHERE length(word) <= {LONGEST_WORD};
    END IF;
    IF position('''' IN folded) > 0 THEN
        lexemes := lexemes || (
            SELECT coalesce(string_agg('''' || replace(parts[1], '''', '') || ''':2', ' '), '')::tsvector
            FROM regexp_matches(folded, '([{letters}]+(?:''[{letters}]+)+)', 'g') AS compounds (parts)
            WHERE length(parts[1]) <= {LONGEST_WORD}
        );
    END IF;
    IF bare IS NOT NULL OR folded ~ '[.#@$%]' THEN
        lexemes := lexemes || (
            SELECT coalesce(string_agg('''' || word || ''':2', ' '), '')::tsvector
            FROM (
                SELECT word, sum(length(word)) OVER (ORDER BY min(number)) AS together
                FROM (
                    SELECT word, number FROM unnest(bare) WITH ORDINALITY AS words (word, number)
                    UNION ALL
                    SELECT translate(parts[1], '{_SIGNS}', '{_WIDE_SIGNS}'), number + {LONGEST_TEXT}
                    FROM regexp_matches(folded, '{led_word}', 'g') WITH ORDINALITY AS led (parts, number)
                ) AS signed GROUP BY word
            ) AS few
            WHERE together <= {_MOST_BESIDES} AND length(word) <= {LONGEST_WORD}
        );
    END IF;
    RETURN lexemes;
END $$
""",  # noqa: S608 (constants)
    )


def _quoted(text: str) -> str:
    return text.replace("'", "''")
