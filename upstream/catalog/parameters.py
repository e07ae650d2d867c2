"""What can be set for a question, as data: which model takes what, within which bounds.

Where the bounds come from: docs/sonar.md, "Parameters" and "What each model takes".

The rows drive the options form, the validation before sending and the documentation.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from core.text import LONGEST_INSTRUCTIONS
from upstream.catalog.agent_names import NameKind, kind_of
from upstream.catalog.models import MODELS, models_of

Kind = Literal["choice", "flag", "integer", "number", "text", "words", "sites", "date", "format"]


class ParameterGroup(StrEnum):
    """Where the options form shows a parameter."""

    SEARCH = "Search"
    TOOLS = "Tools"
    MEDIA = "Sources and media"
    STYLE = "Style"
    LIMITS = "Limits"
    OUTPUT = "Output"


DATE = "(0?[1-9]|1[0-2])/(0?[1-9]|[12][0-9]|3[01])/[0-9]{4}"
_EVERY = frozenset(MODELS)
_RESEARCH = frozenset({"sonar-deep-research"})
_RESEARCH_DECIDES = "Deep research decides for itself how to search."


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `name` is its path in the request, steps joined by dots.

    Bounds are inclusive. `items` and `longest` limit a list and the characters of one of its entries; `or_one` allows
    one entry without a list. `why_not` tells what a model outside `models` says to it. Models that only the operator's
    own server knows take it where it is `generic`. One that is `ours` says how we ask, and is never sent as it is. All
    of this is so at the `provider`.

    The Agent API's models are too many to be named: there `kinds` of names take it, and those outside of them say what
    `why_not_of` has for them, if anything.
    """

    name: str
    label: str
    group: ParameterGroup
    kind: Kind
    help: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    items: int = 0
    longest: int = 0
    pattern: str = ""
    models: frozenset[str] = _EVERY
    why_not: str = ""
    generic: bool = False
    or_one: bool = False
    ours: bool = False
    provider: str = "sonar"
    kinds: frozenset[NameKind] = frozenset()
    why_not_of: Mapping[NameKind, str] = field(default_factory=dict, hash=False)

    def is_taken_by(self, model: str) -> bool:
        """Whether the provider's model takes it."""
        if self.provider == "agent":
            return kind_of(model) in self.kinds
        return model in self.models if model in models_of(self.provider) else self.generic

    def reason_against(self, model: str) -> str:
        """Why the provider's model does not take it, in a sentence."""
        return (self.why_not_of.get(kind_of(model)) if self.provider == "agent" else "") or self.why_not

    def value_in(self, options: Mapping[str, Any]) -> Any:
        """What the options set it to, None when they do not."""
        value: Any = options
        for step in self.name.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        return value


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request would be refused, in a sentence for the asker. `parameter` is what has to change."""

    parameter: str
    sentence: str


def _search() -> tuple[Parameter, ...]:
    group = ParameterGroup.SEARCH
    date = "As month/day/year, such as 3/1/2025."
    place = "web_search_options.user_location"
    return (
        Parameter(
            "search_mode", "Where to search", group, "choice",
            "The whole web, scholarly works, or filings with the US Securities and Exchange Commission.",
            choices=("web", "academic", "sec"),
        ),
        Parameter(
            "web_search_options.search_context_size", "How much to read", group, "choice",
            "More context makes answers fuller and each question more expensive.",
            choices=("low", "medium", "high"), models=_EVERY - _RESEARCH, why_not=_RESEARCH_DECIDES,
        ),
        Parameter(
            "web_search_options.search_type", "Search type", group, "choice",
            "Pro searches in several steps and costs more. Auto decides for each question.",
            choices=("fast", "pro", "auto"), models=frozenset({"sonar-pro"}),
            why_not="Only Sonar Pro can search in several steps.",
        ),
        Parameter(
            "disable_search", "Answer without searching", group, "flag",
            "Without a search, the answer comes from the model alone and has no sources. The search fee still "
            "applies.",
            models=_EVERY - _RESEARCH, why_not="Deep research always searches.",
        ),
        Parameter(
            "enable_search_classifier", "Search only when needed", group, "flag",
            "The model decides whether the question needs a search.",
            models=_EVERY - _RESEARCH, why_not="Deep research always searches.",
        ),
        Parameter(
            "search_domain_filter", "Sites", group, "sites",
            "Up to 20 sites to search, or up to 20 to exclude, each with a minus in front.", items=20, longest=253,
        ),
        Parameter(
            "search_recency_filter", "Published within", group, "choice",
            "Only pages from the last hour, day, week, month or year.",
            choices=("hour", "day", "week", "month", "year"),
        ),
        Parameter("search_after_date_filter", "Published after", group, "date", date, pattern=DATE),
        Parameter("search_before_date_filter", "Published before", group, "date", date, pattern=DATE),
        Parameter("last_updated_after_filter", "Updated after", group, "date", date, pattern=DATE),
        Parameter("last_updated_before_filter", "Updated before", group, "date", date, pattern=DATE),
        Parameter(
            "search_language_filter", "Source languages", group, "words",
            "Up to 10 two-letter language codes, such as en or ko.", items=10, pattern="[a-z]{2}",
        ),
        Parameter(
            "num_search_results", "Number of results", group, "integer", "How many pages to find.", least=1, most=50
        ),
        Parameter(
            "safe_search", "Safe search", group, "flag",
            "Leaves out content that isn’t suitable for everyone. On by default.",
        ),
        Parameter(
            f"{place}.country", "Country", group, "text", "Two letters, such as US or KR.", pattern="[A-Z]{2}"
        ),
        Parameter(f"{place}.region", "Region", group, "text", "Your state or province.", longest=100),
        Parameter(f"{place}.city", "City", group, "text", "Your city.", longest=100),
        Parameter(
            f"{place}.latitude", "Latitude", group, "number", "In degrees. Requires a country.", least=-90, most=90
        ),
        Parameter(
            f"{place}.longitude", "Longitude", group, "number", "In degrees. Requires a country.",
            least=-180, most=180,
        ),
    )  # fmt: skip


def _media() -> tuple[Parameter, ...]:
    group = ParameterGroup.MEDIA
    return (
        Parameter(
            "return_images", "Images", group, "flag", "Shows images that were found. Sonar rarely returns any."
        ),
        Parameter(
            "num_images", "Number of images", group, "integer", "At most this many images.", least=1, most=30
        ),
        Parameter(
            "web_search_options.image_search_relevance_enhanced", "Better images", group, "flag",
            "Images that fit the question better. They arrive later.",
        ),
        Parameter(
            "image_domain_filter", "Sites for images", group, "sites",
            "Up to 10 sites to take images from, or to exclude, each with a minus in front.",
            items=10, longest=253,
        ),
        Parameter(
            "image_format_filter", "Image formats", group, "words",
            "Up to 10 formats, such as png or webp. For JPEG images, name both jpg and jpeg.", items=10,
            pattern="[a-z0-9]+",
        ),
        Parameter("media_response.overrides.return_videos", "Videos", group, "flag", "Shows videos that were found."),
        Parameter(
            "media_response.overrides.return_images", "Images in any case", group, "flag",
            "Turns images on or off, whatever the option “Images” says.",
        ),
        Parameter(
            "return_related_questions", "Related questions", group, "flag", "Suggests what to ask next.",
            models=_EVERY - _RESEARCH, why_not="Deep research isn’t known to suggest what to ask next.",
        ),
    )  # fmt: skip


def _style_limits_output() -> tuple[Parameter, ...]:
    return (
        Parameter(
            "instructions", "Instructions", ParameterGroup.STYLE, "text",
            "What the answer should follow, in addition to the team’s instructions and your own. Anyone who can "
            "read the conversation can read them.",
            longest=LONGEST_INSTRUCTIONS, generic=True, ours=True,
        ),
        Parameter(
            "temperature", "Temperature", ParameterGroup.STYLE, "number",
            "Low is steady and factual, high is varied. The default is 0.2.", least=0, most=1.99, generic=True,
        ),
        Parameter(
            "top_p", "Top p", ParameterGroup.STYLE, "number", "Only the likeliest words that make up this share.",
            least=0, most=1, generic=True,
        ),
        Parameter(
            "top_k", "Top k", ParameterGroup.STYLE, "integer", "Only this many of the likeliest words. 0 means all.",
            least=0, most=2048,
        ),
        Parameter(
            "presence_penalty", "Presence penalty", ParameterGroup.STYLE, "number", "Above zero leads to new subjects.",
            least=-2, most=2, generic=True,
        ),
        Parameter(
            "frequency_penalty", "Frequency penalty", ParameterGroup.STYLE, "number", "Above zero avoids repetition.",
            least=-2, most=2, generic=True,
        ),
        Parameter(
            "language_preference", "Answer language", ParameterGroup.STYLE, "text",
            "Name of a language, such as English or Korean. Only Sonar and Sonar Pro follow it reliably.", longest=100,
        ),
        Parameter(
            "reasoning_effort", "Effort", ParameterGroup.STYLE, "choice",
            "More effort means more searches and a higher price.",
            choices=("minimal", "low", "medium", "high"), models=_RESEARCH,
            why_not="Only deep research lets you choose the effort.",
        ),
        Parameter(
            "max_tokens", "Maximum length", ParameterGroup.LIMITS, "integer", "In tokens of about four letters each.",
            least=16, most=128_000, generic=True,
        ),
        Parameter(
            "stop", "Stop at", ParameterGroup.LIMITS, "words", "The answer ends before any of these.", longest=500,
            generic=True, or_one=True,
        ),
        Parameter(
            "response_format", "Format", ParameterGroup.OUTPUT, "format",
            "A JSON schema or, for Sonar, a regular expression that the answer must match.", generic=True,
        ),
        Parameter(
            "response_formatting_locale", "Regional format", ParameterGroup.OUTPUT, "text",
            "How numbers and dates are written, such as en-US.", longest=35,
        ),
        Parameter(
            "stream_mode", "Stream", ParameterGroup.OUTPUT, "choice",
            "Full repeats the sources with every piece. Concise also reports the steps of a multi-step search, "
            "and is the default when the search type is pro or auto.",
            choices=("full", "concise"),
        ),
        Parameter(
            "delivery", "Delivery", ParameterGroup.OUTPUT, "choice",
            "In the background, the service keeps working whatever happens to this server, and the answer arrives "
            "all at once. Streamed answers appear as they are written.",
            choices=("background", "streamed"), models=_RESEARCH, ours=True,
            why_not="Only deep research can run in the background.",
        ),
    )  # fmt: skip


PARAMETERS: tuple[Parameter, ...] = (*_search(), *_media(), *_style_limits_output())
