"""The documentation that is written from data says what the data say."""

from scripts.parameters import PAGE, page
from tests.stores import ROOT
from upstream.catalog.models import models_of
from upstream.catalog.rules import PARAMETERS


def test_the_page_about_options_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_the_page_names_every_option_and_every_model() -> None:
    text = PAGE.read_text(encoding="utf-8")
    models = [name for provider in ("sonar", "agent") for name in models_of(provider)]
    assert [name for name in [*models, *(one.name for one in PARAMETERS)] if f"`{name}`" not in text] == []


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    wide = 0
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = line.replace("\\|", "").count("|")
        wide = cells if line.startswith("|") and not wide else wide if line.startswith("|") else 0
        assert cells == wide


def test_the_readme_leads_to_it() -> None:
    assert "docs/parameters.md" in (ROOT / "README.md").read_text(encoding="utf-8")
