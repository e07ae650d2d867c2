"""Pages come without the indentation of their templates, and say what they said."""

import pytest
from django.template import engines
from django.template.loader import get_template

from core.web.template_loader import without_indentation
from tests.stores import ROOT


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<p>\n    a\n\n\n  <b>b</b>  \n</p>\n", "<p>\na\n<b>b</b>\n</p>\n"),
        ("<b>a</b> <i>b</i>", "<b>a</b> <i>b</i>"),
        ("a\n{% if b %}\n  {# c #}\n  d\n{% endif %}\ne", "a\n{% if b %}{# c #}d\n{% endif %}e"),
        ("<p\n{% if a %}b{% endif %}\n>", "<p\n{% if a %}b{% endif %}\n>"),
        ("{% load a %}\n<p>\n{{ b }}\n{% include 'c' %}\n</p>", "{% load a %}\n<p>\n{{ b }}\n{% include 'c' %}\n</p>"),
        ("a\n   {% blocktranslate %}\n   b\n   {% endblocktranslate %}\n  c", None),
        ("a\n   {% blocktranslate trimmed %}\n   b\n   {% endblocktranslate %}\n  c", None),
        ("<textarea rows=2>\n\n  a\n  b</textarea>\n  <pre>\n  a</pre>", None),
        ("a\n\xa0 b", "a\n\xa0 b"),
    ],
)
def test_only_indentation_and_blank_lines_go(source: str, left: str | None) -> None:
    found = without_indentation(source)

    if left is not None:
        assert found == left
    else:
        assert found == source.replace("a\n   {%", "a\n{%").replace("%}\n  c", "%}\nc").replace(">\n  <pre", ">\n<pre")


def test_our_templates_are_read_so_and_those_of_others_are_found() -> None:
    source = get_template("chat/composer/_models_list.html").template.source  # type: ignore[attr-defined]
    on_disk = (ROOT / "templates/chat/composer/_models_list.html").read_text()
    assert "\n  " in on_disk
    assert "".join(source.split()) == "".join(on_disk.split())
    assert "\n " not in source
    assert engines["django"].get_template("admin/change_list.html")
