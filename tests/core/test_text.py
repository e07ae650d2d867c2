"""What people type, without what nobody can see."""

import pytest

from core.text import can_be_seen, one_line

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t",
        "\u200b",
        "\u200d\u200c",
        "\u202e\u2069",
        "\ufeff",
        "\u3164",
        "\u2800 \u2800",
        "\ufe0f",
        "\x00",
        "\u2028",
    ],
)
def test_what_has_no_shape_is_neither_a_question_nor_a_name(text: str) -> None:
    assert not can_be_seen(text)
    assert one_line(text) == ""


@pytest.mark.parametrize("text", ["?", "a\u200b", "\u706f", FAMILY, PERSIAN, "\u200b.\u200b"])
def test_one_sign_with_a_shape_is_enough(text: str) -> None:
    assert can_be_seen(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Lights\n\tand  fog ", "Lights and fog"),
        ("Lig\u200bhts\u202e", "Lights"),
        (FAMILY, FAMILY),
        (PERSIAN, PERSIAN),
    ],
)
def test_a_name_is_one_line_and_keeps_what_its_script_is_written_with(text: str, line: str) -> None:
    assert one_line(text) == line
