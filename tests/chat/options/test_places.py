"""Countries are the ones that have a code of their own, under the names that people use."""

import pytest

from chat.options.places import COUNTRIES, country, language


def test_every_country_of_the_standard_is_there_and_nothing_else() -> None:
    assert len(COUNTRIES) == 249
    assert {"DE": "Germany", "KR": "South Korea", "TR": "Türkiye"}.items() <= COUNTRIES.items()
    assert not {"EU", "UN", "XK", "ZZ"} & COUNTRIES.keys()


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("germany", "DE"),
        ("kr", "KR"),
        ("Bosnia and Herzegovina", "BA"),
        ("Bosnia & Herzegovina", "BA"),
        ("Saint Lucia", "LC"),
        ("St. Lucia", "LC"),
        ("Hong Kong", "HK"),
        ("Myanmar", "MM"),
        ("Myanmar (Burma)", "MM"),
        ("Cabo Verde", "CV"),
        ("Cape Verde", "CV"),
        ("United States Virgin Islands", "VI"),
        ("Saint Pierre and Miquelon", "PM"),
        ("zz", "ZZ"),
        ("Atlantis", "Atlantis"),
    ],
)
def test_a_country_is_known_by_its_names(named: str, code: str) -> None:
    assert country(named) == code


@pytest.mark.parametrize(("named", "code"), [("Korean", "ko"), ("EN", "en"), ("XX", "xx"), ("Klingon", "Klingon")])
def test_a_language_is_known_by_its_name(named: str, code: str) -> None:
    assert language(named) == code
