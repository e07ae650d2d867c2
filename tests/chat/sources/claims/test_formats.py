"""What Babel writes in any of our languages is read back as it was."""

from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from chat.sources.claims.facts import FactKind
from chat.sources.claims.finding import facts_of

LOCALES = st.sampled_from(("en", "de", "fr", "es", "pt_BR", "ja", "zh_Hans", "ar"))
FORMS = st.sampled_from(("long", "medium"))


@given(locale=LOCALES, number=st.decimals(min_value=3, max_value=Decimal("999999999"), places=2))
def test_a_number_is_read_back(locale: str, number: Decimal) -> None:
    written = format_decimal(number, format="#,##0.##", locale=locale)
    (fact,) = facts_of(f"({written} km)", language=locale)

    assert fact.kind == FactKind.FIGURE
    assert isinstance(fact.value, tuple)
    assert (fact.value[1], Decimal(fact.value[2])) == ("length", number * 1000)


@given(locale=LOCALES, form=FORMS, day=st.dates(min_value=date(1600, 1, 1), max_value=date(2099, 12, 31)))
def test_a_date_is_read_back(locale: str, form: str, day: date) -> None:
    written = format_date(day, format=form, locale=locale)
    (fact,) = facts_of(f"({written})", language=locale)

    assert fact.kind == FactKind.DATE
    assert isinstance(fact.value, tuple)
    assert day.isoformat() in str(fact.value[1]).split("|")
