"""How the options are arranged: what stands in front, what behind “More”, and what helps to fill a field in.

It speaks of options by their paths and of no model. What is not named here is shown all the same.
"""

from collections.abc import Callable, Mapping

from chat.options import places

USER_LOCATION = "web_search_options.user_location."
MOST_IN_A_ROW = 4  # choices that stand side by side; more are a list that drops down

# Read in few words and set often, in the order in which they stand; the others of a group wait behind “More”.
IN_FRONT = (
    "sources",
    "incognito",
    "search_mode",
    "search_when",
    "web_search_options.search_context_size",
    "web_search_options.search_type",
    "search_domain_filter",
    "search_recency_filter",
    "search_language_filter",
    "search_after_date_filter",
    "search_before_date_filter",
    "finance_search",
    "people_search",
    "fetch_url",
    "sandbox",
    "return_images",
    "media_response.overrides.return_videos",
    "return_related_questions",
    "instructions",
    "reasoning_effort",
    "language_preference",
    "language",
    "temperature",
    "max_tokens",
    "response_format",
)

# The list of suggestions on the page (its id) that goes with a field.
SUGGESTIONS: Mapping[str, str] = {f"{USER_LOCATION}country": "countries", "language_preference": "languages"}

# What somebody wrote in their own words, in those of the wire.
SPELLINGS: Mapping[str, Callable[[str], str]] = {
    f"{USER_LOCATION}country": places.country,
    "search_language_filter": places.language,
    "sources": str.lower,
    "image_format_filter": lambda said: said.lower().removeprefix("."),
}

# Two names for one thing: whoever means one of them gets both, because upstreams disagree.
TOGETHER: Mapping[str, frozenset[str]] = {"image_format_filter": frozenset({"jpg", "jpeg"})}

# What may have several paragraphs, which stay as they were written.
PROSE = frozenset({"instructions"})

# Each entry is a line of its own, because a comma or a blank may be part of it.
BY_LINE = frozenset({"stop"})
