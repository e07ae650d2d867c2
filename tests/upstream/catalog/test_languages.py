"""Languages go by the names that Unicode gives them, and by others that people use."""

import pytest

from upstream.catalog.languages import LANGUAGES, code_of_language


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("Korean", "ko"),
        (" german ", "de"),
        ("de", "de"),
        ("PT", "pt"),
        ("Norwegian Bokmål", "nb"),
        ("Bangla", "bn"),
        ("Bengali", "bn"),
        ("Mandarin", "zh"),
        ("Filipino", "tl"),
        ("Klingon", ""),
        ("sh", ""),
        ("xx", ""),
        ("", ""),
    ],
)
def test_a_language_is_known_by_its_names_and_by_its_code(named: str, code: str) -> None:
    assert code_of_language(named) == code


def test_languages_have_codes_of_two_letters_and_stand_in_the_order_of_their_names() -> None:
    assert all(len(code) == 2 and code.isalpha() and code.islower() for code in LANGUAGES)
    assert list(LANGUAGES.values()) == sorted(LANGUAGES.values())
    assert code_of_language("en") == "en"
