"""What a model takes, and what the upstream would refuse, told before anything is sent."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from core.sentences import nsentence, quoted, sentence
from upstream.catalog.agent_parameters import AGENT_PARAMETERS
from upstream.catalog.agent_parameters import OWN as _AGENTS_OWN
from upstream.catalog.agent_rules import agent_refusals
from upstream.catalog.gateway_parameters import GATEWAY_PARAMETERS
from upstream.catalog.gateway_parameters import OWN as _GATEWAYS_OWN
from upstream.catalog.models import (
    AGENT_MODELS,
    MODELS,
    Model,
    model_named,
    model_with_id,
    models_of,
)
from upstream.catalog.parameters import DATE, PARAMETERS, Parameter, Refusal

__all__ = [
    "AGENT_MODELS",
    "AGENT_PARAMETERS",
    "EVERY_PARAMETER",
    "GATEWAY_PARAMETERS",
    "MODELS",
    "PARAMETERS",
    "Model",
    "Parameter",
    "Refusal",
    "formats_of",
    "model_named",
    "model_with_id",
    "models_of",
    "parameters_of",
    "reason_against",
    "refusals",
]


_OF_PROVIDER: Mapping[str, Sequence[Parameter]] = {
    "sonar": PARAMETERS,
    "agent": AGENT_PARAMETERS,
    "gateway": GATEWAY_PARAMETERS,
}
_OWN: Mapping[str, Sequence[Parameter]] = {"agent": _AGENTS_OWN, "gateway": _GATEWAYS_OWN}
EVERY_PARAMETER: tuple[Parameter, ...] = (*PARAMETERS, *_AGENTS_OWN, *_GATEWAYS_OWN)
"""Everything that can be set anywhere, each name once."""
_BY_PATTERN = frozenset({"sonar"})  # answer by a regular expression


def parameters_of(model: str, *, provider: str = "sonar") -> list[Parameter]:
    """What the provider's model takes, in the order in which it is shown."""
    return [parameter for parameter in _OF_PROVIDER.get(provider, ()) if parameter.is_taken_by(model)]


def formats_of(model: str, *, provider: str = "sonar") -> tuple[str, ...]:
    """The kinds of `response_format` by which the provider's model can be made to answer."""
    if not any(parameter.kind == "format" for parameter in parameters_of(model, provider=provider)):
        return ()
    return ("json_schema", "regex") if provider == "sonar" and model in _BY_PATTERN else ("json_schema",)


def reason_against(name: str, model: str, *, provider: str = "sonar") -> str:
    """Why the provider's model does not take the option of that name, in a sentence; empty for an unknown option."""
    own = {parameter.name: parameter for parameter in (*EVERY_PARAMETER, *_OF_PROVIDER.get(provider, ()))}
    parameter = own.get(name)
    if parameter is None:
        return ""
    if not _is_vendors(model, provider):
        return _unknown_to(parameter, model)
    return parameter.reason_against(model)


def refusals(
    model: str,
    options: Mapping[str, Any],
    *,
    provider: str = "sonar",
    with_images: bool = False,
    with_files: bool = False,
    stream: bool = True,
) -> list[Refusal]:
    """Everything that the upstream would refuse about these options for this model; empty when all is well.

    `with_images` and `with_files` say that such are attached, `stream` that the answer is streamed.
    """
    found = list(_unknown(options, provider=provider))
    vendors = _is_vendors(model, provider)
    for parameter in _OF_PROVIDER.get(provider, ()):
        value = parameter.value_in(options)
        if value is None:
            continue
        objection = _objection(parameter, model=model, vendors=vendors, value=value)
        if objection:
            found.append(Refusal(parameter.name, objection))
    if vendors:
        asked = model_named(model, provider=provider)
        combined = _combinations(asked, options, with_images, with_files, stream)
        found += [refusal for refusal in combined if refusal not in found]
    return found


def _is_vendors(model: str, provider: str) -> bool:
    """Whether its rules are known: of other servers that speak like Sonar nobody knows them."""
    return provider != "sonar" or model in MODELS


