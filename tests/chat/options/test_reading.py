"""What people type is read as they meant it, written back as they know it, and refused in words."""

import json
from typing import Any

import pytest

from chat.catalog import offers
from chat.options import OptionsForm

PLACE = "web_search_options.user_location."
SCHEMA = (
    '{"type": "object", "properties": {"year": {"type": "integer"}}, "required": ["year"],'
    ' "additionalProperties": false}'
)


def submitted(data: dict[str, str], model: str = "sonar") -> OptionsForm:
    return OptionsForm(offers.offer_of(model, "sonar"), data)


def test_what_nobody_set_is_not_there():
    names = [field.name for field in submitted({}).fields]
    empty = submitted(dict.fromkeys(names, ""))
    assert empty.is_valid()
    assert empty.options == {}


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("search_mode", "sec", "sec"),
        ("disable_search", "on", True),
        ("safe_search", "off", False),
        ("search_after_date_filter", "2025-03-01", "03/01/2025"),
        ("search_after_date_filter", "3/1/2025", "3/1/2025"),
        ("temperature", "0", 0),
        ("temperature", "0,5", 0.5),
        ("presence_penalty", "-1.25", -1.25),
        ("max_tokens", " 16 ", 16),
        ("language_preference", "  Old   Norse ", "Old Norse"),
        ("search_domain_filter", "a.example\nhttps://b.example/news/, .gov", ["a.example", "b.example/news", ".gov"]),
        ("search_language_filter", "en, Korean", ["en", "ko"]),
        ("search_language_filter", "en ko", ["en", "ko"]),
        ("search_language_filter", "korean", ["ko"]),
        ("stop", "the end\n\nSo, finally", ["the end", "So, finally"]),
        (f"{PLACE}country", "kr", "KR"),
        (f"{PLACE}country", "south korea", "KR"),
        (f"{PLACE}city", "São Paulo", "São Paulo"),
    ],
)
def test_a_value_is_read_as_it_is_meant(path: str, typed: str, value: Any):
    found = submitted({f"o.{path}": typed})
    assert found.errors == {}
    place: Any = found.options
    for step in path.split("."):
        place = place[step]
    assert place == value


def test_sites_are_left_out_by_a_minus():
    found = submitted({"o.search_domain_filter": "a.example -b.example", "o.search_domain_filter:how": "deny"})
    assert found.options == {"search_domain_filter": ["-a.example", "-b.example"]}
    assert found.is_valid()


def test_photographs_go_by_two_names():
    found = submitted({"o.image_format_filter": ".JPG png", "o.return_images": "on"})
    assert found.options["image_format_filter"] == ["jpg", "png", "jpeg"]


@pytest.mark.parametrize(
    ("path", "typed", "sentence"),
    [
        ("temperature", "warm", "Enter a number"),
        ("temperature", "2", "from 0 to 1.99"),
        ("temperature", "1e400", "Enter a number"),
        ("temperature", "nan", "Enter a number"),
        ("max_tokens", "15", "from 16 to 128000"),
        ("max_tokens", "20.5", "whole number"),
        ("max_tokens", "9" * 5000, "whole number"),
        ("max_tokens", "٢٠", "whole number"),
        ("search_after_date_filter", "2025-02-30", "date that exists"),
        ("search_after_date_filter", "last week", "month/day/year"),
        ("search_mode", "moon", "can’t be “moon”"),
        ("safe_search", "maybe", "on or off"),
        ("search_domain_filter", "a.example -b.example", "not both"),
        ("search_domain_filter", " ".join(f"{n}.example" for n in range(21)), "at most 20"),
        ("search_domain_filter", "a" * 10_001, "at most"),
        (f"{PLACE}country", "Atlantis", "Two letters"),
        (f"{PLACE}latitude", "91", "from -90 to 90"),
        ("image_format_filter", "png", "This requires “Images”"),
        ("response_format", "xml", "formats in the list"),
    ],
)
def test_what_cannot_be_sent_is_told_at_its_field_and_stays_there(path: str, typed: str, sentence: str):
    found = submitted({f"o.{path}": typed})
    assert not found.is_valid()
    field = next(field for field in found.fields if field.path == path)
    assert sentence in " ".join(field.errors)
    assert field.value == typed


def test_a_schema_is_taken_alone_with_its_name_or_as_a_whole_format():
    bare = json.loads(SCHEMA)
    named = {"name": "year", "strict": True, "schema": bare}
    for typed, wanted in [
        (bare, {"schema": bare}),
        (named, named),
        ({"type": "json_schema", "json_schema": named}, named),
    ]:
        found = submitted({"o.response_format": "json_schema", "o.response_format:schema": json.dumps(typed)})
        assert found.errors == {}
        assert found.options == {"response_format": {"type": "json_schema", "json_schema": wanted}}
        again = OptionsForm(found.offer, options=found.options)
        assert again.options == found.options


@pytest.mark.parametrize(
    "typed",
    [
        *("", "{", '{\n"a": }', "[]", "{}", '{"a": NaN}', '{"a": 1e999}', '{"a": 99999999999999999999}'),
        '{"a": ' + "9" * 5000 + "}",
        '{"a":' * 60 + "1" + "}" * 60,
        '{"a":' * 5_000 + "1" + "}" * 5_000,
        '{"type": "string", "const": "\\u0000"}',
        '{"type": "string", "const": "\\ud800"}',
        '{"type": "integer", "maximum": 1e999}',
        '{"type": "string", "description": "' + "x" * 30_000 + '"}',
    ],
)
def test_a_schema_that_cannot_be_one_is_given_back_with_the_reason(typed: str):
    found = submitted({"o.response_format": "json_schema", "o.response_format:schema": typed})
    assert found.errors["response_format"][0].endswith(".")
    assert "response_format" not in found.options
    field = next(field for field in found.fields if field.path == "response_format")
    assert field.schema == typed


def test_a_schema_that_was_written_and_not_chosen_is_kept_and_not_sent():
    found = submitted({"o.response_format": "", "o.response_format:schema": SCHEMA})
    assert found.is_valid()
    assert found.options == {}
    assert next(field for field in found.fields if field.path == "response_format").schema == SCHEMA


def test_an_expression_is_taken_where_the_model_follows_one():
    data = {"o.response_format": "regex", "o.response_format:regex": "[0-9]{4}"}
    assert submitted(data).options == {"response_format": {"type": "regex", "regex": {"regex": "[0-9]{4}"}}}
    assert submitted(data).is_valid()
    assert "Only Sonar" in " ".join(submitted(data, "sonar-pro").errors["response_format"])


def test_characters_that_nobody_sees_are_left_out():
    found = submitted({"o.language_preference": "Kor\x00ean\u2028", "o.stop": "a\x1b\r\nb"})
    assert found.options == {"language_preference": "Korean", "stop": ["a", "b"]}
