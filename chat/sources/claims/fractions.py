"""Parts of a whole and dozens that are said in words: *three quarters* is 75 %, *a dozen* is 12.

Before a unit a part is one of that unit: *a quarter of an hour* is 15 minutes.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

_PARTS = """
50: half_of one_half die_halfte der_halfte la_moitie la_mitad a_metade
25: a_quarter_of one_quarter ein_viertel einem_viertel un_quart_de un_quart_des una_cuarta_parte
25: um_quarto_do um_quarto_da
75: three_quarters three_fourths drei_viertel dreiviertel trois_quarts tres_cuartas_partes tres_cuartos tres_quartos
33.3: a_third_of one_third ein_drittel einem_drittel un_tiers una_tercera_parte un_tercio um_terco
66.7: two_thirds zwei_drittel deux_tiers dos_tercios dos_terceras_partes dois_tercos
20: a_fifth_of one_fifth ein_funftel un_cinquieme_de una_quinta_parte um_quinto_do
"""
_DOZENS = """
12: a_dozen one_dozen ein_dutzend une_douzaine una_docena uma_duzia
24: two_dozen zwei_dutzend dos_docenas duas_duzias
"""
_PARTS_OF_UNITS = """
50: half a_half eine_halbe einer_halben ein_halber ein_halbes einen_halben einem_halben halber halbe halben halbes
50: un_demi une_demi demi medio media meio meia
25: a_quarter one_quarter ein_viertel einem_viertel einen_viertel un_quart un_cuarto um_quarto
75: three_quarters drei_viertel dreiviertel trois_quarts tres_cuartos tres_quartos
33.3: a_third ein_drittel un_tiers un_tercio um_terco
66.7: two_thirds zwei_drittel deux_tiers dos_tercios dois_tercos
"""
_JOINING = frozenset({("of", "a"), ("of", "an"), ("a",), ("an",)})

LONGEST = 3  # words


@cache
def fractions() -> dict[str, tuple[str, Decimal]]:
    """Folded phrases with the kind of figure that they are, and its amount."""
    found: dict[str, tuple[str, Decimal]] = {}
    for kind, table in (("percent", _PARTS), ("", _DOZENS)):
        for line in table.strip().splitlines():
            amount, _, phrases = line.partition(": ")
            found.update((phrase.replace("_", " "), (kind, Decimal(amount))) for phrase in phrases.split())
    return found


@cache
def _parts_of_units() -> dict[str, Decimal]:
    lines = (line.partition(": ") for line in _PARTS_OF_UNITS.strip().splitlines())
    return {phrase.replace("_", " "): Decimal(amount) for amount, _, phrases in lines for phrase in phrases.split()}


def part_before_unit(words: Sequence[str]) -> tuple[Decimal, int]:
    """The percent that folded words begin with if a unit follows, and how many words say so; (0, 0) for none."""
    for count in range(min(2, len(words)), 0, -1):
        if part := _parts_of_units().get(" ".join(words[:count])):
            joining = next((more for more in (2, 1) if tuple(words[count : count + more]) in _JOINING), 0)
            return part, count + joining
    return Decimal(0), 0


@cache
def first_words_of_fractions() -> frozenset[str]:
    """The words with which such a phrase begins."""
    return frozenset(phrase.partition(" ")[0] for phrase in (*fractions(), *_parts_of_units()))
