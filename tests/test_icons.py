"""The icons that templates name, and how they are written."""

import re

import pytest
from django.template import engines

from tests.stores import ROOT

SYMBOLS = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/img/icons.svg").read_text()))
NAMED = {
    name
    for path in (ROOT / "templates").rglob("*.html")
    for name in re.findall(r'\bicon[ =]"([\w-]+)"', path.read_text())
}


def test_every_icon_that_a_template_names_is_there() -> None:
    assert NAMED
    assert NAMED <= SYMBOLS


@pytest.mark.parametrize(
    ("tag", "attributes"),
    [
        ('{% icon "plus" %}', 'class="icon" aria-hidden="true"'),
        ('{% icon "pin" label=said %}', 'class="icon" role="img" aria-label="Pinned &amp; &lt;kept&gt;"'),
        ('{% icon "logo" classes="logo" %}', 'class="logo" aria-hidden="true"'),
    ],
)
def test_an_icon_is_decoration_unless_it_has_a_label(tag: str, attributes: str) -> None:
    html = engines["django"].from_string("{% load icons %}" + tag).render({"said": "Pinned & <kept>"})

    name = tag.split('"')[1]
    assert html == f'<svg {attributes}><use href="/static/img/icons.svg#{name}"></use></svg>'
