"""What the Agent API would refuse, or pass over in silence, although each option alone would do."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.sentences import nsentence, sentence
from upstream.catalog import schema_rules
from upstream.catalog.agent_names import NameKind, kind_of
from upstream.catalog.agent_parameters import AGENT_PARAMETERS
from upstream.catalog.agent_tools import BY_OPTION, SearchMode, fewest_steps, search_mode, tools_of
from upstream.catalog.languages import code_of_language
from upstream.catalog.parameters import ParameterGroup, Refusal

_LABELS: Mapping[str, str] = {parameter.name: parameter.label for parameter in AGENT_PARAMETERS}
_OF_SEARCH = tuple(
    parameter
    for parameter in AGENT_PARAMETERS
    if parameter.group == ParameterGroup.SEARCH and parameter.kinds and parameter.name != "disable_search"
)


def agent_refusals(model: str, options: Mapping[str, Any]) -> Iterator[Refusal]:
    """Everything of that kind about these options, whatever shape their values have."""
    yield from _about_language(options)
    yield from _about_format(options)
    if options.get("sandbox") and kind_of(model) is NameKind.MODEL:
        yield from _about_the_sandbox(options)
    yield from _about_tools(options)
    yield from _about_reading(options)
    yield from _about_steps(model, options)


def _about_language(options: Mapping[str, Any]) -> Iterator[Refusal]:
    language = options.get("language_preference")
    if isinstance(language, str) and language.strip() and not code_of_language(language):
        words = "The Agent API doesn’t know the language “%(language)s”. Name it in English, such as Korean."
        yield Refusal("language_preference", sentence(words, language=language[:60]))


def _about_format(options: Mapping[str, Any]) -> Iterator[Refusal]:
    wanted = options.get("response_format")
    if not isinstance(wanted, Mapping):
        return
    if wanted.get("type") == "regex":
        yield Refusal("response_format", "The Agent API doesn’t support answers by regular expression.")
    if wanted.get("type") == "json_schema":
        yield from (Refusal("response_format", one) for one in schema_rules.objections(wanted.get("json_schema")))


def _about_the_sandbox(options: Mapping[str, Any]) -> Iterator[Refusal]:
    for name in BY_OPTION:
        if options.get(name):
            words = "“%(label)s” cannot be combined with the sandbox, which drops other tools."
            yield Refusal(name, sentence(words, label=sentence(_LABELS[name])))
    for parameter in _OF_SEARCH:
        if parameter.value_in(options) not in (None, False):
            words = "“%(label)s” has no effect with the sandbox, which replaces search."
            yield Refusal(parameter.name, sentence(words, label=sentence(parameter.label)))


def _about_tools(options: Mapping[str, Any]) -> Iterator[Refusal]:
    if search_mode(options) is SearchMode.NEVER and not options.get("sandbox"):
        for name in BY_OPTION:
            if options.get(name):
                words = "“%(label)s” needs a search. Let the answer use one."
                yield Refusal(name, sentence(words, label=sentence(_LABELS[name])))
    if options.get("max_urls") and not options.get("fetch_url"):
        yield Refusal("max_urls", "This requires “Read pages”.")
    if options.get("safe_search") is not None and not options.get("return_images"):
        yield Refusal("safe_search", "This requires “Images”.")


def _about_reading(options: Mapping[str, Any]) -> Iterator[Refusal]:
    """The service goes by the number of tokens where there is one, and does not say so."""
    found = options.get("web_search_options")
    asked = found if isinstance(found, Mapping) else {}
    if asked.get("search_context_size") and (asked.get("max_tokens") or asked.get("max_tokens_per_page")):
        words = "Choose either “How much to read” or a number of tokens, not both."
        yield Refusal("web_search_options.search_context_size", words)


def _about_steps(model: str, options: Mapping[str, Any]) -> Iterator[Refusal]:
    steps = options.get("max_steps")
    if not isinstance(steps, int) or kind_of(model) is NameKind.PRESET:
        return
    least = fewest_steps(model, tools_of(model, options))
    if 0 < steps < least:
        words = nsentence(
            "With these tools, an answer takes at least %(count)s step. Allow more, or leave the number empty.",
            "With these tools, an answer takes at least %(count)s steps. Allow more, or leave the number empty.",
            least,
        )
        yield Refusal("max_steps", words)
