"""Numbers that are written as words, in English, German, French, Spanish and Portuguese."""

from collections.abc import Iterator, Sequence
from functools import cache

from chat.sources.claims.folding import listed

_ENGLISH = listed("""
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
""")
_ENGLISH_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
_GERMAN = listed("""
null ein zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn
siebzehn achtzehn neunzehn
""")
_GERMAN_TENS = listed("zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig")
_FRENCH = listed("""
zero un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept
dix-huit dix-neuf
""")
_FRENCH_TENS = ["vingt", "trente", "quarante", "cinquante", "soixante"]
_SPANISH = listed("""
cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete
dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete
veintiocho veintinueve
""")
_SPANISH_TENS = listed("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_SPANISH_HUNDREDS = listed("""
ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos
""")
_PORTUGUESE = listed("""
zero um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete
dezoito dezenove
""")
_PORTUGUESE_TENS = listed("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
_PORTUGUESE_HUNDREDS = listed("""
cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos
""")

_LONGEST_GERMAN = 60  # letters
LONGEST = 6  # words of a number below a thousand
LEAST = 3  # "one" and "two" are articles and pairs too often

_ORDINALS = {
    "en": "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "de": "erste zweite dritte vierte funfte sechste siebte achte neunte zehnte elfte zwolfte",
    "fr": "premier deuxieme troisieme quatrieme cinquieme sixieme septieme huitieme neuvieme dixieme onzieme douzieme",
    "es": "primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo undecimo duodecimo",
    "pt": "primeiro segundo terceiro quarto quinto sexto setimo oitavo nono decimo",
}


@cache
def ordinals(language: str) -> dict[str, int]:
    """The folded words for *first* to *twelfth* of a language, in their usual endings."""
    found: dict[str, int] = {}
    for number, word in enumerate(_ORDINALS.get(language, "").split(), start=1):
        stem = word[:-1] if word[-1] in "eo" and language in ("de", "es", "pt") else word
        endings = ("", "e", "er", "es", "en", "em") if language == "de" else ("", "o", "a", "os", "as", "s")
        found.update({f"{stem}{ending}": number for ending in endings})
        found[word] = number
    return found


@cache
def number_words(language: str) -> dict[str, int]:
    """The folded words for 3 to 999, joined by single blanks (a hyphen is one), of a language that has them here."""
    makers = {"en": _english, "de": _german, "fr": _french, "es": _spanish, "pt": _portuguese}
    if language not in makers:
        return {}
    return {form: number for number in range(LEAST, 1000) for form in makers[language](number)}


@cache
def first_words(language: str) -> frozenset[str]:
    """The words with which such a number can begin."""
    return frozenset(form.partition(" ")[0] for form in number_words(language))


def longest_number(words: Sequence[str], at: int, language: str) -> tuple[int, int]:
    """The number that begins at a word, and how many words it takes; (0, 0) where none begins."""
    known = number_words(language)
    if language == "de" and "tausend" in words[at] and len(words[at]) < _LONGEST_GERMAN:
        return _german_thousands(words[at]), 1
    for count in range(min(LONGEST, len(words) - at), 0, -1):
        number = known.get(" ".join(words[at : at + count]))
        if number:
            return number, count
    return 0, 0


def _german_thousands(word: str) -> int:
    """The number that one word with *tausend* in it is, 0 where it is none."""
    known = {**number_words("de"), "": 0, "ein": 1, "zwei": 2, "eins": 1}
    head, _, rest = word.partition("tausend")
    rest = rest.removeprefix("und")
    return (known[head] or 1) * 1000 + known[rest] if head and head in known and rest in known else 0


def _english(number: int) -> Iterator[str]:
    if number >= 100:
        head, rest = divmod(number, 100)
        yield from _with_rest(f"{_ENGLISH[head]} hundred", _english(rest) if rest else (), (" ", " and "))
    elif number < 20:
        yield _ENGLISH[number]
    else:
        ten, one = divmod(number, 10)
        yield f"{_ENGLISH_TENS[ten - 2]} {_ENGLISH[one]}" if one else _ENGLISH_TENS[ten - 2]


def _german(number: int) -> Iterator[str]:
    if number >= 100:
        head, rest = divmod(number, 100)
        yield from _with_rest(f"{_GERMAN[head]}hundert", _german(rest) if rest else (), ("", "und"))
    elif number < 20:
        yield _GERMAN[number]
    else:
        ten, one = divmod(number, 10)
        yield f"{_GERMAN[one]}und{_GERMAN_TENS[ten - 2]}" if one else _GERMAN_TENS[ten - 2]


def _french(number: int) -> Iterator[str]:
    if number >= 100:
        head, rest = divmod(number, 100)
        hundred = "cent" if head == 1 else f"{_FRENCH[head]} cent"
        yield from _with_rest(hundred, _french(rest) if rest else (), (" ",))
        if not rest and head > 1:
            yield f"{hundred}s"
    elif number < 20:
        yield _FRENCH[number].replace("-", " ")
    elif number < 70:
        ten, one = divmod(number, 10)
        tens = _FRENCH_TENS[ten - 2]
        if one == 1:
            yield f"{tens} et une"
        yield tens if not one else f"{tens} et un" if one == 1 else f"{tens} {_FRENCH[one]}"
    elif number < 80:
        yield "soixante et onze" if number == 71 else f"soixante {_FRENCH[number - 60].replace('-', ' ')}"
    else:
        yield "quatre vingts" if number == 80 else f"quatre vingt {_FRENCH[number - 80].replace('-', ' ')}"


def _spanish(number: int) -> Iterator[str]:
    if number == 100:
        yield "cien"
    elif number > 100:
        head, rest = divmod(number, 100)
        for hundred in (_SPANISH_HUNDREDS[head - 1], f"{_SPANISH_HUNDREDS[head - 1][:-2]}as"):
            yield from _with_rest(hundred, _spanish(rest) if rest else (), (" ",))
    elif number < 30:
        yield _SPANISH[number]
        if number == 21:
            yield "veintiuna"
    else:
        ten, one = divmod(number, 10)
        if one == 1:
            yield f"{_SPANISH_TENS[ten - 3]} y una"
        yield f"{_SPANISH_TENS[ten - 3]} y {_SPANISH[one]}" if one else _SPANISH_TENS[ten - 3]


def _portuguese(number: int) -> Iterator[str]:
    if number == 100:
        yield "cem"
    elif number > 100:
        head, rest = divmod(number, 100)
        yield from _with_rest(_PORTUGUESE_HUNDREDS[head - 1], _portuguese(rest) if rest else (), (" e ",))
    elif number < 20:
        yield _PORTUGUESE[number]
    else:
        ten, one = divmod(number, 10)
        if one in (1, 2):
            yield f"{_PORTUGUESE_TENS[ten - 2]} e {('uma', 'duas')[one - 1]}"
        yield f"{_PORTUGUESE_TENS[ten - 2]} e {_PORTUGUESE[one]}" if one else _PORTUGUESE_TENS[ten - 2]


def _with_rest(head: str, rests: Iterator[str] | tuple[()], joints: tuple[str, ...]) -> Iterator[str]:
    forms = list(rests)
    if not forms:
        yield head
    for rest in forms:
        for joint in joints:
            yield f"{head}{joint}{rest}"
