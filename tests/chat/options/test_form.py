"""The form shows what a model takes and nothing else, and gives back what cannot be sent."""

import pytest

from chat.catalog import offers
from chat.catalog.offers import Offer
from chat.options import OptionsForm, chips, options_that_fit
from upstream.catalog.rules import MODELS, PARAMETERS, parameters_of

RESEARCH, PRO, SONAR = "sonar-deep-research", "sonar-pro", "sonar"
PLACE = {"country": "KR", "city": "Seoul", "latitude": 37.5, "longitude": 127}
OPTIONS = {
    "search_mode": "academic",
    "search_domain_filter": ["-a.example"],
    "search_after_date_filter": "03/01/2025",
    "temperature": 0.7,
    "return_images": True,
    "safe_search": False,
    "stop": ["END"],
    "response_format": {"type": "regex", "regex": {"regex": "[0-9]+"}},
    "web_search_options": {"search_context_size": "high", "user_location": PLACE},
}


def offer(model: str) -> Offer:
    return offers.offer_of(model, "sonar")


@pytest.mark.parametrize("model", MODELS)
def test_every_option_of_the_model_has_a_field_and_no_other_has(model: str):
    form = OptionsForm(offer(model))
    assert [field.path for field in form.fields] == [parameter.name for parameter in parameters_of(model)]
    shown = [field.path for group in form.groups for field in (*group.front, *group.more, *group.place)]
    assert sorted(shown) == sorted(field.path for field in form.fields)
    for field in form.fields:
        assert f'name="{field.name}"' in form.html
        assert field.label in form.html
    for parameter in set(PARAMETERS) - set(parameters_of(model)):
        assert f'name="o.{parameter.name}"' not in form.html


def test_groups_come_in_their_order():
    assert [group.title for group in OptionsForm(offer(SONAR)).groups] == [
        *("Search", "Sources and media", "Style", "Limits", "Output")
    ]


def test_how_much_to_read_says_what_it_costs():
    def notes(model: str) -> list[str]:
        fields = {field.path: field for field in OptionsForm(offer(model)).fields}
        return [choice.note for choice in fields["web_search_options.search_context_size"].choices]

    assert notes(SONAR) == ["", "$5 per 1,000", "$8 per 1,000", "$12 per 1,000"]
    assert notes(PRO) == ["", "$6 to $14 per 1,000", "$10 to $18 per 1,000", "$14 to $22 per 1,000"]


def test_options_that_are_set_are_shown_and_come_back_the_same():
    form = OptionsForm(offer(SONAR), options=OPTIONS)
    assert form.options == OPTIONS
    data = {f"o.{name}": text for name, text in form._typed.items()}
    assert data["o.search_after_date_filter"] == "2025-03-01"
    assert data["o.search_domain_filter:how"] == "deny"
    assert OptionsForm(offer(SONAR), data).options == OPTIONS


def test_a_form_that_says_nothing_about_options_keeps_those_that_hold():
    form = OptionsForm(offer(SONAR), {"text": "And?"}, OPTIONS)
    assert not form.is_bound
    assert form.options == OPTIONS


def test_another_models_form_is_told_what_was_left_out():
    data = {"o.reasoning_effort": "high", "o.search_mode": "web", "o.disable_search": "", "o.nonsense": "1"}
    form = OptionsForm(offer(SONAR), data)
    assert form.options == {"search_mode": "web"}
    assert set(form.errors) == {"reasoning_effort", "nonsense"}
    assert "Only deep research" in " ".join(form.general_errors)
    assert "There is no option “nonsense”" in " ".join(form.general_errors)


def test_a_change_of_model_keeps_what_fits_with_what_was_typed_wrongly():
    data = {
        "o.search_mode": "academic",
        "o.temperature": "warm",
        "o.web_search_options.search_context_size": "high",
        "o.response_format": "regex",
        "o.response_format:regex": "[0-9]+",
        "o.disable_search": "",
    }
    fitted, dropped = OptionsForm(offer(RESEARCH), data).fitted()
    assert fitted.options == {"search_mode": "academic"}
    assert list(fitted.errors) == ["temperature"]
    assert next(field for field in fitted.fields if field.path == "temperature").value == "warm"
    assert sorted(dropped) == ["Format", "How much to read"]


def test_images_and_files_are_refused_where_the_model_takes_none():
    assert OptionsForm(offer(RESEARCH), with_images=True, with_files=True).general_errors == [
        "Deep research takes no files. Remove them or choose another model.",
        "Deep research takes no images. Remove them or choose another model.",
    ]
    assert OptionsForm(offer(SONAR), with_images=True, with_files=True).is_valid()


def test_another_model_gets_what_it_takes():
    assert options_that_fit(OPTIONS, offer(SONAR)) == OPTIONS
    pro = options_that_fit(OPTIONS, offer(PRO))
    assert pro == {name: value for name, value in OPTIONS.items() if name != "response_format"}
    research = options_that_fit(OPTIONS, offer(RESEARCH))
    assert "response_format" not in research
    assert research["web_search_options"] == {"user_location": PLACE}
    assert options_that_fit({"reasoning_effort": "high"}, offer(SONAR)) == {}


def test_what_depends_on_something_left_out_is_left_out_with_it():
    stored = {"return_images": "yes", "image_format_filter": ["png"], "num_images": 3, "search_mode": "web"}
    assert options_that_fit(stored, offer(SONAR)) == {"search_mode": "web"}


@pytest.mark.parametrize("stored", [{"web_search_options": 3}, {"nonsense": 1}, {"media_response": {"overrides": []}}])
def test_stored_options_of_another_shape_do_no_harm(stored: dict[str, object]):
    assert options_that_fit(stored, offer(SONAR)) == {}
    assert chips(stored) == []
    assert OptionsForm(offer(SONAR), options=stored).options == {}


def test_chips_say_what_is_set_in_words():
    told = {chip.label: chip.value for chip in chips(OPTIONS, offer(SONAR))}
    assert told == {
        "Where to search": "Scholarly",
        "How much to read": "High",
        "Sites": "without a.example",
        "Published after": "1 Mar 2025",
        "Safe search": "Off",
        "Country": "KR",
        "City": "Seoul",
        "Latitude": "37.5",
        "Longitude": "127",
        "Pictures": "On",
        "Temperature": "0.7",
        "Stop at": "END",
        "Format": "Regular expression",
    }


def test_chips_are_short_and_there_for_models_that_are_gone():
    many = {"search_domain_filter": ["a.example", "b.example", "c.example"], "language_preference": "x" * 100}
    told = {chip.label: chip.value for chip in chips(many)}
    assert told["Sites"] == "a.example, b.example and 1 more"
    assert len(told["Language of the answer"]) < 50
    assert [chip.path for chip in chips({"reasoning_effort": "low"}, offer(SONAR))] == ["reasoning_effort"]
