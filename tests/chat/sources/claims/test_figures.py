"""Figures, in the forms of several languages, and which of them say the same."""

import pytest

from chat.sources.claims.facts import Fact, FactKind
from chat.sources.claims.finding import facts_of


def values_of(text: str, language: str = "en") -> list[object]:
    return [fact.value for fact in facts_of(text, language=language) if fact.kind == FactKind.FIGURE]


@pytest.mark.parametrize(
    ("text", "language", "kind", "amount"),
    [
        ("It has 1,234.5 pages.", "en", "", "1234.5"),
        ("Es hat 1.234,5 Seiten.", "de", "", "1234.5"),
        ("Elle a 1 234,5 pages.", "fr", "", "1234.5"),
        ("Sie hat 1'234 Seiten.", "de", "", "1234"),
        ("India has 12,34,567 of them.", "en", "", "1234567"),
        ("عددها ١٢٣ صفحة", "ar", "", "123"),
        ("人口は12万人だ。", "ja", "", "120000"),
        ("人口は3億5000万人だ。", "ja", "", "350000000"),
        ("二十三人が来た。", "ja", "", "23"),
        ("It has forty-two rooms.", "en", "", "42"),
        ("Es hat zweihundertdreiundzwanzig Zimmer.", "de", "", "223"),
        ("Il a quatre-vingt-dix-sept pièces.", "fr", "", "97"),
        ("Tiene treinta y cinco salas.", "es", "", "35"),
        ("Tem vinte e três salas.", "pt", "", "23"),
        ("It takes a quarter of an hour.", "en", "time", "900"),
        ("It is half a mile away.", "en", "length", "804.672"),
        ("Man braucht ein viertel Liter.", "de", "volume", "0.25"),
        ("Es dauert eine halbe Stunde.", "de", "time", "1800"),
        ("Cela dure trois quarts d'heure.", "fr", "time", "2700"),
        ("Dura media hora.", "es", "time", "1800"),
        ("Leva meio quilo.", "pt", "mass", "0.5"),
        ("It cost $3.4bn.", "en", "USD", "3400000000"),
        ("Es kostete 2,5 Mrd. Euro.", "de", "EUR", "2500000000"),
        ("Es kostete 3 Billionen Euro.", "de", "EUR", "3000000000000"),
        ("It cost 3 billion euros.", "en", "EUR", "3000000000"),
        ("Cuesta 4 mil millones de dólares.", "es", "USD", "4000000000"),
        ("Custa R$ 5 bilhões.", "pt", "BRL", "5000000000"),
        ("Cela coûte 12 M€.", "fr", "EUR", "12000000"),
        ("It is 5 km long.", "en", "length", "5000"),
        ("It rose by 3 percentage points.", "en", "points", "3"),
        ("It rose by 3%.", "en", "percent", "3"),
        ("It was −12 °C.", "en", "temperature", "-12"),
        ("It was 50 °F.", "en", "temperature", "10"),
        ("It has 300 km² of forest.", "en", "area", "300000000"),
        ("It uses 1.5 GWh.", "en", "energy", "1500000000"),
    ],
)
def test_a_figure_is_read_as_its_language_writes_it(text: str, language: str, kind: str, amount: str) -> None:
    assert values_of(text, language) == [("figure", kind, amount)]


def test_figures_that_say_the_same_have_equal_values() -> None:
    assert values_of("It is 1.2 million km away.") == values_of("It is 1,200,000 km away.")
    assert values_of("It weighs 2.5 tonnes.") == values_of("It weighs 2,500 kg.")


def test_half_a_year_is_no_figure() -> None:
    assert values_of("The half-year profit was better than in the second half year.") == []


def test_money_is_not_converted() -> None:
    assert values_of("It cost 5 euros.") != values_of("It cost 5 dollars.")


def test_the_first_of_a_range_has_the_unit_of_the_second() -> None:
    assert values_of("It is 10–12 km long.") == [("figure", "length", "10000"), ("figure", "length", "12000")]


@pytest.mark.parametrize(
    "text",
    [
        "It runs version 1.2.3 at 192.168.0.1.",
        "See https://example.org/2024/500 for more.",
        "Set `retries = 500` there.",
        "As was shown before [3][web:12].",
        "1. It was first.\n2. It was next.",
        "## 3.2 What it does",
        "```\nx = 500\n```",
        "The ratio is 2/3 there.",
        "It is the second one of two.",
        "It is 5² and 10³ there.",
    ],
)
def test_numbers_that_are_no_figures_are_left_out(text: str) -> None:
    assert values_of(text) == []


@pytest.mark.parametrize(
    "text", ["9" * 29 + "0", "1" + "0" * 29, "1" * 24 + ".25", "二千億" + "京" * 60, "1" + "京" * 60]
)
def test_a_number_of_any_size_is_read_or_left_out(text: str) -> None:
    assert len(values_of(f"There are {text} lamps.")) <= 1


def test_a_number_in_a_name_belongs_to_the_name() -> None:
    facts = facts_of("They flew a Boeing 747 during COVID-19 with 300 people.", language="en")

    assert [(fact.kind, fact.text) for fact in facts] == [
        (FactKind.NAME, "Boeing 747"),
        (FactKind.NAME, "COVID-19"),
        (FactKind.FIGURE, "300"),
    ]


def test_places_in_the_text_are_those_of_the_markdown() -> None:
    text = "# Head\n\nThe **lake** is *12 km* long [1].\n\n- It has `5` isles, 3,000 boats"

    for fact in facts_of(text, language="en"):
        assert text[fact.start : fact.end] == fact.text
    assert [fact.text for fact in facts_of(text, language="en")] == ["12 km", "3,000"]


def test_a_fact_comes_back_from_json() -> None:
    for fact in facts_of('On 3 May 2024 Marie Curie said "it is only 5 km long".', language="en"):
        assert Fact.from_json(fact.to_json()) == fact
