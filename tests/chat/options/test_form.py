"""The form shows what a model takes and nothing else, and gives back what cannot be sent."""

import html

import pytest

from chat.catalog import offers
from chat.catalog.offers import Offer
from chat.options import OptionsForm, chips, options_that_fit
from chat.options.controls import SEARCH_FLAGS
from upstream.catalog.rules import EVERY_PARAMETER, MODELS, parameters_of

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


@pytest.mark.parametrize("name", [*MODELS, "agent:fast", "agent:low", "agent:openai/gpt-6-luna", "agent:new/one"])
def test_every_option_of_the_model_has_a_field_and_no_other_has(name: str):
    provider, model = name.split(":") if ":" in name else ("sonar", name)
    form = OptionsForm(offers.offer_of(model, provider))
    taken = [parameter.name for parameter in parameters_of(model, provider=provider)]
    assert [field.path for field in form.fields if field.path != "search_when"] == [
        name for name in taken if name not in SEARCH_FLAGS
    ]
    shown = [field.path for group in form.groups for field in (*group.front, *group.more, *group.place)]
    assert sorted(shown) == sorted(field.path for field in form.fields)
    for field in form.fields:
        assert f'name="{field.name}"' in form.html
        assert field.label in html.unescape(form.html)
    for parameter in EVERY_PARAMETER:
        assert parameter.name in taken or f'name="o.{parameter.name}"' not in form.html


def search_choices(name: str) -> list[str]:
    """What can be chosen about when to search."""
    provider, _, model = name.rpartition(":")
    fields = {field.path: field for field in OptionsForm(offers.offer_of(model, provider or "sonar")).fields}
    return [choice.label for choice in fields["search_when"].choices] if "search_when" in fields else []


def test_when_to_search_is_one_choice_of_what_can_be():
    assert search_choices("sonar") == ["Always", "Only when needed", "Never"]
    assert search_choices("agent:openai/gpt-6-luna") == ["Always", "Only when needed", "Never"]
    assert search_choices("agent:medium") == ["Preset decides", "Never"]
    assert search_choices("agent:fast") == search_choices(RESEARCH) == []


@pytest.mark.parametrize(
    ("chosen", "options", "chip"),
    [
        ("", {}, []),
        ("enable_search_classifier", {"enable_search_classifier": True}, ["Only when needed"]),
        ("disable_search", {"disable_search": True}, ["Never"]),
    ],
)
def test_when_to_search_is_sent_as_the_flag_that_it_stands_for(chosen: str, options: dict[str, bool], chip: list[str]):
    form = OptionsForm(offer(SONAR), {"o.search_when": chosen})
    assert (form.is_valid(), form.options) == (True, options)
    assert [(one.label, one.path) for one in form.chips] == [("When to search", "search_when")] * len(chip)
    assert [one.value for one in form.chips] == chip
    again = {field.path: field.value for field in OptionsForm(offer(SONAR), options=options).fields}
    assert again["search_when"] == chosen


def test_a_way_to_search_that_another_form_offered_says_why_it_cannot_be():
    forms = {
        model: OptionsForm(offers.offer_of(model, "agent"), {"o.search_when": "enable_search_classifier"})
        for model in ("low", "fast")
    }
    assert "A preset decides for itself when to search." in forms["low"].general_errors[0]
    assert "“fast” searches once for every question" in forms["fast"].general_errors[0]
    assert "“search_when”" in OptionsForm(offer(SONAR), {"o.search_when": "maybe"}).general_errors[0]


def test_what_an_agent_model_does_not_take_is_told_by_its_own_reason():
    asked = {"o.return_related_questions": "on", "o.stop": "x", "o.reasoning_effort": "max"}
    for model in ("fast", "openai/gpt-6-luna", "somebody/unheard-of"):
        form = OptionsForm(offers.offer_of(model, "agent"), asked)
        assert form.options == {"reasoning_effort": "max"}
        told = " ".join(form.general_errors)
        assert "The Agent API doesn’t suggest related questions." in told
        assert "The Agent API doesn’t have this option." in told
    local = OptionsForm(offer("tiny-local"), {"o.search_mode": "web"})
    assert "The model tiny-local doesn’t support" in local.general_errors[0]


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
    assert "“nonsense” isn’t an option" in " ".join(form.general_errors)


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
        "Deep research doesn’t accept files. Remove them or choose another model.",
        "Deep research doesn’t accept images. Remove them or choose another model.",
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
        "Images": "On",
        "Temperature": "0.7",
        "Stop at": "END",
        "Format": "Regular expression",
    }


def test_chips_are_short_and_there_for_models_that_are_gone():
    many = {"search_domain_filter": ["a.example", "b.example", "c.example"], "language_preference": "x" * 100}
    told = {chip.label: chip.value for chip in chips(many)}
    assert told["Sites"] == "a.example, b.example and 1 more"
    assert len(told["Answer language"]) < 50
    assert [chip.path for chip in chips({"reasoning_effort": "low"}, offer(SONAR))] == ["reasoning_effort"]
