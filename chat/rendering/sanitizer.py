"""The last step, always: what is not listed here does not reach a page, whatever the steps before it did."""

import re

import nh3
from django.utils.safestring import SafeString, mark_safe

from chat.rendering import code_blocks, highlighting, mathml
from chat.rendering.citation_marks import REL, UNKNOWN_PASSAGE, UNKNOWN_SOURCE, UNRETURNED_LINK
from chat.rendering.links import safe_href

_INLINE = {"a", "br", "code", "em", "kbd", "mark", "s", "small", "span", "strong", "sub", "sup", "u", "wbr"}
_BLOCKS = {"blockquote", "details", "div", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "summary", "ul"}
_VALUES = {"dd", "dl", "dt"}  # in which `chat.structured` shows JSON
_TABLES = {"table", "thead", "tbody", "tr", "th", "td"}

_SOURCE_HREF = re.compile(r"#(?:source|document)-(?:[A-Za-z0-9_-]{1,64}-)?[1-9]\d{0,3}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_ALIGNMENTS = {"align-left", "align-center", "align-right"}


def _keep(tag: str, name: str, value: str) -> str | None:
    if name in ("class", "aria-label", "title"):
        return value
    if tag == "a" and name == "href":
        return value if _SOURCE_HREF.fullmatch(value) or safe_href(value) else None
    if (tag, name) in (("ol", "start"), ("a", "data-source"), ("a", "data-document")):
        return value if _NUMBER.fullmatch(value) else None
    if (tag, name) == ("math", mathml.SOURCE):
        return value if len(value) <= mathml.LONGEST else None
    if tag in mathml.ELEMENTS:
        return value if mathml.is_allowed_attribute(name, value) else None
    return value


_CLEANER = nh3.Cleaner(
    tags=_INLINE | _BLOCKS | _TABLES | _VALUES | {"input"} | mathml.ELEMENTS,
    clean_content_tags={"script", "style"},
    attributes={
        "a": {"href", "aria-label", "data-document", "data-source"},
        "details": {"open"},
        "div": {"aria-label"},
        "input": {"aria-label", "checked", "disabled"},
        "ol": {"start"},
        "span": {"title"},
        **{tag: set(mathml.ATTRIBUTES) for tag in mathml.ELEMENTS},
        "math": {*mathml.ATTRIBUTES, mathml.SOURCE},
    },
    tag_attribute_values={
        "a": {"rel": {REL}, "target": {"_blank"}, "data-note": {UNRETURNED_LINK}},
        "blockquote": {"dir": {"auto"}},
        "div": {
            "data-kind": {"diagram"},
            "data-language": set(code_blocks.DIAGRAMS),
            "role": {"group"},
            "tabindex": {"0"},
        },
        "input": {"type": {"checkbox"}},
        "ol": {"dir": {"auto"}},
        "pre": {"tabindex": {"0"}},
        "span": {"data-note": {UNKNOWN_PASSAGE, UNKNOWN_SOURCE}},
        "sup": {"data-note": {"footnote", "footnote-back"}},
        "table": {"dir": {"auto"}},
        "th": {"scope": {"col"}},
        "ul": {"dir": {"auto"}},
    },
    allowed_classes={
        "a": {"cite", "document", "sourced", "unsourced"},
        "code": {"highlight", "math"} | {f"language-{name}" for name in highlighting.LANGUAGES.values()},
        "div": {"code", "code-head", "long", "math", "structured", "table"},
        "li": {"task"},
        "p": {"footnote", "note"},
        "pre": {"plain"},
        "span": set(highlighting.CLASSES) | {"empty", "held", "lines", "number", "unknown-source", "word"},
        "sup": {"footnote"},
        "td": _ALIGNMENTS,
        "th": _ALIGNMENTS,
        "ul": {"tasks"},
        "mtable": set(mathml.CLASSES),
        "mtd": set(mathml.CLASSES),
        "mtext": set(mathml.CLASSES),
    },
    attribute_filter=_keep,
    url_schemes={"http", "https", "mailto"},
    url_relative=lambda url: url if _SOURCE_HREF.fullmatch(url) else None,
    link_rel=None,
    strip_comments=True,
)


def sanitize(html: str) -> SafeString:
    """The HTML with only the elements, attributes, classes and addresses that an answer may have."""
    return mark_safe(_CLEANER.clean(html))  # noqa: S308 - this is the place that makes it safe
