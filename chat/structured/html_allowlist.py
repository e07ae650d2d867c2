"""The last step before a page, as in `rendering.sanitizer`: what is not listed here does not get through."""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe

from chat.rendering.citation_marks import REL
from chat.rendering.links import safe_url

_SOURCE = re.compile(r"#source-(?:[A-Za-z0-9_-]{1,64}-)?[1-9]\d{0,3}")
_NUMBER = re.compile(r"[0-9]{1,9}")


def _keep(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("a", "href"):
        return value if _SOURCE.fullmatch(value) or safe_url(value) else None
    if name == "data-source":
        return value if _NUMBER.fullmatch(value) else None
    return value


_CLEANER = nh3.Cleaner(
    tags={
        *("a", "br", "dd", "details", "div", "dl", "dt", "li", "p", "span", "summary", "ul"),
        *("table", "tbody", "td", "th", "thead", "tr"),
    },
    clean_content_tags={"script", "style"},
    attributes={"a": {"aria-label", "data-source", "href"}, "div": {"aria-label"}, "span": {"title"}},
    tag_attribute_values={
        "a": {"rel": {REL}, "target": {"_blank"}},
        "div": {"role": {"group"}, "tabindex": {"0"}},
        "th": {"scope": {"col"}},
    },
    allowed_classes={
        "a": {"cite", "sourced"},
        "div": {"long", "structured", "table"},
        "p": {"note"},
        "span": {"empty", "number", "word"},
        "td": {"align-right"},
        "th": {"align-right"},
    },
    attribute_filter=_keep,
    url_schemes={"http", "https"},
    url_relative=lambda url: url if _SOURCE.fullmatch(url) else None,
    link_rel=None,
    strip_comments=True,
)


def clean(html: str) -> SafeString:
    """The HTML with only the elements, attributes, classes and addresses that a table or tree may have."""
    return mark_safe(_CLEANER.clean(html))  # noqa: S308 - this is the place that makes it safe
