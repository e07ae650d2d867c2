"""Whatever is typed is either sent as the upstream takes it, or refused in a sentence; it never breaks anything."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.catalog import offers
from chat.options import OptionsForm, chips, options_that_fit
from chat.options.layout import USER_LOCATION
from upstream.catalog.rules import EVERY_PARAMETER, MODELS, Parameter, models_of, refusals

settings.register_profile("options", deadline=None, max_examples=60)
settings.load_profile("options")

SITES = st.lists(st.from_regex(r"[a-z]{1,8}\.example", fullmatch=True), min_size=1, max_size=10, unique=True)
HARMLESS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["Cc", "Cs"]), min_size=1)
SPECIAL = {
    f"{USER_LOCATION}country": st.sampled_from(["KR", "kr", "Germany"]),
    "search_language_filter": st.sampled_from(["en", "en, ko", "Korean"]),
    "image_format_filter": st.sampled_from(["png", "jpg webp"]),
}


def good(parameter: Parameter) -> st.SearchStrategy[str]:
    """What somebody who read the help would type."""
    match parameter.kind:
        case "choice":
            return st.sampled_from(parameter.choices)
        case "flag":
            return st.sampled_from(["on", "off"])
        case "integer":
            least, most = int(parameter.least or 0), int(parameter.most or 1000)
            return st.integers(least, most).map(str)
        case "number":
            least, most = parameter.least or 0, parameter.most or 1
            return st.integers(round(least * 100), round(most * 100)).map(lambda hundredths: str(hundredths / 100))
        case "date":
            return st.dates().map(lambda day: day.isoformat())
        case "sites":
            return SITES.map("\n".join)
        case "format":
            return st.just("")
        case _:
            words = st.text("abcdefghijk", min_size=1, max_size=20)
            return SPECIAL.get(parameter.name, words)


TYPED = st.fixed_dictionaries({}, optional={f"o.{one.name}": good(one) for one in EVERY_PARAMETER})
ANYTHING = st.dictionaries(
    st.one_of(
        st.sampled_from([*(f"o.{one.name}" for one in EVERY_PARAMETER), "o.search_when"]),
        st.sampled_from(["o.response_format:schema", "o.response_format:regex", "o.search_domain_filter:how", "o."]),
        st.text(max_size=20).map(lambda name: f"o.{name}"),
    ),
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            [
                "json_schema",
                "regex",
                "deny",
                "on",
                '{"a": 1}',
                "1e5",
                "-0",
                "disable_search",
                "2025-01-01",
                "0001-01-01",
            ]
        ),
    ),
    max_size=12,
)
OFFERS = st.sampled_from(
    [
        *(offers.offer_of(model, "sonar") for model in [*MODELS, "tiny-local"]),
        *(offers.offer_of(model, "agent") for model in [*models_of("agent"), "anthropic/claude-haiku-5-5", "new/one"]),
    ]
)


@given(OFFERS, TYPED)
def test_good_values_are_sent_or_refused_in_a_sentence(offer: offers.Offer, typed: dict[str, str]):
    form = OptionsForm(offer, typed)
    refused = refusals(offer.model, form.options, provider=offer.provider)
    assert all(sentence.endswith(".") for sentences in form.errors.values() for sentence in sentences)
    assert form.is_valid() or form.errors
    if form.is_valid():
        assert refused == []
        assert form.options == options_that_fit(form.options, offer)


@given(OFFERS, TYPED)
def test_what_is_sent_comes_back_into_the_form_as_it_was(offer: offers.Offer, typed: dict[str, str]):
    form = OptionsForm(offer, typed)
    kept = options_that_fit(form.options, offer)
    shown = OptionsForm(offer, options=kept)
    again = OptionsForm(offer, {f"o.{name}": text for name, text in shown._typed.items()} or {"o.": ""})
    assert shown.options == again.options == kept
    assert len(shown.chips) == len(chips(kept, offer))


@given(OFFERS, ANYTHING)
def test_anything_at_all_is_read_shown_and_fitted_without_breaking(offer: offers.Offer, typed: dict[str, str]):
    form = OptionsForm(offer, typed)
    assert all(isinstance(sentence, str) and sentence for row in form.errors.values() for sentence in row)
    assert form.html
    fitted, dropped = form.fitted()
    assert set(fitted.errors) <= set(form.errors)
    assert all(dropped)
    assert refusals(offer.model, options_that_fit(form.options, offer), provider=offer.provider) == []


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=8,
)
STORED = st.dictionaries(
    st.one_of(st.sampled_from([one.name.partition(".")[0] for one in EVERY_PARAMETER]), st.text(max_size=8)), JSON
)


@given(OFFERS, STORED)
def test_whatever_is_stored_can_be_shown_and_fitted(offer: offers.Offer, stored: dict[str, Any]):
    assert refusals(offer.model, options_that_fit(stored, offer), provider=offer.provider) == []
    assert all(chip.label for chip in chips(stored, offer))
    assert OptionsForm(offer, options=stored).html
