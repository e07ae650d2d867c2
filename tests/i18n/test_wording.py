"""Lists, quotes and the names of models have the signs and words of the reader's language."""

from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.text import capfirst

from core.sentences import Dollars, listed, quoted, sentence
from core.web.wording import enumerated, said, said_text, stored_text
from imaging.models import Decision


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "“sites”, 3, Yes"), ("de", "„sites“, 3, Yes"), ("ja", "「sites」、3、Yes"), ("zh-hans", "“sites”、3、Yes")],
)
def test_a_list_is_written_as_the_language_writes_it(language: str, shown: str) -> None:
    with translation.override(language):
        assert enumerated([quoted("sites"), "3", "Yes"]) == shown


def test_a_list_of_one_is_that_one_and_is_not_looked_up() -> None:
    with translation.override("de"):
        assert enumerated(["Search"]) == "Search"
        assert enumerated([]) == ""


def test_a_list_within_a_sentence_is_said_with_it() -> None:
    outer = sentence("%(first)s %(second)s", first=listed(["a", quoted("b")]), second=sentence("Search"))
    assert str(outer) == "a, “b” Search"
    with translation.override("fr"):
        assert said(outer) == "a, «\u00a0b\u00a0» Recherche"


def test_the_administration_calls_several_of_a_model_by_a_word_of_the_language() -> None:
    with translation.override("de"):
        assert capfirst(Decision._meta.verbose_name_plural) == "Entscheidungen"


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", "about $0.003 to $5"),
        ("de", "0,003\xa0$ bis 5\xa0$"),
        ("pt-br", "US$\xa00,003 a US$\xa05"),
        ("ja", "$0.003～$5"),
    ],
)
def test_an_amount_in_a_sentence_is_written_as_its_reader_writes_amounts(language: str, written: str) -> None:
    told = sentence(
        "%(tokens)s: about %(low)s to %(high)s per question",
        tokens="x",
        low=Dollars(Decimal("0.003")),
        high=Dollars(Decimal(5)),
    )
    kept = stored_text(told)
    with translation.override(language):
        assert written in said(told)
        assert said_text(kept) == said(told)