def _unknown(options: Mapping[str, Any], *, provider: str) -> Iterator[Refusal]:
    foreign = [parameter for owner, own in _OWN.items() if owner != provider for parameter in own]
    for parameter in foreign:
        if parameter.value_in(options) is not None:
            yield Refusal(parameter.name, parameter.why_not)
    known = {parameter.name for parameter in EVERY_PARAMETER}
    for path, value in _leaves(options):
        if value is not None and not any(path == name or path.startswith(f"{name}.") for name in known):
            yield Refusal(path, sentence("There is no option “%(path)s”.", path=path))


def _leaves(options: Mapping[str, Any], *above: str) -> Iterator[tuple[str, Any]]:
    for name, value in options.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, *above, name)
        else:
            yield ".".join((*above, name)), value


def _objection(parameter: Parameter, *, model: str, vendors: bool, value: Any) -> str:
    label = sentence(parameter.label)
    if not parameter.is_taken_by(model):
        return parameter.reason_against(model) if vendors else _unknown_to(parameter, model)
    if value == "" or value == [] or value == {}:
        return sentence("“%(label)s” is empty. Leave it out instead.", label=label)
    if not _KINDS[parameter.kind](parameter, value):
        return sentence(
            "“%(label)s” can’t be %(value)s. %(help)s", label=label, value=_shown(value), help=sentence(parameter.help)
        )
    if vendors and isinstance(value, int | float) and not isinstance(value, bool):
        return _out_of_bounds(parameter, value)
    if isinstance(value, list) and parameter.items and len(value) > parameter.items:
        return nsentence(
            "“%(label)s” accepts at most %(count)s entry, not %(entries)s.",
            "“%(label)s” accepts at most %(count)s entries, not %(entries)s.",
            parameter.items,
            label=label,
            entries=len(value),
        )
    return ""


def _out_of_bounds(parameter: Parameter, value: float) -> str:
    least, most = parameter.least, parameter.most
    if (least is None or value >= least) and (most is None or value <= most):
        return ""
    label, given = sentence(parameter.label), _shown(value)
    low, high = f"{least or 0:g}", f"{most or 0:.10g}"
    if least is not None and most is not None:
        words = "“%(label)s” must be a number from %(least)s to %(most)s, not %(value)s."
        return sentence(words, label=label, least=low, most=high, value=given)
    words = "“%(label)s” must be a number of at least %(least)s, not %(value)s."
    return sentence(words, label=label, least=low, value=given)


def _unknown_to(parameter: Parameter, model: str) -> str:
    label = sentence(parameter.label)
    return sentence("The model %(model)s doesn’t support “%(label)s”.", label=label, model=model)


def _shown(value: Any) -> str:
    text = f"{value:.10g}" if isinstance(value, float) else str(value)
    return quoted(f"{text[:60]}…" if len(text) > 60 else text)


def _is_number(parameter: Parameter, value: Any) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole or (parameter.kind == "number" and isinstance(value, float))


def _is_text(parameter: Parameter, value: Any) -> bool:
    if not isinstance(value, str) or not value.strip():
        return False
    if parameter.longest and len(value) > parameter.longest:
        return False
    return not parameter.pattern or re.fullmatch(parameter.pattern, value) is not None


def _are_words(parameter: Parameter, value: Any) -> bool:
    words = [value] if isinstance(value, str) and parameter.or_one else value
    return isinstance(words, list) and all(_is_text(parameter, word) for word in words)


def _is_date(parameter: Parameter, value: Any) -> bool:
    return isinstance(value, str) and _day(value) is not None


def _is_format(parameter: Parameter, value: Any) -> bool:
    kind = value.get("type") if isinstance(value, Mapping) else None
    if kind in ("json_schema", "regex"):
        inner = value.get(kind)
        return isinstance(inner, Mapping) and bool(inner.get("schema" if kind == "json_schema" else "regex"))
    return kind == "text"


_KINDS: Mapping[str, Callable[[Parameter, Any], bool]] = {
    "choice": lambda parameter, value: value in parameter.choices,
    "flag": lambda _parameter, value: isinstance(value, bool),
    "integer": _is_number,
    "number": _is_number,
    "text": _is_text,
    "words": _are_words,
    "sites": _are_words,
    "date": _is_date,
    "format": _is_format,
}


def _day(text: Any) -> date | None:
    """The day in a filter of the shape month/day/year; None when there is no such day."""
    if not isinstance(text, str) or not re.fullmatch(DATE, text):
        return None
    month, day, year = map(int, text.split("/"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


_AFTER_BEFORE = (
    ("search_after_date_filter", "search_before_date_filter"),
    ("last_updated_after_filter", "last_updated_before_filter"),
)


def _combinations(
    model: Model, options: Mapping[str, Any], with_images: bool, with_files: bool, stream: bool
) -> Iterator[Refusal]:
    """What is refused although each part alone would do."""
    if with_files and not model.takes_files:
        yield Refusal(
            "files", sentence("%(who)s doesn’t accept files. Remove them or choose another model.", who=_who(model))
        )
    if model.provider == "agent":
        yield from agent_refusals(model.name, options)
    yield from _about_images(model, options, with_images)
    if options.get("search_recency_filter") and any(options.get(name) for pair in _AFTER_BEFORE for name in pair):
        yield Refusal("search_recency_filter", "Choose either “Published within” or dates, not both.")
    for after, before in _AFTER_BEFORE:
        first, last = _day(options.get(after)), _day(options.get(before))
        if first and last and first > last:
            yield Refusal(
                after,
                sentence(
                    "No date is after %(after)s and before %(before)s.", after=options[after], before=options[before]
                ),
            )
    for name in ("search_domain_filter", "image_domain_filter"):
        sites = [site for site in _words(options.get(name)) if site.strip()]
        if len({site.startswith("-") for site in sites}) > 1:
            yield Refusal(name, "Name either sites to search or sites to exclude (with a minus), not both.")
    nested = options.get("web_search_options")
    nested = nested if isinstance(nested, Mapping) else {}
    if nested.get("search_type") in ("pro", "auto") and not stream:
        yield Refusal("web_search_options.search_type", "A multi-step search requires a streamed answer.")
    place = nested.get("user_location")
    if isinstance(place, Mapping) and not place.get("country"):
        for name in ("latitude", "longitude"):
            if place.get(name) is not None:
                path = f"web_search_options.user_location.{name}"
                yield Refusal(path, "Latitude and longitude require a country.")


def _who(model: Model) -> str:
    """Who takes no attachments, at the beginning of a sentence."""
    if model.provider == "gateway":
        return sentence("The gateway") if model.takes_images else sentence("The gateway, except for its search models,")
    return sentence("The Agent API") if model.provider == "agent" else sentence("Deep research")


def _about_images(model: Model, options: Mapping[str, Any], with_images: bool) -> Iterator[Refusal]:
    asked = options.get("response_format")
    regex = isinstance(asked, Mapping) and asked.get("type") == "regex"
    if regex and model.provider == "sonar" and model.name not in _BY_PATTERN:
        yield Refusal("response_format", "Only Sonar supports answers by regular expression.")
    if with_images and not model.takes_images:
        yield Refusal(
            "images", sentence("%(who)s doesn’t accept images. Remove them or choose another model.", who=_who(model))
        )
    if with_images and regex:
        yield Refusal("images", "Images cannot be combined with a regular expression for the answer.")
    if not options.get("return_images") and not _overrides(options).get("return_images"):
        for name in ("image_domain_filter", "image_format_filter", "num_images"):
            if options.get(name):
                yield Refusal(name, "This requires “Images”.")


def _overrides(options: Mapping[str, Any]) -> Mapping[str, Any]:
    media = options.get("media_response")
    found = media.get("overrides") if isinstance(media, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _words(value: Any) -> Sequence[str]:
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []
